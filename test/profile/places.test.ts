/** Where the values of a profile stand in its TOML. */
import fc from 'fast-check';
import t from 'tap';
import { pathIn, pointerOf } from '../../src/profile/path.ts';
import {
  impossibleDayIn,
  newerSyntaxIn,
  type Place,
  placer,
  placesIn,
} from '../../src/profile/toml_places.ts';
import { validCase } from '../arbitrary/profile.ts';
import { tomlText } from '../arbitrary/toml_text.ts';

// On a busy machine.
t.setTimeout(120_000);

/** A pointer, and where its value and its key stand: `3:9 3:1`. */
type Row = readonly [pointer: string, places: string];

const at = (place: Place | null): string => (place === null ? '-' : `${place.line}:${place.column}`);

function check(text: string, rows: readonly Row[]): void {
  const placeOf = placer(text);
  for (const [pointer, places] of rows)
    t.equal(
      `${at(placeOf(pointer, 'value'))} ${at(placeOf(pointer, 'key'))}`,
      places,
      `${pointer} in ${text}`,
    );
}

t.test('values, keys and tables', (t) => {
  check('a = 1\n  "b c" = "x"\n', [
    ['/a', '1:5 1:1'],
    ['/b c', '2:11 2:3'],
    ['', '1:1 1:1'],
  ]);
  check('# first\n[a]\nb = 1\n [c.d] # with a comment\n', [
    ['/a', '2:1 2:2'],
    ['/a/b', '3:5 3:1'],
    ['/c', '4:2 4:3'],
    ['/c/d', '4:2 4:5'],
  ]);
  check('a.b.c = 1\na.b.d = 2', [
    ['/a', '1:1 1:1'],
    ['/a/b', '1:3 1:3'],
    ['/a/b/d', '2:9 2:5'],
  ]);
  check('[[a]]\nb = 1\n[[a]]\n[a.c]\nd = 2\n[[a.e]]\n', [
    ['/a', '1:1 1:3'],
    ['/a/0', '1:1 1:1'],
    ['/a/1', '3:1 3:1'],
    ['/a/1/c', '4:1 4:4'],
    ['/a/1/c/d', '5:5 5:1'],
    ['/a/1/e/0', '6:1 6:1'],
  ]);
  check('a = [1, { b = [\n 2,\n] }]', [
    ['/a', '1:5 1:1'],
    ['/a/0', '1:6 1:6'],
    ['/a/1', '1:9 1:9'],
    ['/a/1/b', '1:15 1:11'],
    ['/a/1/b/0', '2:2 2:2'],
  ]);
  check('[a.b]\n[a]\nc = 1', [
    ['/a', '2:1 2:2'],
    ['/a/b', '1:1 1:4'],
  ]);
  check('a = "\u{1f427}"\r\nb = { c = "\u{1f427}", d = 1 }', [['/b/d', '2:21 2:17']]);
  check('"a/b~c" = 1', [['/a~1b~0c', '1:11 1:1']]);
  t.end();
});

t.test('what is not there is where its table is', (t) => {
  check('[hardware]\narch = "x"\n[[storage.disks]]\n[[storage.disks]]\nbase = { path = "x" }', [
    ['/hardware/cores', '1:1 1:1'],
    ['/storage/disks/1/name', '4:1 4:1'],
    ['/storage/disks/1/base/format', '5:8 5:8'],
    ['/vm/name', '1:1 1:1'],
  ]);
  check('a = 1\nhardware.arch = "x"', [['/hardware/cores', '2:1 2:1']]);
  t.end();
});

t.test('keys that are not shown have a place while there is one of them', (t) => {
  const secret = (name: string): string => `"token=${name}"`;
  check(`${secret('aaaaaaaa')} = 1`, [['/***REDACTED***', '1:20 1:1']]);
  check(`${secret('aaaaaaaa')} = 1\n${secret('bbbbbbbb')} = 1`, [['/***REDACTED***', '- -']]);
  t.end();
});

t.test('without a text, and of one that the second parser does not read, nothing is known', (t) => {
  t.equal(placer(null)('/a', 'value'), null);
  t.equal(placesIn('a = '), null);
  t.equal(placer('a = ')('/a', 'value'), null);
  t.end();
});

function pointersIn(value: unknown, path: readonly (string | number)[] = []): string[] {
  const below = Array.isArray(value)
    ? value.flatMap((element, index) => pointersIn(element, [...path, index]))
    : typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, member]) => pointersIn(member, [...path, key]))
      : [];
  return [pointerOf(path), ...below];
}

t.test('both parsers read the same, however it is written', (t) => {
  const texts = validCase('linux').chain(({ document }) =>
    tomlText(document as Record<string, unknown>).map((text) => ({ document, text })),
  );
  for (const { document, text } of fc.sample(texts, { seed: 20261129, numRuns: 300 })) {
    const places = placesIn(text);
    const lines = text.split('\n');
    const wanted = pointersIn(JSON.parse(JSON.stringify(document))).sort();
    if (JSON.stringify([...(places ?? new Map()).keys()].sort()) !== JSON.stringify(wanted))
      t.fail('other values', { text, wanted, found: [...(places ?? new Map()).keys()] });
    for (const [pointer, placed] of places ?? []) {
      const rest = lines[Number(placed?.value.line) - 1]?.slice(Number(placed?.value.column) - 1) ?? '';
      if (pointer !== '' && !/^[^\s=#]/.test(rest)) t.fail('no value there', { pointer, placed, text });
    }
  }
  t.pass('300 texts');
  t.end();
});

t.test('what TOML 1.0 does not have', (t) => {
  const rows: readonly (readonly [text: string, place: string])[] = [
    ['a = { b = 1 }', '-'],
    ['a = 1\nb = { c = 1,\n}', '3:1'],
    ['a = { b = 1, }', '1:14'],
    ['a = "\\e"', '1:7'],
    ['a = 07:32', '1:10'],
    ['a = ', '-'],
  ];
  for (const [text, place] of rows) t.equal(at(newerSyntaxIn(text)), place, text);
  t.end();
});

t.test('days that there are not', (t) => {
  const rows: readonly (readonly [text: string, place: string])[] = [
    ['a = 2026-02-30', '1:5'],
    ['a = 2025-02-29T10:00:00Z', '1:5'],
    ['\n[b]\na = [2024-02-29, 2026-04-31 10:00:00]', '3:18'],
    ['a = 2024-02-29', '-'],
    ['a = "2026-02-30"', '-'],
    ['a = 2026-02-3x', '-'],
  ];
  for (const [text, place] of rows) t.equal(at(impossibleDayIn(text)), place, text);
  t.end();
});

t.test('a pointer leads back to its path', (t) => {
  for (const path of [[], ['vm', 'name'], ['storage', 'disks', 10, 'path']])
    t.strictSame(pathIn(pointerOf(path)), path);
  t.end();
});
