/** What profiles of each version are compared by. A new section is one topic more in the list of version 2. */
import type { ProfileDocument } from '../../../../src/topics/profile.ts';
import { blockDevices } from './block_devices.ts';
import { blockNodes } from './block_nodes.ts';
import { bootOrder } from './boot_order.ts';
import { characterDevices } from './character_devices.ts';
import { clock } from './clock.ts';
import { debugging } from './debugging.ts';
import { deviceTree } from './device_tree.ts';
import { driveObjects } from './drive_objects.ts';
import { firmware } from './firmware.ts';
import { guestFiles } from './guest_files.ts';
import { inputOutput } from './input_output.ts';
import { machineType } from './machine_type.ts';
import { memoryNodes } from './memory_nodes.ts';
import { networkCards } from './network_cards.ts';
import { passt } from './passt.ts';
import { pciSlots } from './pci_slots.ts';
import { actions, process } from './process.ts';
import { screen } from './screen.ts';
import { sharedDirectories } from './shared_directories.ts';
import { smallDevices } from './small_devices.ts';
import type { Topic } from './topic.ts';
import { tpm } from './tpm.ts';
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
  passt,
  pciSlots,
  sharedDirectories,
  characterDevices,
  smallDevices,
  firmware,
  deviceTree,
  clock,
  guestFiles,
  debugging,
  process,
  screen,
  tpm,
  // The last ones write to the disks and end QEMU.
  inputOutput,
  actions,
];

export function topicsOf({ schema_version }: ProfileDocument): readonly Topic[] {
  return schema_version === 1 ? OF_VERSION_1 : OF_VERSION_2;
}
