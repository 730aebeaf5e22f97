import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';

const LONG_DESCRIPTION = 200;

export function vmRules({ vm }: Draft, { warning }: Findings): void {
  const { description = '' } = vm;
  // A character is one or two of the units that `length` counts.
  const characters = description.length > LONG_DESCRIPTION ? [...description].length : description.length;
  if (characters <= LONG_DESCRIPTION) return;
  warning(
    ['vm', 'description'],
    'description-long',
    `vm.description has ${characters} characters; over ${LONG_DESCRIPTION} it is hard to read in a list.`,
    `Shorten it to ${LONG_DESCRIPTION} characters.`,
  );
}
