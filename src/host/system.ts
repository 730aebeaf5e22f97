/** Who this user is, what system this is, and what stands between the two and kvm. */
import { constants } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import type { ProbedKvm } from '../facts/machine.ts';
import { errorCode, mayAccess, textOf } from './files.ts';
import { numbersIn } from './process_status.ts';
import type { SystemFiles } from './system_files.ts';

/** The rights of a file's group to read and to write it. */
const GROUP_READ_WRITE = constants.S_IRGRP | constants.S_IWGRP;

/**
 * The name of the user whose permissions count, or `null` for one that the list does not name, as in containers.
 * Read from files, since os.userInfo() makes the C library ask a name service through a socket.
 */
export async function readUserName(processStatus: string, users: string): Promise<string | null> {
  const [uid] = numbersIn(await textOf(processStatus), 'Uid');
  return uid === undefined ? null : ((await entryOf(uid, users))?.[0] ?? null);
}

/** The first os-release(5) that can be read; empty where there is none. */
export async function readOsRelease(files: readonly string[]): Promise<string> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => null);
    if (text !== null) return text;
  }
  return '';
}

/** `ID` and `ID_LIKE`. */
export function distributionIn(osRelease: string): string[] {
  return ['ID', 'ID_LIKE'].flatMap((key) => wordsOf(osRelease, key));
}

export function releaseIn(osRelease: string): string | null {
  return wordsOf(osRelease, 'VERSION_ID')[0] ?? null;
}

/** The words of `KEY=word` or `KEY="word word"`. */
function wordsOf(text: string, key: string): string[] {
  const value = new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  return value.match(/[a-z0-9._-]+/g) ?? [];
}

/** Whether this user may open the device of kvm, asked with access(2), never by opening it. */
export async function probeKvm(device: string, system: SystemFiles): Promise<ProbedKvm> {
  const isDoubtful = isDoubtfulCpu(await textOf(system.cpuInfo));
  try {
    const { gid, mode } = await stat(device);
    const isReady = await mayAccess(device, constants.R_OK | constants.W_OK);
    const isForGroup = (mode & GROUP_READ_WRITE) === GROUP_READ_WRITE;
    const group = isForGroup ? ((await entryOf(String(gid), system.groups)) ?? [String(gid)]) : null;
    return {
      device,
      state: isReady ? 'ready' : 'no-permission',
      group: group?.[0] ?? null,
      membership: await membershipIn(gid, group?.[GROUP_MEMBERS] ?? '', system),
      isDoubtful,
    };
  } catch (error) {
    const state = errorCode(error) === 'ENOENT' ? 'missing' : 'no-permission';
    return { device, state, group: null, membership: 'none', isDoubtful };
  }
}

/** A virtual machine (`hypervisor`) whose x86 CPU shows neither `vmx` nor `svm`. Other CPUs show nothing of the kind. */
function isDoubtfulCpu(cpuInfo: string): boolean {
  const flags = /^flags\s*:(.*)$/m.exec(cpuInfo)?.[1]?.trim().split(/\s+/) ?? [];
  return flags.includes('hypervisor') && !flags.includes('vmx') && !flags.includes('svm');
}

/** Groups are given to a process when its user logs in; what the lists have got since then it does not have. */
async function membershipIn(
  gid: number,
  members: string,
  { processStatus, users }: SystemFiles,
): Promise<ProbedKvm['membership']> {
  const status = await textOf(processStatus);
  const group = String(gid);
  if ([...numbersIn(status, 'Gid'), ...numbersIn(status, 'Groups')].includes(group)) return 'held';
  const [uid = ''] = numbersIn(status, 'Uid');
  const user = await entryOf(uid, users);
  const isListed =
    user !== null && (members.split(',').includes(user[0] as string) || user[USER_GROUP] === group);
  return isListed ? 'listed' : 'none';
}

/** Fields of group(5) and passwd(5). */
const GROUP_MEMBERS = 3;
const USER_GROUP = 3;

/** The fields of the entry with this number in passwd(5) or group(5), which begin alike: `name:password:number:`. */
async function entryOf(number: string, list: string): Promise<string[] | null> {
  const entries = (await textOf(list)).split('\n').map((line) => line.split(':'));
  return entries.find((fields) => fields[2] === number) ?? null;
}
