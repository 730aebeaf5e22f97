/**
 * The short way to read a profile. Most documents fit the schema, and their texts hold nothing that is escaped anywhere
 * and nothing that looks like a secret: those are read here. Any other is read by `read_table.ts`, which can say what is
 * wrong with which key. Of an ordinary document both make the same profile.
 */
import { canonicalToml } from './canonical.ts';
import type { Console, Disk, Hardware, Interface, Kernel, Profile, Qmp, Serial, Vm } from './profile.ts';
import { defaultQmpSocket } from './qmp.ts';
import {
  ACCELERATIONS,
  ARCHITECTURES,
  ConsoleSchema,
  DISK_FORMATS,
  DiskSchema,
  HardwareSchema,
  INTERFACE_TYPES,
  InterfaceSchema,
  KernelSchema,
  MOST_DEVICES,
  MOST_FORWARDS,
  NetworkSchema,
  ProfileSchema,
  QmpSchema,
  SERIAL_MODES,
  SerialSchema,
  StorageSchema,
  VmSchema,
} from './schema.ts';
import { looksSecret } from './secrets.ts';
import { isOrdinaryText, unchanged } from './text.ts';

/** A profile in which there is nothing to report but what the rules find, and its canonical text. */
export interface OrdinaryProfile {
  readonly profile: Profile;
  readonly canonical: string;
}

type Table = Readonly<Record<string, unknown>>;

/** What a section is that the document does not have. */
const ABSENT = {};

const PROFILE_KEYS = keysOf(ProfileSchema);
const VM_KEYS = keysOf(VmSchema);
const HARDWARE_KEYS = keysOf(HardwareSchema);
const STORAGE_KEYS = keysOf(StorageSchema);
const DISK_KEYS = keysOf(DiskSchema);
const NETWORK_KEYS = keysOf(NetworkSchema);
const INTERFACE_KEYS = keysOf(InterfaceSchema);
const SERIAL_KEYS = keysOf(SerialSchema);
const QMP_KEYS = keysOf(QmpSchema);
const CONSOLE_KEYS = keysOf(ConsoleSchema);
const KERNEL_KEYS = keysOf(KernelSchema);

const isVmName = matcherOf(VmSchema.properties.name);
const isCpu = matcherOf(HardwareSchema.properties.cpu);
const isCores = integerOf(HardwareSchema.properties.cores);
const isMemory = integerOf(HardwareSchema.properties.memory_mb);
const isDiskName = matcherOf(DiskSchema.properties.name);
const isSize = integerOf(DiskSchema.properties.size_gb);
const isInterfaceName = matcherOf(InterfaceSchema.properties.name);
const isHostForward = matcherOf(InterfaceSchema.properties.hostfwd.items);
const isMac = matcherOf(InterfaceSchema.properties.mac);
const isEscapeSequence = matcherOf(ConsoleSchema.properties.escape_sequence);

/** The profile in a document that is ordinary; `null` for any other. */
export function readOrdinary(document: unknown): OrdinaryProfile | null {
  const profile = profileIn(document);
  if (profile === null) return null;
  const texts = textsOf(profile);
  if (!isOrdinaryText(texts) || looksSecret(texts)) return null;
  return { profile, canonical: canonicalToml(profile, unchanged) };
}

/**
 * The texts of a profile in which there can be a secret or something to escape, with a space between them: what only two
 * of them make together costs no more than the long way.
 */
function textsOf({ vm, hardware, storage, network, serial, qmp, console, kernel }: Profile): string {
  let texts =
    `${vm.name} ${vm.description} ${vm.qemu_binary} ${hardware.cpu} ${serial.device} ${serial.logfile} ` +
    `${qmp.socket} ${console.escape_sequence} ${kernel.bzimage} ${kernel.initrd} ${kernel.append}`;
  for (const { name, path } of storage.disks) texts += ` ${name} ${path}`;
  for (const { name } of network.interfaces) texts += ` ${name}`;
  return texts;
}

function profileIn(document: unknown): Profile | null {
  if (!isTable(document, PROFILE_KEYS)) return null;
  const { schema_version } = document;
  const vm = vmIn(document.vm);
  const hardware = hardwareIn(document.hardware);
  if (schema_version !== 1 || vm === null || hardware === null) return null;
  const disks = disksIn(document.storage);
  const interfaces = interfacesIn(document.network);
  const serial = serialIn(document.serial);
  if (disks === null || interfaces === null || serial === null) return null;
  const qmp = qmpIn(document.qmp, vm.name);
  const console = consoleIn(document.console);
  const kernel = kernelIn(document.kernel);
  if (qmp === null || console === null || kernel === null) return null;
  return {
    schema_version,
    vm,
    hardware,
    storage: { disks },
    network: { interfaces },
    serial,
    qmp,
    console,
    kernel,
  };
}

function vmIn(section: unknown): Vm | null {
  if (!isTable(section, VM_KEYS)) return null;
  const { name, description = '', qemu_binary } = section;
  return isVmName(name) && isText(description) && isPathOrAbsent(qemu_binary)
    ? { name, description, qemu_binary }
    : null;
}

function hardwareIn(section: unknown): Hardware | null {
  if (!isTable(section, HARDWARE_KEYS)) return null;
  const { arch, cpu, cores, memory_mb, acceleration = 'auto' } = section;
  return isOneOf(ARCHITECTURES, arch) &&
    (cpu === undefined || isCpu(cpu)) &&
    isCores(cores) &&
    isMemory(memory_mb) &&
    isOneOf(ACCELERATIONS, acceleration)
    ? { arch, cpu, cores, memory_mb, acceleration }
    : null;
}

function disksIn(section: unknown = ABSENT): Disk[] | null {
  return isTable(section, STORAGE_KEYS) ? listIn(section.disks, MOST_DEVICES, diskIn) : null;
}

function diskIn(table: unknown): Disk | null {
  if (!isTable(table, DISK_KEYS)) return null;
  const { name, path, format, size_gb, boot = false, readonly = false } = table;
  return isDiskName(name) &&
    isPath(path) &&
    isOneOf(DISK_FORMATS, format) &&
    (size_gb === undefined || isSize(size_gb)) &&
    isBoolean(boot) &&
    isBoolean(readonly)
    ? { name, path, format, size_gb, boot, readonly }
    : null;
}

function interfacesIn(section: unknown = ABSENT): Interface[] | null {
  return isTable(section, NETWORK_KEYS) ? listIn(section.interfaces, MOST_DEVICES, interfaceIn) : null;
}

function interfaceIn(table: unknown): Interface | null {
  if (!isTable(table, INTERFACE_KEYS)) return null;
  const { name, type, mac } = table;
  const hostfwd = listIn(table.hostfwd, MOST_FORWARDS, hostForwardIn);
  return isInterfaceName(name) &&
    isOneOf(INTERFACE_TYPES, type) &&
    hostfwd !== null &&
    (mac === undefined || isMac(mac))
    ? { name, type, hostfwd, mac: mac?.toLowerCase() }
    : null;
}

function hostForwardIn(rule: unknown): string | null {
  return isHostForward(rule) ? rule : null;
}

function serialIn(section: unknown = ABSENT): Serial | null {
  if (!isTable(section, SERIAL_KEYS)) return null;
  const { enabled = false, mode = 'pty', device, logfile } = section;
  return isBoolean(enabled) &&
    isOneOf(SERIAL_MODES, mode) &&
    isPathOrAbsent(device) &&
    isPathOrAbsent(logfile)
    ? { enabled, mode, device, logfile }
    : null;
}

/** Writing the section is asking for QMP; a socket is needed only then. */
function qmpIn(section: unknown, vmName: string): Qmp | null {
  if (section === undefined) return { enabled: false, socket: undefined };
  if (!isTable(section, QMP_KEYS)) return null;
  const { enabled = true, socket } = section;
  if (!isBoolean(enabled) || !isPathOrAbsent(socket)) return null;
  return { enabled, socket: enabled ? (socket ?? defaultQmpSocket(vmName)) : socket };
}

function consoleIn(section: unknown = ABSENT): Console | null {
  if (!isTable(section, CONSOLE_KEYS)) return null;
  const { auto_attach = false, escape_sequence = 'ctrl+]' } = section;
  return isBoolean(auto_attach) && isEscapeSequence(escape_sequence)
    ? { auto_attach, escape_sequence }
    : null;
}

function kernelIn(section: unknown = ABSENT): Kernel | null {
  if (!isTable(section, KERNEL_KEYS)) return null;
  const { enabled = false, bzimage, initrd, append = '' } = section;
  return isBoolean(enabled) && isPathOrAbsent(bzimage) && isPathOrAbsent(initrd) && isText(append)
    ? { enabled, bzimage, initrd, append }
    : null;
}

/** The elements of an array, each read; an absent one is empty. */
function listIn<Element>(
  value: unknown,
  most: number,
  read: (element: unknown) => Element | null,
): Element[] | null {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length > most) return null;
  const list: Element[] = [];
  for (const element of value) {
    const one = read(element);
    if (one === null) return null;
    list.push(one);
  }
  return list;
}

/** Whether a value is a table that has none but these keys. */
function isTable(value: unknown, keys: ReadonlySet<string>): value is Table {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date)
    return false;
  for (const key in value) if (!keys.has(key)) return false;
  return true;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isOneOf<Choice extends string>(choices: readonly Choice[], value: unknown): value is Choice {
  return choices.includes(value as Choice);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isPath(value: unknown): value is string {
  return isText(value) && value.trim() !== '';
}

function isPathOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || isPath(value);
}

function keysOf({ properties }: { readonly properties: object }): ReadonlySet<string> {
  return new Set(Object.keys(properties));
}

/** The check of a text against the pattern and the length of its schema. */
function matcherOf(schema: object): (value: unknown) => value is string {
  const { pattern, maxLength = Number.POSITIVE_INFINITY } = schema as { pattern: string; maxLength?: number };
  const expression = new RegExp(pattern);
  return (value): value is string =>
    typeof value === 'string' && value.length <= maxLength && expression.test(value);
}

/** The check of an integer against the bounds of its schema. */
function integerOf(schema: object): (value: unknown) => value is number {
  const { minimum, maximum } = schema as { minimum: number; maximum: number };
  return (value): value is number =>
    Number.isInteger(value) && Number(value) >= minimum && Number(value) <= maximum;
}
