/** Hints for tools that attach to the console; nothing that QEMU is told. */
import { flag, table, text } from '../profile/key.ts';
import type { Topic } from './topic.ts';

export const CONSOLE = table('Hints for console tools; no effect on argv.', {
  auto_attach: flag('Hint for tools that attach to the console after the start.', { default: false }),
  escape_sequence: text(
    'Keys that leave the console: `modifier+…+key` with the modifiers `ctrl`, `alt`, `shift`.',
    {
      default: 'ctrl+]',
      pattern: '^(?:(?:ctrl|alt|shift)\\+)+(?:[!-~]|[A-Za-z][A-Za-z0-9]+)$',
      mistake: {
        code: 'invalid-escape-sequence',
        must: 'be one or more of "ctrl+", "alt+", "shift+" and then a key',
        suggestion: 'Write a sequence such as "ctrl+]".',
        coversBlank: true,
      },
      reachesArgv: false,
    },
  ),
});

/** Keys that the guest's shell needs with ctrl: interrupt, end of file, flow control, suspend. */
const SHELL_SEQUENCE = /^(?:ctrl\+)+[cdqsz]$/i;

export const console: Topic = {
  checkProfile: ({ console: { escape_sequence = '' } }, { warning }) => {
    if (!SHELL_SEQUENCE.test(escape_sequence)) return;
    warning(
      ['console', 'escape_sequence'],
      'escape-sequence-conflict',
      (field) => `${field} is "${escape_sequence}", which the guest's shell needs itself.`,
    );
  },
};
