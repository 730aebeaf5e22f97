/** The number that tells the machine from all others; its guest sees it. */
import { text } from '../profile/key.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

/** In braces, as a URN, or without what is between its parts. */
function meantUuid(text: string): string | null {
  const digits = text.replace(/^urn:uuid:|[-{} ]/gi, '').toLowerCase();
  const [, ...parts] =
    /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/.exec(digits) ?? [];
  return parts.length === 0 ? null : `Write "${parts.join('-')}".`;
}

export const UUID_KEYS = {
  uuid: text('UUID of the machine, which the guest sees; 8-4-4-4-12 hexadecimal digits.', {
    pattern: '^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$',
    mistake: {
      code: 'invalid-uuid',
      must: 'be 8, 4, 4, 4 and 12 hexadecimal digits with "-" between them',
      suggestion: 'Write a UUID such as "2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b".',
      meant: meantUuid,
    },
    lowerCase: true,
    examples: ['2f1e7a52-6d0c-4b7e-9a53-0c1d2e3f4a5b'],
    since: 2,
  }),
};

export const uuid: Topic = {
  args: ({ vm: { uuid } }) => (uuid === undefined ? [] : [part('process', ['/vm/uuid'], ['-uuid', uuid])]),
};
