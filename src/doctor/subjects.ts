import type { Need } from '../needs/need.ts';
import { valueAt } from '../profile/path.ts';
import { redacted } from '../profile/secrets.ts';
import { visible } from '../profile/text.ts';
import type { Draft } from '../topics/profile.ts';

/**
 * What tells findings of one kind apart in their ids: the names, in one line and never a secret; one that is missing or
 * not the only one of its kind is followed by its place, counted from 0.
 */
export function subjectsOf(names: readonly (string | undefined)[]): string[] {
  const texts = names.map((name) => visible(redacted(name ?? '')));
  return texts.map((text, index) =>
    text !== '' && texts.indexOf(text) === texts.lastIndexOf(text) ? text : `${text}[${index}]`,
  );
}

/** What tells the elements of a list apart that needs are of; empty for a need of no element. */
export function subjectOf({ at }: Need, draft: Draft): string {
  const [section = '', list = '', index] = at;
  if (typeof index !== 'number') return '';
  const elements = valueAt(draft, [section, list]) as readonly { readonly name: string | undefined }[];
  return subjectsOf(elements.map(({ name }) => name))[index] as string;
}
