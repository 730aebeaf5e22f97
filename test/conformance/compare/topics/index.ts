/** What profiles of each version are compared by. A new section is one topic more in the list of version 2. */
import type { ProfileDocument } from '../../../../src/topics/profile.ts';
import { blockDevices } from './block_devices.ts';
import { blockNodes } from './block_nodes.ts';
import { bootOrder } from './boot_order.ts';
import { characterDevices } from './character_devices.ts';
import { driveObjects } from './drive_objects.ts';
import { inputOutput } from './input_output.ts';
import { machineType } from './machine_type.ts';
import { memoryNodes } from './memory_nodes.ts';
import { networkCards } from './network_cards.ts';
import { pciSlots } from './pci_slots.ts';
import { sharedDirectories } from './shared_directories.ts';
import { smallDevices } from './small_devices.ts';
import type { Topic } from './topic.ts';
import { disksOfVersion1 } from './version_1.ts';

const OF_VERSION_1: readonly Topic[] = [disksOfVersion1, sharedDirectories];

const OF_VERSION_2: readonly Topic[] = [
  machineType,
  memoryNodes,
  blockNodes,
  blockDevices,
  driveObjects,
  bootOrder,
  networkCards,
  pciSlots,
  sharedDirectories,
  characterDevices,
  smallDevices,
  // The last one writes to the disks.
  inputOutput,
];

export function topicsOf({ schema_version }: ProfileDocument): readonly Topic[] {
  return schema_version === 1 ? OF_VERSION_1 : OF_VERSION_2;
}
