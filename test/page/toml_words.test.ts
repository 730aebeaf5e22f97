/** The colours of a profile in the page's editor. */
import t from 'tap';
import { wordsOf } from '../../src/page/toml_words.ts';
import { SHIPPED, shippedText } from '../help/shipped_profiles.ts';

const kinds = (line: string): string[] =>
  wordsOf(line).flatMap(({ text, kind }) => (kind === null ? [] : [`${kind}:${text}`]));

t.test('what a line is made of', (t) => {
  const rows: Readonly<Record<string, readonly string[]>> = {
    '': [],
    '# all of it = 1': ['comment:# all of it = 1'],
    '[vm] # c': ['header:[vm]', 'comment:# c'],
    '[[storage.disks]]': ['header:[[storage.disks]]'],
    'cores = 2 # two': ['key:cores', 'number:2', 'comment:# two'],
    'on = true': ['key:on', 'number:true'],
    'name = "a # \\" b" # c': ['key:name', 'text:"a # \\" b"', 'comment:# c'],
    "path = 'C:\\vms'": ['key:path', "text:'C:\\vms'"],
    'a.b = { c = 1.5, d = ["x"] }': ['key:a.b', 'number:1.5', 'text:"x"'],
    'order = ["a", "b"': ['key:order', 'text:"a"', 'text:"b"'],
    '  "b", # second': ['text:"b"', 'comment:# second'],
    'open = "never closed': ['key:open', 'text:"never closed'],
    'arch = x86_64': ['key:arch'],
    'memory_mb = 4G': ['key:memory_mb', 'number:4G'],
  };
  for (const [line, expected] of Object.entries(rows)) t.strictSame(kinds(line), expected, line);
  t.end();
});

t.test('nothing of a line is lost, whatever it is', (t) => {
  const lines = [
    ...SHIPPED.flatMap((name) => shippedText(name).split('\n')),
    '}"\'#',
    '\t\u00e4 = \u{1f427}',
    '= "',
    '[a',
  ];
  for (const line of lines)
    t.equal(
      wordsOf(line)
        .map(({ text }) => text)
        .join(''),
      line,
    );
  t.end();
});
