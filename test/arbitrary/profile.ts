/**
 * Random profiles without errors, over the whole range of the schema, and the hosts they are for. Warnings are welcome:
 * what is legal has to be planned, however odd.
 */
import fc from 'fast-check';
import {
  ARCHITECTURES,
  type Architecture,
  HOST_ACCELERATORS,
  NATIVE_ACCELERATOR,
} from '../../src/facts/host_facts.ts';
import { baseNameOf } from '../../src/facts/host_paths.ts';
import { namedPath } from '../../src/needs/named_path.ts';
import { isPathNeed, type PathNeed, traitsOf } from '../../src/needs/need.ts';
import { parseProfile } from '../../src/planning/parse_profile.ts';
import { DEFAULT_BINARIES } from '../../src/topics/binary.ts';
import { needsOf } from '../../src/topics/index.ts';
import {
  PROFILE,
  type ProfileDocument,
  SCHEMA_VERSIONS,
  type SchemaVersion,
} from '../../src/topics/profile.ts';
import { setAt } from '../help/documents.ts';
import { type HostAccelerator, type HostFacts, type HostSystem, LINUX } from '../help/hosts.ts';
import { arbitraryOf, type Hint, textMatching } from './from_schema.ts';
import { settledVersion2 } from './profile_version_2.ts';

type Hardware = ProfileDocument['hardware'];
type Serial = NonNullable<ProfileDocument['serial']>;
type Disk = NonNullable<NonNullable<ProfileDocument['storage']>['disks']>[number];
type Interface = NonNullable<NonNullable<ProfileDocument['network']>['interfaces']>[number];

/** A profile, and a host that can run it. */
export interface ValidCase {
  readonly document: ProfileDocument;
  readonly facts: HostFacts;
}

const ROOTS: Readonly<Record<HostSystem, readonly string[]>> = {
  linux: ['/srv/lab', '/srv/a=b,c', '/', '/tmp/ü 🐧', '/srv/a,,b'],
  darwin: ['/Users/dev/lab', '/Users/a, b=c'],
  windows: ['C:\\lab', 'D:\\a b,c=d', 'C:\\'],
  freebsd: ['/usr/home/lab', '/home/l,b'],
};
/** What the QEMU of each system is built without. */
const LACKING: Readonly<Record<HostSystem, readonly string[]>> = {
  linux: [],
  darwin: ['tap', 'bridge'],
  windows: ['pty', 'host-path', 'bridge'],
  freebsd: ['bridge', 'host-path'],
};
const SLOTS: Readonly<Record<Architecture, number>> = { x86_64: 30, aarch64: 31, riscv64: 31, ppc64le: 32 };
/** In MiB, what 40 bits of addresses reach on x86_64. */
const MOST_X86_MB = 1001472;
const LONGEST_TAP_NAME = 15;
/** In bytes; the least that any system takes. */
const LONGEST_SOCKET = 103;

export function hostFacts(system?: HostSystem): fc.Arbitrary<HostFacts> {
  const systems = fc.constantFrom<HostSystem>('linux', 'linux', 'darwin', 'windows', 'freebsd');
  return (system === undefined ? systems : fc.constant(system)).chain((os) =>
    fc.record({
      accelerators: fc.subarray(HOST_ACCELERATORS.filter((name) => name === NATIVE_ACCELERATOR[os])),
      arch: fc.constantFrom(...ARCHITECTURES),
      os: fc.constant(os),
      project_root: fc.constantFrom(...ROOTS[os]),
    }),
  );
}

export function validCase(
  system?: HostSystem,
  versions: readonly SchemaVersion[] = SCHEMA_VERSIONS,
): fc.Arbitrary<ValidCase> {
  return fc
    .tuple(hostFacts(system), fc.constantFrom(...versions))
    .chain(([facts, version]) => validProfile(facts, version).map((document) => ({ document, facts })));
}

/** Profiles without errors on this host. */
export function validProfile(
  facts: HostFacts,
  version: SchemaVersion = 1,
  architectures: readonly Architecture[] = ARCHITECTURES,
): fc.Arbitrary<ProfileDocument> {
  const { os } = facts;
  return fc
    .constantFrom(...architectures)
    .chain((arch) => {
      const had = acceleratorsFor(arch, facts);
      const lacking = [...LACKING[os], ...HOST_ACCELERATORS.filter((name) => !had.includes(name))];
      const hints = { ...hintsFor(arch, facts), schema_version: () => fc.constant(version) };
      return arbitraryOf(PROFILE, { os, version, hints, lacking });
    })
    .map((document) => {
      const copy = structuredClone(document) as ProfileDocument;
      return version === 2 ? settledVersion2(copy, facts) : settled(copy, facts);
    });
}

function acceleratorsFor(arch: Architecture, facts: HostFacts): readonly HostAccelerator[] {
  return facts.arch === arch ? facts.accelerators : [];
}

/** The names of the keys of which the schema alone does not say enough. */
export function hintedKeys(): string[] {
  return Object.keys(hintsFor('x86_64', LINUX));
}

function hintsFor(arch: Architecture, { os, project_root }: HostFacts): Readonly<Record<string, Hint>> {
  const binary = DEFAULT_BINARIES[arch];
  const folders =
    os === 'windows' ? ['C:\\qemu\\', '\\\\server\\x\\'] : ['/usr/bin/', '/opt/a,b=c/../qemu/', '//opt/'];
  const binaries = [binary, 'qemu-kvm', `${binary}.exe`, ...folders.map((folder) => folder + binary)];
  return {
    'vm.qemu_binary': () => fc.constantFrom(...binaries),
    'hardware.arch': () => fc.constant(arch),
    'hardware.cpu': () => cpu(arch),
    'hardware.memory_mb': (usual) => {
      const blocks = usual().map((mb) => Number(mb) - (Number(mb) % 256));
      return fc.oneof(usual(), blocks, fc.constant(257));
    },
    'machine.type': () => fc.constantFrom(...MACHINES[arch]),
    'storage.disks.boot': (usual) => fc.oneof(usual(), fc.constant(false), fc.constant(false)),
    'network.interfaces.hostfwd': (usual) => fc.oneof(usual(), textMatching(FORWARD)),
    'network.interfaces.mac': (_, index) => mac(index),
    'console.escape_sequence': (usual) => fc.oneof(usual(), fc.constant('ctrl+c')),
    // No comma: a multiboot kernel would take it as the start of another file.
    'kernel.initrd': (usual) =>
      project_root.includes(',')
        ? fc.constant(os === 'windows' ? 'D:\\initrd.img' : '/boot/initrd.img')
        : usual().map((text) => String(text).replaceAll(',', '')),
    'kernel.append': (usual) =>
      fc.oneof(
        usual(),
        fc.constantFrom('console=ttyS0,115200 root=/dev/vda', 'init=/bin/sh', 'x'.repeat(3000)),
      ),
  };
}

/** Those that QEMU 7.2 and 10.0 have. */
const MACHINES: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['q35', 'pc', 'pc', 'pc-q35-7.2', 'pc-i440fx-7.1'],
  aarch64: ['virt', 'virt-7.2'],
  riscv64: ['virt'],
  ppc64le: ['pseries', 'pseries-7.2'],
};

/** Addresses that mean something of their own. */
const FORWARD =
  '^(?:tcp|udp):(?:127[.]0[.]0[.]1|0[.]0[.]0[.]0|255(?:[.]255){3}):[1-9][0-9]{0,3}-(?:0[.]0[.]0[.]0)?:[1-9]$';

/** Any model of any architecture, since nobody but QEMU knows them; flags are had on x86_64 only. */
function cpu(arch: Architecture): fc.Arbitrary<string> {
  const models = 'max|host|Skylake-Client-v4|cortex-a72|486|POWER9_v2[.]0';
  const name = '[abx0189][abx0189._-]{0,8}';
  const feature = `${name}=[ABCXYZabcxyz0189._-]{1,5}${arch === 'x86_64' ? `|[+-]?${name}` : ''}`;
  const written = textMatching(`^(?:${models})(?:,(?:${feature})){0,4}$`);
  return fc.oneof(written, written, fc.constant('max,phys-bits=46'));
}

/** A unicast address that ends in the interface's index, in neither of the ranges that are handed out. */
function mac(index: number): fc.Arbitrary<string> {
  const last = index.toString(16).padStart(2, '0');
  const octet = '[0-9A-Fa-f]{2}';
  return textMatching(`^(?:(?:0[2aA]|F[eE]|[aA]c):${octet}|52:55)(?::${octet}){3}:${last}$`);
}

/** Settles what lies between keys, each of which is valid by itself. */
function settled(document: ProfileDocument, facts: HostFacts): ProfileDocument {
  const { hardware, storage, network, serial } = document;
  settleHardware(hardware, facts);
  const slots = SLOTS[hardware.arch];
  network?.interfaces?.splice(slots - 1);
  const cards = network?.interfaces?.filter(({ type }) => type !== 'none').length ?? 0;
  storage?.disks?.splice(slots - cards);
  settleInterfaces(network?.interfaces ?? []);
  settleDisks(storage?.disks ?? []);
  if (serial?.enabled === true) settleSerial(serial, facts);
  const hasImage = storage?.disks?.some(({ format }) => format !== 'host-path') === true;
  if (document.kernel?.enabled === true || !hasImage)
    document.kernel = { bzimage: 'kernel', ...document.kernel, enabled: true };
  settleCreated(document, facts);
  return document;
}

/** What the accelerator and the CPU allow. */
function settleHardware(hardware: Hardware, facts: HostFacts): void {
  const { arch, acceleration = 'auto' } = hardware;
  const resolved = acceleration === 'auto' ? (acceleratorsFor(arch, facts)[0] ?? 'tcg') : acceleration;
  const passesHostCpu = resolved === 'kvm' || resolved === 'hvf';
  if (hardware.cpu !== undefined && !passesHostCpu)
    hardware.cpu = hardware.cpu.replace(/^host(?=,|$)/, 'max');
  if (arch === 'ppc64le') hardware.memory_mb -= hardware.memory_mb % 256;
  if (arch !== 'x86_64') return;
  if (resolved !== 'kvm') hardware.cores = Math.min(hardware.cores, 255);
  const { cpu = 'host' } = hardware;
  const isBounded = !(passesHostCpu && /^host(?=,|$)/.test(cpu)) && !cpu.includes(',phys-bits=');
  if (isBounded) hardware.memory_mb = Math.min(hardware.memory_mb, MOST_X86_MB);
}

/** Forwards on user cards only, each of a port of its own and of an address that its protocol can have. */
function settleInterfaces(interfaces: Interface[]): void {
  const taken = new Set<string>();
  for (const card of interfaces) {
    if (card.type === 'tap') card.name = card.name.slice(0, LONGEST_TAP_NAME);
    if (card.hostfwd === undefined) continue;
    card.hostfwd = card.type === 'user' ? card.hostfwd.map((rule) => withFreePort(rule, taken)) : [];
  }
  makeNamesUnique(interfaces);
}

/** Multicast, and the broadcast to everybody: nobody can connect to them. */
const DATAGRAM_ADDRESS = /^(?:22[4-9]|23[0-9])[.]|^255(?:[.]255){3}$/;

function withFreePort(rule: string, taken: Set<string>): string {
  const [wanted, address = '', ports = '', guestPort] = rule.split(':');
  const protocol = DATAGRAM_ADDRESS.test(address) ? 'udp' : wanted;
  const [written, guest] = ports.split('-');
  let port = Number(written);
  while (taken.has(`${protocol}:${port}`)) port = (port % 65535) + 1;
  taken.add(`${protocol}:${port}`);
  return [protocol, address, `${port}-${guest}`, guestPort].join(':');
}

/** One boot disk at most; a share neither boots nor has a size. */
function settleDisks(disks: Disk[]): void {
  for (const disk of disks.filter(({ format }) => format === 'host-path')) {
    delete disk.size_gb;
    if (disk.boot === true) disk.boot = false;
  }
  const [, ...others] = disks.filter(({ boot }) => boot === true);
  for (const disk of others) disk.boot = false;
  makeNamesUnique(disks);
}

/** A name stays short enough for a tap device. */
function makeNamesUnique(elements: { name: string }[]): void {
  const taken = new Set<string>();
  for (const element of elements) {
    const stem = element.name.slice(0, 12);
    for (let count = 0; taken.has(element.name); count++) element.name = `${stem}${count}`;
    taken.add(element.name);
  }
}

/** The modes `socket` and `file` alone have a device, and `file` needs one, or a log. */
function settleSerial(serial: Serial, { os }: HostFacts): void {
  const { mode = 'pty' } = serial;
  if (mode === 'pty' && os === 'windows') serial.mode = 'none';
  if (mode === 'pty' || mode === 'none') delete serial.device;
  if (mode === 'file' && serial.device === undefined) serial.logfile ??= 'serial.log';
}

/** What QEMU creates lies in the project root, or in `/tmp` where it may, and the path of a socket is short. */
function settleCreated(document: ProfileDocument, facts: HostFacts): void {
  for (const need of needsOf(parseProfile(document).draft, facts)) {
    if (!isPathNeed(need) || traitsOf(need).isCreated !== true) continue;
    const { at, text, path } = need;
    const fitting = [text, baseNameOf(facts.os, path), at.join('.')].find((candidate) =>
      mayBeCreated({ ...need, ...namedPath(facts, at, candidate) }),
    );
    if (fitting !== text) setAt(document, at, fitting);
  }
}

function mayBeCreated(need: PathNeed): boolean {
  if (need.kind !== 'socket') return need.isInsideRoot;
  const isInPlace = need.isInsideRoot || (need.mayBeInTmp && need.path.startsWith('/tmp/'));
  return isInPlace && Buffer.byteLength(need.path) <= LONGEST_SOCKET;
}
