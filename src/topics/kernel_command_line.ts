/** What a guest's kernel makes of its command line: with the disks, and with the serial port, that the VM has. */
import { show } from '../profile/show.ts';
import { byteLength } from '../profile/text.ts';
import { LONGEST_ARGUMENT } from '../qemu/argument_length.ts';
import { isShare } from './disk_keys.ts';
import { isShown } from './display.ts';
import { type KernelParameter, kernelParameters } from './kernel_parameters.ts';
import { linuxConsoles } from './linux_consoles.ts';
import { diskOf, type LinuxDisks, linuxDisks } from './linux_disks.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

/** COMMAND_LINE_SIZE of x86 less the closing NUL, in bytes. */
const LONG_APPEND = 2047;
const AT = ['kernel', 'append'] as const;

export const kernelCommandLine: Topic = {
  checkProfile: (draft, issues) => {
    const { enabled, append } = draft.kernel;
    if (enabled !== true || append === undefined) return;
    lengthRules(append, issues);
    const parameters = kernelParameters(append);
    unsafeRule(parameters, issues);
    rootRule(draft, parameters, issues);
    consoleRule(draft, parameters, issues);
  },
};

function lengthRules(append: string, { error, warning }: Issues): void {
  const bytes = byteLength(append);
  if (bytes > LONGEST_ARGUMENT) {
    error(
      AT,
      'argument-too-long',
      (field) => `${field} has ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}.`,
      'Shorten the kernel command line.',
    );
  } else if (bytes > LONG_APPEND) {
    warning(
      AT,
      'append-long',
      (field) => `${field} has ${bytes} bytes; kernels commonly cut the command line after ${LONG_APPEND}.`,
      `Shorten it to ${LONG_APPEND} bytes.`,
    );
  }
}

function unsafeRule(parameters: readonly KernelParameter[], { warning }: Issues): void {
  const unsafe = parameters.find(
    ({ name, value }) =>
      (value !== null && (name === 'init' || name === 'rdinit')) ||
      (name === 'mitigations' && value === 'off'),
  );
  if (unsafe === undefined) return;
  const isProtection = unsafe.name === 'mitigations';
  const sets = `${unsafe.name}=${isProtection ? 'off' : ''}`;
  const effect = isProtection
    ? 'turns off protection against CPU attacks'
    : 'replaces the first program of the guest';
  warning(AT, 'append-unsafe', (field) => `${field} sets ${sets}, which ${effect}.`);
}

function rootRule(draft: Draft, parameters: readonly KernelParameter[], { warning }: Issues): void {
  const { disks } = draft.storage;
  if (disks === undefined) return;
  const images = disks.filter((disk) => !isShare(disk));
  const root = parameters.findLast(({ name, value }) => name === 'root' && value !== null)?.value ?? null;
  if (root === null && images.length === 0 && draft.kernel.initrd === undefined) {
    warning(
      AT,
      'kernel-no-root',
      'The kernel is given neither an image disk, nor an initrd, nor a root= parameter; it will find no root file system.',
    );
  }
  const known = linuxDisks(draft, images);
  const disk = diskOf(root ?? '');
  if (root === null || disk === null || known === null || known.has(disk)) return;
  warning(
    AT,
    'root-not-a-disk',
    (field) => `${field} sets root= to ${show(root)}, and the VM has ${disksIn(known)}.`,
  );
}

const MOST_NAMES = 4;

function disksIn({ names }: LinuxDisks): string {
  const files = names.map((name) => `/dev/${name}`);
  if (files.length < 2) return files[0] === undefined ? 'no disk' : `one disk, ${files[0]}`;
  const shown = files.slice(0, MOST_NAMES).join(', ');
  return `${files.length} disks: ${shown}${files.length > MOST_NAMES ? ' and so on' : ''}`;
}

/**
 * On x86_64 a kernel writes to the serial port when it is told to; elsewhere the machine's device tree names that port, and
 * only another console= leads away from it. To a virtio console it writes only when it is told to.
 */
function consoleRule(draft: Draft, parameters: readonly KernelParameter[], { warning }: Issues): void {
  const { arch } = draft.hardware;
  const known = arch === undefined ? null : linuxConsoles(draft, arch);
  if (known === null) return;
  const { usual, names, isSerial } = known;
  const consoles = parameters.flatMap(({ name, value }) =>
    name === 'console' && value !== null ? value : [],
  );
  // Newer kernels also take the place of a device on its bus, with colons.
  if (consoles.some((text) => text.includes(':') || names.includes(consoleDevice(text)))) return;
  // Without a word the screen shows what the kernel says, and it is what is called tty.
  if (isShown(draft) && consoles.every((text) => /^tty\d*$/.test(consoleDevice(text)))) return;
  const [first] = consoles;
  if (first === undefined && isSerial && arch !== 'x86_64') return;
  const called = isSerial ? 'serial port' : 'console';
  warning(
    AT,
    'console-not-on-serial',
    (field) =>
      first === undefined
        ? `${field} has no console=, and without it most ${arch} kernels write nothing to the ${called}, ${usual}.`
        : `${field} sets console= to ${show(first)}, and the ${called} of the ${arch} machine is ${usual}.`,
    `Add console=${usual} to kernel.append.`,
  );
}

/** The device of `console=`: options follow a comma, the number 0 may be left out, and a number alone is a ttyS. */
function consoleDevice(text: string): string {
  const [, name, number] = /^([^\d,]*)(\d*)/.exec(text) as RegExpExecArray;
  return `${name === '' && number !== '' ? 'ttyS' : name}${Number(number)}`;
}
