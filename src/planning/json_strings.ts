/** How texts are written as JSON, and in which order they come. */
import { compareCodePoints, unchanged } from '../profile/text.ts';

export interface JsonStrings {
  /** What stands between the quotes of a text. */
  readonly inside: (text: string) => string;
  readonly texts: (texts: readonly string[]) => string;
  /** By code point. */
  readonly compare: (left: string, right: string) => number;
}

/** For any text. */
export const ANY_STRINGS: JsonStrings = {
  inside: (text) => JSON.stringify(text).slice(1, -1),
  texts: JSON.stringify,
  compare: compareCodePoints,
};

/** For texts of ASCII in which there is nothing to escape, so that none of them is looked at. */
export const ORDINARY_STRINGS: JsonStrings = {
  inside: unchanged,
  texts: (texts) => {
    if (texts.length === 0) return '[]';
    let list = `["${texts[0]}`;
    for (let index = 1; index < texts.length; index++) list += `","${texts[index]}`;
    return `${list}"]`;
  },
  compare: (left, right) => {
    if (left === right) return 0;
    return left < right ? -1 : 1;
  },
};
