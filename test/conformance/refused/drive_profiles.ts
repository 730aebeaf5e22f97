/** Profiles with one disk, and argvs with one of its elements changed. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Architecture } from '../settings.ts';
import { type Disk, small2 } from '../small_profile.ts';

export type Storage = NonNullable<ProfileDocument['storage']>;
export type Values = Readonly<Record<string, unknown>>;

/** What the elements of the disk `a` have. */
export const NODE: Values = { 'node-name': 'a' };
export const DEVICE: Values = { id: 'disk-a' };

export function disk(more: Partial<Disk> = {}, name = 'a'): Disk {
  return { name, path: `i/${name}.img`, format: 'raw', ...more };
}

export function withDisks(...disks: Disk[]): ProfileDocument {
  return small2('x86_64', { storage: { disks } });
}

export function withStorage(storage: Storage, arch: Architecture = 'x86_64'): ProfileDocument {
  return small2(arch, { storage: { disks: [disk()], ...storage } });
}

/** `argv` with more in one of its JSON elements, which `has` names by one of its members. */
export function joined(argv: readonly string[], has: Values, more: Values): string[] {
  let isFound = false;
  const edited = argv.map((element) => {
    const values = element.startsWith('{') ? (JSON.parse(element) as Values) : {};
    if (!Object.entries(has).every(([key, value]) => values[key] === value)) return element;
    isFound = true;
    return JSON.stringify({ ...values, ...more });
  });
  if (!isFound) throw new Error(`no element of argv has ${JSON.stringify(has)}: ${JSON.stringify(argv)}`);
  return edited;
}
