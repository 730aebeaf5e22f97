/** Names of disks, shares and interfaces: what they may be, and that they are unique. */
import { type Mistake, text } from '../profile/key.ts';
import { fieldOf } from '../profile/path.ts';
import { show } from '../profile/show.ts';
import type { Issues, ProfilePath } from './profile.ts';

/** Letters, digits, `_` and `-`, at most 31 characters: what is safe as a QEMU id, a 9p mount tag and a host device name. */
const NAME_PATTERN = '^[A-Za-z][A-Za-z0-9_-]{0,30}$';

const NAME_MISTAKE: Mistake = {
  code: 'invalid-name',
  must: 'start with a letter and go on with letters, digits, "_" and "-", at most 31 characters in all',
  suggestion: 'Write a name such as "root" or "net0".',
  coversBlank: true,
};

/** The key of a name; `null` for an element of a list that says itself what it is. */
export function nameKey(description: string | null, example: string) {
  return text(description, {
    required: true,
    pattern: NAME_PATTERN,
    mistake: NAME_MISTAKE,
    examples: [example],
  });
}

/** Far more than any machine has slots for; bounds the work that one request can cause. */
export const MOST_DEVICES = 256;

/** A list whose elements have names, and where the name of an element is. */
export interface NamedList {
  readonly elements: readonly { readonly name: string | undefined }[];
  readonly placeOf: (index: number) => ProfilePath;
}

/** Reports a word of a list that stands before it in the list. */
export function wordTwice(at: ProfilePath, word: string, { error }: Issues): void {
  error(
    at,
    'duplicate-name',
    (field) => `${field} is ${show(word)}, which the list has already.`,
    'Remove it: once is enough.',
  );
}

/** Reports each later element that has the name of an earlier one, over all the lists together. */
export function duplicateNames(lists: readonly NamedList[], { error }: Issues): void {
  const first = new Map<string, ProfilePath>();
  for (const { elements, placeOf } of lists) {
    for (const [index, { name }] of elements.entries()) {
      if (name === undefined) continue;
      const earlier = first.get(name);
      if (earlier === undefined) {
        first.set(name, placeOf(index));
        continue;
      }
      error(
        placeOf(index),
        'duplicate-name',
        (field) =>
          `${field} is ${show(name)}, which ${fieldOf(earlier.slice(0, -1))} is called already; names must be unique.`,
      );
    }
  }
}
