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

/** A key, and the value that is meant with it where the name says that too. */
type Meaning = readonly [key: string, value?: string | boolean];

/**
 * What others call a key, as QEMU, libvirt, Proxmox, quickemu, Lima and UTM do: in small letters, without what is between words,
 * with its table where the name has another meaning elsewhere.
 */
export const OTHER_NAMES: readonly (readonly [meaning: Meaning, names: string])[] = [
  [['audio.backend'], 'audio.driver audiodev sound'],
  [['audio.device'], 'audio.model audio.type soundcard soundhw'],
  [['audio.microphone'], 'audio.input audio.mic audio.record'],
  [
    ['boot.order'],
    'boot boot.device boot.devices boot.first boot.once bootdevices bootdisk bootindex bootorder',
  ],
  [['channels.socket'], 'channels.path'],
  [['consoles.device'], 'consoles.path consoles.socket consoles.socketpath'],
  [['consoles.logfile'], 'consoles.file'],
  [['consoles.mode'], 'consoles.type'],
  [['debug.gdb_port'], 'debug.s'],
  [['debug.gdb_socket'], 'debugger gdb gdbserver gdbstub'],
  [['debug.log_file'], 'log logging qemulog'],
  [['debug.log_items'], 'debug.d debug.trace'],
  [['devices.balloon'], 'memballoon virtioballoon'],
  [['devices.panic'], 'pvpanic'],
  [['devices.rng'], 'rng virtiorng'],
  [['devices.vsock_cid'], 'cid guestcid vhostvsock vsock'],
  [['devices.watchdog'], 'watchdogaction watchdogmodel'],
  [['display.address'], 'display.bind display.host display.listen'],
  [['display.agent'], 'clipboard spiceagent vdagent'],
  [['display.mode', 'none'], 'headless nographic'],
  [['display.mode', 'spice'], 'spice spiceserver'],
  [['display.mode', 'vnc'], 'vnc vncserver'],
  [['display.mode'], 'display.protocol display.type graphics screen screens'],
  [['display.port'], 'display.listenport spiceport vncport'],
  [['display.socket'], 'display.path'],
  [['display.usb_redirection'], 'redirdev redirdevs redirection usbredir'],
  [['firmware.bios'], 'bios'],
  [['firmware.code'], 'loader ovmf pflash'],
  [['firmware.secure_boot'], 'secureboot'],
  [['firmware.type', 'uefi'], 'efi uefi'],
  [['firmware.type'], 'boottype legacybios'],
  [['firmware.vars'], 'efidisk efivars nvram ovmfvars'],
  [['gpu.height'], 'yres'],
  [
    ['gpu.model'],
    'display.device display.model displaydevice gpu.driver gpu.type graphicscard vga video videocard',
  ],
  [['gpu.width'], 'resolution xres'],
  [['guest_agent.enabled'], 'agent qga'],
  [['guest_agent.socket'], 'guestagent.path'],
  [['hardware'], 'hw system'],
  [['hardware.acceleration', 'hvf'], 'hvf'],
  [['hardware.acceleration', 'kvm'], 'enablekvm kvm'],
  [['hardware.acceleration'], 'accel accelerator'],
  [['hardware.arch'], 'architecture'],
  [['hardware.cores'], 'cpucores cpucount cpus ncpus numvcpus processors smp vcpu vcpus'],
  [['hardware.cpu'], 'cpu cpumodel cputype'],
  [['hardware.memory_mb'], 'mem memory memorysize memsize ram'],
  [['input.type'], 'keyboard mouse pointer tablet'],
  [
    ['kernel.append'],
    'append bootargs cmdline kernel.commandline kernelargs kernelcmdline kernelcommandline kernelparams',
  ],
  [['kernel.bzimage'], 'kernel kernel.file kernel.image kernel.path kernel.vmlinuz vmlinuz'],
  [['kernel.dtb'], 'devicetree fdt'],
  [['kernel.initrd'], 'initramfs ramdisk'],
  [['machine.acpi', false], 'noacpi'],
  [['machine.hpet', false], 'nohpet'],
  [['machine.type'], 'chipset machinetype'],
  [['memory'], 'memorybacking'],
  [['memory.hugepages_kb'], 'hugepage hugepages mempath'],
  [['memory.lock'], 'memlock mlock overcommit'],
  [['memory.max_mb'], 'maxmemory'],
  [['memory.prealloc'], 'memprealloc'],
  [['monitor.socket'], 'hmp monitor.path monitorsocket'],
  [['network.interfaces'], 'ethernet net netdev netdevs networkcards networkinterfaces networks nic nics'],
  [['network.interfaces.bridge'], 'network.interfaces.br network.interfaces.source'],
  [
    ['network.interfaces.hostfwd'],
    'forward forwardedports forwards hostfwds portforward portforwarding portforwards ports publish ssh sshport',
  ],
  [
    ['network.interfaces.ifname'],
    'network.interfaces.dev network.interfaces.interface network.interfaces.target',
  ],
  [['network.interfaces.mac'], 'macaddr macaddress'],
  [['network.interfaces.model'], 'network.interfaces.driver network.model'],
  [['network.interfaces.mtu'], 'network.interfaces.hostmtu'],
  [['network.interfaces.name'], 'network.interfaces.id network.name'],
  [['network.interfaces.pxe'], 'network.interfaces.rom network.interfaces.romfile'],
  [['network.interfaces.queues'], 'network.interfaces.mq network.interfaces.multiqueue'],
  [['network.interfaces.socket_role'], 'network.interfaces.connect network.interfaces.listen'],
  [
    ['network.interfaces.subnet'],
    'network.interfaces.dhcp network.interfaces.dhcpstart network.interfaces.net',
  ],
  [['network.interfaces.tftp'], 'network.interfaces.tftpdir network.interfaces.tftproot'],
  [['network.interfaces.type', 'passt'], 'passt'],
  [['network.interfaces.type', 'tap'], 'tap taps'],
  [['network.interfaces.type', 'user'], 'slirp'],
  [['network.interfaces.type'], 'network.mode network.type'],
  [['numa'], 'numanode numanodes numatune'],
  [['passthrough'], 'gpupassthrough hostdev hostdevs hostpci pci pcidevices pcie pcipassthrough vfio'],
  [
    ['passthrough.address'],
    'passthrough.bdf passthrough.device passthrough.host passthrough.id passthrough.pci',
  ],
  [['process.daemonize'], 'process.daemon'],
  [['process.on_panic'], 'oncrash'],
  [['process.on_reboot'], 'noreboot'],
  [['process.on_shutdown'], 'noshutdown onpoweroff'],
  [['process.sandbox'], 'seccomp'],
  [['qmp.extra_sockets'], 'qmp.sockets'],
  [['qmp.socket'], 'qmp.path qmpsocket'],
  [['rtc.base'], 'localtime startdate'],
  [['rtc.driftfix'], 'tdf'],
  [['serial'], 'serialport'],
  [['serial.address'], 'serial.host serial.listen'],
  [['serial.device'], 'serial.path serial.socket'],
  [['serial.logfile'], 'serial.file'],
  [['serial.mode'], 'serial.type'],
  [['serial.port'], 'serial.tcpport serial.telnetport'],
  [['serial.ports'], 'serialports'],
  [
    ['shares'],
    '9p filesystem filesystems folders fsdev mount mounts plan9 publicdir shareddirectories shareddirs sharedfolder sharedfolders sharing virtfs volume volumes',
  ],
  [['shares.name'], 'shares.mounttag shares.tag shares.target'],
  [['shares.path'], 'shares.dir shares.directory shares.location shares.source'],
  [['shares.readonly'], 'shares.ro shares.writable'],
  [['shares.security_model'], 'shares.accessmode'],
  [['shares.type', 'virtiofs'], 'virtiofs'],
  [['shares.type'], 'shares.driver'],
  [['smbios'], 'sysinfo'],
  [['storage.cdroms'], 'cd cdrom dvd dvds fixediso iso isoimages isos optical'],
  [
    ['storage.disks'],
    'additionaldisks blockdev blockdevs diskimages drive drives harddisk harddisks hda hdd ide images nvme sata scsi storagedisks virtio virtioblk',
  ],
  [['storage.disks.bus'], 'controller controllers scsihw'],
  [['storage.disks.iothread'], 'iothreads'],
  [['storage.disks.path'], 'diskimage diskimg image rootfs'],
  [['storage.disks.size_gb'], 'capacity disksize'],
  [['storage.floppies'], 'fd fda floppy'],
  [['storage.seed'], 'cloudinit nocloud'],
  [['storage.seed.network_config'], 'gateway ip ipaddress ipconfig nameserver nameservers'],
  [['storage.seed.user_data'], 'provision userdata'],
  [['tpm.enabled'], 'swtpm tpm2 tpmdev vtpm'],
  [['tpm.state_dir'], 'tpm.path tpm.state tpmstate tpmstatedir'],
  [['usb'], 'usbdevice usbdevices usbhost usbpassthrough'],
  [['usb.bus'], 'usb.hostbus'],
  [['usb.port'], 'usb.hostport'],
  [['usb.product_id'], 'usb.pid usb.product'],
  [['usb.vendor_id'], 'usb.vendor usb.vid'],
  [['vm'], 'domain'],
  [['vm.depends_on'], 'vm.after vm.dependencies vm.requires vm.startorder vm.startup'],
  [['vm.description'], 'annotations comment labels metadata notes owner tags'],
  [['vm.name'], 'containername title vm.hostname vmname'],
  [['vm.qemu_binary'], 'emulator qemu'],
];

const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  OTHER_NAMES.flatMap(([meaning, names]) => names.split(' ').map((name) => [name, meaning] as const)),
);

function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** The key that others call so, `net0` and `scsi1` like the first of them; `null` where nobody is known to. */
function meaningOf(name: string): Meaning | null {
  const plain = lettersOf(name);
  return MEANINGS.get(plain) ?? MEANINGS.get(plain.replace(/\d+$/, '')) ?? null;
}

/** The path of the key that others call so; `null` where nobody is known to. */
export function keyCalled(name: string): string | null {
  return meaningOf(name)?.[0] ?? null;
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
  readonly isInSameTable: boolean;
  /** Whether it is a key of the elements of a list. */
  readonly isInList: boolean;
  /** What is meant to be written there, where the name says it. */
  readonly value?: string | boolean;
}

/** The name with that of its table. */
export function fieldIn({ name, at }: UnknownKey): string {
  return fieldOf([...at.filter((step) => typeof step === 'string'), name]);
}

/** By what others call it, as a key of another table, by spelling, or by its parts; `null` where nothing is near. */
export function meantKey(unknown: UnknownKey): MeantKey | null {
  const { name, table, at, version } = unknown;
  const known = keysOf(unknown.schema);
  const names = Object.keys(table.keys).filter((one) => Number(table.keys[one]?.since) <= version);
  const alike = names.find((one) => lettersOf(one) === lettersOf(name));
  if (alike !== undefined) return inSameTable([...at, alike], table.keys[alike] as AnyKey);
  const called = meaningOf(fieldIn(unknown)) ?? meaningOf(name);
  const other = known.find(({ path }) => path.join('.') === called?.[0]);
  if (called !== null && other !== undefined) {
    const [, value] = called;
    return { ...elsewhere(other, unknown), ...(value !== undefined && { value }) };
  }
  const isOwnName = name === 'name' && at.length > 0;
  const exact = inListBelow(unknown) ?? (isOwnName ? null : inOtherTable(name, known));
  if (exact !== null) return elsewhere(exact, unknown);
  const near = withWords(name, names) ?? nearestWord(name, names) ?? requiredWith(unknown, names);
  if (near !== null) return inSameTable([...at, near], table.keys[near] as AnyKey);
  const found = COMMON_NAMES.includes(name) ? null : inOtherTable(`${name}s`, known);
  return found === null ? null : elsewhere(found, unknown);
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

function inSameTable(path: Path, key: AnyKey): MeantKey {
  return { path, key, isInSameTable: true, isInList: false };
}

/** In the same table after all, or in another. */
function elsewhere({ path, key, isInList }: KnownKey, { table, at }: UnknownKey): MeantKey {
  const name = path.at(-1) as string;
  return table.keys[name] === key
    ? inSameTable([...at, name], key)
    : { path, key, isInSameTable: false, isInList };
}

/** The longest key that has all of the name in it, or all of which is in the name. */
function withWords(name: string, names: readonly string[]): string | null {
  const isPart = (part: string, whole: string): boolean =>
    whole.startsWith(`${part}_`) || whole.endsWith(`_${part}`);
  const near = names.filter((one) => isPart(name, one) || isPart(one, name));
  return near.sort((left, right) => right.length - left.length)[0] ?? null;
}

/** A required key that starts or ends like it. */
function requiredWith({ name, table }: UnknownKey, names: readonly string[]): string | null {
  const words = name.toLowerCase().split('_');
  const isNear = (candidate: string): boolean => {
    const parts = candidate.split('_');
    return parts[0] === words[0] || parts.at(-1) === words.at(-1);
  };
  return names.find((one) => table.keys[one]?.isRequired === true && isNear(one)) ?? null;
}

/** Names that mean something else in each table. */
const COMMON_NAMES: readonly string[] = [
  ...['backend', 'device', 'file', 'model', 'path', 'port', 'product', 'socket', 'socket_path', 'version'],
];

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
