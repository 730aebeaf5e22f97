/** Direct kernel boot. */
import type { Host } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { inputFileNeeds } from '../needs/kinds/input_file.ts';
import { absolutePath } from '../needs/named_path.ts';
import { flag, path, table, text } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { isShown } from './display.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

export const KERNEL = table(
  'Direct kernel boot.',
  {
    enabled: flag('Boot a kernel directly instead of the firmware’s boot order.', { default: false }),
    bzimage: path('The kernel image; required when enabled.', {}),
    initrd: path(
      'The initial RAM disk; no comma in it for a multiboot kernel, or for one that nobody can look at.',
      {},
    ),
    append: text('The kernel command line, passed on byte for byte.', { default: '' }),
    dtb: path('The device tree that the kernel is handed; only on aarch64 and riscv64.', { since: 2 }),
  },
  { switch: 'enabled' },
);

export const kernel: Topic = {
  checkProfile: (draft, issues) => {
    const { enabled, bzimage } = draft.kernel;
    if (enabled !== true) return;
    if (bzimage === undefined && !issues.isRefused(['kernel', 'bzimage'])) {
      issues.error(
        ['kernel', 'bzimage'],
        'missing-field',
        'kernel.bzimage is required when kernel.enabled is true and is not there.',
        'Add a path such as kernel.bzimage = "boot/bzImage".',
      );
    }
    dtbRule(draft, issues);
    if (draft.serial.enabled !== false || draft.consoles?.length !== 0 || isShown(draft)) return;
    issues.warning(
      ['serial', 'enabled'],
      'kernel-without-serial',
      'The kernel is booted directly and there is no serial port; its messages will be seen nowhere.',
    );
  },
  checkOnHost: (draft, host, issues) => {
    const { enabled, initrd } = draft.kernel;
    if (enabled !== true || initrd === undefined || !mayBeMultiboot(draft, host)) return;
    initrdRules(absolutePath(host.facts, initrd), issues);
  },
  needs: ({ hardware: { arch }, kernel: { enabled, bzimage, initrd, dtb } }, facts) => {
    if (enabled !== true) return [];
    return [
      ...inputFileNeeds(facts, ['kernel', 'bzimage'], bzimage, 'kernel', { isForX86: arch === 'x86_64' }),
      ...inputFileNeeds(facts, ['kernel', 'initrd'], initrd, 'initrd'),
      ...inputFileNeeds(facts, ['kernel', 'dtb'], dtb, 'dtb'),
    ];
  },
  /** QEMU takes these values byte for byte. */
  args: ({ kernel: { enabled, bzimage, initrd, append, dtb } }, { facts }) => {
    if (!enabled) return [];
    const parts = [filePart('-kernel', '/kernel/bzimage', bzimage as string, facts)];
    if (initrd !== undefined) parts.push(filePart('-initrd', '/kernel/initrd', initrd, facts));
    if (append !== '')
      parts.push(part('kernel', ['/kernel/append'], ['-append', append], { decidedBy: SWITCH }));
    if (dtb !== undefined) parts.push(filePart('-dtb', '/kernel/dtb', dtb, facts));
    return parts;
  },
};

const SWITCH = ['/kernel/enabled'];

function filePart(option: string, pointer: string, text: string, facts: HostFacts): Part {
  const absolute = absolutePath(facts, text);
  return part('kernel', [pointer], [option, absolute], { why: pathWhy(absolute, text), decidedBy: SWITCH });
}

function dtbRule({ hardware: { arch }, kernel: { dtb } }: Draft, issues: Issues): void {
  if (dtb === undefined) return;
  const instead = 'Remove it: QEMU or its firmware tells the guest what the machine has.';
  const conditions = [{ on: 'arch', is: arch, allowed: ['aarch64', 'riscv64'], instead }] as const;
  checkOnlyFor(['kernel', 'dtb'], show(dtb), conditions, issues);
}

/** Only the x86 machine loads multiboot kernels. On a given host nobody has looked at the kernel. */
function mayBeMultiboot(
  { hardware: { arch }, kernel: { bzimage } }: Draft,
  { facts, probed }: Host,
): boolean {
  if (probed === null || bzimage === undefined) return true;
  const isX86 = arch === undefined || arch === 'x86_64';
  return isX86 && probed.paths.get(absolutePath(facts, bzimage))?.isMultiboot !== false;
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
