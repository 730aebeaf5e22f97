import { hash } from 'node:crypto';

/** Characters of a hash before its digits. */
export const HASH_PREFIX = 'sha256:'.length;

/** `sha256:` and the SHA-256 of a text in UTF-8, in hexadecimal. */
export function sha256(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}
