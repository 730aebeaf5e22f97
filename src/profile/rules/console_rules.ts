import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';

/** Keys that the guest's shell needs with ctrl: interrupt, end of file, flow control, suspend. */
const SHELL_SEQUENCE = /^(?:ctrl\+)+[cdqsz]$/i;

export function consoleRules({ console }: Draft, { warning }: Findings): void {
  const sequence = console.escape_sequence;
  if (sequence === undefined || !SHELL_SEQUENCE.test(sequence)) return;
  warning(
    ['console', 'escape_sequence'],
    'escape-sequence-conflict',
    `console.escape_sequence is "${sequence}", which the guest's shell needs itself.`,
    'Write another sequence, such as "ctrl+]".',
  );
}
