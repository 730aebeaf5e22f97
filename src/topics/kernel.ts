/** Direct kernel boot. */
import type { HostFacts } from '../facts/host_facts.ts';
import type { BootFileNeed } from '../needs/kinds/boot_file.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { flag, path, table, text } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { byteLength } from '../profile/text.ts';
import { LONGEST_ARGUMENT } from '../qemu/argument_length.ts';
import { isShare } from './disk.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

export const KERNEL = table(
  'Direct kernel boot.',
  {
    enabled: flag('Boot a kernel directly instead of the firmware’s boot order.', { default: false }),
    bzimage: path('The kernel image; required when enabled.', {}),
    initrd: path('The initial RAM disk; no comma in it.', {}),
    append: text('The kernel command line, passed on byte for byte.', { default: '' }),
  },
  { switch: 'enabled' },
);

/** COMMAND_LINE_SIZE of x86 less the closing NUL, in bytes. */
const LONG_APPEND = 2047;
const UNSAFE_PARAMETER = /(?:^|[\s"])(init=|rdinit=|mitigations=off(?=$|[\s"]))/;
const ROOT_PARAMETER = /(?:^|[\s"])root=/;

export const kernel: Topic = {
  checkProfile: (draft, issues) => {
    const { enabled, bzimage, append } = draft.kernel;
    if (enabled !== true) return;
    if (bzimage === undefined && !issues.isRefused(['kernel', 'bzimage'])) {
      issues.error(
        ['kernel', 'bzimage'],
        'missing-field',
        'kernel.bzimage is required when kernel.enabled is true and is not there.',
        'Add a path such as kernel.bzimage = "boot/bzImage".',
      );
    }
    if (append !== undefined) appendRules(append, issues);
    rootRule(draft, issues);
    if (draft.serial.enabled !== false) return;
    issues.warning(
      ['serial', 'enabled'],
      'kernel-without-serial',
      'The kernel is booted directly and there is no serial port; its messages will be seen nowhere.',
    );
  },
  checkOnHost: ({ kernel: { enabled, initrd } }, facts, issues) => {
    if (enabled === true && initrd !== undefined) initrdRules(absolutePath(facts, initrd), issues);
  },
  needs: (draft, facts) => {
    const { enabled, bzimage, initrd } = draft.kernel;
    if (enabled !== true) return [];
    return [...fileNeed('kernel', 'bzimage', bzimage, facts), ...fileNeed('initrd', 'initrd', initrd, facts)];
  },
  /** QEMU takes these values byte for byte. */
  args: ({ kernel: { enabled, bzimage, initrd, append } }, { facts }) => {
    if (!enabled) return [];
    const parts = [filePart('-kernel', '/kernel/bzimage', bzimage as string, facts)];
    if (initrd !== undefined) parts.push(filePart('-initrd', '/kernel/initrd', initrd, facts));
    if (append !== '')
      parts.push(part('kernel', ['/kernel/append'], ['-append', append], { decidedBy: SWITCH }));
    return parts;
  },
};

const SWITCH = ['/kernel/enabled'];

function fileNeed(
  is: BootFileNeed['is'],
  key: 'bzimage' | 'initrd',
  text: string | undefined,
  facts: HostFacts,
): BootFileNeed[] {
  return text === undefined ? [] : [{ kind: 'boot-file', ...namedPath(facts, ['kernel', key], text), is }];
}

function filePart(option: string, pointer: string, text: string, facts: HostFacts): Part {
  const absolute = absolutePath(facts, text);
  return part('kernel', [pointer], [option, absolute], { why: pathWhy(absolute, text), decidedBy: SWITCH });
}

function appendRules(append: string, { error, warning }: Issues): void {
  const bytes = byteLength(append);
  const at = ['kernel', 'append'] as const;
  if (bytes > LONGEST_ARGUMENT) {
    error(
      at,
      'argument-too-long',
      (field) => `${field} has ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}.`,
      'Shorten the kernel command line.',
    );
  } else if (bytes > LONG_APPEND) {
    warning(
      at,
      'append-long',
      (field) => `${field} has ${bytes} bytes; kernels commonly cut the command line after ${LONG_APPEND}.`,
      `Shorten it to ${LONG_APPEND} bytes.`,
    );
  }
  const unsafe = UNSAFE_PARAMETER.exec(append)?.[1];
  if (unsafe !== undefined) {
    const effect = unsafe.startsWith('mitigations')
      ? 'turns off protection against CPU attacks'
      : 'replaces the first program of the guest';
    warning(at, 'append-unsafe', (field) => `${field} sets ${unsafe}, which ${effect}.`);
  }
}

function rootRule({ storage: { disks }, kernel: { initrd, append } }: Draft, { warning }: Issues): void {
  const mayHaveImage = disks === undefined || disks.some((disk) => !isShare(disk));
  const mayFindRoot =
    mayHaveImage || initrd !== undefined || append === undefined || ROOT_PARAMETER.test(append);
  if (mayFindRoot) return;
  warning(
    ['kernel', 'append'],
    'kernel-no-root',
    'The kernel is given neither an image disk, nor an initrd, nor a root= parameter; it will find no root file system.',
  );
}

/** A multiboot kernel reads `-initrd` as a list with arguments, and there is no way to escape its separators. */
function initrdRules(path: string, { error, warning }: Issues): void {
  const at = ['kernel', 'initrd'] as const;
  if (path.includes(',')) {
    error(
      at,
      'initrd-comma',
      (field) =>
        `${field} resolves to ${show(path)}; a multiboot kernel would read the comma as the start of another file.`,
    );
  }
  if (path.includes(' ')) {
    warning(
      at,
      'initrd-space',
      (field) =>
        `${field} resolves to ${show(path)}; a multiboot kernel would read what follows the space as arguments.`,
    );
  }
}
