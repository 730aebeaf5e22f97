/** How long what a value makes of argv may be. */
import { LONGEST_ARGUMENT } from '../qemu/argument_length.ts';
import type { Issues, ProfilePath } from './profile.ts';

/** `bytes` is the length of the argument, not of the value. */
export function checkArgumentLength(
  at: ProfilePath,
  bytes: number,
  suggestion: string,
  { error }: Issues,
): void {
  if (bytes <= LONGEST_ARGUMENT) return;
  error(
    at,
    'argument-too-long',
    (field) => `${field} makes an argument of ${bytes} bytes; an argument has at most ${LONGEST_ARGUMENT}.`,
    suggestion,
  );
}
