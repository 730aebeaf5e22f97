import type { Path } from '../field_path.ts';
import type { Findings } from '../issue.ts';
import { show } from '../show.ts';

/** Reports each later element that has the name of an earlier one. */
export function duplicateNames(
  array: Path,
  elements: readonly { readonly name: string | undefined }[],
  { error }: Findings,
): void {
  if (elements.length < 2) return;
  const first = new Map<string, number>();
  for (const [index, { name }] of elements.entries()) {
    if (name === undefined) continue;
    const earlier = first.get(name);
    if (earlier === undefined) {
      first.set(name, index);
      continue;
    }
    const list = array.join('.');
    error(
      [...array, index, 'name'],
      'duplicate-name',
      `${list}[${index}].name is ${show(name)}, which ${list}[${earlier}] is called already; names must be unique.`,
      'Give it another name.',
    );
  }
}
