/** The list of the bridge helper, read as the helper reads it; `npm run conformance` holds the same against the helper itself. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readBridgeHelper } from '../../src/host/bridge_helper.ts';
import { readBridgeRules } from '../../src/host/bridge_rules.ts';
import { folderOf, makeFifo, onPosix, UNREADABLE_FILE } from '../help/this_host.ts';

/** What a list says: its rules as `allow NAME`, and its state unless all is well. */
async function readText(root: string, text: string): Promise<string[]> {
  writeFileSync(join(root, 'list'), text, 'latin1');
  return readFile(root, 'list');
}

async function readFile(root: string, name: string): Promise<string[]> {
  const { state, rules, fault } = await readBridgeRules(join(root, name), root);
  const ending = state === 'complete' ? [] : [fault === null ? state : `${state} ${fault.line}`];
  return [...rules.map(({ action, bridge }) => `${action} ${bridge}`), ...ending];
}

t.test('lines of a list', async (t) => {
  const root = folderOf(t, {});
  const long = 'x'.repeat(4090);
  for (const [text, ...expected] of [
    [''],
    ['# allow br0\n  # allow br0\n\n \t\r\n'],
    ['allow br0', 'allow br0'],
    ['allow br0\ndeny br1\nallow all\n', 'allow br0', 'deny br1', 'allow all'],
    ['  allow \t br0 \t\r\n', 'allow br0'],
    ['allow\tbr0\n', 'allow br0'],
    ['allow br0 # office\n', 'allow br0 # office'],
    ['allow br0,br1\n', 'allow br0,br1'],
    ['allow \n', 'allow '],
    ['allow x-name-of-15-by\n', 'allow x-name-of-15-by'],
    ['allow x-name-of-16-byt\n', 'invalid 1'],
    ['deny br0 # the office\n', 'invalid 1'],
    ['allow \vbr0\n', 'allow \vbr0'],
    ['\vallow br0\n', 'invalid 1'],
    ['allow b\u00c3\u00bc\n', 'allow bü'],
    ['allow br0\0 and more\nallow br1\n', 'allow br0', 'allow br1'],
    ['\0allow br0\n'],
    ['allow br0\nbr1\nallow br2\n', 'allow br0', 'invalid 2'],
    ['allow\n', 'invalid 1'],
    ['allow\r\n', 'invalid 1'],
    ['Allow br0\n', 'invalid 1'],
    ['allow=br0\n', 'invalid 1'],
    ['\n\nallow\tbr0 # office\n', 'invalid 3'],
    [`#${long}allow br0\n`, 'invalid 1'],
    [`#${long}    allow br0\n`, 'allow br0'],
    [`allow br0 #${long}\n`, 'invalid 1'],
  ] as const) {
    t.strictSame(await readText(root, text), expected, JSON.stringify(text.slice(0, 60)));
  }
});

t.test('a name that is too long is told', async (t) => {
  const root = folderOf(t, { list: 'allow br0 # the b\u00fcros\n' });
  const { fault } = await readBridgeRules(join(root, 'list'), root);
  t.strictSame(fault, { kind: 'long-name', line: 1, name: 'br0 # the b\u00fcros' });
});

t.test('a list says where its rules stand', async (t) => {
  const root = folderOf(t, { more: '\ndeny br1\n', list: '# bridges\nallow br0\ninclude more\n' });
  t.strictSame((await readBridgeRules(join(root, 'list'), root)).rules, [
    { action: 'allow', bridge: 'br0', file: join(root, 'list'), line: 2 },
    { action: 'deny', bridge: 'br1', file: join(root, 'more'), line: 2 },
  ]);
});

t.test('other files that a list includes', async (t) => {
  const root = folderOf(t, {
    more: 'allow br0\n',
    deep: { list: 'include more\nallow br1\n' },
    bad: 'allow br0\noffice\nallow br1\n',
    directory: {},
    large: `${'#\n'.repeat(33000)}allow br0\n`,
  });
  for (const [text, ...expected] of [
    ['include more\n', 'allow br0'],
    ['include deep/list\n', 'allow br0', 'allow br1'],
    [`include ${root}/more\ndeny br0\n`, 'allow br0', 'deny br0'],
    ['include more # office\n'],
    ['include absent\nallow br1\n', 'allow br1'],
    ['include more/absent\n'],
    ['include \n'],
    ['include directory\nallow br1\n', 'allow br1'],
    ['include bad\nallow br2\n', 'allow br0', 'allow br2'],
    ['include large\nallow br1\n', 'allow br1', 'incomplete'],
    ['include more\noffice\n', 'allow br0', 'invalid 2'],
  ] as const) {
    t.strictSame(await readText(root, text), expected, text);
  }
});

t.test('a list that includes itself', async (t) => {
  const root = folderOf(t, {
    self: 'allow br0\ninclude self\ndeny br0\n',
    list: 'allow br0\n\ninclude other\n',
    other: '\n\n\n\ninclude list\n',
    twice: 'include leaf\ninclude leaf\n',
    leaf: 'allow br0\n',
    ...Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`n${at}`, `include n${at + 1}\n`])),
  });
  t.strictSame(await readFile(root, 'self'), ['allow br0', 'invalid 2']);
  const { fault } = await readBridgeRules(join(root, 'list'), root);
  t.strictSame(fault, { kind: 'circle', line: 3, name: 'other' }, 'told by the line of the list itself');
  t.strictSame(await readFile(root, 'twice'), ['allow br0', 'allow br0']);
  t.strictSame(await readFile(root, 'n0'), ['incomplete'], 'of so many nobody asks what they say');
});

t.test('lists that are no files, or not there', async (t) => {
  const root = folderOf(t, { directory: {} });
  t.strictSame(await readFile(root, 'absent'), ['missing']);
  t.strictSame(await readFile(root, 'directory'), [], 'the helper finds no line in it');
});

t.test('lists that cannot be read', onPosix, async (t) => {
  const root = folderOf(t, {
    list: 'allow br0\ninclude fifo\n',
    secret: '',
    loop: t.fixture('symlink', 'loop'),
  });
  makeFifo(join(root, 'fifo'));
  chmodSync(join(root, 'secret'), 0);
  t.strictSame(await readFile(root, 'list'), ['allow br0', 'incomplete'], 'nobody waits for a pipe');
  t.strictSame(await readFile(root, 'fifo'), ['incomplete']);
  t.strictSame(await readFile(root, 'loop'), ['incomplete'], 'nor goes round in a circle');
  t.strictSame(await readFile('/', process.geteuid?.() === 0 ? UNREADABLE_FILE : join(root, 'secret')), [
    'unreadable',
  ]);
});

t.test('the helper itself', onPosix, async (t) => {
  const root = folderOf(t, { folder: {}, plain: '', setuid: '' });
  chmodSync(join(root, 'plain'), 0o755);
  chmodSync(join(root, 'setuid'), 0o4755);
  const at = (...names: string[]) => readBridgeHelper(names.map((name) => join(root, name)));
  t.equal(await at('absent', 'folder'), null);
  t.strictSame(await at('absent', 'folder', 'plain', 'setuid'), {
    path: join(root, 'plain'),
    isSetuidRoot: false,
    mayRun: true,
  });
  chmodSync(join(root, 'plain'), 0o600);
  t.match(await at('plain'), { mayRun: false });
  const isRoot = process.getuid?.() === 0;
  t.match(await at('setuid'), { isSetuidRoot: isRoot }, 'another owner gives no rights of root');
});
