/** Which key is meant by one that a table does not have. */
import { type AnyKey, elementKeys, type TableKey } from './key.ts';
import { nearestWord } from './nearest_word.ts';
import { fieldOf, type Path } from './path.ts';

/** A key of the schema; the path has no indexes. */
interface KnownKey {
  readonly path: readonly string[];
  readonly key: AnyKey;
  /** Whether it is a key of the elements of a list. */
  readonly isInList: boolean;
}

/** What others call a key, in small letters without what is between words, with its table where others have another meaning there. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    accel: 'hardware.acceleration',
    agent: 'guest_agent.enabled',
    'audio.driver': 'audio.backend',
    bios: 'firmware.bios',
    boot: 'boot.order',
    'boot.devices': 'boot.order',
    bootorder: 'boot.order',
    capacity: 'storage.disks.size_gb',
    cd: 'storage.cdroms',
    cdrom: 'storage.cdroms',
    cloudinit: 'storage.seed',
    cmdline: 'kernel.append',
    commandline: 'kernel.append',
    containername: 'vm.name',
    cpu: 'hardware.cpu',
    cpucores: 'hardware.cores',
    cpumodel: 'hardware.cpu',
    cpus: 'hardware.cores',
    diskimage: 'storage.disks.path',
    diskimg: 'storage.disks.path',
    disksize: 'storage.disks.size_gb',
    'display.type': 'display.mode',
    drive: 'storage.disks',
    drives: 'storage.disks',
    dvd: 'storage.cdroms',
    efi: 'firmware.type',
    efidisk: 'firmware.vars',
    emulator: 'vm.qemu_binary',
    filesystems: 'shares',
    'firmware.efi': 'firmware.type',
    fixediso: 'storage.cdroms',
    forward: 'network.interfaces.hostfwd',
    forwards: 'network.interfaces.hostfwd',
    graphics: 'display.mode',
    hostdev: 'passthrough',
    hostdevs: 'passthrough',
    hostfwds: 'network.interfaces.hostfwd',
    hostpci: 'passthrough',
    hw: 'hardware',
    image: 'storage.disks.path',
    images: 'storage.disks',
    initramfs: 'kernel.initrd',
    iso: 'storage.cdroms',
    kernel: 'kernel.bzimage',
    'kernel.file': 'kernel.bzimage',
    'kernel.image': 'kernel.bzimage',
    'kernel.path': 'kernel.bzimage',
    'kernel.vmlinuz': 'kernel.bzimage',
    keyboard: 'input.type',
    loader: 'firmware.code',
    macaddr: 'network.interfaces.mac',
    maxmemory: 'memory.max_mb',
    mem: 'hardware.memory_mb',
    memory: 'hardware.memory_mb',
    memorysize: 'hardware.memory_mb',
    memsize: 'hardware.memory_mb',
    mounts: 'shares',
    mouse: 'input.type',
    ncpus: 'hardware.cores',
    netdev: 'network.interfaces',
    netdevs: 'network.interfaces',
    networks: 'network.interfaces',
    nic: 'network.interfaces',
    nics: 'network.interfaces',
    numvcpus: 'hardware.cores',
    nvram: 'firmware.vars',
    ovmf: 'firmware.code',
    pci: 'passthrough',
    portforward: 'network.interfaces.hostfwd',
    portforwards: 'network.interfaces.hostfwd',
    ports: 'network.interfaces.hostfwd',
    processors: 'hardware.cores',
    qemu: 'vm.qemu_binary',
    qga: 'guest_agent.enabled',
    ram: 'hardware.memory_mb',
    ramdisk: 'kernel.initrd',
    rootfs: 'storage.disks.path',
    secureboot: 'firmware.secure_boot',
    sharedfolders: 'shares',
    'shares.mounttag': 'shares.name',
    'shares.tag': 'shares.name',
    smp: 'hardware.cores',
    sound: 'audio.backend',
    soundhw: 'audio.device',
    spice: 'display.mode',
    sshport: 'network.interfaces.hostfwd',
    tablet: 'input.type',
    tpm2: 'tpm.enabled',
    uefi: 'firmware.type',
    userdata: 'storage.seed.user_data',
    vcpu: 'hardware.cores',
    vcpus: 'hardware.cores',
    vga: 'gpu.model',
    video: 'gpu.model',
    'vm.hostname': 'vm.name',
    'vm.title': 'vm.name',
    vmname: 'vm.name',
    vnc: 'display.mode',
    volumes: 'shares',
  }),
);

/** The path of the key that others call so; `null` where nobody is known to. */
export function keyCalled(name: string): string | null {
  return OTHER_NAMES.get(name.toLowerCase().replaceAll(/[_-]/g, '')) ?? null;
}

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

/** By what others call it, as a key of another table, by spelling, or by its parts; `null` where nothing is near. */
export function meantKey(unknown: UnknownKey): MeantKey | null {
  const { name, table, at, version } = unknown;
  const known = keysOf(unknown.schema);
  const called =
    keyCalled(fieldOf([...at.filter((step) => typeof step === 'string'), name])) ?? keyCalled(name);
  const other = known.find(({ path }) => path.join('.') === called);
  if (other !== undefined) return elsewhere(other, unknown);
  const exact = inListBelow(unknown) ?? inOtherTable(name, known);
  if (exact !== null) return elsewhere(exact, unknown);
  const names = Object.keys(table.keys).filter((one) => Number(table.keys[one]?.since) <= version);
  const near = nearestWord(name, names) ?? sharingWords(unknown, names);
  if (near !== null) return { path: [...at, near], key: table.keys[near] as AnyKey, isInOtherList: false };
  const several = inOtherTable(`${name}s`, known);
  return several === null ? null : elsewhere(several, unknown);
}

/** A key of the elements of a list in the same section. */
function inListBelow({ name, table, at }: UnknownKey): KnownKey | null {
  if (at.length === 0) return null;
  for (const [list, key] of Object.entries(table.keys)) {
    const members = elementKeys(key);
    if (Object.hasOwn(members, name))
      return { path: [...at.map(String), list, name], key: members[name] as AnyKey, isInList: true };
  }
  return null;
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

/** Names that mean something else in each table. */
const COMMON_NAMES: readonly string[] = ['path', 'version'];

/** The only key of this name, or the only one outside of lists, or one that must be there. */
function inOtherTable(name: string, known: readonly KnownKey[]): KnownKey | null {
  if (COMMON_NAMES.includes(name)) return null;
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
