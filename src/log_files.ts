/** The log: pino's JSON lines in files that are rotated by size, written from the main thread. */
import { fstat, stat } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Logger, pino } from 'pino';
import roll from 'pino-roll';
import { errorCode } from './host/look.ts';
import type { LogHealth } from './http/options.ts';

/** Mebibytes at which a file is full. */
export const FILE_SIZE = 10;
/** Files that are kept besides the current one. */
export const OLD_FILES = 9;
/** Bytes that may wait for a slow or full disk; what comes after them is lost, and counted. */
const MOST_BUFFERED_BYTES = 1024 * 1024;
/** Bytes that are written together, at most: the cost of a log is the number of its writes. */
const WRITE_SIZE = 32 * 1024;
/** Bytes that UTF-8 needs for a unit of a text, at most. */
const MOST_BYTES_OF_UNIT = 3;
/** Milliseconds that a line waits for others, at most. */
const WRITE_DELAY = 100;
/** Milliseconds between two looks at whether lines reach their file. */
const CHECK_INTERVAL = 1000;
/** Milliseconds in which a rotation has opened the next file. */
const ROTATION_TIME = 100;
/** The descriptor of a destination that has not opened a file yet. */
const NO_FILE = -1;
/** Milliseconds that closing waits for a disk that takes nothing. */
const CLOSE_TIMEOUT = 1000;

type RollingFile = Awaited<ReturnType<typeof roll>>;

export interface LogSettings {
  /** Absolute; checked to be under `root`. */
  readonly directory: string;
  /** The service's own `logs/`. */
  readonly root: string;
  readonly level: string;
  /** Where lines go as well. */
  readonly stdout: { write(line: string): unknown } | null;
}

export interface OpenLog {
  readonly logger: Logger;
  readonly health: LogHealth;
  /** Writes out what is buffered; gives up on a disk that takes nothing. */
  readonly close: () => Promise<void>;
}

/** Opens the log. A directory that cannot be written is no reason not to serve: it is reported and tried again. */
export async function openLog({ directory, root, level, stdout }: LogSettings): Promise<OpenLog> {
  const destination = await roll({
    // From here, since pino-roll looks at the whole path and refuses some that are good.
    file: relative('', join(directory, 'requests.ndjson')),
    size: `${FILE_SIZE}m`,
    limit: { count: OLD_FILES, removeOtherLogFiles: true },
    mkdir: true,
    maxLength: MOST_BUFFERED_BYTES,
    contentMode: 'buffer',
  });
  const health: LogHealth = { directory, root, failure: null, linesLost: 0 };
  const watch = watchHealth(destination, health, join(directory, 'requests.1.ndjson'));
  let isClosed = false;
  const lines = collectedLines((collected) => {
    // Without a file the destination would throw; before its first file is open it keeps what is written.
    const isLost = isClosed || (destination.fd === NO_FILE && health.failure !== null);
    if (!isLost) destination.write(collected);
  });
  const stream = {
    write(line: string): void {
      stdout?.write(line);
      watch.countLine();
      lines.add(line);
    },
  };
  const logger = pino({ level, base: null, timestamp: newTimestamp() }, stream);
  const close = (): Promise<void> => {
    lines.writeNow();
    isClosed = true;
    return closeLog(destination, watch.stop);
  };
  return { logger, health, close };
}

/** pino's own `isoTime`, written once a millisecond: that is a quarter of what a line costs. */
function newTimestamp(): () => string {
  let last = Number.NaN;
  let text = '';
  return () => {
    const now = Date.now();
    if (now !== last) {
      last = now;
      text = pino.stdTimeFunctions.isoTime();
    }
    return text;
  };
}

/**
 * Writes a line at once, and those that come soon after it together: when there is no room for another, or when the
 * first line is so long ago that none of them should wait any longer. Each becomes bytes when it comes: a text of many
 * pieces is put together faster while they are still in the processor's caches.
 */
function collectedLines(write: (lines: Buffer) => void): {
  readonly add: (line: string) => void;
  readonly writeNow: () => void;
} {
  const lines = Buffer.allocUnsafeSlow(WRITE_SIZE);
  let used = 0;
  let isWaiting = false;
  const writeNow = (): void => {
    if (used === 0) return;
    const collected = Buffer.from(lines.subarray(0, used));
    used = 0;
    write(collected);
  };
  const writeLate = (): void => {
    isWaiting = false;
    writeNow();
  };
  const add = (line: string): void => {
    const most = line.length * MOST_BYTES_OF_UNIT;
    if (used + most > WRITE_SIZE) writeNow();
    if (most > WRITE_SIZE) write(Buffer.from(line));
    else used += lines.write(line, used);
    if (isWaiting) return;
    writeNow();
    isWaiting = true;
    setTimeout(writeLate, WRITE_DELAY).unref();
  };
  return { add, writeNow };
}

/** Keeps `health` true, and opens the file again after an error or when it is no longer the one in the directory. */
function watchHealth(
  destination: RollingFile,
  health: LogHealth,
  firstFile: string,
): { readonly countLine: () => void; readonly stop: () => Promise<void> } {
  let linesSinceCheck = 0;
  let lastError: string | null = null;
  destination.on('error', (error) => {
    lastError = errorCode(error);
    health.failure = lastError;
  });
  destination.on('write', () => {
    lastError = null;
  });
  destination.on('drop', (lines) => {
    health.linesLost += lines.toString().split('\n').length - 1;
  });
  const check = async (): Promise<void> => {
    const isGone = await isFileGone(destination);
    // What went to a file that is gone is lost; when exactly it went is not known, so that this may count too many.
    if (isGone) health.linesLost += linesSinceCheck;
    linesSinceCheck = 0;
    health.failure = isGone ? (lastError ?? 'its file is gone') : lastError;
    // After an error too: a full buffer takes no line, and only a line or an open file makes it try again.
    if (health.failure !== null) openAgain(destination, firstFile);
  };
  let lastCheck: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    lastCheck = check();
  }, CHECK_INTERVAL).unref();
  return {
    countLine: () => {
      linesSinceCheck++;
    },
    stop: () => {
      clearInterval(timer);
      return lastCheck;
    },
  };
}

/** Opens the file of the destination, also one that never had a file, which `reopen` alone cannot. */
function openAgain(destination: RollingFile, firstFile: string): void {
  // Each attempt leaves a listener that closes the descriptor of before when a file is open. More than one of them
  // would close it twice, and with it whatever connection has got that number meanwhile.
  destination.removeAllListeners('ready');
  destination.file ??= firstFile;
  destination.reopen();
  if (destination.fd === NO_FILE) destination.removeAllListeners('ready');
}

/** Whether the open file is not the one that its path names; looked at twice, for the time that a rotation takes. */
async function isFileGone(destination: RollingFile): Promise<boolean> {
  if (await isFileInPlace(destination)) return false;
  await sleep(ROTATION_TIME);
  return !(await isFileInPlace(destination));
}

async function isFileInPlace(destination: RollingFile): Promise<boolean> {
  try {
    const open = await promisify(fstat)(destination.fd);
    const named = await promisify(stat)(String(destination.file));
    return open.ino === named.ino && open.dev === named.dev;
  } catch {
    return false;
  }
}

async function closeLog(destination: RollingFile, stopWatching: () => Promise<void>): Promise<void> {
  await stopWatching();
  const closed = new Promise<void>((resolve) => {
    destination.once('close', resolve);
  });
  destination.end();
  await Promise.race([closed, sleep(CLOSE_TIMEOUT)]);
}
