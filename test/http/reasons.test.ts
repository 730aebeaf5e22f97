/** Why a text is not TOML or not JSON: a sentence of a fixed list that repeats nothing of the text, and the place of the text. */
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { tomlReason } from '../../src/profile/toml_reason.ts';
import { codeOf } from '../help/answers.ts';
import { JSON_TYPE, PLANNING_ROUTES, TOML_TYPE } from '../help/app.ts';
import { newLabAtEase as newLab } from '../help/lab_at_ease.ts';
import { envelope, SMALL_TOML } from '../help/small_profile.ts';

// On a busy machine.
t.setTimeout(120_000);

type Row = readonly [text: string, reason: string];

const TWICE = 'A key or a table is defined twice.';
const TWICE_ALONE = `${TWICE} Tables of which there are several are written between "[[" and "]]".`;
const MISSING = 'A value is missing.';
const NONE =
  'A value is neither a text between quotes nor a number, true, false, a date, an array or an inline table.';
const ESCAPE =
  'A string has an escape that TOML does not have; between single quotes a backslash is a backslash.';
const UNICODE =
  'A string has an escape that is no Unicode character; between single quotes a backslash is a backslash.';
const SMALL_LETTERS = 'true and false are written in small letters.';
const YES_OR_NO = 'Yes and no are written true and false.';
const NULL = 'TOML has no null: a key without a value is left out.';
const QUOTES = 'A text has to be between quotes.';
const PLAIN_QUOTES = 'A text is between plain quotes: " or \'.';
const COLON = 'A ":" stands where TOML has "=".';
const NO_SIGN = 'No "=" comes after a key.';
const SPACE = 'A key that has a space in it has to be between quotes.';
const TABLE_OPEN =
  'The name of a table is not closed by "]", or holds a character that has to be between quotes.';
const COMMENT = 'A comment starts with "#".';
const AFTER = 'Something stands between a value or the name of a table and the end of the line.';
const LINE_END = 'A line does not end with "," or ";".';
const KEY =
  'A key holds a character that has to be between quotes, or no "=" comes after it, or the name of a table is not closed.';
const NUMBER =
  'A value starts like a number and is none: a number has no unit, and a text is between quotes.';
const EMPTY = 'A key or a part of it is empty.';
const OPEN = 'A string is not closed on its line.';

const TOML_ROWS: readonly Row[] = [
  ['a = 1\na = 2', TWICE],
  ['[a]\n[a]', TWICE_ALONE],
  [' [ a ]\n [ a ]', TWICE_ALONE],
  ['a = 1\n[a]', TWICE_ALONE],
  ['a = 1\n[[a]]', TWICE],
  ['a = []\n[[a]]', TWICE],
  ['a = {b = 1, b = 2}', TWICE],
  ['a = {b = 1}\n[a.c]', TWICE_ALONE],
  ['b =', MISSING],
  ['b =\n', MISSING],
  ['b = \r\nc = 1', MISSING],
  ['b = # later', MISSING],
  ['b = [1,,2]', MISSING],
  ['b = {c = }', MISSING],
  ['b = [,]', MISSING],
  ['a = secret', QUOTES],
  ['a = x86_64', QUOTES],
  ['a = ~/secret', QUOTES],
  ['a = $SECRET', QUOTES],
  ['a = C:\\secret', QUOTES],
  ['a = True', SMALL_LETTERS],
  ['a = FALSE # secret', SMALL_LETTERS],
  ['a = yes', YES_OR_NO],
  ['a = Off', YES_OR_NO],
  ['a = null', NULL],
  ['a = [None]', NULL],
  ['a = \u201csecret\u201d', PLAIN_QUOTES],
  ['a = fals', QUOTES],
  ['a = nothing', QUOTES],
  ['a = +', NONE],
  ['a = (1)', NONE],
  ['a = 01', 'A number starts with a zero.'],
  ['a = 1__0', 'An underscore in a number is not between two digits.'],
  ['a = 0x_1', 'An underscore in a number is not between two digits.'],
  ['a = 4G', NUMBER],
  ['a = 4 GiB', NUMBER],
  ['a = 512 m # secret', NUMBER],
  ['a = 0xg', NUMBER],
  ['a = 127.0.0.1', NUMBER],
  ['a = 1.', 'A number is not complete.'],
  ['a = 0x', 'A number is not complete.'],
  ['a = 2020-13-01', 'There is no such date or time.'],
  ['a = 2026-02-30', 'There is no such date or time.'],
  ['a = 25:00:00', 'There is no such date or time.'],
  ['a = 2020-01-0x', 'A date or a time is malformed.'],
  ['a = 2020-01-01T0', 'A date or a time is malformed.'],
  ['a = 1 # \u0007', 'A comment holds a control character.'],
  ['a = "\u0007"', 'A string holds a control character.'],
  ['a = "secret\n', OPEN],
  ["a = 'secret\r\n", OPEN],
  ['a = "secret', 'A string is not closed.'],
  ['a = """secret\n', 'A string is not closed.'],
  ['a = "C:\\secret"', ESCAPE],
  ['a = """\\ secret"""', ESCAPE],
  ['a = "\\u00g1"', UNICODE],
  ['a = "\\ud800"', UNICODE],
  ['secret: 1', COLON],
  ['a b = 1', SPACE],
  ['a "secret"', NO_SIGN],
  ['; secret', COMMENT],
  ['  // secret', COMMENT],
  ['a = 1 // secret', COMMENT],
  ['a = 1 /* secret */', COMMENT],
  ['[secret vm]', TABLE_OPEN],
  ['% = 1', KEY],
  ['secret', 'The text ends after a key or within the name of a table.'],
  ['secret\n', NO_SIGN],
  ['{"secret": 1}', KEY],
  ['[secret\n', TABLE_OPEN],
  ['= 1', EMPTY],
  ['a. = 1', EMPTY],
  ['[]', EMPTY],
  ['.a = 1', EMPTY],
  ['\ufeff\ufeffa = 1', 'A second byte order mark stands at the start.'],
  ['"""a""" = 1', 'A key is written over several lines.'],
  ['[[secret]', 'The name of an array of tables is not closed by "]]".'],
  ['a = 1 b = 2', AFTER],
  ['a = "secret",', LINE_END],
  ['a = true; # secret', LINE_END],
  ['[a] secret', AFTER],
  ['a = [1 2]', 'A comma or a closing bracket is missing.'],
  ['a = {b = 1 c = 2}', 'A comma or a closing bracket is missing.'],
  ['a = [1,', 'An array is not closed.'],
  ['a = {b = 1,', 'An inline table is not closed.'],
  [`a = ${'['.repeat(2000)}`, 'The text nests too deep.'],
  [`a = ${'['.repeat(20)}${']'.repeat(20)}`, 'The text nests deeper than 16 levels.'],
];

const JSON_ROWS: readonly Row[] = [
  ['', 'The text is empty.'],
  ['{"secret": }', MISSING],
  ['nul', 'A word is neither true, false nor null; a text is between double quotes.'],
  ["{'secret': 1}", 'A word is neither true, false nor null; a text is between double quotes.'],
  ['{"a": 1,}', 'The name of a member is missing, or is not between double quotes.'],
  ['{"a" 1}', 'A colon is missing.'],
  ['{"a": 1 "b": 2}', 'A comma is missing.'],
  ['{"a": 1', 'An object is not closed.'],
  ['[1', 'An array is not closed.'],
  ['{} {}', 'Something stands after the end of the value.'],
  ['{} // secret', 'There are no comments in JSON.'],
  ['{"secret', 'A string is not closed on its line.'],
  ['{"a": 1.}', 'A number is not complete.'],
  ['{"a": "\\u12"}', 'A string has an escape that is no Unicode character.'],
  ['{"a": "\\x41"}', 'A string has an escape that JSON does not have.'],
  ['{"a": "\u0001"}', 'A string holds a control character.'],
  ['{"a": 1, "a": 2}', 'An object has two members of one name.'],
  ['['.repeat(17), 'The text nests deeper than 16 levels.'],
];

t.test('the reason is in detail and as a member, and nothing of the text is', async (t) => {
  const { post } = await newLab(t);
  const bodies = [
    ...TOML_ROWS.map(([text, reason]) => [TOML_TYPE, text, reason] as const),
    ...JSON_ROWS.map(([text, reason]) => [JSON_TYPE, text, reason] as const),
  ];
  for (const [type, text, reason] of bodies) {
    const answer = await post('/argv', text, type);
    const { detail, line, column, ...problem } = answer.json();
    const about = `${type}: ${text.slice(0, 30)}`;
    t.equal(problem.reason, reason, about);
    t.ok(detail.endsWith(`${reason} Line ${line}, column ${column}.`), `${about}: detail`);
    t.notMatch(answer.payload, 'secret', `${about}: is not repeated`);
  }
  const latin1 = await post('/argv', Buffer.from('a = "\xe4"', 'latin1'), TOML_TYPE);
  t.match(latin1.json(), { code: 'malformed-toml', reason: 'The text is not UTF-8.', line: 1, column: 6 });
});

t.test('of a text in a body of JSON the pointer says which one', async (t) => {
  const { post } = await newLab(t);
  const twice = 'a = 1\na = 2';
  for (const url of PLANNING_ROUTES) {
    const answer = await post(url, { profile_toml: twice });
    t.equal(codeOf(answer), '400 malformed-toml', url);
    t.match(answer.json(), {
      title: 'The profile is not TOML',
      detail: `${TWICE} Line 2, column 1 of profile_toml.`,
      reason: TWICE,
      pointer: '/profile_toml',
      line: 2,
      column: 1,
    });
    t.equal((await post(url, twice, TOML_TYPE)).json().pointer, undefined, `${url}: a body that is TOML`);
  }
  for (const side of ['before', 'after']) {
    const sides = { before: envelope(), after: envelope(), [side]: { profile_toml: twice } };
    t.match((await post('/plans/diff', sides)).json(), {
      code: 'malformed-toml',
      detail: `In ${side}: ${TWICE} Line 2, column 1 of profile_toml.`,
      pointer: `/${side}/profile_toml`,
    });
  }
});

t.test('of a file of the profile directories too', async (t) => {
  const { get, post } = await newLab(t, { profiles: { 'twice.toml': `${SMALL_TOML}\n[vm]\n` } });
  const message = /^A key or a table is defined twice\..* Line \d+, column 2 of the profile's file\.$/;
  t.match((await get('/profiles')).json().profiles, [{ valid: false, reason: message }]);
  t.match((await get('/profiles/twice')).json().validation.errors, [{ code: 'malformed-toml', message }]);
  t.match((await post('/argv', { profile_name: 'twice' })).json().errors, [
    { code: 'malformed-toml', message },
  ]);
});

t.test(
  'the list has all that the parser says, and what it may come to say is no more than that it is not TOML',
  (t) => {
    const folder = new URL('../../node_modules/smol-toml/dist/', import.meta.url);
    const sources = readdirSync(folder).filter((file) => file.endsWith('.js'));
    const source = sources.map((file) => readFileSync(new URL(file, folder), 'utf8')).join('\n');
    const said = [...source.matchAll(/TomlError\.x\(([^)]*)/g)].flatMap(([, argument = '']) =>
      [...argument.matchAll(/['`]([a-z][^'`]+)['`]/g)].map(([, text = '']) => text),
    );
    t.ok(said.length > 20, 'they were found');
    const reasonOf = (text: string): string =>
      tomlReason({ message: `Invalid TOML document: ${text}\n\n1:  a`, line: 1, column: 1 } as never, 'a');
    const other = 'The text is not TOML.';
    t.strictSame(
      [...new Set(said)].filter((text) => reasonOf(text) === other),
      // With the options that the parser is called with it says neither.
      ['integer value cannot be represented losslessly', 'document contains an unsafe property'],
    );
    t.equal(reasonOf('something new about secret'), other);
    t.end();
  },
);

t.test('TOML 1.1 is read', async (t) => {
  const { post } = await newLab(t);
  const plain = (await post('/argv', SMALL_TOML, TOML_TYPE)).json().argv_hash;
  for (const extra of ['x = {\n  a = 1,\n  b = 2,\n}', 'x = "\\x41"', 'x = 07:32'])
    t.equal((await post('/argv', `${extra}\n${SMALL_TOML}`, TOML_TYPE)).json().argv_hash, plain, extra);
  const escaped = await post('/argv', `x = "\\e"\n${SMALL_TOML}`, TOML_TYPE);
  t.match(escaped.json().errors, [{ code: 'control-character' }], 'read, and then refused');
});
