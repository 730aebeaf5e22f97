import leven from 'leven';

const LONGEST_TYPO = 32;

/** The candidate that `word` is most likely a misspelling of, or `null`. */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST_TYPO) return null;
  const lower = word.toLowerCase();
  let nearest: string | null = null;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = leven(lower, candidate);
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}
