/**
 * The profile schema for editors: as plain as their TOML plug-ins need it, and neither stricter nor blinder than the service.
 * Two judges who have no part in the service: Ajv, and Taplo, which is what editors run.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { stringify } from 'smol-toml';
import t from 'tap';
import { validCase } from '../arbitrary/profile.ts';
import { ABSENT, type Document, setAt } from '../help/documents.ts';
import { fullProfile, fullProfile2 } from '../help/full_profile.ts';
import { goldenCases } from '../help/golden.ts';
import { fromToml, issuesOf, outcomeOf } from '../help/plans.ts';
import { SHIPPED, shippedText } from '../help/shipped_profiles.ts';

// On a busy machine.
t.setTimeout(120_000);

const SEED = 20261123;
const SCHEMA_FILE = fileURLToPath(new URL('../../openapi/profile.schema.json', import.meta.url));
const PROFILES = new URL('../../profiles/', import.meta.url);
const TAPLO = fileURLToPath(new URL('../../node_modules/.bin/taplo', import.meta.url));

/** The part of draft 7 that the schema keeps to; all but `examples`, `if` and `then` was there in draft 4 already. */
interface Schema {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly items?: Schema;
  readonly maxItems?: number;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
}

/** What each type may be described with, besides words for people. */
const KEYWORDS: Readonly<Record<Schema['type'], readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'maxItems'],
  string: ['enum', 'pattern', 'maxLength'],
  integer: ['minimum', 'maximum', 'enum'],
  boolean: [],
};
const WORDS = ['type', 'default', 'title', 'description', 'examples'];
/** What regular expressions of Rust do not have, or mean otherwise. */
const NOT_EVERYWHERE = /\(\?[^:]|\\[1-9bBdDwWpPkux]|\[[^\]]*(?:\[|&&|--|~~)/;

interface WholeSchema extends Schema {
  readonly $schema: string;
  readonly if: object;
  /** The profiles of version 1. */
  readonly then: Schema;
}

const WHOLE: WholeSchema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'));
const { $schema, if: _, then: VERSION_1, ...SCHEMA } = WHOLE;

type Path = readonly (string | number)[];

function schemasIn(schema: Schema, path: Path = []): (readonly [path: Path, schema: Schema])[] {
  const below = Object.entries(schema.properties ?? {}).flatMap(([key, each]) =>
    schemasIn(each, [...path, key]),
  );
  const elements = schema.items === undefined ? [] : schemasIn(schema.items, [...path, 0]);
  return [[path, schema], ...below, ...elements];
}

t.test('it is plain', (t) => {
  t.equal($schema, 'http://json-schema.org/draft-07/schema#', 'the last draft that all editors know');
  for (const [path, schema] of [...schemasIn(SCHEMA), ...schemasIn(VERSION_1)]) {
    const about = path.join('.') || 'the profile';
    const unknown = Object.keys(schema).filter((key) => ![...KEYWORDS[schema.type], ...WORDS].includes(key));
    t.strictSame(unknown, [], `${about}: keywords`);
    if (path.at(-1) !== 0) t.match(schema.description, /\w/, `${about}: what an editor shows`);
    if (schema.type === 'object')
      t.equal(schema.additionalProperties, false, `${about}: a misspelt key shows`);
    if (schema.pattern !== undefined) t.notMatch(schema.pattern, NOT_EVERYWHERE, `${about}: pattern`);
  }
  t.end();
});

t.test('a shipped profile names it where an editor looks for it', (t) => {
  for (const { file, text } of shippedProfiles()) {
    const [, place = ''] = /^#:schema (\S+)\n/.exec(text) ?? [];
    t.equal(fileURLToPath(new URL(place, new URL(file, PROFILES))), SCHEMA_FILE, file);
  }
  t.end();
});

interface Case {
  readonly name: string;
  readonly document: unknown;
}

/** Spellings of values that look wrong and are right. */
const ODD = `schema_version = 1.0
vm = { name = "_", description = "" }
qmp = {}
hardware = { arch = "x86_64", cores = 0x2, memory_mb = 1.024e3, cpu = "486" }
storage.disks = [{ name = "a", path = "\ufeff x", format = "raw", readonly = true }]
network.interfaces = []
`;

/** Profiles that the service takes without a word on unknown keys, which it drops; in an editor they are mistakes. */
const RIGHT: readonly Case[] = [
  ...shippedProfiles().map(({ file, text }) => ({ name: file, document: fromToml(text) })),
  ...goldenCases().map(({ name, toml }) => ({ name: `golden-${name}`, document: fromToml(toml) })),
  ...fc
    .sample(validCase(), { seed: SEED, numRuns: 100 })
    .map(({ document }, index) => ({ name: `random-${index}`, document })),
  { name: 'odd', document: fromToml(ODD) },
  { name: 'full', document: fullProfile() },
  { name: 'full-2', document: fullProfile2() },
].filter(({ document }) => !codesAt(document).some((line) => line.startsWith('unknown-field ')));

/** A profile that breaks the schema in one place, and what the service says of that. */
interface Mistake extends Case {
  readonly path: Path;
  readonly code: RegExp;
  /** The keywords that it breaks one of, and how. */
  readonly kind: string;
}

/** Every way in which a profile can break the schema. */
const WRONG: readonly Mistake[] = [
  ...schemasIn(VERSION_1).flatMap(([path, schema]) => mistakesAt(path, schema, fullProfile)),
  ...schemasIn(SCHEMA).flatMap(([path, schema]) => mistakesAt(path, schema, fullProfile2)),
];

function mistakesAt(path: Path, schema: Schema, whole: () => Document): Mistake[] {
  const { type, properties, required = [], maxItems, minimum, maximum, maxLength, pattern } = schema;
  const keywords = { type, required, maxItems, minimum, maximum, maxLength, pattern, enum: schema.enum };
  const mistake = (at: Path, value: unknown, code: RegExp): Mistake => ({
    ...mistakeIn(whole, at, value, code),
    kind: `${whole.name} ${code} ${JSON.stringify(keywords)}`,
  });
  const found = required.map((key) => mistake([...path, key], ABSENT, /missing-field/));
  if (path.length > 0) found.push(mistake(path, type === 'string' ? 1 : 'x', /wrong-type/));
  if (type === 'integer') found.push(mistake(path, 1.5, /wrong-type/));
  if (properties !== undefined) found.push(mistake([...path, 'odd'], 1, /unknown-field/));
  if (maxItems !== undefined) found.push(mistake(path, Array(maxItems + 1).fill({}), /too-many-elements/));
  if (minimum !== undefined) found.push(mistake(path, minimum - 1, /out-of-range/));
  if (maximum !== undefined) found.push(mistake(path, maximum + 1, /out-of-range/));
  if (schema.enum !== undefined && type === 'string') found.push(mistake(path, 'odd', /not-allowed/));
  if (schema.enum !== undefined && type === 'integer') found.push(mistake(path, 7, /out-of-range/));
  if (pattern !== undefined) found.push(mistake(path, ' ', /empty-value|invalid-/));
  if (maxLength !== undefined) found.push(mistake(path, 'x'.repeat(maxLength + 1), /invalid-/));
  return found;
}

function mistakeIn(whole: () => Document, path: Path, value: unknown, code: RegExp): Omit<Mistake, 'kind'> {
  const document = whole();
  setAt(document, path, value);
  const shown = typeof value === 'symbol' ? 'absent' : JSON.stringify(value).slice(0, 12);
  const name = `${whole.name}.${path.join('.')}-${shown}`.replace(/[^a-z0-9._-]/g, '_');
  return { name, document, path, code };
}

/** What the service says of a document: code and pointer. */
function codesAt(document: unknown): string[] {
  return issuesOf(outcomeOf(document)).map(({ code, pointer }) => `${code} ${pointer}`);
}

t.test('every mistake of this kind is one for the service too', (t) => {
  for (const whole of [fullProfile(), fullProfile2()])
    t.strictSame(outcomeOf(whole).isValid, true, 'the profile that they are made in');
  for (const { name, document, path, code } of WRONG) {
    const there = codesAt(document).filter((line) => line.includes(` /${path.join('/')}`));
    t.match(there.join('\n'), code, name);
  }
  t.equal(new Set(WRONG.map(({ name }) => name)).size, WRONG.length, 'each mistake is another');
  t.end();
});

t.test('Ajv takes what is right, and nothing else', (t) => {
  const isProfile = new Ajv({ strict: true, allErrors: true }).compile(WHOLE);
  for (const { name, document } of RIGHT)
    if (!isProfile(jsonOf(document))) t.fail(name, { errors: isProfile.errors });
  for (const { name, document } of WRONG) t.notOk(isProfile(jsonOf(document)), name);
  t.ok(RIGHT.length > 150, `${RIGHT.length} right ones`);
  t.end();
});

/** As an editor sees a document: what JSON can hold, in ordinary objects. */
function jsonOf(document: unknown): unknown {
  return JSON.parse(JSON.stringify(document));
}

t.test('so does Taplo, with the schema that a file names', (t) => {
  const folder = realpathSync(t.testdir());
  const written = ({ name, document }: Case): string => {
    const file = join(folder, `${name}.toml`);
    writeFileSync(file, `#:schema ${relative(folder, SCHEMA_FILE)}\n${stringify(document)}`);
    return file;
  };
  const shipped = shippedProfiles().map(({ file }) => fileURLToPath(new URL(file, PROFILES)));
  const right = RIGHT.slice(0, 40).map(written);
  // One of each kind, since each takes a while; of a list that is too long it shows each element, with all lines around it.
  const kinds = new Map(WRONG.map((mistake) => [mistake.kind, mistake]));
  const wrong = [...kinds.values()]
    .filter(({ document }) => stringify(document).length < 10_000)
    .map(written);
  t.strictSame(refusedByTaplo([...shipped, ...right, ...wrong]).sort(), wrong.sort());
  t.end();
});

/** The files that Taplo finds wrong; it reads nothing but them and the schema that they name. */
function refusedByTaplo(files: readonly string[]): string[] {
  const { stderr, error } = spawnSync(TAPLO, ['lint', '--no-auto-config', ...files], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) throw error;
  const refusals = stderr.matchAll(/invalid file error=schema validation failed path="([^"]+)"/g);
  return [...refusals].map(([, file]) => String(file));
}

function shippedProfiles(): { file: string; text: string }[] {
  return SHIPPED.map((name) => ({ file: `${name}.toml`, text: shippedText(name) }));
}
