/**
 * Where the guest finds each device. Shares of QEMU's own and cards come first, so that no disk moves a card; then disks, drives
 * and the seed, each bus's controller right before the first that needs it; then shares by virtiofsd, which move none of these.
 */
import type { Device } from '../qtree.ts';
import { hasVirtioSerial } from './character_devices.ts';
import { type Bus, drivesOf } from './drives.ts';
import { type Family, familyOf } from './machine_type.ts';
import { screenSlots } from './screen.ts';
import { sharesOf } from './shared_directories.ts';
import { slotsAfter, slotsBefore } from './small_devices.ts';
import type { Asked, Topic } from './topic.ts';

/** The first free slot. */
const FIRST: Readonly<Record<Family, number>> = { q35: 1, pc: 2, virt: 1, pseries: 0 };
/** The machine's own: chipset and host bridge. */
const OWN: Readonly<Record<Family, RegExp>> = {
  q35: /^(?:00|1f)\./,
  pc: /^0[01]\./,
  virt: /^00\./,
  pseries: /^$/,
};

export const pciSlots: Topic = {
  means: (asked) => ({
    'PCI slots': devicesInOrder(asked).map(
      (device, index) => `${hex(FIRST[familyOf(asked)] + index)}.0 ${device}`,
    ),
  }),
  seen: async ({ devices }, asked) => ({
    'PCI slots': devices
      .filter(({ properties, bus }) => properties.addr !== undefined && /^pcie?\.0$/.test(bus))
      .filter(({ properties: { addr = '' } }) => !OWN[familyOf(asked)].test(addr))
      .map((device) => `${device.properties.addr} ${called(device)}`)
      .sort(),
  }),
};

function hex(slot: number): string {
  return slot.toString(16).padStart(2, '0');
}

/** Shares and cards have no id of their own. */
function called({ type, id, children: [inner], properties }: Device): string {
  if (id !== '') return `${type} ${id}`;
  return `${type} ${inner?.properties.mount_tag ?? properties.netdev ?? inner?.properties.netdev}`;
}

const CONTROLLERS: Readonly<Partial<Record<Bus, string>>> = {
  scsi: 'virtio-scsi-pci scsi0',
  sata: 'ich9-ahci sata0',
  usb: 'qemu-xhci usb',
};

function devicesInOrder(asked: Asked): string[] {
  const { disks, cdroms, seed } = drivesOf(asked);
  const cards = (asked.profile.network?.interfaces ?? []).filter(({ type }) => type !== 'none');
  const has = new Set<Bus>(familyOf(asked) === 'q35' ? ['sata'] : []);
  const controller = (bus: Bus): string[] => {
    const text = CONTROLLERS[bus];
    if (text === undefined || has.has(bus)) return [];
    has.add(bus);
    return [text];
  };
  const own: Readonly<Partial<Record<Bus, string>>> = { virtio: 'virtio-blk-pci', nvme: 'nvme' };
  return [
    ...sharesOf(asked).flatMap(({ name, socket }) => (socket === null ? [`virtio-9p-pci ${name}`] : [])),
    ...cards.map(({ name, model = 'virtio-net-pci' }) => `${model} ${name}`),
    ...disks.flatMap(({ disk: { name }, bus }) =>
      own[bus] === undefined ? controller(bus) : [`${own[bus]} disk-${name}`],
    ),
    ...cdroms.flatMap(({ bus }) => controller(bus)),
    ...(seed === null ? [] : ['virtio-blk-pci seed']),
    ...sharesOf(asked).flatMap(({ name, socket }) =>
      socket === null ? [] : [`vhost-user-fs-pci share-${name}`],
    ),
    ...slotsBefore(asked),
    ...(hasVirtioSerial(asked) ? ['virtio-serial-pci vser0'] : []),
    ...slotsAfter(asked),
    ...screenSlots(asked),
  ];
}
