/** The log files, and that nothing that happens to them stops the service. */
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import t, { type Test } from 'tap';
import { type OpenLog, openLog } from '../src/log.ts';
import { until } from './help/until.ts';

const FIRST = 'requests.1.ndjson';

// Most of the time is waiting for the log to look around, once a second.
t.jobs = 8;
t.setTimeout(120_000);

interface TestLog extends OpenLog {
  readonly directory: string;
  readonly stdout: readonly string[];
}

/** A log in a directory that does not exist yet; it is closed once, at the latest with the test. */
async function newLog(t: Test): Promise<TestLog> {
  const root = realpathSync(t.testdir());
  const directory = join(root, 'deep', 'vmlab');
  const stdout: string[] = [];
  const log = await openLog({
    directory,
    root,
    level: 'info',
    stdout: { write: (line) => stdout.push(line) },
  });
  let closed: Promise<void> | null = null;
  const close = (): Promise<void> => {
    closed ??= closeInTime(log);
    return closed;
  };
  t.teardown(close);
  return { ...log, close, directory, stdout };
}

/** As in the service, something else keeps the process running meanwhile. */
async function closeInTime(log: OpenLog): Promise<void> {
  const work = setInterval(() => {}, 1000);
  await log.close();
  clearInterval(work);
}

/** Writes lines to a file until the next one is there. */
async function fill(logger: OpenLog['logger'], file: string, next: string): Promise<void> {
  const text = 'x'.repeat(100_000);
  while (!existsSync(next)) {
    const { size } = statSync(file);
    logger.info({ text });
    await until('the line is written', () => existsSync(next) || statSync(file).size > size);
  }
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

t.test('lines are JSON in a numbered file', { buffered: true }, async (t) => {
  const { logger, health, directory, stdout, close } = await newLog(t);
  logger.debug('below the level');
  for (let number = 0; number < 2000; number++) logger.info({ number }, 'line');
  await close();
  const text = readFileSync(join(directory, FIRST), 'utf8');
  const lines = text.trimEnd().split('\n');
  t.equal(lines.length, 2000, 'closing writes out what waits');
  const { time, ...line } = JSON.parse(String(lines[7]));
  t.strictSame(line, { level: 30, number: 7, msg: 'line' }, 'neither host nor process');
  t.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'a time that people can read');
  t.equal(stdout.join(''), text, 'standard output gets the same when it is asked for');
  t.strictSame([health.failure, health.linesLost], [null, 0]);
});

t.test(
  'a second start goes on in the same file, and silence writes nothing',
  { buffered: true },
  async (t) => {
    const { logger, directory, close } = await newLog(t);
    logger.info('first');
    await close();
    for (const level of ['info', 'silent']) {
      const again = await openLog({ directory, root: directory, level, stdout: null });
      again.logger.error('second');
      await again.close();
    }
    t.match(textOf(join(directory, FIRST)), /"first"\}\n.*"second"\}\n$/);
    t.equal(textOf(join(directory, FIRST)).split('\n').length, 3);
  },
);

t.test('files are bounded in size and in number', { buffered: true }, async (t) => {
  const { directory, close } = await newLog(t);
  await close();
  rmSync(join(directory, FIRST));
  for (let number = 3; number <= 15; number++)
    writeFileSync(join(directory, `requests.${number}.ndjson`), '{}\n');
  writeFileSync(join(directory, 'notes.txt'), 'kept');
  const {
    logger,
    close: closeAgain,
    health,
  } = await openLog({ directory, root: directory, level: 'info', stdout: null });
  const current = join(directory, 'requests.15.ndjson');
  const next = join(directory, 'requests.16.ndjson');
  await fill(logger, current, next);
  logger.info('in the next file');
  const files = (): string[] => readdirSync(directory).filter((file) => file !== 'notes.txt');
  await until('old files are removed', () => files().length === 10);
  await closeAgain();
  const kept = Array.from({ length: 10 }, (_, index) => `requests.${index + 7}.ndjson`);
  t.strictSame(files().sort(), kept.sort(), 'the current one and nine old ones');
  t.equal(textOf(join(directory, 'notes.txt')), 'kept', 'another file stays');
  t.ok(statSync(current).size < 11 * 1024 * 1024, 'about ten megabytes');
  t.match(textOf(next), 'in the next file');
  t.equal(health.linesLost, 0, 'no line was lost on the way');
});

t.test('the file and its directory come and go', { buffered: true }, async (t) => {
  const { logger, health, directory } = await newLog(t);
  const file = join(directory, FIRST);
  const hasLine = (line: string) => (): boolean => textOf(file).includes(`"${line}"`);
  const isWell = (): boolean => health.failure === null;
  logger.info('before');
  await until('the first line', hasLine('before'));

  rmSync(file);
  logger.info('lost with the file');
  await until('it is noticed that the file is gone', () => health.linesLost > 0);
  t.ok(health.linesLost <= 2, 'and what may have gone with it is counted');
  await until('a new file', () => existsSync(file) && isWell());
  logger.info('after the file');
  await until('a line in it', hasLine('after the file'));

  const lost = health.linesLost;
  rmSync(directory, { recursive: true });
  logger.info('lost with the directory');
  await until('it is noticed that the directory is gone', () => health.linesLost > lost);
  await until('a new directory', () => existsSync(file) && isWell());
  logger.info('after the directory');
  await until('a line in it', hasLine('after the directory'));

  renameSync(directory, `${directory}-elsewhere`);
  writeFileSync(directory, 'not a directory');
  await until('it is noticed that a file is in the way', () =>
    ['EEXIST', 'ENOTDIR'].includes(String(health.failure)),
  );
  logger.info('nowhere to go');
  t.equal(readFileSync(directory, 'utf8'), 'not a directory', 'the file is left alone');
  rmSync(directory);
  await until('a directory once more', () => existsSync(file) && isWell());
  logger.info('after the obstacle');
  await until('a line in it', hasLine('after the obstacle'));
});

t.test('a full disk', { buffered: true, skip: !existsSync('/dev/full') && 'no /dev/full' }, async (t) => {
  const { logger, health, directory, close } = await newLog(t);
  const file = join(directory, FIRST);
  logger.info('before');
  await until('the first line', () => textOf(file).includes('before'));
  rmSync(file);
  symlinkSync('/dev/full', file);
  logger.info('lost');
  await until('the disk is full', () => {
    logger.info('no room');
    return health.failure === 'ENOSPC';
  });
  const text = 'x'.repeat(10_000);
  const lostBefore = health.linesLost;
  for (let number = 0; number < 300; number++) logger.info({ number, text });
  t.ok(health.linesLost - lostBefore > 150, 'what does not fit into memory is lost, and counted');
  t.ok(health.linesLost - lostBefore < 250, 'the rest waits');
  rmSync(file);
  await until('there is room again', () => existsSync(file) && health.failure === null);
  logger.info('after');
  await until('a line', () => textOf(file).includes('after'));
  t.match(textOf(file), '"number":50,', 'what waited is written');

  rmSync(file);
  symlinkSync('/dev/full', file);
  await until('the disk is full again', () => {
    logger.info('no room');
    return health.failure === 'ENOSPC';
  });
  await close();
  t.pass('closing gives up on a disk that takes nothing');
});

t.test('a directory that cannot be made', { buffered: true }, async (t) => {
  const root = realpathSync(t.testdir({ obstacle: 'a file' }));
  const directory = join(root, 'obstacle', 'vmlab');
  const log = await openLog({ directory, root, level: 'info', stdout: null });
  t.teardown(() => closeInTime(log));
  const { logger, health } = log;
  const file = join(directory, FIRST);
  logger.info('at once');
  await until('it is noticed', () => health.failure === 'ENOTDIR' || health.failure === 'EEXIST');
  t.doesNotThrow(() => logger.info('a request goes on'), 'without a file');
  rmSync(join(root, 'obstacle'));
  mkdirSync(join(root, 'obstacle'));
  await until('the file', () => existsSync(file) && health.failure === null);
  logger.info('at last');
  await until('a line in it', () => textOf(file).includes('at last'));
  await fill(logger, file, join(directory, 'requests.2.ndjson'));
  t.pass('and when it is full another comes');
});

t.test('a disk that is slow to open a file', { buffered: true }, async (t) => {
  const root = realpathSync(t.testdir());
  const { open } = fs;
  t.teardown(() => {
    fs.open = open;
  });
  const openLate = (path: string, ...rest: unknown[]): void => {
    setTimeout(() => Reflect.apply(open, fs, [path, ...rest]), path.includes(basename(root)) ? 2500 : 0);
  };
  fs.open = Object.assign(openLate, open);
  const log = await openLog({ directory: join(root, 'vmlab'), root, level: 'info', stdout: null });
  t.teardown(() => closeInTime(log));
  log.logger.info('early');
  await until('it is noticed', () => log.health.failure === 'its file is gone');
  await until('a line in it', () => textOf(join(root, 'vmlab', FIRST)).includes('early'));
  t.pass('the file is waited for');
});

t.test('a line after the end', { buffered: true }, async (t) => {
  const log = await newLog(t);
  log.logger.info('the last');
  await log.close();
  t.doesNotThrow(() => log.logger.info('too late'), 'is lost');
  t.match(textOf(join(log.directory, FIRST)), 'the last');
  t.notMatch(textOf(join(log.directory, FIRST)), 'too late');
});

t.test('closing a log that never had a file', { buffered: true }, async (t) => {
  const root = realpathSync(t.testdir({ obstacle: 'a file' }));
  const log = await openLog({ directory: join(root, 'obstacle', 'x'), root, level: 'info', stdout: null });
  log.logger.info('nowhere');
  await closeInTime(log);
  t.equal(readFileSync(join(root, 'obstacle'), 'utf8'), 'a file');
});
