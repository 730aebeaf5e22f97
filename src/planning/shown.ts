/** A document as it may be shown: JSON, and without what looks like a secret. */
import { namedLikeSecret, REDACTED, redacted } from '../profile/secrets.ts';

/** A copy for an answer. Dates, and numbers that JSON does not have, become text. */
export function shown(value: unknown): unknown {
  if (typeof value === 'string') return redacted(value);
  if (typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)))
    return String(value);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Date) return value.toJSON();
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(
    members.map(([key, member]) => [redacted(key), holdsSecret(key) ? REDACTED : shown(member)]),
  );
}

/** A file of a secret is no secret: what is in it is never read. */
function holdsSecret(key: string): boolean {
  return namedLikeSecret(key) && !key.endsWith('_file');
}
