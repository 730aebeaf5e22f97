/** Which unix sockets the processes of this network namespace have, read from proc(5) without opening a socket. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnixSocket } from '../facts/host.ts';
import { thingAt } from './files.ts';

/** `Num RefCount Protocol Flags Type St Inode Path`; the path may hold spaces, also at its start. */
const LINE = /^(?:\S+\s+){6}\S+ (.+)$/;
/** In the place of the NUL that an abstract name starts with: it is no file. */
const ABSTRACT = '@';

/** Listening or not, since to whoever has one its file is no leftover; `null` on a host without that information. */
export async function readUnixSockets(procNet: string): Promise<UnixSocket[] | null> {
  const text = await readFile(join(procNet, 'unix'), 'utf8').catch(() => null);
  if (text === null) return null;
  const [, ...lines] = text.split('\n');
  const names = lines.flatMap((line) => LINE.exec(line)?.[1] ?? []);
  const files = [...new Set(names)].filter((name) => !name.startsWith(ABSTRACT));
  return Promise.all(files.map(async (name) => ({ name, id: await idOf(name) })));
}

/** The kernel lists a name as the process wrote it, and nobody knows which directory that process was in. */
async function idOf(name: string): Promise<UnixSocket['id']> {
  return name.startsWith('/') ? (await thingAt(name)).id : null;
}
