/** Random values of a key, made from its entry in the schema: a key that is added there takes part by itself. */
import fc from 'fast-check';
import type { HostSystem } from '../../src/facts/host_facts.ts';
import {
  type AnyKey,
  type ListKey,
  minimumIn,
  type TableKey,
  type TextKey,
  wordsIn,
} from '../../src/profile/key.ts';
import type { Path } from '../../src/profile/path.ts';
import { fileName, lineOfText } from './nasty.ts';

/** Narrows or widens a key where its entry does not say enough; `index` is that of the element that the key is in. */
export type Hint = (usual: () => fc.Arbitrary<unknown>, index: number) => fc.Arbitrary<unknown>;

export interface Rules {
  readonly os: HostSystem;
  /** Keys of later versions of the schema are left out. */
  readonly version: number;
  /** By dotted name without indexes, such as `storage.disks.path`; the hint of a list is for its elements. */
  readonly hints: Readonly<Record<string, Hint>>;
  /** Words that no key may have, since they stand for what the host does not have. */
  readonly lacking: readonly string[];
}

/** As many elements as the machine with the most slots has room for. */
const MANY = 32;

export function arbitraryOf(key: AnyKey, rules: Rules, at: Path = []): fc.Arbitrary<unknown> {
  const hint = key.kind === 'list' ? undefined : rules.hints[nameOf(at)];
  const usual = (): fc.Arbitrary<unknown> => usualOf(key, rules, at);
  return hint === undefined ? usual() : hint(usual, Number(at.findLast(isIndex) ?? 0));
}

function isIndex(step: string | number): boolean {
  return typeof step === 'number';
}

/** The dotted name of a key, without indexes. */
function nameOf(at: Path): string {
  return at.filter((step) => !isIndex(step)).join('.');
}

function usualOf(key: AnyKey, rules: Rules, at: Path): fc.Arbitrary<unknown> {
  switch (key.kind) {
    case 'flag':
      return fc.boolean();
    case 'word':
      return fc.constantFrom(...wordsIn(key, rules.version).filter((word) => !rules.lacking.includes(word)));
    case 'count': {
      if (key.values !== null) return fc.constantFrom(...key.values);
      const { maximum: max } = key;
      const min = minimumIn(key, rules.version);
      const between = fc.integer({ min, max });
      return fc.oneof(between, between, between, fc.constantFrom(min, max));
    }
    case 'text':
      return textOf(key, rules, at);
    case 'list':
      return listOf(key, rules, at);
    case 'table':
      return tableOf(key, rules, at);
  }
}

function textOf(key: TextKey, { os }: Rules, at: Path): fc.Arbitrary<string> {
  const { isPath, source, examples, isMultiline, maxLength } = key;
  if (isPath) return hostPath(os, at.join('.'));
  const texts = examples.map((example) => fc.constant(example));
  if (source === '') texts.push(lineOfText(), fc.constantFrom('', '"\\"', 'x'.repeat(300)));
  if (isMultiline) texts.push(fc.constant('a\nb\tc\n'));
  // Of a pattern without ends only an example tells what is meant.
  if (/^\^.*\$$/.test(source)) texts.push(textMatching(source), textMatching(source));
  if (texts.length > 0) return fc.oneof(...texts).filter(({ length }) => length <= maxLength);
  throw new Error(
    `The pattern of ${nameOf(at)} leaves too much open: give it an example in the schema, or a hint here.`,
  );
}

const MATCHING = new Map<string, fc.Arbitrary<string>>();

/** To take a pattern apart is slow, and each element of a list would do it again. */
export function textMatching(source: string): fc.Arbitrary<string> {
  const made = MATCHING.get(source) ?? fc.stringMatching(new RegExp(source));
  MATCHING.set(source, made);
  return made;
}

function listOf({ element, most }: ListKey, rules: Rules, at: Path): fc.Arbitrary<unknown[]> {
  const few = fc.nat({ max: Math.min(most, 5) });
  return fc
    .oneof({ weight: 9, arbitrary: few }, { weight: 1, arbitrary: fc.constant(Math.min(most, MANY)) })
    .chain((length) =>
      fc.tuple(...Array.from({ length }, (_, index) => arbitraryOf(element, rules, [...at, index]))),
    );
}

function tableOf({ keys }: TableKey, rules: Rules, at: Path): fc.Arbitrary<object> {
  const known = Object.entries(keys).filter(([, key]) => key.since <= rules.version);
  const members = known.map(([name, key]) => [name, arbitraryOf(key, rules, [...at, name])] as const);
  const requiredKeys = known.filter(([, key]) => key.isRequired).map(([name]) => name);
  return fc.record(Object.fromEntries(members), { requiredKeys });
}

/** Paths that lead to a file of this stem, each in its own way; no two stems without a hyphen ever name one file. */
export function hostPath(os: HostSystem, stem: string): fc.Arbitrary<string> {
  const inside = ['', './', 'images/', 'a/../', 'a,b=c/'];
  const elsewhere = ['../'];
  if (os === 'windows') {
    inside.push('.\\', 'a b\\');
    elsewhere.push('D:\\images\\', 'C:/x/', '..\\', '/other/', '\\\\server\\x\\');
  } else {
    inside.push('a\\b/', '-/', 'nbd:x/');
    elsewhere.push('/var/lib/', '/srv/./x//', '/mnt/a,b=c/', '/tmp/');
  }
  const folder = fc.constantFrom(...inside, ...inside, ...elsewhere);
  const name = fileName(os === 'windows' ? '\\:?*"<>|' : '');
  return fc
    .tuple(folder, name, fc.constantFrom('.x', '.x', ''))
    .map(([place, nasty, end]) => `${place}${stem}-${nasty}${end}`)
    .map((path) => (os === 'windows' && /[. ]$/.test(path) ? `${path}x` : path));
}
