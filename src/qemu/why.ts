import type { PlacedPath } from '../context/resolve_context.ts';

/** Why a path in argv is not the one in the profile; `null` when it is. */
export function pathWhy({ path, written }: PlacedPath): string | null {
  if (written === null) return 'The path is the default, made from the name of the VM, in the project root.';
  return path === written ? null : 'The path is made absolute, against the project root, and normalised.';
}
