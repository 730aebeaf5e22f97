/** Why a value does not fit a schema, in sentences that repeat nothing of the value. */
import type { TProperties, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Settings } from 'typebox/system';
import { meantWord, nearestWord } from './nearest_word.ts';
import { fieldOf, type Path, pointerOf, valueAt } from './path.ts';
import { listed, show } from './show.ts';

/** One thing that is wrong with a document that is not a profile. */
export interface Mistake {
  /** JSON Pointer; of a member that may not be there, to what it is a member of. */
  readonly pointer: string;
  readonly message: string;
}

/** What the documents are that are checked. */
interface Subject {
  /** Begins a sentence about the whole. */
  readonly title: string;
  /** Where it stands in what was sent. */
  readonly at: Path;
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** More than a request can have that somebody wrote. */
Settings.Set({ maxErrors: 64 });

/** Makes the check of a schema, once for all values; it answers nothing for a value that fits. */
export function mistakesAgainst(schema: TSchema, subject: Subject): (value: unknown) => readonly Mistake[] {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return [];
    const mistakes = (validator.Errors(value) as SchemaError[]).flatMap((error) =>
      mistakesOf(error, value, schema, subject),
    );
    return onePerPlace(mistakes);
  };
}

/** The first at each place: a value of the wrong type, for one, is also none of the words. */
export function onePerPlace(mistakes: readonly Mistake[]): Mistake[] {
  const first = new Map<string, Mistake>();
  for (const mistake of mistakes) if (!first.has(mistake.pointer)) first.set(mistake.pointer, mistake);
  return [...first.values()];
}

function mistakesOf(error: SchemaError, value: unknown, schema: TSchema, subject: Subject): Mistake[] {
  const steps = stepsIn(error.instancePath);
  const mistake = (at: Path, says: string): Mistake => ({
    pointer: pointerOf([...subject.at, ...at]),
    message: `${at.length === 0 ? subject.title : fieldOf([...subject.at, ...at])} ${says}`,
  });
  const params = error.params as Params;
  switch (error.keyword) {
    case 'boolean': {
      const parent = steps.slice(0, -1);
      return [mistake(parent, onlyKnown(namesAt(schema, parent), valueAt(value, parent)))];
    }
    case 'required':
      return params.requiredProperties.map((name) =>
        mistake([...steps, name], 'is required and is not there.'),
      );
    case 'type':
      return [mistake(steps, `must be ${TYPES[params.type]}.`)];
    case 'enum':
      return [mistake(steps, oneOf(params.allowedValues, valueAt(value, steps)))];
    default:
      return [mistake(steps, `${error.message}.`)];
  }
}

interface Params {
  readonly requiredProperties: readonly string[];
  readonly type: keyof typeof TYPES;
  readonly allowedValues: readonly string[];
}

const TYPES = {
  array: 'an array, written between brackets',
  boolean: 'true or false',
  integer: 'an integer',
  object: 'an object',
  string: 'a string',
} as const;

function stepsIn(instancePath: string): (string | number)[] {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step));
}

/** The names that the members of an object may have. */
function namesAt(schema: TSchema, path: Path): string[] {
  const { properties } = path.reduce(
    (above: Shape, step) =>
      (typeof step === 'number' ? above.items : above.properties[step]) as unknown as Shape,
    schema as unknown as Shape,
  );
  return Object.keys(properties).sort();
}

interface Shape {
  readonly properties: TProperties;
  readonly items: TSchema;
}

function onlyKnown(known: readonly string[], value: unknown): string {
  const names = Object.keys(Object(value));
  const free = known.filter((name) => !names.includes(name));
  const meant = names.filter((name) => !known.includes(name)).map((name) => meantName(name, free));
  const question = meant.flatMap((name) => (name === undefined ? [] : [`; is ${name} meant?`]))[0] ?? '.';
  return `may have ${known.join(', ')} and nothing else${question}`;
}

/** By spelling, or as a part of it. */
function meantName(name: string, names: readonly string[]): string | undefined {
  const hasPart = (one: string): boolean => one.startsWith(`${name}_`) || one.endsWith(`_${name}`);
  return nearestWord(name, names) ?? names.find(hasPart);
}

function oneOf(words: readonly string[], value: unknown): string {
  const meant = typeof value === 'string' ? meantWord(value, words) : null;
  return `must be one of ${listed(words)}${meant === null ? '.' : `; is ${show(meant)} meant?`}`;
}
