/** Files that QEMU hands its guest by a device of the firmware. */
import type { HostFacts } from '../facts/host_facts.ts';
import { inputFileNeeds } from '../needs/kinds/input_file.ts';
import { absolutePath } from '../needs/named_path.ts';
import { list, NOT_BLANK, path, table, text, type ValueOf } from '../profile/key.ts';
import { byteLength } from '../profile/text.ts';
import { optionValue } from '../qemu/escape.ts';
import { checkArgumentLength } from './argument_length.ts';
import { duplicateNames } from './names.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

/** QEMU aborts where these and its own files are more than 32, and a machine with much to tell has 22 of its own. */
const MOST_FILES = 8;

const FILE = table('A file for the guest, with what is in it.', {
  name: text('What the guest finds it by: `opt/`, then a name of its own; at most 55 bytes. Unique.', {
    required: true,
    pattern: '^opt/[A-Za-z0-9_.:@+/-]{1,51}$',
    mistake: {
      code: 'invalid-name',
      must: 'start with "opt/" and go on with letters, digits, "_", ".", ":", "@", "+", "/" and "-", at most 55 characters in all',
      suggestion: 'Write a name such as "opt/com.example/config".',
      coversBlank: true,
    },
    examples: ['opt/com.example/config'],
  }),
  file: path('The file on the host.', {}),
  text: text('The text itself, in place of a file. Every user of the host can read it.', {
    pattern: NOT_BLANK,
    examples: ['{"mode":"test"}'],
  }),
});

export const FW_CFG = list(FILE, 'Files that QEMU hands the guest; only on x86_64 and aarch64.', {
  most: MOST_FILES,
  since: 2,
});

type File = ValueOf<typeof FILE>;

export const fwCfg: Topic = {
  checkProfile: ({ hardware: { arch }, fw_cfg = [] }, issues) => {
    if (fw_cfg.length === 0) return;
    const instead = 'Hand the guest a disk or a share.';
    const conditions = [{ on: 'arch', is: arch, allowed: ['x86_64', 'aarch64'], instead }] as const;
    checkOnlyFor(['fw_cfg'], 'there', conditions, issues);
    duplicateNames([{ elements: fw_cfg, placeOf: (index) => ['fw_cfg', index, 'name'] }], issues);
    for (const [index, file] of fw_cfg.entries()) contentRules(file, index, issues);
  },
  needs: ({ fw_cfg = [] }, facts) =>
    fw_cfg.flatMap(({ file }, index) => inputFileNeeds(facts, ['fw_cfg', index, 'file'], file, 'fw-cfg')),
  args: ({ fw_cfg }, { facts }) => fw_cfg.map((file, index) => filePart(file, index, facts)),
};

function contentRules(
  { name = '', file, text }: NonNullable<Draft['fw_cfg']>[number],
  index: number,
  issues: Issues,
): void {
  const { error, isRefused } = issues;
  const at = ['fw_cfg', index, 'text'] as const;
  const isUnknown = isRefused(at) || isRefused(['fw_cfg', index, 'file']);
  if (file === undefined && text === undefined && !isUnknown) {
    error(
      at,
      'missing-field',
      (field) => `${field} or a file is required, and neither is there.`,
      `Add what the guest is to find, as file = "PATH" or text = "TEXT".`,
    );
  }
  if (text === undefined) return;
  if (file !== undefined) {
    error(at, 'fw-cfg-content-twice', (field) => `${field} is set, and so is the file beside it.`);
  }
  checkArgumentLength(at, byteLength(textOption({ name, text })), 'Put it into a file.', issues);
}

function textOption({ name, text }: { readonly name: string; readonly text: string }): string {
  return `name=${name},string=${optionValue(text)}`;
}

function filePart({ name, file, text }: File, index: number, facts: HostFacts): Part {
  const list = '/fw_cfg';
  const at = `${list}/${index}`;
  const element = { name, list, index };
  if (file === undefined) {
    const option = textOption({ name, text: text as string });
    return part('process', [`${at}/name`, `${at}/text`], ['-fw_cfg', option], { element });
  }
  const absolute = absolutePath(facts, file);
  return part(
    'process',
    [`${at}/name`, `${at}/file`],
    ['-fw_cfg', `name=${name},file=${optionValue(absolute)}`],
    { why: pathWhy(absolute, file), element },
  );
}
