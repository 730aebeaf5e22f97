/** What is kept of files, and that it is never what a file held before. */
import { spawnSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { newKeptFiles } from '../../src/host/kept_files.ts';

const LIMITS = { entries: 3, bytes: 100, bytesOfFile: 20 };
const onPosix = { skip: process.platform === 'win32' && 'no FIFOs' };

/** By a clock that is an hour ahead every file is old enough to be kept. */
const later = (): number => Date.now() + 3_600_000;

function newLab(t: Test, limits: Partial<typeof LIMITS> = {}, clock: () => number = later) {
  const root = t.testdir();
  const made: string[] = [];
  const make = (bytes: Buffer): string => {
    made.push(String(bytes));
    return String(bytes);
  };
  const files = newKeptFiles(make, { ...LIMITS, ...limits }, clock);
  const path = (name: string): string => join(root, name);
  return {
    made,
    files,
    path,
    read: (name: string) => files.read(path(name)),
    write: (name: string, text: string) => writeFileSync(path(name), text),
  };
}

t.test('a file that is the same is made something of once', async (t) => {
  const { files, made, read, write } = newLab(t);
  write('a', 'one');
  for (const time of [1, 2, 3]) t.equal(await read('a'), 'one', `${time}`);
  t.strictSame(made, ['one']);
  t.strictSame(files.counts, { hits: 2, misses: 1, entries: 1, bytes: 3 });
});

t.test('whatever changes a file is seen', async (t) => {
  const { files, made, path, read, write } = newLab(t);
  write('a', 'one');
  await read('a');
  const times = statSync(path('a'));
  const changes: [about: string, change: () => void, text: string][] = [
    ['another size', () => write('a', 'three'), 'three'],
    ['the same size', () => write('a', 'seven'), 'seven'],
    [
      'the same size, and the old time put back',
      () => {
        write('a', 'eight');
        utimesSync(path('a'), times.atime, times.mtime);
      },
      'eight',
    ],
    [
      'another file in its place',
      () => {
        write('b', 'seven');
        renameSync(path('b'), path('a'));
      },
      'seven',
    ],
  ];
  for (const [about, change, text] of changes) {
    change();
    t.equal(await read('a'), text, about);
    t.equal(await read('a'), text, `${about}: kept`);
  }
  t.equal(made.length, 1 + changes.length);
  t.strictSame(files.counts, { hits: changes.length, misses: 1 + changes.length, entries: 1, bytes: 5 });
  rmSync(path('a'));
  await t.rejects(read('a'), { code: 'ENOENT' }, 'gone');
});

t.test('what changed just now is not kept: it may change again without another time', async (t) => {
  let now = Date.now();
  const { files, made, read, write } = newLab(t, {}, () => now);
  write('a', 'one');
  for (const time of [1, 2]) t.equal(await read('a'), 'one', `${time}`);
  t.strictSame(made, ['one', 'one']);
  t.strictSame(files.counts, { hits: 0, misses: 2, entries: 0, bytes: 0 });
  now += 2_000;
  await read('a');
  t.equal(files.counts.entries, 0, 'after two seconds');
  now += 10_000;
  await read('a');
  t.equal(files.counts.entries, 1, 'after some more');
  write('a', 'two');
  now = Date.now();
  t.equal(await read('a'), 'two', 'a change is seen');
  t.equal(files.counts.entries, 0, 'and what was kept is gone');
});

t.test('rewritten without a pause, it is never the text before', async (t) => {
  const { read, write } = newLab(t, {}, Date.now);
  for (let time = 0; time < 300; time++) {
    const text = String(time % 10);
    write('a', text);
    if ((await read('a')) !== text) t.fail(`the ${time}th text`);
  }
  t.pass('always the last one');
});

t.test('as many and as much as the limits say, the longest unused first', async (t) => {
  const { files, made, read, write } = newLab(t, { bytes: 10 });
  for (const name of ['a', 'b', 'c', 'd']) write(name, name);
  for (const name of ['a', 'b', 'c', 'a', 'd', 'a']) await read(name);
  t.strictSame(made, ['a', 'b', 'c', 'd'], 'a was used');
  t.strictSame(files.counts, { hits: 2, misses: 4, entries: 3, bytes: 3 });
  await read('b');
  t.equal(made.at(-1), 'b', 'b was not');
  write('large', '12345678');
  await read('large');
  t.strictSame([files.counts.entries, files.counts.bytes], [3, 10]);
  write('larger', '12345678901');
  t.equal(await read('larger'), '12345678901');
  t.strictSame([files.counts.entries, files.counts.bytes], [0, 0], 'larger than all that may be kept');
});

t.test('files are read up to a limit, and never block', onPosix, async (t) => {
  const { path, read, write } = newLab(t);
  write('a', '0123456789'.repeat(3));
  t.equal(await read('a'), '0123456789'.repeat(2));
  await t.rejects(read('.'), { code: 'EISDIR' });
  spawnSync('mkfifo', [path('pipe')]);
  await t.rejects(read('pipe'), { code: /^E[A-Z]+$/ });
  write('private', 'x');
  await read('private');
  chmodSync(path('private'), 0o000);
  if (process.getuid?.() !== 0)
    await t.rejects(read('private'), { code: 'EACCES' }, 'kept, and no more to be read');
});
