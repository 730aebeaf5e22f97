/**
 * The entries of a schema. An entry holds all that is known of a key: what it may be, its default, its text for documents,
 * what to say of a value that does not fit, since which version it is there, whether it is a path. The reader, the types, the
 * canonical text, the JSON Schema and the OpenAPI text follow from the entries.
 */
import type { IssueCode } from './codes.ts';

/** What to say of a text that does not match the pattern of its key. */
export interface Mistake {
  readonly code: IssueCode;
  /** Completes "it must …". */
  readonly must: string;
  readonly suggestion: string;
  /** What to write instead, where the text says what is meant; `null` where it does not. */
  readonly meant?: (text: string) => string | null;
  /** Whether it is also said of a text without a visible character, which is called blank otherwise. */
  readonly coversBlank?: true;
}

interface Common {
  /** What documents say of the key; `null` where its list says it all. */
  readonly description: string | null;
  readonly isRequired: boolean;
  /** The value of a key that is not there; `undefined` for none. */
  readonly default: unknown;
  /** The version of the schema that brought the key. */
  readonly since: number;
}

export interface TextKey extends Common {
  readonly kind: 'text';
  /** A regular expression; empty for any text. */
  readonly source: string;
  readonly pattern: RegExp;
  readonly maxLength: number;
  /** `null` where nothing but a blank text can fail to match. */
  readonly mistake: Mistake | null;
  readonly isMultiline: boolean;
  /** Whether capital letters are read as small ones. */
  readonly isLowerCase: boolean;
  /** Whether it is a path on the host, or the name of a program. What it is for says whoever needs it. */
  readonly isPath: boolean;
  readonly reachesArgv: boolean;
  readonly examples: readonly string[];
}

export interface WordKey extends Common {
  readonly kind: 'word';
  readonly words: readonly string[];
  /** Those that version 2 brought besides. */
  readonly wordsSince2: readonly string[];
}

export interface FlagKey extends Common {
  readonly kind: 'flag';
  /** The value of a key that is not there while its section is. */
  readonly inWrittenSection: boolean | undefined;
}

export interface CountKey extends Common {
  readonly kind: 'count';
  readonly minimum: number;
  /** The same from version 2 on. */
  readonly minimumSince2: number;
  readonly maximum: number;
  /** The numbers that it can be, ascending, where not all between the bounds will do. */
  readonly values: readonly number[] | null;
  readonly examples: readonly number[];
  /** What to say besides of a number that is too small: the end of a sentence. */
  readonly hint: ((number: number) => string) | null;
}

export interface ListKey extends Common {
  readonly kind: 'list';
  readonly element: AnyKey;
  readonly most: number;
}

export interface TableKey extends Common {
  readonly kind: 'table';
  readonly title: string | null;
  readonly keys: Readonly<Record<string, AnyKey>>;
  /** The key that switches the section: while it is `false`, nothing of the section reaches argv. */
  readonly switch: string | null;
  /** The key without which nothing of the section has an effect: what switches it, unless it is on when it is there. */
  readonly main: string | null;
  /** Whether a section that is not there has no value, where any other is read as an empty one. */
  readonly isOptional: boolean;
}

export type AnyKey = TextKey | WordKey | FlagKey | CountKey | ListKey | TableKey;

/** Stands for types of a key's values; never there at run time. */
declare const TYPES: unique symbol;

/** What the types of an entry are besides itself: its value once defaults are filled in, and as it may be written. */
interface Typed<Value, Written, IsRequired extends boolean> {
  readonly [TYPES]: { readonly value: Value; readonly written: Written; readonly isRequired: IsRequired };
}

export type Key<Value, Written, IsRequired extends boolean> = AnyKey & Typed<Value, Written, IsRequired>;

/** The type of a value that was read: every key is there, those that were absent and have no default are `undefined`. */
export type ValueOf<K> = K extends Typed<infer Value, unknown, boolean> ? Value : never;

/** The type of a value as it is written: what is not required may be absent. */
export type WrittenOf<K> = K extends Typed<unknown, infer Written, boolean> ? Written : never;

type Keys = Readonly<Record<string, Key<unknown, unknown, boolean>>>;
type RequiredNames<Entries extends Keys> = {
  [Name in keyof Entries]: Entries[Name] extends Typed<unknown, unknown, true> ? Name : never;
}[keyof Entries];
type TableOf<Entries extends Keys> = TableKey &
  Typed<
    { -readonly [Name in keyof Entries]: ValueOf<Entries[Name]> },
    { [Name in RequiredNames<Entries>]: WrittenOf<Entries[Name]> } & {
      [Name in Exclude<keyof Entries, RequiredNames<Entries>>]?: WrittenOf<Entries[Name]>;
    },
    [RequiredNames<Entries>] extends [never] ? false : true
  >;

interface Options<Value> {
  readonly required?: true;
  readonly default?: Value;
  /** Default: the first version. */
  readonly since?: number;
}

/** An optional key without a default may be `undefined`. */
type KeyWith<Value, Given> = Given extends { readonly required: true }
  ? Key<Value, Value, true>
  : Given extends { readonly default: unknown }
    ? Key<Value, Value, false>
    : Key<Value | undefined, Value, false>;

interface TextOptions extends Options<string> {
  /** Default: any text. */
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly mistake?: Mistake;
  readonly multiline?: true;
  readonly lowerCase?: true;
  readonly path?: true;
  /** `false` for what stays out of argv, where a secret would be less bad. */
  readonly reachesArgv?: false;
  readonly examples?: readonly string[];
}

/** A text with at least one visible character. */
export const NOT_BLANK = '[^\\s]';

export function text<const Given extends TextOptions>(
  description: string | null,
  given: Given,
): KeyWith<string, Given> {
  const {
    pattern = '',
    maxLength,
    mistake,
    multiline,
    lowerCase,
    path,
    reachesArgv,
    examples,
  }: TextOptions = given;
  return keyWith(description, given, {
    kind: 'text',
    source: pattern,
    pattern: new RegExp(pattern),
    maxLength: maxLength ?? Number.POSITIVE_INFINITY,
    mistake: mistake ?? null,
    isMultiline: multiline ?? false,
    isLowerCase: lowerCase ?? false,
    isPath: path ?? false,
    reachesArgv: reachesArgv ?? true,
    examples: examples ?? [],
  });
}

/** The path of something on the host. */
export function path<const Given extends Options<string>>(
  description: string,
  given: Given,
): KeyWith<string, Given> {
  const rules = 'Relative paths resolve against the project root; `~`, `$` and backquotes are refused.';
  const options: TextOptions = { ...given, pattern: NOT_BLANK, path: true };
  return text(`${description} ${rules}`, options) as KeyWith<string, Given>;
}

/** The name of a program, or its absolute path. */
export function program<const Given extends Pick<TextOptions, 'examples'>>(
  description: string,
  given: Given,
) {
  return text(description, { ...given, pattern: NOT_BLANK, path: true });
}

interface WordOptions<Word> extends Options<Word> {
  /** Words that version 2 brought. */
  readonly since2?: readonly string[];
}

type WordsSince2<Given> = Given extends { readonly since2: readonly (infer Later extends string)[] }
  ? Later
  : never;

export function word<const Word extends string, const Given extends WordOptions<Word>>(
  words: readonly Word[],
  description: string,
  given: Given,
): KeyWith<Word | WordsSince2<Given>, Given> {
  const { since2 = [] }: WordOptions<Word> = given;
  const own = { kind: 'word', words, wordsSince2: since2 };
  return keyWith<unknown, Options<unknown>>(description, given, own) as unknown as KeyWith<
    Word | WordsSince2<Given>,
    Given
  >;
}

/** The words that a version has. */
export function wordsIn({ words, wordsSince2 }: WordKey, version: number): readonly string[] {
  return version < 2 ? words : [...words, ...wordsSince2];
}

interface FlagOptions extends Options<boolean> {
  /** The default when the section is written; then no document names one. */
  readonly inWrittenSection?: boolean;
}

export function flag<const Given extends FlagOptions>(
  description: string,
  given: Given,
): KeyWith<boolean, Given> {
  return keyWith(description, given, { kind: 'flag', inWrittenSection: given.inWrittenSection });
}

interface CountOptions extends Options<number> {
  readonly minimum: number;
  /** Where version 2 takes less than version 1. */
  readonly minimumSince2?: number;
  readonly maximum: number;
  readonly examples?: readonly number[];
  readonly hint?: ((number: number) => string) | null;
}

/** An integer between two bounds. */
export function count<const Given extends CountOptions>(
  description: string | null,
  given: Given,
): KeyWith<number, Given> {
  const { minimum, maximum, minimumSince2 = minimum, examples = [], hint = null }: CountOptions = given;
  const own = { kind: 'count', minimum, minimumSince2, maximum, values: null, examples, hint };
  return keyWith(description, given, own);
}

/** An integer that is one of a few; ascending. */
export function oneOf<const Given extends Options<number>>(
  values: readonly number[],
  description: string,
  given: Given,
): KeyWith<number, Given> {
  const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
  const own = { kind: 'count', minimum, minimumSince2: minimum, maximum, values, examples: [], hint: null };
  return keyWith(description, given, own);
}

export function minimumIn({ minimum, minimumSince2 }: CountKey, version: number): number {
  return version < 2 ? minimum : minimumSince2;
}

interface ListOptions {
  readonly most: number;
  readonly since?: number;
}

/** A list, empty when it is not there. */
export function list<Value, Written>(
  element: Key<Value, Written, boolean>,
  description: string,
  { most, since = 1 }: ListOptions,
): Key<Value[], Written[], false> {
  const key = keyWith<unknown, Options<unknown>>(
    description,
    { default: [], since },
    { kind: 'list', element, most },
  );
  return key as unknown as Key<Value[], Written[], false>;
}

/** The keys of the tables that a list holds; none of any other entry. */
export function elementKeys(key: AnyKey): TableKey['keys'] {
  return key.kind === 'list' && key.element.kind === 'table' ? key.element.keys : {};
}

interface TableOptions {
  readonly title?: string;
  readonly switch?: string;
  readonly main?: string;
  readonly since?: number;
}

/** A section, or an element of a list. A section that is not there is read as an empty one. */
export function table<const Entries extends Keys>(
  description: string,
  keys: Entries,
  { title, switch: switchKey, main, since = 1 }: TableOptions = {},
): TableOf<Entries> {
  const key: TableKey = {
    kind: 'table',
    description,
    title: title ?? null,
    isRequired: Object.values(keys).some(({ isRequired }) => isRequired),
    default: undefined,
    since,
    keys,
    switch: switchKey ?? null,
    main: main ?? switchKey ?? null,
    isOptional: false,
  };
  return key as TableOf<Entries>;
}

/** A section that is there or is not: only one that is there must have its required keys. */
export function optional<Value, Written>(
  section: TableKey & Typed<Value, Written, boolean>,
): TableKey & Typed<Value | undefined, Written, false> {
  const key: TableKey = { ...section, isRequired: false, isOptional: true };
  return key as TableKey & Typed<Value | undefined, Written, false>;
}

function keyWith<Value, Given extends Options<Value>>(
  description: string | null,
  given: Given,
  own: object,
): KeyWith<Value, Given> {
  const { required, default: fallback, since = 1 }: Options<Value> = given;
  const key = { ...own, description, isRequired: required === true, default: fallback, since };
  return key as unknown as KeyWith<Value, Given>;
}
