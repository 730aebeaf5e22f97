/** What a profile asks for, with paths resolved: read from the profile itself, not from the code under test. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { InterfaceType } from '../../../src/topics/network_keys.ts';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { type Architecture, BINARIES } from '../settings.ts';
import { portOf } from './topics/passt.ts';
import type { Asked } from './topics/topic.ts';

export interface Disk {
  readonly name: string;
  readonly path: string;
  readonly format: string;
  readonly readonly: boolean;
  readonly boots: boolean;
}

export interface Share {
  readonly name: string;
  readonly path: string;
  readonly readonly: boolean;
}

export interface Card {
  readonly name: string;
  readonly type: Exclude<InterfaceType, 'none'>;
  readonly model: string;
  readonly mac: string;
  readonly queues: number;
  /** What it leads to, as `info network` has it. */
  readonly backend: string;
  /** The devices of the host that it needs; `null` where it needs none. */
  readonly tap: string | null;
  readonly bridge: string | null;
  readonly forwards: readonly string[];
  /** What a plan names as listened on for it by somebody else than QEMU. */
  readonly elsewhere: readonly string[];
}

export interface Intent {
  /** For the topics, which read the profile themselves. */
  readonly asked: Asked;
  readonly name: string;
  readonly binary: string;
  readonly arch: Architecture;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryMb: number;
  readonly disks: readonly Disk[];
  /** Whether the profile says by a boot index which disk boots. */
  readonly hasBootIndex: boolean;
  readonly shares: readonly Share[];
  readonly cards: readonly Card[];
  readonly qmpSocket: string | null;
  readonly serial: { readonly mode: string; readonly path: string | null } | null;
  readonly kernel: { readonly image: string; readonly initrd: string | null; readonly append: string } | null;
}

export function intentOf(profile: ProfileDocument, root: string): Intent {
  const { vm, hardware, storage, qmp, kernel } = profile;
  const place = (path: string): string => posix.resolve(root, path);
  const disks = storage?.disks ?? [];
  const images = disks
    .filter(({ format }) => format !== 'host-path')
    .map(({ name, path, format, readonly = false, boot = false }) => ({
      name,
      path: place(path),
      format,
      readonly,
      boots: boot,
    }));
  return {
    asked: { profile, arch: hardware.arch, place },
    name: vm.name,
    binary: vm.qemu_binary ?? BINARIES[hardware.arch],
    arch: hardware.arch,
    cpu: cpuOf(hardware),
    cores: hardware.cores,
    memoryMb: hardware.memory_mb,
    disks: images,
    hasBootIndex: images.findIndex(({ boots }) => boots) > 0,
    shares: disks
      .filter(({ format }) => format === 'host-path')
      .map(({ name, path, readonly = false }) => ({ name, path: place(path), readonly })),
    cards: cardsOf(profile, place),
    qmpSocket:
      qmp === undefined || qmp.enabled === false ? null : place(qmp.socket ?? `run/${vm.name}.qmp.sock`),
    serial: serialOf(profile, place),
    kernel:
      kernel?.enabled === true
        ? {
            image: place(String(kernel.bzimage)),
            initrd: kernel.initrd === undefined ? null : place(kernel.initrd),
            append: kernel.append ?? '',
          }
        : null,
  };
}

/** Every case runs under tcg, where `host` is the default CPU by another name. */
function cpuOf({ arch, cpu }: ProfileDocument['hardware']): string {
  if (cpu !== undefined && cpu !== 'host') return cpu;
  return arch === 'riscv64' ? 'rv64' : 'max';
}

function serialOf({ vm, serial }: ProfileDocument, place: (path: string) => string): Intent['serial'] {
  if (serial?.enabled !== true) return null;
  const { mode = 'pty', device, logfile } = serial;
  if (mode === 'file') return { mode, path: place(String(logfile ?? device)) };
  if (mode === 'socket') return { mode, path: place(device ?? `run/${vm.name}.serial.sock`) };
  return { mode, path: null };
}

type Interface = NonNullable<NonNullable<ProfileDocument['network']>['interfaces']>[number];

function cardsOf({ vm, network }: ProfileDocument, place: (path: string) => string): Card[] {
  const taken = new Set<string>();
  let hubs = 0;
  return (network?.interfaces ?? []).flatMap((one) => {
    const { name, type, mac, hostfwd = [], queues = 1, ifname = name, bridge = 'br0' } = one;
    if (type === 'none') return [];
    const address =
      mac?.toLowerCase() ?? (type === 'user' ? qemusMac(taken) : namesMac(`${vm.name}/${name}`));
    taken.add(address);
    if (type === 'isolated') hubs++;
    return [
      {
        name,
        type,
        model: one.model ?? 'virtio-net-pci',
        mac: address,
        queues,
        backend: backendOf(one, hubs),
        tap: type === 'tap' ? ifname : null,
        bridge: type === 'bridge' ? bridge : null,
        forwards:
          type === 'user' ? hostfwd.map((rule) => forwardOf(rule, firstGuest(one.subnet))).sort() : [],
        elsewhere: elsewhereOf(one, place(one.socket_path ?? `run/${vm.name}.${name}.passt.sock`)),
      },
    ];
  });
}

function backendOf({ name, type, subnet = '10.0.2.0/24', ...one }: Interface, hub: number): string {
  switch (type) {
    case 'user':
      return `user ${subnet.split('/')[0]} restrict=${one.restrict === true ? 'on' : 'off'}`;
    case 'tap':
      return `tap ${one.ifname ?? name}`;
    case 'bridge':
      return `bridge ${one.bridge ?? 'br0'}`;
    case 'isolated':
      return `hub ${hub}`;
    default:
      return 'stream';
  }
}

/** What passt, or the other VM, listens on. */
function elsewhereOf({ type, hostfwd = [], socket_role }: Interface, socket: string): string[] {
  if (type === 'socket') return socket_role === 'connect' ? [`socket:unix:${socket}`] : [];
  if (type !== 'passt') return [];
  return [`socket:unix:${socket}`, ...hostfwd.map(portOf)];
}

/** The address that DHCP gives first: the last bits of x.x.2.15. */
function firstGuest(subnet = '10.0.2.0/24'): string {
  const [address = '', bits] = subnet.split('/');
  const rest = BigInt.asUintN(32, (1n << (32n - BigInt(bits as string))) - 1n);
  const first = address.split('.').reduce((sum, octet) => sum * 256n + BigInt(octet), 0n);
  const guest = first | (0x020fn & rest);
  return [24n, 16n, 8n, 0n].map((shift) => (guest >> shift) & 255n).join('.');
}

/** QEMU counts up from 52:54:00:12:34:56 and leaves out what earlier cards have. */
function qemusMac(taken: ReadonlySet<string>): string {
  for (let last = 0x56; ; last++) {
    const mac = `52:54:00:12:34:${last.toString(16).padStart(2, '0')}`;
    if (!taken.has(mac)) return mac;
  }
}

function namesMac(text: string): string {
  const [first, second, third] = createHash('sha256').update(text).digest();
  return [0x52, 0x54, 0, first, second, third]
    .map((octet) => (octet ?? 0).toString(16).padStart(2, '0'))
    .join(':');
}

/** `tcp:127.0.0.1:2222-:22` as QEMU lists it: `*` for every address, its own DHCP address for the guest. */
function forwardOf(rule: string, guestByDhcp: string): string {
  const [host = '', guest = ''] = rule.split('-');
  const [protocol = '', address = '', port = ''] = host.split(':');
  const [guestAddress = '', guestPort = ''] = guest.split(':');
  const bound = address === '' || address === '0.0.0.0' ? '*' : address;
  const reached = guestAddress === '' || guestAddress === '0.0.0.0' ? guestByDhcp : guestAddress;
  return `${protocol.toUpperCase()} ${bound}:${port} ${reached}:${guestPort}`;
}
