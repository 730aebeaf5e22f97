/** Which unix sockets the processes of this host have, read from proc(5) without opening a socket. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { UnixSocket } from '../facts/host.ts';
import { realPathOf, textOf, thingAt } from './files.ts';

/** `Num: RefCount Protocol Flags Type St Inode Path`; the path may hold spaces, also at its start. */
const LINE = /^(?:\S+ ){3}(\S+) (\S+) \S+ +\d+ (.+)$/;
/** `__SO_ACCEPTCON` of linux/net.h, and the type `SOCK_STREAM`. */
const ACCEPTS = 0x10000;
const STREAM = 1;
const PROCESS = /^[0-9]+$/;

/**
 * All that have a name, also in the other network namespaces that this user can look into; `null` on a host without that
 * information. Listening or not, since to whoever has one its file is no leftover.
 */
export async function readUnixSockets(procNet: string, processes: string): Promise<UnixSocket[] | null> {
  const own = join(procNet, 'unix');
  const text = await readFile(own, 'utf8').catch(() => null);
  if (text === null) return null;
  const others = await Promise.all((await otherTables(own, processes)).map(textOf));
  const isListening = new Map<string, boolean>();
  for (const line of [text, ...others].flatMap((table) => table.split('\n'))) {
    const [, flags = '', type = '', name] = LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const listens = (Number.parseInt(flags, 16) & ACCEPTS) !== 0 && Number.parseInt(type, 16) === STREAM;
    isListening.set(name, isListening.get(name) === true || listens);
  }
  return Promise.all([...isListening].map(([name, listens]) => placed(name, listens)));
}

/** A table for each other namespace, by one of the processes in it: the table of each has a number of its own. */
async function otherTables(own: string, processes: string): Promise<string[]> {
  const names = await readdir(processes).catch(() => []);
  const tables = names.filter((name) => PROCESS.test(name)).map((name) => join(processes, name, 'net/unix'));
  const [ownNumber, ...numbers] = await Promise.all([own, ...tables].map(numberOf));
  const found = new Map<bigint, string>();
  for (const [index, number] of numbers.entries())
    if (number !== null && number !== ownNumber) found.set(number, tables[index] as string);
  return [...found.values()];
}

async function numberOf(file: string): Promise<bigint | null> {
  return stat(file, { bigint: true }).then(
    ({ ino }) => ino,
    () => null,
  );
}

/**
 * The kernel lists a name as the process wrote it, and nobody knows which directory that process was in. What lies there
 * now is the socket unless it is something else.
 */
async function placed(name: string, isListening: boolean): Promise<UnixSocket> {
  if (!name.startsWith('/')) return { name, id: null, directory: null, isListening };
  const [{ id, isSocket }, { path: directory }] = await Promise.all([
    thingAt(name),
    realPathOf(dirname(name)),
  ]);
  return { name, id: isSocket ? id : null, directory, isListening };
}
