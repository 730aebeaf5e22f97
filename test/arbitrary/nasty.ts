/** Strings and values that break careless code. */
import fc from 'fast-check';

/** Pieces of text that some layer gives a meaning to: QEMU's option syntax, a shell, TOML, JSON, paths. */
const PIECES = [
  ',',
  ',,',
  '=',
  ',=',
  '=,',
  ':',
  '-',
  '/',
  '//',
  '.',
  '..',
  '\\',
  '"',
  "'",
  '#',
  ';',
  '%',
  '?',
  '*',
  '&',
  '|',
  '<',
  '>',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '!',
  '@',
  '^',
  '+',
  '~',
  ' ',
  ',snapshot=on',
  ',readonly=off',
  ',if=none',
  ',path=x',
  'server=off',
  'wait=on',
  ',format=raw',
  'id=x',
  'nbd:x',
  'json:{}',
  'unix:',
  'file:',
  'path=',
  ',logfile=x',
  'é',
  'e\u0301',
  '日本',
  '🐧',
  '\u00a0',
  '\ufeff',
  '\ufffd',
  '%00',
  '%s',
  '\\0',
  '\\n',
  '\\u0000',
  "'''",
  '"""',
  '"]',
  'x',
  '0',
  'C:',
  'NUL',
];

/** A name of a file in one component, of what a path may hold: no control characters, no `$`, no backquote, no separator. */
export function fileName(excluded = ''): fc.Arbitrary<string> {
  const forbidden = new Set(['/', '//', '.', '..', ...excluded]);
  const pieces = PIECES.filter((piece) => ![...piece].some((character) => forbidden.has(character)));
  return fc.array(fc.constantFrom(...pieces, 'a', 'b'), { maxLength: 5 }).map((parts) => parts.join(''));
}

/** Text of one line without control characters. */
export function lineOfText(): fc.Arbitrary<string> {
  return fc
    .array(fc.constantFrom(...PIECES, '$', '`', '$(id)', '#{x}', 'word'), { maxLength: 12 })
    .map((parts) => parts.join(''));
}

const STRINGS = [
  '',
  ' ',
  '\n',
  '\t',
  '\r\n',
  '\u0000',
  '\u001b[31m',
  '\u007f',
  '\u0085',
  '\u2028',
  '\u202e',
  '\u2066',
  '\ud800',
  'a\udfff',
  '\ufeff',
  '../../../../etc/passwd',
  '/dev/null',
  '/proc/self/environ',
  '~root',
  '$HOME',
  '`id`',
  '$(id)',
  'a\u0000b',
  '-',
  '--help',
  'help',
  '?',
  'nbd:127.0.0.1:1',
  'C:\\',
  '\\\\?\\C:\\',
  '\\\\.\\nul',
  '//',
  '/',
  '.',
  '..',
  'host',
  'auto',
  'true',
  '1',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  'password=hunter2hunter2',
  '-----BEGIN PRIVATE KEY-----',
  'x'.repeat(300),
  'é'.repeat(3000),
  '/'.repeat(5000),
  'a/'.repeat(3000),
  '0'.repeat(200000),
  '((((((((((a+)+)+)+)+)+)+)+)+)!',
  'tcp:127.0.0.1:1-:1',
  'tcp::80-:80',
  '00:00:00:00:00:00',
  'ff:ff:ff:ff:ff:ff',
  '52:54:00:12:34:56',
  '9'.repeat(400),
];

/** A string as hostile as any that a request can hold, also one that no text in UTF-8 can. */
export function nastyString(): fc.Arbitrary<string> {
  return fc.oneof(fc.constantFrom(...STRINGS), lineOfText(), fc.string({ unit: 'binary', maxLength: 40 }));
}

/** What JSON can say: any type, any depth within reason. */
export function nastyJson(): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      nastyString(),
      fc.constantFrom<unknown>(
        null,
        true,
        false,
        0,
        -0,
        -1,
        1,
        4,
        256,
        1.5,
        1e300,
        2 ** 53,
        -(2 ** 31),
        1024,
      ),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.oneof(nastyString(), fc.constantFrom('name', 'path', 'enabled', 'token')),
        tie('value'),
        { maxKeys: 3 },
      ),
    ),
  })).value;
}

/** What TOML can say besides: dates, and numbers that are none. */
export function nastyValue(): fc.Arbitrary<unknown> {
  return fc.oneof(
    nastyJson(),
    fc.constantFrom<unknown>(
      Number.NaN,
      Number.POSITIVE_INFINITY,
      10n ** 30n,
      10n ** 9000n,
      -1n,
      4n,
      new Date(0),
      new Date(Number.NaN),
    ),
  );
}
