/** A machine as it is compared, field by field: as the profile has it, and as QEMU says that it made it. */

import type { Listener, OpenFile } from '../qemu/proc.ts';
import type { Architecture } from '../settings.ts';
import type { Intent } from './intent.ts';

export interface Machine {
  readonly name: string;
  readonly cpus: number;
  readonly 'cpu model': string;
  readonly 'cpu features': Readonly<Record<string, unknown>>;
  readonly memory: number;
  readonly accelerator: string;
  /** In the order of their PCI addresses, which is the guest's. */
  readonly disks: readonly { readonly file: string; readonly format: string; readonly readonly: boolean }[];
  readonly 'boot index': readonly number[];
  readonly shares: readonly { readonly tag: string; readonly directory: string }[];
  readonly 'network cards': readonly {
    readonly id: string;
    readonly backend: string;
    readonly mac: string;
  }[];
  readonly forwards: Readonly<Record<string, readonly string[]>>;
  readonly 'serial port': string;
  readonly 'QMP socket': string;
  readonly kernel: string;
  readonly initrd: string;
  readonly append: string;
  /** Devices beyond those that the machine has by itself. */
  readonly 'added devices': Readonly<Record<string, number>>;
  readonly 'open files': readonly OpenFile[];
  /** What the plan names as listened on. */
  readonly 'open ports': readonly Listener[];
  readonly 'tap devices': readonly string[];
}

export type Field = keyof Machine;

/** No `bootindex`: QEMU's word for a disk that is not in the boot order. */
const NO_BOOT_INDEX = -1;

export function intendedMachine(intent: Intent, resources: readonly string[]): Machine {
  const { disks, shares, cards, serial, kernel } = intent;
  return {
    name: intent.name,
    cpus: intent.cores,
    'cpu model': intent.cpu.split(',')[0] ?? '',
    'cpu features': Object.fromEntries(featuresOf(intent.cpu)),
    memory: intent.memoryMb * 1024 * 1024,
    accelerator: 'tcg',
    disks: disks.map(({ path, format, readonly }) => ({ file: path, format, readonly })),
    'boot index': disks.map(({ boots }) => (boots && intent.hasBootIndex ? 1 : NO_BOOT_INDEX)),
    shares: shares.map(({ name, path }) => ({ tag: name, directory: path })),
    'network cards': cards.map(({ name, type, mac }) => ({ id: name, backend: type, mac })),
    forwards: Object.fromEntries(
      cards.filter(({ type }) => type === 'user').map(({ name, forwards }) => [name, forwards]),
    ),
    'serial port': serial === null ? 'none' : serialText(serial.mode, serial.path),
    'QMP socket': intent.qmpSocket ?? 'none',
    kernel: kernel?.image ?? '',
    initrd: kernel?.initrd ?? '',
    append: kernel?.append ?? '',
    'added devices': addedDevices(intent),
    'open files': sortedFiles([
      ...disks.map(({ path, readonly }) => ({ path, use: readonly ? 'read' : 'write' }) as const),
      ...shares.map(({ path }) => ({ path, use: 'directory' }) as const),
      ...(serial?.mode === 'file' ? [{ path: String(serial.path), use: 'write' } as const] : []),
    ]),
    'open ports': resources.filter((resource) => /^(?:port|socket):/.test(resource)).sort(),
    'tap devices': cards.flatMap(({ type, name }) => (type === 'tap' ? [name] : [])).sort(),
  };
}

export function serialText(mode: string, path: string | null): string {
  return path === null ? mode : `${mode} ${path}`;
}

export function sortedFiles(files: readonly OpenFile[]): OpenFile[] {
  const unique = new Map(files.map((file) => [`${file.path}\0${file.use}`, file]));
  return [...unique].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, file]) => file);
}

/** The property of the CPU that a feature sets: QEMU takes `_` in a name for `-` unless a sign stands before it. */
export function propertyOf(feature: string): string {
  const name = feature.replace(/^[+-]/, '').replace(/=.*/, '');
  return /^[+-]/.test(feature) ? name : name.replaceAll('_', '-');
}

/** `name=value`, `+name`, `-name`, `name`, as the value that the CPU's property should have. */
export function featuresOf(cpu: string): [string, unknown][] {
  return cpu
    .split(',')
    .slice(1)
    .map((feature) => {
      const [, value] = feature.split('=');
      const name = propertyOf(feature);
      if (value === undefined) return [name, !feature.startsWith('-')];
      if (/^(?:on|yes|true)$/.test(value)) return [name, true];
      if (/^(?:off|no|false)$/.test(value)) return [name, false];
      return [name, /^[0-9]+$/.test(value) ? Number(value) : value];
    });
}

/** A serial port that the machine does not have anyway. */
const SERIAL_DEVICES: Readonly<Record<Architecture, string | null>> = {
  x86_64: 'isa-serial',
  aarch64: null,
  riscv64: null,
  ppc64le: 'spapr-vty',
};

function addedDevices({ arch, disks, shares, cards, serial }: Intent): Record<string, number> {
  const serialDevice = serial === null || serial.mode === 'none' ? null : SERIAL_DEVICES[arch];
  const counts: [string | null, number][] = [
    ['virtio-blk-pci', disks.length],
    ['virtio-blk-device', disks.length],
    ['virtio-9p-pci', shares.length],
    ['virtio-9p-device', shares.length],
    ['virtio-net-pci', cards.length],
    ['virtio-net-device', cards.length],
    [serialDevice, 1],
  ];
  return Object.fromEntries(counts.filter(([name, count]) => name !== null && count > 0).sort());
}
