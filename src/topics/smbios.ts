/** What the firmware tells the guest of the machine's maker, and strings for programs of the guest. */
import { list, NOT_BLANK, table, text } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { byteLength } from '../profile/text.ts';
import { optionValue } from '../qemu/escape.ts';
import { checkArgumentLength } from './argument_length.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

/** The table of such strings counts them in a byte. */
const MOST_STRINGS = 255;
/** In bytes, as the specification of SMBIOS had it for long. */
const LONGEST_TEXT = 64;

function systemText(what: string) {
  return text(`${what}, at most ${LONGEST_TEXT} bytes.`, { pattern: NOT_BLANK, examples: ['1'] });
}

const SYSTEM_KEYS = {
  manufacturer: systemText('Who made the machine'),
  product: systemText('What the machine is called by its maker'),
  version: systemText('Version of the product'),
  serial: systemText('Serial number of the machine'),
  sku: systemText('What the product is ordered by'),
  family: systemText('Family of the product'),
};

/** In the order in which QEMU is told of them. */
const SYSTEM = Object.keys(SYSTEM_KEYS) as (keyof typeof SYSTEM_KEYS)[];

export const SMBIOS = table(
  'What the firmware tells the guest of the machine; only on x86_64 and aarch64. Every user of the host can read it.',
  {
    ...SYSTEM_KEYS,
    oem_strings: list(
      text(null, {
        required: true,
        pattern: NOT_BLANK,
        examples: ['io.systemd.stub.kernel-cmdline-extra=quiet'],
      }),
      'Strings for programs of the guest, such as `io.systemd.stub.kernel-cmdline-extra=quiet` for systemd.',
      { most: MOST_STRINGS },
    ),
  },
  { since: 2 },
);

export const smbios: Topic = {
  checkProfile: (draft, issues) => {
    for (const key of SYSTEM)
      if (draft.smbios[key] !== undefined) textRules(draft, key, draft.smbios[key], issues);
    stringRules(draft, issues);
  },
  args: (profile) => [...systemParts(profile), ...stringParts(profile)],
};

function onlyForArch(
  { hardware: { arch } }: Draft,
  key: keyof Profile['smbios'],
  value: string,
  issues: Issues,
): boolean {
  return checkOnlyFor(
    ['smbios', key],
    value,
    [
      {
        on: 'arch',
        is: arch,
        allowed: ['x86_64', 'aarch64'],
        instead: 'Tell the guest in storage.seed, or in kernel.append when a kernel is booted.',
      },
    ],
    issues,
  );
}

function textRules(draft: Draft, key: keyof typeof SYSTEM_KEYS, value: string, issues: Issues): void {
  if (!onlyForArch(draft, key, show(value), issues)) return;
  const bytes = byteLength(value);
  if (bytes <= LONGEST_TEXT) return;
  issues.error(
    ['smbios', key],
    'smbios-too-long',
    (field) => `${field} has ${bytes} bytes; it has at most ${LONGEST_TEXT}.`,
  );
}

function stringRules(draft: Draft, issues: Issues): void {
  const { oem_strings = [] } = draft.smbios;
  if (oem_strings.length === 0) return;
  if (!onlyForArch(draft, 'oem_strings', 'there', issues)) return;
  checkArgumentLength(
    ['smbios', 'oem_strings'],
    byteLength(stringsText(oem_strings.map((one) => one ?? ''))),
    'Write fewer or shorter strings, or hand the guest a file with [[fw_cfg]].',
    issues,
  );
}

/** One element for all of them: QEMU puts several together in ways of its own. */
function systemParts({ smbios }: Profile): Part[] {
  const set = SYSTEM.flatMap((key) => {
    const value = smbios[key];
    return value === undefined ? [] : [{ key, value }];
  });
  if (set.length === 0) return [];
  const text = set.map(({ key, value }) => `,${key}=${optionValue(value)}`).join('');
  const pointers = set.map(({ key }) => `/smbios/${key}`);
  return [part('process', pointers, ['-smbios', `type=1${text}`])];
}

function stringParts({ smbios: { oem_strings } }: Profile): Part[] {
  return oem_strings.length === 0
    ? []
    : [part('process', ['/smbios/oem_strings'], ['-smbios', stringsText(oem_strings)])];
}

function stringsText(strings: readonly string[]): string {
  return `type=11${strings.map((one) => `,value=${optionValue(one)}`).join('')}`;
}
