/** What text may hold, how it is compared, and how it is shown to people. */

/** Control characters, line separators, bidirectional controls, lone surrogates: they make a reviewer see what is not there. */
const CONTROL =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;
const CONTROL_BUT_LF_TAB =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/u;
/** What most texts are: there is nothing in them to look for. */
const PRINTABLE_ASCII = /^[ -~]*$/;
const SHOWN_CHARACTERS = 80;

/** The first forbidden character of `text` as `U+XXXX`, or `null`. `multiline` allows line feed and tab. */
export function controlCharacter(text: string, multiline = false): string | null {
  if (PRINTABLE_ASCII.test(text)) return null;
  const hit = (multiline ? CONTROL_BUT_LF_TAB : CONTROL).exec(text);
  return hit === null ? null : codePointName(hit[0]);
}

function codePointName(character: string): string {
  return `U+${character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** `text` in one line: forbidden characters as `<U+XXXX>`. */
export function visible(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replace(new RegExp(CONTROL, 'gu'), (character) => `<${codePointName(character)}>`);
}

/** `text` cut to a length that fits into a message, never inside a surrogate pair. */
export function shortened(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return text;
  const characters = [...text.slice(0, 2 * SHOWN_CHARACTERS + 2)];
  return characters.length > SHOWN_CHARACTERS ? `${characters.slice(0, SHOWN_CHARACTERS).join('')}…` : text;
}

/** Order by Unicode code point; `<` on strings would compare UTF-16 units. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1;
  }
  return left.length - right.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

/** Length in bytes of UTF-8: what the kernel counts. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
