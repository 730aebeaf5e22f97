/** `[firmware]`: UEFI in two flash images, or a file in place of QEMU's own firmware. */
import { HOST_FIRMWARE, makeBios, makeFlash } from '../../firmware_files.ts';
import type { Qmp } from '../../qemu/qmp.ts';
import type { Architecture } from '../../settings.ts';
import { propertyOf } from './machine_type.ts';
import type { Asked, Counts, Topic } from './topic.ts';

interface Flash {
  /** `flash0` has the code, `flash1` the variables. */
  readonly place: string;
  readonly file: string;
  readonly format: string;
  readonly readonly: boolean;
}

export function flashOf({ profile: { vm, firmware = {} }, arch, place }: Asked): Flash[] {
  if (firmware.type !== 'uefi') return [];
  const { code, code_format = 'raw', vars, vars_format = 'raw', secure_boot = false } = firmware;
  const hosts = HOST_FIRMWARE.find((one) => one.arch === arch && one.secure_boot === secure_boot);
  return [
    {
      place: 'flash0',
      file: code === undefined ? String(hosts?.code) : place(code),
      format: code_format,
      readonly: true,
    },
    {
      place: 'flash1',
      file: place(vars ?? `images/${vm.name}.vars.fd`),
      format: vars_format,
      readonly: false,
    },
  ];
}

/** What QEMU calls its own firmware, as far as it does; it has that of x86_64 beside flash images too. */
const OWN: Readonly<Partial<Record<Architecture, string>>> = { x86_64: 'bios-256k.bin' };

/** `none` is a word of QEMU's too. */
function biosOf({ profile: { firmware = {} }, arch, place }: Asked): string {
  if (firmware.type === 'none') return 'none';
  return firmware.bios === undefined ? (OWN[arch] ?? '') : place(firmware.bios);
}

/** An aarch64 machine with firmware and ACPI tells of its power button and of memory that is added by another device. */
function switched({ arch, profile: { machine, firmware = {} } }: Asked): Counts {
  const hasFirmware = firmware.type === 'uefi' || firmware.bios !== undefined;
  if (arch !== 'aarch64' || !hasFirmware || machine?.acpi === false) return [];
  return [
    ['acpi-ged', 1],
    ['gpio-key', -1],
    ['pl061', -1],
  ];
}

export const firmware: Topic = {
  make: (asked, lane) => {
    const { arch, profile } = asked;
    const { secure_boot: secure = false, code, bios } = profile.firmware ?? {};
    const [codeFlash, varsFlash] = flashOf(asked);
    if (codeFlash !== undefined && code !== undefined)
      makeFlash({ arch, secure, part: 'code' }, codeFlash.format, codeFlash.file, lane);
    if (varsFlash !== undefined)
      makeFlash({ arch, secure, part: 'vars' }, varsFlash.format, varsFlash.file, lane);
    if (bios !== undefined) makeBios(arch, asked.place(bios), lane);
  },
  means: (asked) => ({
    flash: flashOf(asked),
    'flash for SMM only': flashOf(asked).length > 0 && isKeptBySmm(asked),
    'firmware file': biosOf(asked),
  }),
  seen: async ({ qmp, devices }) => ({
    flash: await flashSeen(qmp),
    'flash for SMM only': devices.some(
      ({ type, properties }) => type === 'cfi.pflash01' && properties.secure === 'true',
    ),
    'firmware file': await propertyOf(qmp, '/machine', 'firmware'),
  }),
  // The machines of other architectures have their flash always.
  devices: (asked) => [
    ...(asked.arch === 'x86_64' ? [['cfi.pflash01', flashOf(asked).length] as const] : []),
    ...switched(asked),
  ],
  // Those outside the case's folder are not looked for.
  files: (asked) =>
    flashOf(asked).flatMap(({ file, readonly }) => {
      const isHosts = readonly && asked.profile.firmware?.code === undefined;
      return isHosts ? [] : [{ path: file, use: readonly ? 'read' : 'write' } as const];
    }),
};

function isKeptBySmm({ arch, profile: { firmware } }: Asked): boolean {
  return arch === 'x86_64' && firmware?.secure_boot === true;
}

interface Block {
  readonly qdev?: string;
  readonly inserted?: { readonly file: string; readonly drv: string; readonly ro: boolean };
}

async function flashSeen(qmp: Qmp): Promise<Flash[]> {
  const blocks = await qmp.ask<Block[]>('query-block');
  const found = blocks.flatMap(({ qdev = '', inserted }): Flash[] => {
    const [place] = /flash[0-9]$/.exec(qdev) ?? [];
    if (place === undefined || inserted === undefined) return [];
    return [{ place, file: inserted.file, format: inserted.drv, readonly: inserted.ro }];
  });
  return found.sort((left, right) => (left.place < right.place ? -1 : 1));
}
