/** Which word is meant by one that is not known. */
import leven from 'leven';

const LONGEST_TYPO = 32;

/** The candidate that `word` is most likely a misspelling of, or `null`. */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  if (word.length > LONGEST_TYPO) return null;
  const lower = word.toLowerCase();
  let nearest: string | null = null;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = leven(lower, candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/** What others call what is called otherwise here. */
const OTHER_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amd64: 'x86_64',
    'x86-64': 'x86_64',
    x64: 'x86_64',
    arm64: 'aarch64',
    armv8: 'aarch64',
    riscv: 'riscv64',
    ppc64el: 'ppc64le',
    ppc64: 'ppc64le',
    powerpc64le: 'ppc64le',
    macos: 'darwin',
    osx: 'darwin',
    win32: 'windows',
    nat: 'user',
    slirp: 'user',
    bridged: 'bridge',
  }),
);

/** The same, where a word is also known by what others call it. */
export function meantWord(word: string, candidates: readonly string[]): string | null {
  const other = OTHER_WORDS.get(word.toLowerCase());
  return other !== undefined && candidates.includes(other) ? other : nearestWord(word, candidates);
}
