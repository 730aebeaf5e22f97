/** Markdown as a parser that knows nothing of this project reads it, with HTML and links of bare addresses on. */
import MarkdownIt from 'markdown-it';

const parser = new MarkdownIt({ html: true, linkify: true });

/** A piece of text or code, in the order of the document. */
export interface Piece {
  readonly kind: 'text' | 'code' | 'block';
  readonly content: string;
}

export interface Reading {
  /** The types of all elements, each once, sorted. */
  readonly types: readonly string[];
  readonly pieces: readonly Piece[];
}

const KINDS: Readonly<Record<string, Piece['kind']>> = { text: 'text', code_inline: 'code', fence: 'block' };

export function readMarkdown(markdown: string): Reading {
  const tokens = parser.parse(markdown, {}).flatMap((token) => token.children ?? [token]);
  const pieces = tokens.flatMap(({ type, content }) => {
    const kind = KINDS[type];
    return kind === undefined || content === '' ? [] : [{ kind, content }];
  });
  const types = tokens.map(({ type }) => type.replace(/_(?:open|close)$/, ''));
  return { types: [...new Set(types)].sort(), pieces };
}
