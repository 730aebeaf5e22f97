/** The serial ports. */

import type { HostFacts } from '../facts/host_facts.ts';
import { bracketed } from '../facts/network.ts';
import { flag, list, table } from '../profile/key.ts';
import { unixSocket } from '../qemu/escape.ts';
import {
  characterDeviceKeys,
  characterDeviceNeeds,
  characterDevicePart,
  chardevOption,
  checkCharacterDevice,
  checkCharacterDeviceOnHost,
  completeCharacterDevice,
  namedTarget,
  type PlacedDevice,
} from './character_device.ts';
import { defaultSocket } from './default_socket.ts';
import { type Machine, machineOf } from './machine.ts';
import { duplicateNames, MOST_DEVICES, nameKey } from './names.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

const PORT = table('A serial port.', {
  name: nameKey('Unique among the ports.', 'debug'),
  ...characterDeviceKeys('the port', 'run/<vm.name>.<name>.serial.sock'),
});

export const SERIAL = table(
  'The serial ports.',
  {
    enabled: flag('Whether the VM has a serial port.', { default: false }),
    ...characterDeviceKeys('the first serial port', 'run/<vm.name>.serial.sock'),
    ports: list(PORT, 'Serial ports after the first, at most three, on x86_64 and ppc64le.', {
      most: MOST_DEVICES,
      since: 2,
    }),
  },
  { switch: 'enabled' },
);

/** Ports that a machine takes after the first. QEMU drops those that are too many without a word. */
function mostPorts({ arch }: Machine): number {
  return arch === 'x86_64' || arch === 'ppc64le' ? 3 : 0;
}

export const serial: Topic = {
  complete: (draft) => {
    for (const placed of furtherPorts(draft)) completeCharacterDevice(placed);
  },
  checkProfile: (draft, issues) => {
    portRules(draft, issues);
    for (const placed of serialPorts(draft)) checkCharacterDevice(placed, issues);
  },
  checkOnHost: (draft, { facts: { os } }, issues) => {
    for (const placed of serialPorts(draft)) checkCharacterDeviceOnHost(placed, os, issues);
  },
  needs: (draft, facts) => serialPorts(draft).flatMap((placed) => characterDeviceNeeds(placed, facts)),
  args: (profile, { facts }) =>
    serialPorts(profile).map((placed, place) => {
      const port = profile.serial.ports[place - 1];
      const id = port === undefined ? 'serial-main' : `port-${port.name}`;
      const [list, index] = port === undefined ? ['/serial', 0] : ['/serial/ports', place - 1];
      return characterDevicePart('serial', placed, elementsOf(placed, id, facts), facts, {
        decidedBy: ['/serial/enabled'],
        element: { name: id, list, index },
      });
    }),
};

function portRules(draft: Draft, issues: Issues): void {
  const { enabled, mode, ports = [] } = draft.serial;
  const at = ['serial', 'ports'] as const;
  duplicateNames([{ elements: ports, placeOf: (index) => [...at, index, 'name'] }], issues);
  if (ports.length > 0 && (enabled === false || mode === 'none')) {
    issues.error(
      at,
      'serial-ports-without-first',
      (field) =>
        `${field} has ${ports.length} ports, and there is no first one: ${enabled === false ? 'serial.enabled is false' : 'serial.mode is "none"'}.`,
    );
  }
  const machine = machineOf(draft);
  if (machine === null || ports.length <= mostPorts(machine)) return;
  issues.error(
    at,
    'serial-ports-over-machine',
    (field) =>
      `${field} has ${ports.length} ports; the ${machine.arch} machine has ${mostPorts(machine)} besides the first.`,
  );
}

/** The first port with its further ones; none while they are off. */
export function serialPorts(draft: Draft): PlacedDevice[] {
  return draft.serial.enabled === true ? [firstPort(draft), ...furtherPorts(draft)] : [];
}

function firstPort({ vm, serial }: Draft): PlacedDevice {
  const socket = defaultSocket(vm.name, 'serial');
  return { at: ['serial'], device: serial, socket, of: 'serial', called: 'the serial port' };
}

function furtherPorts({ vm, serial: { ports = [] } }: Draft): PlacedDevice[] {
  return ports.map((device, index) => ({
    at: ['serial', 'ports', index],
    device,
    socket: defaultSocket(vm.name, device.name, 'serial'),
    of: 'serial-port',
    called: 'the serial port',
  }));
}

/** What version 1 has is said as it says it. */
function elementsOf(placed: PlacedDevice, id: string, facts: HostFacts): string[] {
  const { mode, append } = placed.device;
  if (mode === 'tcp' || append === true)
    return ['-chardev', chardevOption(id, placed, facts), '-serial', `chardev:${id}`];
  const target = namedTarget(placed, facts);
  if (target !== null)
    // QEMU takes everything after `file:` as the name, so a comma is not doubled there.
    return ['-serial', mode === 'socket' ? unixSocket(target.path) : `file:${target.path}`];
  // A port that leads nowhere keeps its place; `none` there would take the ports after it away on some machines.
  return ['-serial', mode === 'none' && id !== 'serial-main' ? 'null' : (mode as string)];
}

/** In a few words, such as `pty`, `file:/srv/lab/logs/a.log` or `disabled`. */
export function serialSummary(profile: Profile, facts: HostFacts): string {
  const { enabled, mode, address, port } = profile.serial;
  if (!enabled) return 'disabled';
  if (mode === 'tcp') return `tcp:${bracketed(address)}:${port}`;
  const target = namedTarget(firstPort(profile), facts);
  return target === null ? mode : `${mode}:${target.path}`;
}
