/** Who this user is, what system this is, and what stands between the two and kvm. */
import { constants } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { ProbedKvm } from '../facts/machine.ts';
import { errorCode, mayAccess } from './files.ts';

/** The rights of a file's group to read and to write it. */
const GROUP_READ_WRITE = constants.S_IRGRP | constants.S_IWGRP;

/**
 * The name of the user whose permissions count, or `null` for one that the list does not name, as in containers.
 * Read from files, since os.userInfo() makes the C library ask a name service through a socket.
 */
export async function readUserName(processStatus: string, users: string): Promise<string | null> {
  const uid = /^Uid:\s+(\d+)/m.exec(await textOf(processStatus))?.[1];
  return uid === undefined ? null : nameOfNumber(uid, users);
}

/** `ID` and `ID_LIKE` of the first os-release(5) that can be read. */
export async function readDistribution(files: readonly string[]): Promise<string[]> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text === null) continue;
    return ['ID', 'ID_LIKE'].flatMap((key) => wordsOf(text, key));
  }
  return [];
}

/** The words of `KEY=word` or `KEY="word word"`. */
function wordsOf(text: string, key: string): string[] {
  const value = new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  return value.match(/[a-z0-9._-]+/g) ?? [];
}

/** Whether this user may use kvm, asked with access(2), never by opening the device. */
export async function probeKvm(device: string, groups: string): Promise<ProbedKvm> {
  try {
    const { gid, mode } = await stat(device);
    const isReady = await mayAccess(device, constants.R_OK | constants.W_OK);
    const isForGroup = (mode & GROUP_READ_WRITE) === GROUP_READ_WRITE;
    return {
      device,
      state: isReady ? 'ready' : 'no-permission',
      group: isForGroup ? await nameOfNumber(String(gid), groups) : null,
    };
  } catch (error) {
    return { device, state: errorCode(error) === 'ENOENT' ? 'missing' : 'no-permission', group: null };
  }
}

/** The name with this number in passwd(5) or group(5), which begin alike: `name:password:number:`. */
async function nameOfNumber(number: string, list: string): Promise<string | null> {
  const entries = (await textOf(list)).split('\n').map((line) => line.split(':'));
  return entries.find((fields) => fields[2] === number)?.[0] ?? null;
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
