/** The log: pino's JSON lines in files that pino-roll rotates by size, written from the main thread. */
import { fstat, stat } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Logger, pino } from 'pino';
import roll from 'pino-roll';
import { errorCode } from './host/files.ts';
import type { LogHealth } from './http/options.ts';

/** Mebibytes at which a file is full. */
export const FILE_SIZE = 10;
/** Files that are kept besides the current one. */
export const OLD_FILES = 9;
/** Bytes that may wait for a slow or full disk; what comes after them is lost, and counted. */
const MOST_BUFFERED_BYTES = 1024 * 1024;
/** Milliseconds between two looks at whether lines reach their file. */
const CHECK_INTERVAL = 1000;
/** Milliseconds in which a rotation has opened the next file. */
const ROTATION_TIME = 100;
/** Milliseconds that closing waits for a disk that takes nothing. */
const CLOSE_TIMEOUT = 1000;
/** The descriptor of files of which none could be opened yet. */
const NO_FILE = -1;

type RollingFiles = Awaited<ReturnType<typeof roll>>;

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
  /** Writes out what waits; gives up on a disk that takes nothing. */
  readonly close: () => Promise<void>;
}

/** Opens the log. A directory that cannot be written is no reason not to serve: it is reported and tried again. */
export async function openLog({ directory, root, level, stdout }: LogSettings): Promise<OpenLog> {
  const health: LogHealth = { directory, root, failure: null, linesLost: 0 };
  const files = await openFiles(directory, health);
  const stream = {
    write(line: string): void {
      stdout?.write(line);
      files.write(line);
    },
  };
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return { logger, health, close: files.close };
}

/**
 * Files that are opened anew when they cannot be written, with `health` kept true. A line is written at once; those that
 * come while the disk is busy are written together.
 */
async function openFiles(
  directory: string,
  health: LogHealth,
): Promise<{ readonly write: (line: string) => void; readonly close: () => Promise<void> }> {
  let lastError: string | null = null;
  let linesSinceCheck = 0;
  let isClosed = false;

  const open = async (): Promise<RollingFiles> => {
    const opened = await roll({
      // From here, since pino-roll looks at the whole path and refuses some that are good.
      file: relative('', join(directory, 'requests.ndjson')),
      size: `${FILE_SIZE}m`,
      limit: { count: OLD_FILES, removeOtherLogFiles: true },
      mkdir: true,
      maxLength: MOST_BUFFERED_BYTES,
    });
    opened.on('error', (error) => {
      lastError = errorCode(error);
      health.failure = lastError;
    });
    opened.on('write', () => {
      lastError = null;
    });
    opened.on('drop', () => {
      health.linesLost++;
    });
    return opened;
  };
  let files = await open();

  const check = async (): Promise<void> => {
    const isGone = await isFileGone(files);
    // What went to a file that is gone is lost; when exactly it went is not known, so that this may count too many.
    if (isGone) health.linesLost += linesSinceCheck;
    linesSinceCheck = 0;
    health.failure = isGone ? (lastError ?? 'its file is gone') : lastError;
    if (health.failure === null) return;
    // After an error too: a full buffer takes no line, and only a line or an open file makes it try again.
    if (files.fd !== NO_FILE) return reopen(files);
    // Files of which none is open yet and none was refused are waited for.
    if (lastError === null) return;
    files = await open();
    lastError = null;
  };
  let checks = Promise.resolve();
  const timer = setInterval(() => {
    checks = checks.then(check);
  }, CHECK_INTERVAL).unref();

  return {
    write(line) {
      linesSinceCheck++;
      // Until the first file is open what is written waits; when none could be opened, writing throws.
      if (!isClosed && (files.fd !== NO_FILE || lastError === null)) files.write(line);
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      await checks;
      const closed = new Promise<void>((resolve) => {
        files.once('close', resolve);
      });
      files.end();
      await Promise.race([closed, sleep(CLOSE_TIMEOUT)]);
    },
  };
}

/** Opens the current file again, by its path. */
function reopen(files: RollingFiles): void {
  // Each attempt leaves a listener that closes the descriptor of before when a file is open. More than one of them
  // would close it twice, and with it whatever connection has got that number meanwhile.
  files.removeAllListeners('ready');
  files.reopen();
}

/** Whether the open file is not the one that its path names; looked at twice, for the time that a rotation takes. */
async function isFileGone(files: RollingFiles): Promise<boolean> {
  if (await isFileInPlace(files)) return false;
  await sleep(ROTATION_TIME);
  return !(await isFileInPlace(files));
}

async function isFileInPlace({ fd, file }: RollingFiles): Promise<boolean> {
  try {
    const open = await promisify(fstat)(fd);
    const named = await promisify(stat)(String(file));
    return open.ino === named.ino && open.dev === named.dev;
  } catch {
    return false;
  }
}
