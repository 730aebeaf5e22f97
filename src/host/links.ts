/** The network devices of this host, read from sysfs(5), and the bridges that QEMU's helper may join. */
import { constants } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LinkKind } from '../facts/host.ts';
import { errorCode, mayAccess } from './files.ts';

/** All network devices by name; `null` on a host without sysfs. */
export async function readLinks(sysNet: string): Promise<ReadonlyMap<string, LinkKind> | null> {
  const names = await readdir(sysNet).catch(() => null);
  if (names === null) return null;
  return new Map(
    await Promise.all(names.map(async (name) => [name, await kindOf(join(sysNet, name))] as const)),
  );
}

async function kindOf(device: string): Promise<LinkKind> {
  if (await mayAccess(join(device, 'tun_flags'), constants.F_OK)) return 'tap';
  return (await mayAccess(join(device, 'bridge'), constants.F_OK)) ? 'bridge' : 'other';
}

/** The rules of the bridge helper's list without comments, `[]` when there is no list; `null` when it cannot be read. */
export async function readBridgeRules(path: string): Promise<string[] | null> {
  try {
    const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.trim());
    return lines.filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? [] : null;
  }
}
