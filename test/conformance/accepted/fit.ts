/** Changes what this machine cannot have in a profile, so that what is left is tried for real. */
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { parseProfile } from '../../../src/planning/parse_profile.ts';
import type { AnyKey } from '../../../src/profile/key.ts';
import type { Path } from '../../../src/profile/path.ts';
import { needsOf } from '../../../src/topics/index.ts';
import { PROFILE, type ProfileDocument } from '../../../src/topics/profile.ts';
import { RISCV_FLASH_SINCE } from '../firmware_files.ts';
import type { Lane } from '../lane.ts';
import { type Architecture, BINARIES, MOST_PSERIES_MB } from '../settings.ts';

type Disk = NonNullable<NonNullable<ProfileDocument['storage']>['disks']>[number];
type Interface = NonNullable<NonNullable<ProfileDocument['network']>['interfaces']>[number];

const LONGEST_SOCKET = 107;
const LOOPBACK = '127.0.0.1';
/** Of what serial ports and consoles listen on here; forwards have those before. */
const FIRST_TCP_PORT = 64000;
const VHOST_NET = '/dev/vhost-net';

/** The same profile for this machine under tcg; `root` is the project root that its absolute paths may be in. */
export function fit(profile: ProfileDocument, lane: Lane, root: string = lane.root): ProfileDocument {
  const compared = withoutVsock(withoutHostDevices(profile));
  const placed = withPaths(PROFILE, compared, placer(compared, lane, root)) as ProfileDocument;
  const { hardware, network, storage, firmware, process, ...rest } = placed;
  const fittedFirmware = fitFirmware(placed, lane);
  const { vm } = profile;
  return {
    ...rest,
    ...(fittedFirmware && { firmware: fittedFirmware }),
    ...(process && { process: fitProcess(process) }),
    ...(network && { network }),
    ...(storage && { storage }),
    vm: { ...vm, ...(vm.qemu_binary && { qemu_binary: fitBinary(vm.qemu_binary, hardware.arch, lane) }) },
    ...fitMemory(placed),
    ...fitEnds(placed),
    ...fitScreen(placed, lane),
    ...(storage?.disks && { storage: { ...storage, disks: storage.disks.map(fitDisk) } }),
    ...(network?.interfaces && {
      network: { interfaces: network.interfaces.map((card, index) => fitCard(card, index, lane)) },
    }),
  };
}

/** A copy of a value in which each path is placed; the schema says what is a path. */
function withPaths(
  key: AnyKey | undefined,
  value: unknown,
  place: (path: string, at: Path) => string,
  at: Path = [],
): unknown {
  switch (key?.kind) {
    case 'table': {
      const members = Object.entries(value as object);
      return Object.fromEntries(
        members.map(([name, member]) => [name, withPaths(key.keys[name], member, place, [...at, name])]),
      );
    }
    case 'list':
      return (value as unknown[]).map((one, index) => withPaths(key.element, one, place, [...at, index]));
    case 'text':
      return key.isPath ? place(String(value), at) : value;
    default:
      return value;
  }
}

/**
 * Paths that lead out of the lane's folder lead to the place beside the project root instead. Sockets are never under /tmp,
 * and short.
 */
function placer(profile: ProfileDocument, lane: Lane, root: string): (path: string, at: Path) => string {
  const needs = needsOf(parseProfile(profile).draft, lane.facts);
  const sockets = new Set(
    needs.flatMap(({ kind, at }) => (kind === 'socket' || kind === 'peer-socket' ? [at.join('.')] : [])),
  );
  const place = (path: string): string => {
    if (path.startsWith(`${root}/`)) return lane.root + path.slice(root.length);
    return posix.resolve(lane.root, path).startsWith(`${lane.folder}/`) ? path : `${lane.outside}/${path}`;
  };
  return (path, at) => {
    const name = at.join('.');
    if (!sockets.has(name)) return place(path);
    const placed = place(path.replace(/^\/tmp\//, ''));
    if (Buffer.byteLength(posix.resolve(lane.root, placed)) <= LONGEST_SOCKET) return placed;
    // swtpm takes no comma.
    return name === 'tpm.socket' ? 'run/tpm=' : `run/,${name}=`;
  };
}

/** Any name of QEMU works, but what it names has to be there: a link to the architecture's QEMU. */
function fitBinary(binary: string, arch: Architecture, lane: Lane): string {
  return binary === BINARIES[arch]
    ? binary
    : `${lane.binaries}/${arch}/../${posix.basename(binary).replace(/\.exe$/, '')}`;
}

/** Features that nothing but kvm has. */
const HYPERV = /,[+]?hv[-_][^,]*/g;

function fitHardware(hardware: ProfileDocument['hardware']): ProfileDocument['hardware'] {
  const { arch, cpu, memory_mb, acceleration } = hardware;
  const isNative = acceleration === 'kvm' || acceleration === 'hvf' || acceleration === 'whpx';
  const model = arch === 'riscv64' ? 'rv64' : 'max';
  return {
    ...hardware,
    ...(isNative && { acceleration: 'tcg' }),
    ...(cpu?.startsWith('host') &&
      (isNative || cpu !== 'host') && { cpu: cpu.replace('host', model).replace(HYPERV, '') }),
    ...(arch === 'ppc64le' && memory_mb > MOST_PSERIES_MB && { memory_mb: MOST_PSERIES_MB }),
  };
}

/** The most memory that is taken at once or made as an object, which the suite cannot give room by options of its own. */
const MOST_OBJECT_MB = 512;

/** Huge pages and locked memory are the host's to give, and so are its own nodes. */
function fitMemory(profile: ProfileDocument): Pick<ProfileDocument, 'hardware' | 'memory' | 'numa'> {
  const { hugepages_kb, lock, ...memory } = profile.memory ?? {};
  const hardware = fitHardware(profile.hardware);
  const nodes = profile.numa ?? [];
  const isShared = profile.shares?.some(({ type }) => type === 'virtiofs') === true;
  const isObject = nodes.length > 0 || isShared || memory.shared === true || memory.prealloc === true;
  const memory_mb = isObject ? Math.min(hardware.memory_mb, MOST_OBJECT_MB) : hardware.memory_mb;
  return {
    hardware: { ...hardware, memory_mb },
    ...(profile.memory && { memory }),
    ...(profile.numa && {
      numa: nodes.map(({ host_node, ...node }, index) => ({
        ...node,
        memory_mb: index === 0 ? memory_mb : 0,
      })),
    }),
  };
}

export const NO_HOST_DEVICES = {
  name: 'the section passthrough',
  why: 'the tests have no PCI device to hand on, which needs kvm besides; profiles are tried without it',
};

function withoutHostDevices({ passthrough: _, ...profile }: ProfileDocument): ProfileDocument {
  return profile;
}

export const NO_VSOCK = {
  name: 'devices.vsock_cid',
  why: 'the tests have no /dev/vhost-vsock; what QEMU says of its numbers without it is among what is refused',
};

function withoutVsock(profile: ProfileDocument): ProfileDocument {
  const { devices } = profile;
  if (devices === undefined) return profile;
  const { vsock_cid, ...others } = devices;
  return { ...profile, devices: others };
}

export const NO_TERMINAL = {
  name: 'the mode stdio of serial ports and consoles',
  why: 'the suite talks to QEMU over that terminal; that QEMU has one and no more is among what is refused',
};

type Serial = NonNullable<ProfileDocument['serial']>;
/** What serial ports and consoles have in common. */
type End = Pick<Serial, 'mode' | 'address' | 'port'>;

/** Of TCP, ports that nothing else has, on addresses that every host has. */
function fitEnds({ serial, consoles }: ProfileDocument): Pick<ProfileDocument, 'serial' | 'consoles'> {
  let next = FIRST_TCP_PORT;
  const fitted = <One extends End>(end: One): One => {
    const { mode, address } = end;
    if (mode === 'stdio') return { ...end, mode: 'pty' };
    if (mode !== 'tcp') return end;
    const isIpv6 = address?.includes(':') === true;
    return { ...end, port: next++, ...(address !== undefined && { address: isIpv6 ? '::1' : '127.0.0.1' }) };
  };
  return {
    ...(serial && {
      serial: { ...fitted(serial), ...(serial.ports && { ports: serial.ports.map(fitted) }) },
    }),
    ...(consoles && { consoles: consoles.map(fitted) }),
  };
}

export const NO_DAEMON = {
  name: 'process.daemonize in profiles with anything else',
  why: 'QEMU talks to the suite over its standard input, which it has not in the background; the daemon cases try it',
};

/** The format of the host's own firmware is what it is, and no host has any for riscv64. */
function fitFirmware({ hardware, firmware }: ProfileDocument, lane: Lane): ProfileDocument['firmware'] {
  if (firmware?.type !== 'uefi') return firmware;
  if (hardware.arch === 'riscv64' && lane.qemuMajor < RISCV_FLASH_SINCE) return undefined;
  const { code_format, ...rest } = firmware;
  return firmware.code === undefined ? rest : firmware;
}

function fitProcess({
  daemonize,
  ...process
}: NonNullable<ProfileDocument['process']>): NonNullable<ProfileDocument['process']> {
  return process;
}

export const NO_SCREEN = {
  name: 'windows and sound servers',
  why: 'the tests have no session with a screen or sound',
};

/** Of TCP, loopback, on ports that nothing else has. Sound is played by a viewer or by nobody. */
function fitScreen(
  { display, audio }: ProfileDocument,
  { root }: Lane,
): Pick<ProfileDocument, 'display' | 'audio'> {
  const isWindow = display?.mode === 'gtk' || display?.mode === 'sdl' || display?.mode === 'cocoa';
  const socket = display?.socket;
  const isPlayed = audio?.backend !== undefined && audio.backend !== 'spice';
  const isLong = socket !== undefined && Buffer.byteLength(posix.resolve(root, socket)) > LONGEST_SOCKET;
  return {
    ...(display && {
      display: {
        ...display,
        ...(isWindow && { mode: 'none' as const }),
        ...(isLong && { socket: 'run/display' }),
        ...(display.address !== undefined && { address: display.address.includes(':') ? '::1' : LOOPBACK }),
        ...(display.port !== undefined && { port: 63900 }),
        ...(display.websocket_port !== undefined && { websocket_port: 63901 }),
      },
    }),
    ...(audio && { audio: { ...audio, ...(isPlayed && { backend: 'none' as const }) } }),
  };
}

export const NO_BLOCK_DEVICES = {
  name: 'disks of the format block-device',
  why: 'no block device of this machine is for tests; raw images stand in for them',
};

function fitDisk(disk: Disk): Disk {
  return disk.format === 'block-device' ? { ...disk, format: 'raw' } : disk;
}

export const NO_VHOST = {
  name: 'network.interfaces[].vhost',
  why: `this machine has ${existsSync(VHOST_NET) ? 'it, and it is not for tests' : `no ${VHOST_NET}`}; taps are tried without it`,
};

/** Taps are called so that no bridge is. Without a network of its own QEMU shares the ports of this machine: loopback, from 20000. */
function fitCard({ vhost, ...card }: Interface, index: number, { sandbox }: Lane): Interface {
  if (card.type === 'tap' && card.ifname !== undefined && card.ifname !== card.name)
    card.ifname = `tap.${index}`;
  if (sandbox.isPrivate || card.hostfwd === undefined) return card;
  const hostfwd = card.hostfwd.map((rule, number) => {
    const [host = '', guest = ''] = rule.split('-');
    return `${host.split(':')[0]}:127.0.0.1:${20000 + index * 1000 + number}-${guest}`;
  });
  return { ...card, hostfwd };
}
