/** `[devices]`: random numbers, the balloon, the panic device and the watchdog. */
import { withChildren } from '../qtree.ts';
import { propertyOf } from './machine_type.ts';
import type { Asked, Counts, Seen, Topic } from './topic.ts';

/** The type of each device that takes a slot, in the order of slots before and after consoles. */
export function slotsBefore({ profile: { devices = {} } }: Asked): string[] {
  return [
    ...(devices.rng === true ? ['virtio-rng-pci rng0'] : []),
    ...(devices.balloon === true ? ['virtio-balloon-pci balloon0'] : []),
  ];
}

export function slotsAfter({ arch, profile: { devices = {} } }: Asked): string[] {
  return [
    ...(devices.panic === true && arch !== 'x86_64' ? ['pvpanic-pci panic0'] : []),
    ...(devices.watchdog === undefined ? [] : ['i6300esb watchdog0']),
  ];
}

/** QEMU's name of the panic device. */
function panicType(arch: Asked['arch']): string {
  return arch === 'x86_64' ? 'pvpanic' : 'pvpanic-pci';
}

export const smallDevices: Topic = {
  means: ({ arch, profile: { hardware, devices = {} } }) => ({
    rng: devices.rng === true ? 'rng0' : 'none',
    balloon:
      devices.balloon === true
        ? {
            actual: hardware.memory_mb * 1024 * 1024,
            onOom: 'true',
            reports: String(devices.free_page_reporting === true),
          }
        : 'none',
    panic: devices.panic === true ? `${panicType(arch)} panic0` : 'none',
    watchdog: devices.watchdog === undefined ? 'none' : 'i6300esb watchdog0',
  }),
  seen: async ({ qmp, devices }) => {
    const found = (id: string) => devices.find((device) => device.id === id);
    const balloon = found('balloon0');
    const rng = found('rng0');
    const of = (name: string): string | undefined =>
      balloon && withChildren(balloon).find(({ properties }) => name in properties)?.properties[name];
    const named = (types: readonly string[]): string =>
      devices
        .filter(({ type }) => types.includes(type))
        .map(({ type, id }) => `${type} ${id}`)
        .join(' ') || 'none';
    return {
      rng: rng === undefined ? 'none' : await sourceOf(qmp),
      balloon:
        balloon === undefined
          ? 'none'
          : {
              actual: (await qmp.ask<{ actual: number }>('query-balloon')).actual,
              onOom: of('deflate-on-oom'),
              reports: of('free-page-reporting'),
            },
      panic: named(['pvpanic', 'pvpanic-pci']),
      watchdog: named(['i6300esb', 'ib700']),
    };
  },
  devices: ({ arch, profile: { devices = {} } }): Counts => {
    const one = (isThere: boolean): number => (isThere ? 1 : 0);
    return [
      ['virtio-rng-pci', one(devices.rng === true)],
      ['virtio-rng-device', one(devices.rng === true)],
      ['virtio-balloon-pci', one(devices.balloon === true)],
      ['virtio-balloon-device', one(devices.balloon === true)],
      [panicType(arch), one(devices.panic === true)],
      ['i6300esb', one(devices.watchdog !== undefined)],
    ];
  },
  objects: ({ profile: { devices = {} } }) => (devices.rng === true ? [['rng0', 'rng-builtin']] : []),
};

/** The object that the random numbers come from, by its id. */
async function sourceOf(qmp: Seen['qmp']): Promise<string> {
  const source = await propertyOf(qmp, '/machine/peripheral/rng0', 'rng');
  return String(source).replace('/objects/', '');
}
