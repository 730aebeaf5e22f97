import { LONGEST_ARGUMENT } from '../argument_length.ts';
import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';
import { byteLength } from '../text.ts';
import { isShare } from './storage_rules.ts';

/** COMMAND_LINE_SIZE of x86 less the closing NUL, in bytes. */
const LONG_APPEND = 2047;
const UNSAFE_PARAMETER = /(?:^|[\s"])(init=|rdinit=|mitigations=off(?=$|[\s"]))/;

export function kernelRules(draft: Draft, findings: Findings): void {
  const { kernel } = draft;
  if (kernel.enabled !== true) return;
  if (kernel.bzimage === undefined && !findings.refused('kernel.bzimage')) {
    findings.error(
      ['kernel', 'bzimage'],
      'missing-field',
      'kernel.bzimage is required when kernel.enabled is true and is not there.',
      'Add a path such as kernel.bzimage = "boot/bzImage".',
    );
  }
  if (kernel.append !== undefined) appendRules(kernel.append, findings);
  rootRule(draft, findings);
  kernelWithoutSerial(draft, findings);
}

function appendRules(append: string, { error, warning }: Findings): void {
  const bytes = byteLength(append);
  const path = ['kernel', 'append'];
  if (bytes > LONGEST_ARGUMENT) {
    error(
      path,
      'argument-too-long',
      `kernel.append has ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}.`,
      'Shorten the kernel command line.',
    );
  } else if (bytes > LONG_APPEND) {
    warning(
      path,
      'append-long',
      `kernel.append has ${bytes} bytes; kernels commonly cut the command line after ${LONG_APPEND}.`,
      `Shorten it to ${LONG_APPEND} bytes.`,
    );
  }
  const unsafe = UNSAFE_PARAMETER.exec(append)?.[1];
  if (unsafe !== undefined) {
    warning(
      path,
      'append-unsafe',
      `kernel.append sets ${unsafe}, which ${unsafe.startsWith('mitigations') ? 'turns off protection against CPU attacks' : 'replaces the first program of the guest'}.`,
      'Remove it unless that is meant.',
    );
  }
}

function rootRule({ storage, kernel }: Draft, { warning }: Findings): void {
  const mayHaveImage = storage.disks === undefined || storage.disks.some((disk) => !isShare(disk));
  if (
    mayHaveImage ||
    kernel.initrd !== undefined ||
    kernel.append === undefined ||
    /(?:^|[\s"])root=/.test(kernel.append)
  )
    return;
  warning(
    ['kernel', 'append'],
    'kernel-no-root',
    'The kernel is given neither an image disk, nor an initrd, nor a root= parameter; it will find no root file system.',
    'Add kernel.initrd, an image disk, or root= to kernel.append.',
  );
}

function kernelWithoutSerial({ serial }: Draft, { warning }: Findings): void {
  if (serial.enabled !== false) return;
  warning(
    ['serial', 'enabled'],
    'kernel-without-serial',
    'The kernel is booted directly and there is no serial port; its messages will be seen nowhere.',
    'Set serial.enabled = true and console= in kernel.append.',
  );
}
