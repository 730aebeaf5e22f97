/** What looks like a secret: such values are never shown in an answer and never logged. */

export const REDACTED = '***REDACTED***';

const KEY_NAMES =
  'password|passwd|token|api_key|apikey|secret|private_key|credential|authorization|access_key|secret_key|session_key';

const SECRET = new RegExp(
  [
    '-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----',
    'AKIA[0-9A-Z]{16}',
    'gh[pousr]_[A-Za-z0-9]{36,}',
    '(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{20,}',
    'Bearer\\s+[A-Za-z0-9._~+/=-]{16,}',
    // A JSON Web Token. What stands before its first part decides whether that part starts with `eyJ`.
    '(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+',
    // But the name of what QEMU keeps the password of a display in, as plans write it, is none.
    `(?<![A-Za-z0-9_])(?!secret=(?:vnc|spice)-password(?![A-Za-z0-9_-]))(?:${caseless(KEY_NAMES)})\\s*[=:]\\s*\\S`,
  ].join('|'),
);
const SECRET_KEY = new RegExp(`(?:^|[_-])(?:${KEY_NAMES.replaceAll('_', '[_-]?')})s?(?:$|[_-])`, 'i');

/** A pattern that matches the letters of `pattern` without regard to case; the other alternatives stay exact. */
function caseless(pattern: string): string {
  return pattern.replace(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** As short as `token=x`: what is shorter is no secret. */
const SHORTEST_SECRET = 7;

/** Whether a text holds something that looks like a secret. */
export function looksSecret(text: string): boolean {
  return text.length >= SHORTEST_SECRET && SECRET.test(text);
}

/** Whether a key is named like one that holds a secret. */
export function namedLikeSecret(key: string): boolean {
  return SECRET_KEY.test(key);
}

/** The text itself, or a placeholder for the whole of it when it looks like a secret. */
export function redacted(text: string): string {
  return looksSecret(text) ? REDACTED : text;
}
