/** What a profile asks for, with paths resolved: read from the profile itself, not from the code under test. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { InterfaceType } from '../../../src/topics/network_keys.ts';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { type Architecture, BINARIES } from '../settings.ts';
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
  readonly mac: string;
  readonly forwards: readonly string[];
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
    cards: cardsOf(profile),
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

function cardsOf({ vm, network }: ProfileDocument): Card[] {
  const taken = new Set<string>();
  return (network?.interfaces ?? []).flatMap(({ name, type, mac, hostfwd = [] }) => {
    if (type === 'none') return [];
    const address =
      mac?.toLowerCase() ?? (type === 'user' ? qemusMac(taken) : namesMac(`${vm.name}/${name}`));
    taken.add(address);
    return [{ name, type, mac: address, forwards: hostfwd.map(forwardOf).sort() }];
  });
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
function forwardOf(rule: string): string {
  const [host = '', guest = ''] = rule.split('-');
  const [protocol = '', address = '', port = ''] = host.split(':');
  const [guestAddress = '', guestPort = ''] = guest.split(':');
  const bound = address === '' || address === '0.0.0.0' ? '*' : address;
  const reached = guestAddress === '' || guestAddress === '0.0.0.0' ? '10.0.2.15' : guestAddress;
  return `${protocol.toUpperCase()} ${bound}:${port} ${reached}:${guestPort}`;
}
