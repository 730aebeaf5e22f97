/**
 * Disks, CD-ROM drives, floppy drives and the seed as version 2 has them: `-blockdev` and `-device`, both as JSON. QEMU creates
 * such devices after all others, in the order of argv, so that none of them moves a network card.
 */
import type { HostFacts } from '../facts/host_facts.ts';
import { absolutePath } from '../needs/named_path.ts';
import { type JsonObject, jsonOption } from '../qemu/json_option.ts';
import { diskNode, rawNode, secretId } from './block_node.ts';
import { type Bootable, bootIndexIn, bootOrder } from './boot.ts';
import type { Cdrom } from './cdrom.ts';
import type { Disk } from './disk_keys.ts';
import { type SeatedDrive, seatedDrives } from './drives.ts';
import type { Floppy } from './floppy.ts';
import { type Machine, plannedMachine } from './machine.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Profile } from './profile.ts';
import { SEED_SERIAL, serialOf } from './serial_number.ts';
import { USB_BUS, USB_CONTROLLER } from './usb_bus.ts';

/** The id of the SCSI controller's own thread. */
const SCSI_THREAD = 'iothread-scsi0';

interface Context {
  readonly profile: Profile;
  readonly facts: HostFacts;
  readonly machine: Machine;
  readonly order: readonly Bootable[];
}

export function driveParts(profile: Profile, facts: HostFacts): Part[] {
  const machine = plannedMachine(profile);
  const context: Context = {
    profile,
    facts,
    machine,
    order: bootOrder(profile),
  };
  const drives = seatedDrives(profile, machine);
  return [
    ...objectParts(drives, facts),
    ...drives.map((seated) => drivePart(seated, context)),
    ...profile.storage.floppies.map((floppy, index) => floppyPart(floppy, index, context)),
    ...seedParts(profile, facts),
  ];
}

/** Threads and passwords, which disks name. */
function objectParts(drives: readonly SeatedDrive[], facts: HostFacts): Part[] {
  const parts: Part[] = [];
  let hasScsiThread = false;
  for (const { is, drive, index } of drives) {
    if (is !== 'disk') continue;
    const { name, bus, iothread, encryption } = drive as Disk;
    const list = '/storage/disks';
    if (iothread && !(bus === 'scsi' && hasScsiThread)) {
      const id = bus === 'scsi' ? SCSI_THREAD : `iothread-${name}`;
      hasScsiThread ||= bus === 'scsi';
      parts.push(
        part(
          'disks',
          [`${list}/${index}/iothread`, `${list}/${index}/bus`],
          ['-object', jsonOption({ id, 'qom-type': 'iothread' })],
          { mayBeDefault: true, element: { name: `object ${id}`, list, index } },
        ),
      );
    }
    if (encryption !== undefined) {
      const id = secretId(name);
      const file = absolutePath(facts, encryption.key_file);
      parts.push(
        part(
          'disks',
          [`${list}/${index}/encryption/key_file`],
          ['-object', jsonOption({ file, format: 'raw', id, 'qom-type': 'secret' })],
          { why: pathWhy(file, encryption.key_file), element: { name: `object ${id}`, list, index } },
        ),
      );
    }
  }
  return parts;
}

function drivePart(seated: SeatedDrive, context: Context): Part {
  return seated.is === 'disk' ? diskPart(seated, context) : cdromPart(seated, context);
}

function device(object: JsonObject): string[] {
  return ['-device', jsonOption(object)];
}

function blockdev(node: JsonObject): string[] {
  return ['-blockdev', jsonOption(node)];
}

/** What a bus hangs on, before its first user; nothing where the machine has it. */
function controller({ bus, isFirst }: SeatedDrive, { profile, machine }: Context): string[] {
  if (!isFirst) return [];
  switch (bus) {
    case 'scsi': {
      const disks = profile.storage.disks.filter(
        (disk) => disk.format !== 'host-path' && disk.bus === 'scsi',
      );
      return device({
        driver: 'virtio-scsi-pci',
        id: 'scsi0',
        iothread: disks.some(({ iothread }) => iothread) ? SCSI_THREAD : undefined,
        num_queues: disks.find(({ queues }) => queues !== undefined)?.queues,
      });
    }
    case 'sata':
      return machine.family === 'q35' ? [] : device({ driver: 'ich9-ahci', id: 'sata0' });
    case 'usb':
      return device(USB_CONTROLLER);
    default:
      return [];
  }
}

function diskPart(seated: SeatedDrive & { readonly is: 'disk' }, context: Context): Part {
  const disk = seated.drive as Disk;
  const { index } = seated;
  const list = '/storage/disks';
  const bootindex = bootIndexIn(context.order, 'disks', index);
  const absolute = absolutePath(context.facts, disk.path);
  const brought = controller(seated, context);
  const elements = [
    ...brought,
    ...blockdev(diskNode(disk, context.facts)),
    ...device({
      ...diskDevice(disk, seated, context.machine),
      bootindex,
      drive: disk.name,
      id: `disk-${disk.name}`,
    }),
  ];
  return part('disks', writtenPointers(disk, `${list}/${index}`), elements, {
    mayBeDefault: true,
    why: pathWhy(absolute, disk.path),
    decidedBy: DECIDED_BY,
    element: { name: disk.name, list, index },
    form: JSON.stringify([brought, seated.place, bootindex]),
    formDecidedBy: FORM,
  });
}

/** What form and boot indexes hang on. */
const DECIDED_BY = ['/schema_version', '/boot/order', '/kernel/enabled', '/machine/type', '/hardware/arch'];
/** Other drives decide which of them brings the controller of a bus, and which place and which turn to boot is whose. */
const FORM =
  /^\/storage\/(?:disks(?:\/\d+(?:\/(?:boot|bus|format|iothread|queues))?)?|cdroms(?:\/\d+(?:\/(?:bus|path))?)?)$/;

/** Keys that say nothing to QEMU when it starts. */
const NOT_IN_ARGV: ReadonlySet<string> = new Set(['size_gb', 'preallocation', 'boot']);

/** The keys of an element that have a value, and those of the tables in it. */
function writtenPointers(element: object, at: string): string[] {
  return Object.entries(element)
    .filter(([name, value]) => value !== undefined && !NOT_IN_ARGV.has(name))
    .flatMap(([name, value]) =>
      typeof value === 'object' ? writtenPointers(value, `${at}/${name}`) : [`${at}/${name}`],
    );
}

function diskDevice(disk: Disk, { place }: SeatedDrive, machine: Machine): JsonObject {
  const { bus, name, cache, block_size, ssd, on_write_error, on_read_error, iothread, queues } = disk;
  const serial = serialOf(disk);
  const block = block_size === 512 ? undefined : block_size;
  const common = {
    logical_block_size: block,
    physical_block_size: block,
    serial,
    ...(bus !== 'nvme' && {
      rerror: on_read_error === 'report' ? undefined : on_read_error,
      werror: on_write_error === 'enospc' ? undefined : on_write_error,
    }),
    'write-cache': WRITE_CACHE[cache],
  };
  const rotation_rate = ssd ? 1 : undefined;
  switch (bus) {
    case 'virtio':
      return {
        ...common,
        driver: 'virtio-blk-pci',
        iothread: iothread ? `iothread-${name}` : undefined,
        'num-queues': queues,
      };
    case 'scsi':
      return { ...common, ...scsiPlace(place), device_id: serial, driver: 'scsi-hd', rotation_rate };
    case 'sata':
      return { ...common, bus: sataBus(place, machine), driver: 'ide-hd', rotation_rate };
    case 'ide':
      return { ...common, ...idePlace(place), driver: 'ide-hd', rotation_rate };
    case 'nvme':
      return { ...common, driver: 'nvme' };
    case 'usb':
      return { ...common, bus: USB_BUS, driver: 'usb-storage', port: String(place + 1), removable: true };
  }
}

const WRITE_CACHE: Readonly<Record<Disk['cache'], 'on' | 'off' | undefined>> = {
  writeback: undefined,
  none: 'on',
  directsync: 'off',
  writethrough: 'off',
  unsafe: undefined,
};

function scsiPlace(place: number): JsonObject {
  return { bus: 'scsi0.0', channel: 0, lun: place, 'scsi-id': 0 };
}

function sataBus(place: number, { family }: Machine): string {
  return `${family === 'q35' ? 'ide' : 'sata0'}.${place}`;
}

/** Two channels with two drives each. */
function idePlace(place: number): JsonObject {
  return { bus: `ide.${Math.floor(place / 2)}`, unit: place % 2 };
}

function cdromPart(seated: SeatedDrive & { readonly is: 'cdrom' }, context: Context): Part {
  const { name, path } = seated.drive as Cdrom;
  const { place, bus, index } = seated;
  const list = '/storage/cdroms';
  const absolute = path === undefined ? undefined : absolutePath(context.facts, path);
  const common = {
    bootindex: bootIndexIn(context.order, 'cdroms', index),
    drive: absolute === undefined ? undefined : name,
    id: `cd-${name}`,
  };
  const brought = controller(seated, context);
  const elements = [...brought, ...(absolute === undefined ? [] : blockdev(rawNode(name, absolute, true)))];
  switch (bus) {
    case 'scsi':
      elements.push(...device({ ...common, ...scsiPlace(place), driver: 'scsi-cd' }));
      break;
    case 'ide':
      elements.push(...device({ ...common, ...idePlace(place), driver: 'ide-cd' }));
      break;
    case 'usb':
      elements.push(
        ...device({ bus: USB_BUS, driver: 'usb-bot', id: `bot-${name}`, port: String(place + 1) }),
        ...device({ ...common, bus: `bot-${name}.0`, driver: 'scsi-cd', lun: 0, 'scsi-id': 0 }),
      );
      break;
    default:
      elements.push(...device({ ...common, bus: sataBus(place, context.machine), driver: 'ide-cd' }));
  }
  return part('disks', writtenPointers(seated.drive, `${list}/${index}`), elements, {
    mayBeDefault: true,
    why: path === undefined ? null : pathWhy(absolute as string, path),
    decidedBy: DECIDED_BY,
    element: { name, list, index },
    form: JSON.stringify([brought, place, common.bootindex]),
    formDecidedBy: FORM,
  });
}

function floppyPart({ name, path, readonly }: Floppy, index: number, context: Context): Part {
  const { machine, facts } = context;
  const list = '/storage/floppies';
  const at = `${list}/${index}`;
  const absolute = absolutePath(facts, path);
  const fdc: JsonObject = {
    bootindexA: bootIndexIn(context.order, 'floppies', 0),
    bootindexB: bootIndexIn(context.order, 'floppies', 1),
    driver: 'isa-fdc',
    id: 'fdc0',
  };
  const elements = [
    // The machine pc has a controller, of which the firmware group says what it boots from.
    ...(index === 0 && machine.family === 'q35' ? device(fdc) : []),
    ...blockdev(rawNode(name, absolute, readonly)),
    ...device({ drive: name, driver: 'floppy', id: `floppy-${name}`, unit: index }),
  ];
  return part('disks', [`${at}/name`, `${at}/path`, `${at}/readonly`], elements, {
    mayBeDefault: true,
    why: pathWhy(absolute, path),
    decidedBy: ['/boot/order', '/machine/type'],
    element: { name, list, index },
  });
}

/** Names with a dot are those of no disk. */
const SEED_NODE = 'seed.0';

function seedParts({ storage: { seed } }: Profile, facts: HostFacts): Part[] {
  if (seed === undefined) return [];
  const path = absolutePath(facts, seed.path);
  return [
    part(
      'disks',
      ['/storage/seed/path'],
      [
        ...blockdev(rawNode(SEED_NODE, path, true)),
        ...device({ drive: SEED_NODE, driver: 'virtio-blk-pci', id: 'seed', serial: SEED_SERIAL }),
      ],
      {
        why: pathWhy(path, seed.path),
        element: { name: SEED_NODE, list: '/storage/seed', index: 0 },
      },
    ),
  ];
}
