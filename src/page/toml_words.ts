/** A line of TOML in words, each with what it is, for colours. It knows no more than a line, and finds no mistakes. */

export interface Word {
  readonly text: string;
  /** `null` for what has no colour. */
  readonly kind: 'comment' | 'header' | 'key' | 'text' | 'number' | null;
}

const HEADER = /^(\s*\[{1,2}[^\]]*\]{1,2})(.*)$/s;
const KEY = /^(\s*(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)(\s*=)(.*)$/s;
const VALUE =
  /(?<comment>#.*)|(?<text>"""|'''|"(?:\\.|[^"\\])*"?|'[^']*'?)|(?<number>\b(?:true|false|[0-9][\w.:+-]*))|(?<other>[^#"'\w]+|\w+)/gs;

export function wordsOf(line: string): Word[] {
  const [, header, afterHeader = ''] = HEADER.exec(line) ?? [];
  if (header !== undefined) return [{ text: header, kind: 'header' }, ...valueWords(afterHeader)];
  const [, key, sign = '', value = ''] = KEY.exec(line) ?? [];
  if (key === undefined) return valueWords(line);
  return [{ text: key, kind: 'key' }, { text: sign, kind: null }, ...valueWords(value)];
}

function valueWords(text: string): Word[] {
  return [...text.matchAll(VALUE)].map(({ 0: word, groups = {} }) => {
    const kind = (['comment', 'text', 'number'] as const).find((one) => groups[one] !== undefined);
    return { text: word, kind: kind ?? null };
  });
}
