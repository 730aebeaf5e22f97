/**
 * Where the values of a profile stand in its TOML, by a second parser that knows places. It runs only when somebody asks, and
 * where it does not read what the first parser read, no place is known.
 */
import { type AST, type ParseError, parseTOML } from 'toml-eslint-parser';
import { pointerOf } from './path.ts';

/** Both count from 1; a column counts units of UTF-16, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Of a table it is the header, or the first key that makes it. */
interface PlacedValue {
  readonly key: Place;
  readonly value: Place;
}

/** By pointer; `null` where two values share one, which they can when their keys look like secrets. */
export type Places = ReadonlyMap<string, PlacedValue | null>;

/** The places of all values; `null` where none is known. */
export function placesIn(text: string): Places | null {
  const { program } = parsed(text, '1.1');
  return program === null ? null : placesOf(rootOf(program));
}

/** The place of a value or of its key. */
export type Placer = (pointer: string, part: 'key' | 'value') => Place | null;

/** Looks at a text when it is first asked for a place; without a text there is none. */
export function placer(text: string | null): Placer {
  let places: Places | null | undefined;
  return (pointer, part) => {
    if (places === undefined) places = text === null ? null : placesIn(text);
    return places === null ? null : placeAt(places, pointer, part);
  };
}

/** Of what is not there the place is that of the nearest table above it. */
function placeAt(places: Places, pointer: string, part: keyof PlacedValue): Place | null {
  const found = places.get(pointer);
  if (found === undefined) return placeAt(places, pointer.slice(0, pointer.lastIndexOf('/')), 'value');
  return found === null ? null : found[part];
}

/** Where a text stops being TOML 1.0, which is what most other tools read; `null` where it does not. */
export function newerSyntaxIn(text: string): Place | null {
  const { error } = parsed(text, '1.0');
  return error === null || parsed(text, '1.1').error !== null ? null : placeOfError(error);
}

/** What the parser says of a day that no calendar has. */
const NO_SUCH_DAY = 'Unexpected invalid date';
const DAY_LENGTH = '2026-02-30'.length;

/** Where a text names a day that no calendar has, such as 30 February, which the first parser takes for 2 March. */
export function impossibleDayIn(text: string): Place | null {
  const { error } = parsed(text, '1.1');
  if (error?.message !== NO_SUCH_DAY) return null;
  const { line, column } = placeOfError(error);
  return { line, column: column - DAY_LENGTH + 1 };
}

type Parsed =
  | { readonly program: AST.TOMLProgram; readonly error: null }
  | { readonly program: null; readonly error: ParseError };

function parsed(text: string, tomlVersion: '1.0' | '1.1'): Parsed {
  try {
    return { program: parseTOML(text, { tomlVersion }), error: null };
  } catch (error) {
    return { program: null, error: error as ParseError };
  }
}

function placeOfError({ lineNumber, column }: ParseError): Place {
  return { line: lineNumber, column: column + 1 };
}

/** A value with what it is made of. */
interface Placed extends PlacedValue {
  readonly members: Map<string | number, Placed>;
}

type KeyPart = AST.TOMLKey['keys'][number];

function rootOf({ body: [top] }: AST.TOMLProgram): Placed {
  const place = { line: 1, column: 1 };
  const root = placed(place, place);
  for (const entry of top.body) {
    if (entry.type === 'TOMLKeyValue') addKeyValue(root, entry);
    else addTable(root, entry);
  }
  return root;
}

function addTable(root: Placed, { key, loc, resolvedKey, body }: AST.TOMLTable): void {
  const header = placeOf(loc);
  const steps = resolvedKey.slice(0, -1);
  const parts = key.keys.values();
  const placeOfStep = (step: string | number): Place =>
    typeof step === 'number' ? header : placeOf((parts.next().value as KeyPart).loc);
  let above = root;
  for (const step of steps) above = memberOf(above, step, placeOfStep(step), header);
  const last = resolvedKey.at(-1) as string | number;
  // It may be known from the header of a table below it.
  const members = above.members.get(last)?.members;
  const table = placed(placeOfStep(last), header, members);
  above.members.set(last, table);
  for (const entry of body) addKeyValue(table, entry);
}

function addKeyValue(table: Placed, { key, value }: AST.TOMLKeyValue): void {
  const parts = [...key.keys];
  const last = parts.pop() as KeyPart;
  let above = table;
  for (const part of parts) above = memberOf(above, nameOf(part), placeOf(part.loc), placeOf(part.loc));
  addValue(above, nameOf(last), placeOf(last.loc), value);
}

function addValue(above: Placed, step: string | number, key: Place, value: AST.TOMLContentNode): void {
  const added = placed(key, placeOf(value.loc));
  above.members.set(step, added);
  if (value.type === 'TOMLInlineTable') {
    for (const entry of value.body) addKeyValue(added, entry);
  } else if (value.type === 'TOMLArray') {
    for (const [index, element] of value.elements.entries())
      addValue(added, index, placeOf(element.loc), element);
  }
}

function memberOf(above: Placed, step: string | number, key: Place, value: Place): Placed {
  const known = above.members.get(step);
  if (known !== undefined) return known;
  const made = placed(key, value);
  above.members.set(step, made);
  return made;
}

function placed(key: Place, value: Place, members: Placed['members'] = new Map()): Placed {
  return { key, value, members };
}

function nameOf(part: KeyPart): string {
  return part.type === 'TOMLBare' ? part.name : part.value;
}

function placeOf({ start: { line, column } }: AST.HasLocs['loc']): Place {
  return { line, column: column + 1 };
}

function placesOf(root: Placed): Places {
  const places = new Map<string, PlacedValue | null>();
  const add = (pointer: string, { key, value, members }: Placed): void => {
    places.set(pointer, places.has(pointer) ? null : { key, value });
    for (const [step, member] of members) add(pointer + pointerOf([step]), member);
  };
  add('', root);
  return places;
}
