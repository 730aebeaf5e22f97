/** What the VM is called. */
import { type Mistake, text } from '../profile/key.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const VM_NAME_PATTERN = '^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$';

export const VM_NAME_MISTAKE: Mistake = {
  code: 'invalid-name',
  must: 'hold letters, digits, "_" and "-" only, not start with "-", and have 1 to 64 characters',
  suggestion: 'Write a name such as "kernel-dev".',
  coversBlank: true,
};

export const NAME_KEYS = {
  name: text('Name of the VM, passed to `-name` and used in default socket paths.', {
    required: true,
    pattern: VM_NAME_PATTERN,
    mistake: VM_NAME_MISTAKE,
    examples: ['kernel-dev'],
  }),
  description: text('Free text for people; line feeds and tabs allowed. Over 200 characters: a warning.', {
    default: '',
    multiline: true,
    reachesArgv: false,
  }),
};

const LONG_DESCRIPTION = 200;

export const name: Topic = {
  checkProfile: ({ vm: { description = '' } }, { warning }) => {
    // A character is one or two of the units that `length` counts.
    const characters = description.length > LONG_DESCRIPTION ? [...description].length : description.length;
    if (characters <= LONG_DESCRIPTION) return;
    warning(
      ['vm', 'description'],
      'description-long',
      (field) =>
        `${field} has ${characters} characters; over ${LONG_DESCRIPTION} it is hard to read in a list.`,
      `Shorten it to ${LONG_DESCRIPTION} characters.`,
    );
  },
  needs: ({ vm: { name } }) => (name === undefined ? [] : [{ kind: 'vm-name', at: ['vm', 'name'], name }]),
  args: ({ vm }) => [part('name', ['/vm/name'], ['-name', vm.name])],
};
