import { redacted } from '../profile/secrets.ts';
import { visible } from '../profile/text.ts';

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
