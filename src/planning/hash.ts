import { createHash, hash } from 'node:crypto';

/** Characters of a hash before its digits. */
export const HASH_PREFIX = 'sha256:'.length;

/** `sha256:` and the SHA-256 of a text in UTF-8, in hexadecimal. */
export function sha256(text: string): string {
  return `sha256:${hash('sha256', text)}`;
}

/** The same of a text that comes in pieces. */
export interface Sha256 {
  readonly add: (piece: string) => void;
  /** Adds the last piece. */
  readonly end: (piece: string) => string;
}

export function newSha256(first: string): Sha256 {
  const digest = createHash('sha256').update(first);
  return {
    add: (piece) => {
      digest.update(piece);
    },
    end: (piece) => `sha256:${digest.update(piece).digest('hex')}`,
  };
}
