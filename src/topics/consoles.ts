/** Virtio consoles, which every machine has as many of as anybody wants: the guest calls the first one hvc0. */
import { list, table } from '../profile/key.ts';
import {
  characterDeviceKeys,
  characterDeviceNeeds,
  checkCharacterDevice,
  checkCharacterDeviceOnHost,
  completeCharacterDevice,
  type PlacedDevice,
} from './character_device.ts';
import { defaultSocket } from './default_socket.ts';
import { duplicateNames, MOST_DEVICES, nameKey } from './names.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';

const CONSOLE = table('A console.', {
  name: nameKey('Unique among the consoles.', 'log'),
  ...characterDeviceKeys('the console', 'run/<vm.name>.<name>.console.sock'),
});

export const CONSOLES = list(
  CONSOLE,
  'Virtio consoles, in order: hvc0, hvc1 and so on; on ppc64le after the serial ports, which are called so too.',
  { most: MOST_DEVICES, since: 2 },
);

/** What they are to QEMU is said beside the controller that they hang on. */
export const consoles: Topic = {
  complete: (draft) => {
    for (const placed of placedConsoles(draft)) completeCharacterDevice(placed);
  },
  checkProfile: (draft, issues) => {
    duplicateNames(
      [{ elements: draft.consoles ?? [], placeOf: (index) => ['consoles', index, 'name'] }],
      issues,
    );
    for (const placed of placedConsoles(draft)) checkCharacterDevice(placed, issues);
  },
  checkOnHost: (draft, { facts: { os } }, issues) => {
    for (const placed of placedConsoles(draft)) checkCharacterDeviceOnHost(placed, os, issues);
  },
  needs: (draft, facts) => placedConsoles(draft).flatMap((placed) => characterDeviceNeeds(placed, facts)),
};

export function placedConsoles({ vm, consoles = [] }: Draft): PlacedDevice[] {
  return consoles.map((device, index) => ({
    at: ['consoles', index],
    device,
    socket: defaultSocket(vm.name, device.name, 'console'),
    of: 'console',
    called: 'the console',
  }));
}
