import type { Need } from '../needs/need.ts';
import { type Path, valueAt } from '../profile/path.ts';
import { redacted } from '../profile/secrets.ts';
import { visible } from '../profile/text.ts';
import type { Draft } from '../topics/profile.ts';

/**
 * What tells findings of one kind apart in their ids: the names, in one line and never a secret; one that is missing or
 * not the only one of its kind is followed by its place, counted from 0.
 */
export function subjectsOf(names: readonly (string | undefined)[]): string[] {
  return toldApart(names.map((name) => visible(redacted(name ?? ''))));
}

/** The same of texts that may be shown as they are. */
export function toldApart(texts: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return texts.map((text, index) => (text !== '' && counts.get(text) === 1 ? text : `${text}[${index}]`));
}

/** What tells needs apart: the subject of the element of a list that one is of, else nothing. Each list is named once. */
export function subjectsIn(draft: Draft): (need: Need) => string {
  const subjects = new Map<string, readonly string[]>();
  return ({ at }) => {
    const place = at.findIndex((step) => typeof step === 'number');
    if (place === -1) return '';
    const list = at.slice(0, place);
    const key = list.join('.');
    const known = subjects.get(key) ?? subjectsOf(namesIn(draft, list));
    subjects.set(key, known);
    return known[Number(at[place])] as string;
  };
}

function namesIn(draft: Draft, list: Path): (string | undefined)[] {
  const elements = valueAt(draft, list) as readonly { readonly name: string | undefined }[];
  return elements.map(({ name }) => name);
}
