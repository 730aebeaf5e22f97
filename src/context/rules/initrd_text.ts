import type { Findings } from '../../profile/issue.ts';
import { show } from '../../profile/show.ts';
import type { PathUse } from '../path_uses.ts';

/** A multiboot kernel reads `-initrd` as a list with arguments, and there is no way to escape its separators. */
export function initrdTextRules({ at, purpose, absolute }: PathUse, { error, warning }: Findings): void {
  if (purpose !== 'initrd') return;
  if (absolute.includes(',')) {
    error(
      at,
      'initrd-comma',
      `kernel.initrd resolves to ${show(absolute)}; a multiboot kernel would read the comma as the start of another file.`,
      'Use a path without a comma.',
    );
  }
  if (absolute.includes(' ')) {
    warning(
      at,
      'initrd-space',
      `kernel.initrd resolves to ${show(absolute)}; a multiboot kernel would read what follows the space as arguments.`,
      'Use a path without a space.',
    );
  }
}
