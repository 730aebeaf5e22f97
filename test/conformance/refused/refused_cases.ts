/** All cases of the other direction. */
import type { Lane } from '../lane.ts';
import { refusedBootOrders } from './boot_order.ts';
import { refusedCards } from './cards.ts';
import { refusedConflicts } from './conflicts.ts';
import { refusedConsoles } from './consoles.ts';
import { refusedDevices } from './devices.ts';
import { refusedDisks } from './disks.ts';
import { refusedDriveFormats, refusedSharedFiles } from './drive_formats.ts';
import { refusedDriveKeys } from './drive_keys.ts';
import { refusedDrivePlaces } from './drive_places.ts';
import { refusedForwards } from './forwards.ts';
import { refusedHardware } from './hardware.ts';
import { refusedImages } from './images.ts';
import { refusedInterfaces } from './interfaces.ts';
import { refusedKernels } from './kernels.ts';
import { refusedMachines } from './machines.ts';
import { refusedProcesses } from './process.ts';
import type { RefusedCase } from './refused_case.ts';
import { refusedScreens } from './screen.ts';
import { refusedSockets } from './sockets.ts';

export function refusedCases(lanes: readonly Lane[]): RefusedCase[] {
  const [lane] = lanes as [Lane];
  return [
    ...refusedHardware(lane.facts.arch),
    ...refusedDevices(),
    ...refusedDisks(),
    ...refusedDriveKeys(),
    ...refusedDriveFormats(),
    ...refusedSharedFiles(),
    ...refusedDrivePlaces(),
    ...refusedBootOrders(),
    ...refusedMachines(),
    ...refusedImages(),
    ...refusedForwards(),
    ...refusedCards(),
    ...refusedInterfaces(),
    ...refusedConflicts(),
    ...refusedSockets(lane),
    ...refusedKernels(),
    ...refusedProcesses(),
    ...refusedConsoles(),
    ...refusedScreens(),
  ];
}
