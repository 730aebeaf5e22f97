/** Names of disks, shares and interfaces: what they may be, and that they are unique. */
import type { Mistake } from '../profile/key.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import type { Issues, ProfilePath } from './profile.ts';

/** Letters, digits, `_` and `-`, at most 31 characters: what is safe as a QEMU id, a 9p mount tag and a host device name. */
export const NAME_PATTERN = '^[A-Za-z][A-Za-z0-9_-]{0,30}$';

export const NAME_MISTAKE: Mistake = {
  code: 'invalid-name',
  must: 'start with a letter and go on with letters, digits, "_" and "-", at most 31 characters in all',
  suggestion: 'Write a name such as "root" or "net0".',
  coversBlank: true,
};

/** Far more than any machine has slots for; bounds the work that one request can cause. */
export const MOST_DEVICES = 256;

/** Reports each later element of a list that has the name of an earlier one; `placeOf` leads to the name of an element. */
export function duplicateNames(
  elements: readonly { readonly name: string | undefined }[],
  placeOf: (index: number) => ProfilePath,
  { error }: Issues,
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
    error(
      placeOf(index),
      'duplicate-name',
      (field) =>
        `${field} is ${show(name)}, which ${fieldOf(placeOf(earlier).slice(0, -1))} is called already; names must be unique.`,
    );
  }
}
