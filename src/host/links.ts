/** The network devices of this host, read from sysfs(5), and whether this user may use devices that QEMU opens. */
import { constants } from 'node:fs';
import { access, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProbedNetwork } from '../facts/host.ts';
import type { Link, TapLink } from '../facts/network.ts';
import { errorCode, mayAccess } from './files.ts';

/** Flags of linux/if_tun.h. */
const IFF_TAP = 0x0002;
const IFF_MULTI_QUEUE = 0x0100;

/** All network devices by name; `null` on a host without sysfs. */
export async function readLinks(sysNet: string): Promise<ReadonlyMap<string, Link> | null> {
  const names = await readdir(sysNet).catch(() => null);
  if (names === null) return null;
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readLink(join(sysNet, name))] as const)),
  );
}

async function readLink(device: string): Promise<Link> {
  const flags = await attributeOf(device, 'tun_flags');
  if (flags !== null)
    return (Number(flags) & IFF_TAP) === 0 ? { kind: 'tun' } : readTap(device, Number(flags));
  return { kind: (await mayAccess(join(device, 'bridge'), constants.F_OK)) ? 'bridge' : 'other' };
}

async function readTap(device: string, flags: number): Promise<TapLink> {
  const [owner, group, carrier] = await Promise.all([
    attributeOf(device, 'owner'),
    attributeOf(device, 'group'),
    attributeOf(device, 'carrier'),
  ]);
  return {
    kind: 'tap',
    isMultiQueue: (flags & IFF_MULTI_QUEUE) !== 0,
    owner: numberOf(owner),
    group: numberOf(group),
    // A process that has the device is its carrier. Of a device that is down the kernel refuses to tell.
    state: carrier === '1' ? 'in-use' : carrier === '0' ? 'idle' : 'down',
  };
}

/** -1 is nobody in particular. */
function numberOf(text: string | null): number | null {
  return text === null || text === '-1' ? null : Number(text);
}

async function attributeOf(device: string, name: string): Promise<string | null> {
  return readFile(join(device, name), 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}

/** Whether this process may use a device. Asked with access(2), never by opening it. */
export async function probeDevice(path: string): Promise<ProbedNetwork['tunDevice']> {
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'ready';
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'missing' : 'no-permission';
  }
}
