/** What every machine has, field by field, as the profile has it; the rest is in `topics/`. */

import type { Listener, OpenFile } from '../qemu/proc.ts';
import type { Architecture } from '../settings.ts';
import type { Intent } from './intent.ts';
import { topicsOf } from './topics/index.ts';
import type { Counts } from './topics/topic.ts';

export interface Machine {
  readonly name: string;
  readonly cpus: number;
  readonly 'cpu model': string;
  readonly 'cpu features': Readonly<Record<string, unknown>>;
  readonly memory: number;
  readonly accelerator: string;
  readonly 'network cards': readonly {
    readonly id: string;
    readonly backend: string;
    readonly model: string;
    readonly mac: string;
    readonly queues: number;
  }[];
  readonly forwards: Readonly<Record<string, readonly string[]>>;
  readonly 'serial port': string;
  readonly 'QMP socket': string;
  readonly kernel: string;
  readonly initrd: string;
  readonly append: string;
  /** Devices beyond those that the machine has by itself. */
  readonly 'added devices': Readonly<Record<string, number>>;
  /** What `-object` makes, with the file that it reads. */
  readonly objects: Readonly<Record<string, string>>;
  readonly 'open files': readonly OpenFile[];
  /** What the plan names as listened on. */
  readonly 'open ports': readonly Listener[];
  readonly 'tap devices': readonly string[];
}

/** A key of `Machine`, or a field of a topic. */
export type Field = string;

export function intendedMachine(intent: Intent, resources: readonly string[]): Machine {
  const { asked, cards, serial, kernel } = intent;
  const topics = topicsOf(asked.profile);
  const elsewhere = new Set([
    ...cards.flatMap((card) => card.elsewhere),
    ...topics.flatMap((topic) => topic.elsewhere?.(asked) ?? []).map((path) => `socket:unix:${path}`),
  ]);
  return {
    name: intent.name,
    cpus: intent.cores,
    'cpu model': intent.cpu.split(',')[0] ?? '',
    'cpu features': Object.fromEntries(featuresOf(intent.cpu)),
    memory: intent.memoryMb * 1024 * 1024,
    accelerator: 'tcg',
    'network cards': sortedById(
      cards.map(({ name, backend, model, mac, queues }) => ({ id: name, backend, model, mac, queues })),
    ),
    forwards: Object.fromEntries(
      cards.filter(({ type }) => type === 'user').map(({ name, forwards }) => [name, forwards]),
    ),
    'serial port': serial === null ? 'none' : serialText(serial.mode, serial.path),
    'QMP socket': intent.qmpSocket ?? 'none',
    kernel: kernel?.image ?? '',
    initrd: kernel?.initrd ?? '',
    append: kernel?.append ?? '',
    'added devices': addedDevices(intent),
    objects: Object.fromEntries(topics.flatMap(({ objects }) => objects?.(asked) ?? []).sort()),
    'open files': sortedFiles([
      ...topics.flatMap(({ files }) => files?.(asked) ?? []),
      ...(serial?.mode === 'file' ? [{ path: String(serial.path), use: 'write' } as const] : []),
    ]),
    'open ports': resources
      .filter((resource) => /^(?:port|socket):/.test(resource) && !elsewhere.has(resource))
      .sort(),
    // A queue is a descriptor.
    'tap devices': cards
      .flatMap(({ tap, queues }) => Array<string>(queues).fill(tap ?? ''))
      .filter(Boolean)
      .sort(),
  };
}

/** QEMU lists hubs before the rest; in which slot a card is is another field. */
export function sortedById<Card extends { readonly id: string }>(cards: readonly Card[]): Card[] {
  return [...cards].sort((left, right) => (left.id < right.id ? -1 : 1));
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

function addedDevices({ arch, asked, cards, serial }: Intent): Record<string, number> {
  const serialDevice = serial === null || serial.mode === 'none' ? null : SERIAL_DEVICES[arch];
  const counts: Counts = [
    ...topicsOf(asked.profile).flatMap(({ devices }) => devices?.(asked) ?? []),
    ...cards.map(({ model }) => [model, 1] as const),
    ['virtio-net-device', cards.filter(({ model }) => model === 'virtio-net-pci').length],
    ...(serialDevice === null ? [] : ([[serialDevice, 1]] as const)),
  ];
  const sums: Record<string, number> = {};
  for (const [name, count] of counts) if (count !== 0) sums[name] = (sums[name] ?? 0) + count;
  return Object.fromEntries(Object.entries(sums).sort());
}
