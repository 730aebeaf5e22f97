/** How texts are written as JSON, and in which order they come. */
import { compareCodePoints, quoted } from '../profile/text.ts';

export interface JsonStrings {
  readonly text: (text: string) => string;
  readonly texts: (texts: readonly string[]) => string;
  /** By code point. */
  readonly compare: (left: string, right: string) => number;
}

/** For any text. */
export const ANY_STRINGS: JsonStrings = {
  text: JSON.stringify,
  texts: JSON.stringify,
  compare: compareCodePoints,
};

/** For texts of ASCII in which there is nothing to escape, so that none of them is looked at. */
export const ORDINARY_STRINGS: JsonStrings = {
  text: quoted,
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
