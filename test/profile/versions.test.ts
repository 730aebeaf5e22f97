/** What a later version of a schema brings leaves profiles of an earlier one as they are. */
import t from 'tap';
import { canonicalWriterOf } from '../../src/profile/canonical.ts';
import { newIssues } from '../../src/profile/issue.ts';
import { jsonSchemaOf } from '../../src/profile/json_schema.ts';
import { count, flag, list, path, table, text, word } from '../../src/profile/key.ts';
import { newNotes } from '../../src/profile/read_notes.ts';
import { reader } from '../../src/profile/reader.ts';

const NAME = text('Name.', { required: true });

/** A schema with keys, a section and a list that came with version 2. */
const SCHEMA = table('A thing.', {
  size: count('Size.', { required: true, minimum: 1, maximum: 9 }),
  cache: word(['none', 'writeback'], 'Cache.', { default: 'writeback', since: 2 }),
  display: table(
    'Display.',
    { port: count('Port.', { minimum: 1, maximum: 9 }), on: flag('On.', { default: false }) },
    { since: 2 },
  ),
  disks: list(table('Disk.', { name: NAME, ssd: flag('SSD.', { default: false, since: 2 }) }), 'Disks.', {
    most: 4,
  }),
  shares: list(table('Share.', { name: NAME, readonly: flag('Read-only.', { default: false }) }), 'Shares.', {
    most: 4,
    since: 2,
  }),
  tags: list(text(null, { required: true }), 'Tags.', { most: 4, since: 2 }),
  cpus: list(count('CPU.', { required: true, minimum: 0, maximum: 9 }), 'CPUs.', { most: 4, since: 2 }),
  monitor: path('Monitor.', { since: 2 }),
});

function read(document: unknown, version: number) {
  const issues = newIssues();
  const value = reader(SCHEMA, version)(document, newNotes(SCHEMA, issues));
  return {
    value,
    issues: issues.all.map(({ severity, code, at, suggestion }) => [
      severity,
      code,
      at.join('.'),
      suggestion,
    ]),
  };
}

const OLD = { size: 2, disks: [{ name: 'root' }] };
const NEW = {
  ...OLD,
  cache: 'none',
  display: { port: 5 },
  disks: [{ name: 'root', ssd: true }],
  shares: [{ name: 'src' }],
  tags: ['a', 'b'],
  cpus: [0, 1],
  monitor: 'run/m.sock',
};
const write = canonicalWriterOf(SCHEMA, 2);

t.test('a key of a later version is unknown, and says what it needs', (t) => {
  const { value, issues } = read(NEW, 1);
  t.strictSame(issues, [
    ['warning', 'unknown-field', 'disks.0.ssd', 'It needs schema_version = 2.'],
    ['warning', 'unknown-field', 'cache', 'It needs schema_version = 2.'],
    ['warning', 'unknown-field', 'display', 'It needs schema_version = 2.'],
    ['warning', 'unknown-field', 'shares', 'It needs schema_version = 2.'],
    ['warning', 'unknown-field', 'tags', 'It needs schema_version = 2.'],
    ['warning', 'unknown-field', 'cpus', 'It needs schema_version = 2.'],
    ['warning', 'unknown-field', 'monitor', 'It needs schema_version = 2.'],
  ]);
  t.strictSame(value, read(OLD, 1).value, 'it has no effect');
  t.strictSame(read(OLD, 1).value, {
    size: 2,
    cache: 'writeback',
    display: { port: undefined, on: false },
    disks: [{ name: 'root', ssd: false }],
    shares: [],
    tags: [],
    cpus: [],
    monitor: undefined,
  });
  t.end();
});

t.test('a misspelt key is told from one of a later version', (t) => {
  t.strictSame(read({ ...OLD, cach: 'none' }, 1).issues, [
    ['warning', 'unknown-field', 'cach', 'Look in the schema for the key that is meant, or remove it.'],
  ]);
  t.strictSame(read({ ...OLD, cach: 'none' }, 2).issues, [
    ['warning', 'unknown-field', 'cach', 'Did you mean cache?'],
  ]);
  const [[, , , why = ''] = []] = read({ ...OLD, snapshot: true }, 2).issues;
  t.match(why, /left out on purpose: .* Use an overlay/, 'what is left out on purpose says why');
  t.end();
});

t.test('the canonical text leaves out what a later version brought and nobody uses', (t) => {
  const text = 'size = 2\n\n[[disks]]\nname = "root"\n';
  t.equal(write(read(OLD, 1).value as object), text);
  t.equal(write(read(OLD, 2).value as object), text);
  t.equal(
    write(read({ ...OLD, cache: 'writeback', display: {}, shares: [], tags: [] }, 2).value as object),
    text,
  );
  t.equal(
    write(read(NEW, 2).value as object),
    'cache = "none"\ncpus = [0, 1]\nmonitor = "run/m.sock"\nsize = 2\ntags = ["a", "b"]\n\n[[disks]]\nname = "root"\nssd = true\n\n[display]\nport = 5\n\n[[shares]]\nname = "src"\n',
  );
  t.end();
});

t.test('the JSON Schema of a version has the keys of that version', (t) => {
  const keysOf = (version: number): string[] => Object.keys(Object(jsonSchemaOf(SCHEMA, version)).properties);
  t.strictSame(keysOf(1), ['size', 'disks']);
  t.strictSame(keysOf(2), ['size', 'cache', 'display', 'disks', 'shares', 'tags', 'cpus', 'monitor']);
  t.end();
});
