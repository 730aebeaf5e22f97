/** Which key is meant by one that a table does not have. */
import type { AnyKey, TableKey } from './key.ts';
import { nearestWord } from './nearest_word.ts';
import type { Path } from './path.ts';

/** A key of the schema; the path has no indexes. */
interface KnownKey {
  readonly path: readonly string[];
  readonly key: AnyKey;
  /** Whether it is a key of the elements of a list. */
  readonly isInList: boolean;
}

/** What others call a key, by its path in the schema. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    accel: 'hardware.acceleration',
    bios: 'firmware.bios',
    cd: 'storage.cdroms',
    cdrom: 'storage.cdroms',
    cpus: 'hardware.cores',
    drive: 'storage.disks',
    drives: 'storage.disks',
    efi: 'firmware.type',
    forward: 'network.interfaces.hostfwd',
    forwards: 'network.interfaces.hostfwd',
    graphics: 'display.mode',
    image: 'storage.disks.path',
    images: 'storage.disks',
    iso: 'storage.cdroms',
    mem: 'hardware.memory_mb',
    nic: 'network.interfaces',
    nics: 'network.interfaces',
    ports: 'network.interfaces.hostfwd',
    ram: 'hardware.memory_mb',
    smp: 'hardware.cores',
    uefi: 'firmware.type',
    vcpu: 'hardware.cores',
    vcpus: 'hardware.cores',
  }),
);

/** Where a key was found that is not known there. */
export interface UnknownKey {
  readonly name: string;
  readonly schema: TableKey;
  /** The table that it stands in, and where that is. */
  readonly table: TableKey;
  readonly at: Path;
  readonly version: number;
}

export interface MeantKey {
  /** With the indexes of the table where it is in the same one. */
  readonly path: Path;
  readonly key: AnyKey;
  readonly isInOtherList: boolean;
}

/** By what others call it, by spelling, by its parts, or as a key of another table; `null` where nothing is near. */
export function meantKey(unknown: UnknownKey): MeantKey | null {
  const { name, table, at, version } = unknown;
  const known = keysOf(unknown.schema);
  const other = known.find(({ path }) => path.join('.') === OTHER_NAMES.get(name.toLowerCase()));
  if (other !== undefined) return elsewhere(other, unknown);
  const names = Object.keys(table.keys).filter((one) => Number(table.keys[one]?.since) <= version);
  const near = nearestWord(name, names) ?? sharingWords(unknown, names);
  if (near !== null) return { path: [...at, near], key: table.keys[near] as AnyKey, isInOtherList: false };
  const found = inOtherTable(name, known) ?? inOtherTable(`${name}s`, known);
  return found === null ? null : elsewhere(found, unknown);
}

/** In the same table after all, or in another. */
function elsewhere({ path, key, isInList }: KnownKey, { table, at }: UnknownKey): MeantKey {
  const name = path.at(-1) as string;
  return table.keys[name] === key
    ? { path: [...at, name], key, isInOtherList: false }
    : { path, key, isInOtherList: isInList };
}

/** A key that has all of the name in it, or that is required and starts or ends like it. */
function sharingWords({ name, table }: UnknownKey, names: readonly string[]): string | null {
  const words = name.toLowerCase().split('_');
  const isNear = (candidate: string): boolean => {
    const parts = candidate.split('_');
    if (candidate.startsWith(`${name}_`) || candidate.endsWith(`_${name}`)) return true;
    return (
      table.keys[candidate]?.isRequired === true && (parts[0] === words[0] || parts.at(-1) === words.at(-1))
    );
  };
  return names.find(isNear) ?? null;
}

/** The only key of this name, or the only one outside of lists, or one that must be there. */
function inOtherTable(name: string, known: readonly KnownKey[]): KnownKey | null {
  const all = known.filter(({ path }) => path.at(-1) === name);
  const outside = all.filter(({ isInList }) => !isInList);
  const required = outside.filter(({ key }) => key.isRequired);
  for (const candidates of [required, outside, all])
    if (candidates.length === 1) return candidates[0] as KnownKey;
  return null;
}

function keysOf(table: TableKey, above: readonly string[] = [], isInList = false): KnownKey[] {
  return Object.entries(table.keys).flatMap(([name, key]) => {
    const path = [...above, name];
    const below = key.kind === 'list' ? key.element : key;
    const members = below.kind === 'table' ? keysOf(below, path, isInList || key.kind === 'list') : [];
    return [{ path, key, isInList }, ...members];
  });
}
