/** `tap` interfaces: a device of the host, through which the guest is on whatever network the host puts it. */
import { fieldOf } from '../profile/path.ts';
import { interfacesOfType, type Placed } from './network_keys.ts';
import { checkOnlyFor } from './only_for.ts';
import type { DraftInterface, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

/** IFNAMSIZ of Linux less the closing NUL: the kernel cuts longer device names. */
const LONGEST_DEVICE_NAME = 15;

export const tap: Topic = {
  /** A device of the interface's own name is what it gets anyway. */
  complete: (draft) => {
    for (const { one } of interfacesOfType(draft, 'tap')) if (one.ifname === one.name) one.ifname = undefined;
  },
  checkProfile: (draft, issues) => {
    const taps = interfacesOfType(draft, 'tap');
    for (const [place, each] of taps.entries()) {
      nameRule(each, issues);
      sameDeviceRule(each, taps.slice(0, place), issues);
      queueRule(each, draft.hardware.cores, issues);
    }
  },
  checkOnHost: (draft, { facts: { os } }, issues) => {
    for (const { one, at } of interfacesOfType(draft, 'tap')) {
      const onLinux = { on: 'os', is: os, allowed: ['linux'] } as const;
      const oneQueue = `Remove it: a tap device of ${os} has one queue.`;
      if (hasQueues(one))
        checkOnlyFor([...at, 'queues'], String(one.queues), [{ ...onLinux, instead: oneQueue }], issues);
      const byQemu = 'Remove it: on other systems QEMU moves the packets itself.';
      if (one.vhost === true)
        checkOnlyFor([...at, 'vhost'], 'true', [{ ...onLinux, instead: byQemu }], issues);
    }
  },
  needs: (draft) =>
    interfacesOfType(draft, 'tap').flatMap(({ one, at }) => {
      const device = tapDevice(one);
      if (device === undefined) return [];
      const { queues = 1, vhost = false } = one;
      return [{ kind: 'tap' as const, at: [...at, placeOf(one)], device, queues, vhost }];
    }),
};

/** The key that says what the device is called. */
function placeOf({ ifname }: DraftInterface): 'name' | 'ifname' {
  return ifname === undefined ? 'name' : 'ifname';
}

function tapDevice(one: DraftInterface): string | undefined {
  return one[placeOf(one)];
}

export function hasQueues({ queues = 1 }: Pick<DraftInterface, 'queues'>): boolean {
  return queues > 1;
}

function nameRule({ at, one: { name, ifname } }: Placed, { error, isRefused }: Issues): void {
  if (ifname !== undefined || name === undefined || name.length <= LONGEST_DEVICE_NAME) return;
  if (isRefused([...at, 'ifname'])) return;
  error(
    [...at, 'name'],
    'interface-name-too-long',
    (field) =>
      `${field} has ${name.length} characters; the name of a tap device has at most ${LONGEST_DEVICE_NAME}.`,
    `Write a name of at most ${LONGEST_DEVICE_NAME} characters.`,
  );
}

/** That two interfaces of one name have one device is said already. */
function sameDeviceRule({ at, one }: Placed, earlier: readonly Placed[], { error }: Issues): void {
  const device = tapDevice(one);
  const other = earlier.find((each) => tapDevice(each.one) === device && each.one.name !== one.name);
  if (device === undefined || other === undefined) return;
  error(
    [...at, placeOf(one)],
    'duplicate-device',
    (field) =>
      `${field} is "${device}", the tap device of ${fieldOf(other.at)} too; only one card can have it.`,
  );
}

function queueRule({ at, one }: Placed, cores: number | undefined, { error }: Issues): void {
  const { queues } = one;
  if (queues === undefined || !hasQueues(one) || cores === undefined || queues <= cores) return;
  error(
    [...at, 'queues'],
    'queues-over-cores',
    (field) => `${field} is ${queues}, and the VM has ${cores} virtual CPUs.`,
    `Write at most ${cores}.`,
  );
}

/** No script is ever run for a tap device. */
export function tapNetdev(one: DraftInterface): string {
  return [
    'tap',
    `id=${one.name}`,
    `ifname=${tapDevice(one)}`,
    'script=no',
    'downscript=no',
    ...(hasQueues(one) ? [`queues=${one.queues}`] : []),
    ...(one.vhost === true ? ['vhost=on'] : []),
  ].join(',');
}
