/**
 * Text as CommonMark that nothing in it can leave. Whatever is not a plain word becomes code: escapes would keep
 * CommonMark itself away, but not the mentions, references and links that sites make of its text afterwards.
 */
import { visible } from '../profile/text.ts';

/** Letters, or a number too short for a commit, with the punctuation of a sentence. */
const PLAIN_WORD = /^(?:\(?[A-Za-z]+(?:'[a-z]+)?\)?|\d{1,6})[.,;:?]?$/;
/** The start of a numbered list. */
const LIST_MARK = /^\d+\.$/;
/** What stands between quotes is one word, and so is an assignment. */
const WORDS = /(?:[^ "]+ = )?(?:"[^"]*"[^ ]*|[^ ]+)/g;
const LAST_MARK = /(?<=.)[.,;:?]$/;
const SHORTEST_FENCE = 3;

/** A sentence in one line; what is not a plain word in it is a code span. */
export function prose(sentence: string): string {
  const words = visible(sentence).match(WORDS) ?? [];
  return words.map((word, index) => (isPlain(word, index) ? word : markedCode(word))).join(' ');
}

function isPlain(word: string, index: number): boolean {
  return PLAIN_WORD.test(word) && !(index === 0 && LIST_MARK.test(word));
}

function markedCode(word: string): string {
  const mark = LAST_MARK.exec(word)?.[0] ?? '';
  return `${codeSpan(word.slice(0, word.length - mark.length))}${mark}`;
}

/** A text that is not empty, in one line. */
export function codeSpan(text: string): string {
  const content = visible(text);
  const fence = '`'.repeat(longestFence(content) + 1);
  // One space on both sides belongs to the fence.
  const gap = /^[` ]|[` ]$/.test(content) ? ' ' : '';
  return `${fence}${gap}${content}${gap}${fence}`;
}

/** Items that are CommonMark already. */
export function bulletList(items: readonly string[]): string {
  return items.length === 0 ? 'None.' : items.map((item) => `- ${item}`).join('\n');
}

/** Lines as they are; `language` is for their colours. */
export function codeBlock(language: string, text: string): string {
  const fence = '`'.repeat(Math.max(SHORTEST_FENCE, longestFence(text) + 1));
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Length of the longest run of backquotes. */
function longestFence(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, { length }) => Math.max(longest, length), 0);
}
