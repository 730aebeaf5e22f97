/** Where the log may be: under the service's own `logs/`, and really there. */
import { readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { ConfigurationError } from './configuration.ts';
import { realPathOf } from './host/files.ts';

/** What pino-roll takes no file name with. */
const REFUSED_CHARACTERS = /[:?*<>"|]/;

/** Refuses a directory outside `logs/`, also one that a symbolic link leads out of it. */
export async function checkLogDirectory(serviceRoot: string, directory: string): Promise<void> {
  const logs = join(serviceRoot, 'logs');
  const real = await realPathOf(directory);
  const realLogs = join((await realPathOf(serviceRoot)).path, 'logs');
  const isInside = isBelow(logs, directory) && isBelow(realLogs, real.path) && real.state !== 'loop';
  if (!isInside)
    throw new ConfigurationError(
      `VMLAB_LOG_DIR must be a directory under ${logs}, also when links are followed.`,
    );
  const refused = REFUSED_CHARACTERS.exec(relative(logs, directory))?.[0];
  if (refused !== undefined) {
    throw new ConfigurationError(
      `VMLAB_LOG_DIR holds ${refused}, which the names of log files may not hold.`,
    );
  }
  const link = await linkIn(real.path);
  if (link !== null)
    throw new ConfigurationError(`${join(directory, link)} is a symbolic link; a log file must be a file.`);
}

function isBelow(parent: string, child: string): boolean {
  const path = relative(parent, resolve(child));
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`);
}

/** A link among the log files, which the log would be written through; `null` when there is none. */
async function linkIn(directory: string): Promise<string | null> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.find((entry) => entry.isSymbolicLink())?.name ?? null;
}
