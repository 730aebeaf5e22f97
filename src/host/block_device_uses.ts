/** What else of this host has a block device, by sysfs(5) and proc(5). */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { textOf } from './files.ts';
import type { SystemFiles } from './system_files.ts';

/** In words that complete "which is …"; `null` for what is not there. */
export async function readBlockUses(path: string, system: SystemFiles): Promise<string[] | null> {
  const number = await numberOf(path);
  if (number === null) return null;
  const directory = join(system.sysBlock, number);
  const parts = await partsIn(directory);
  const numbers = new Set([number, ...parts.map((part) => part.number)]);
  const [mounted, swapped, ...held] = await Promise.all([
    mountsOf(numbers, system),
    swapsOf(numbers, system),
    ...[directory, ...parts.map((part) => part.directory)].map(holdersIn),
  ]);
  return [...mounted, ...swapped, ...held.flat()];
}

/** Major and minor number, as sysfs writes them; `null` where there is no such file. */
async function numberOf(path: string): Promise<string | null> {
  const stats = await stat(path, { bigint: true }).catch(() => null);
  if (stats === null) return null;
  const { rdev } = stats;
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn);
  return `${major}:${minor}`;
}

interface DevicePart {
  readonly number: string;
  readonly directory: string;
}

/** The partitions of a disk. */
async function partsIn(directory: string): Promise<DevicePart[]> {
  const names = await readdir(directory).catch(() => []);
  const parts = names.map(async (name) => {
    const own = join(directory, name);
    const isPart = (await textOf(join(own, 'partition'))) !== '';
    return isPart ? [{ number: (await textOf(join(own, 'dev'))).trim(), directory: own }] : [];
  });
  return (await Promise.all(parts)).flat();
}

/** Some file systems have a number of their own, and name the device. */
const ANONYMOUS = /^0:/;

async function mountsOf(numbers: ReadonlySet<string>, { mountInfo }: SystemFiles): Promise<string[]> {
  const lines = (await textOf(mountInfo)).split('\n').filter((line) => line !== '');
  const mounts = lines.map(async (line) => {
    const [fields = '', end = ''] = line.split(' - ');
    const [, , number = '', , place = ''] = fields.split(' ');
    const [, source = ''] = end.split(' ');
    const isNamed = ANONYMOUS.test(number) && source.startsWith('/');
    const used = isNamed ? await numberOf(source) : number;
    return used !== null && numbers.has(used) ? [`mounted at ${place}`] : [];
  });
  return (await Promise.all(mounts)).flat();
}

async function swapsOf(numbers: ReadonlySet<string>, { swaps }: SystemFiles): Promise<string[]> {
  const [, ...lines] = (await textOf(swaps)).split('\n').filter((line) => line !== '');
  const used = await Promise.all(lines.map((line) => numberOf(String(line.split(/\s/)[0]))));
  return used.some((number) => number !== null && numbers.has(number)) ? ['swap space'] : [];
}

/** Devices that are made of it, such as those of LVM and RAID. */
async function holdersIn(directory: string): Promise<string[]> {
  const names = await readdir(join(directory, 'holders')).catch(() => []);
  return names.sort().map((name) => `a part of ${name}`);
}
