/** Slots of the machine: what all devices take together. */
import type { Architecture } from '../facts/host_facts.ts';
import type { Topic } from './topic.ts';

/** Free slots for PCI devices on the machine of each architecture, as tried on QEMU 7.2 and 10.0. */
const FREE_SLOTS: Readonly<Record<Architecture, number>> = {
  x86_64: 30,
  aarch64: 31,
  riscv64: 31,
  ppc64le: 32,
};

export const slots: Topic = {
  checkProfile: ({ hardware: { arch }, storage, network }, { error }) => {
    if (arch === undefined) return;
    const disks = storage.disks?.length ?? 0;
    const cards = network.interfaces?.filter(({ type }) => type !== 'none').length ?? 0;
    const free = FREE_SLOTS[arch];
    if (disks + cards <= free) return;
    error(
      ['storage', 'disks'],
      'too-many-devices',
      `The profile has ${disks} disks and ${cards} network cards; the ${arch} machine has ${free} free slots.`,
      `Remove ${disks + cards - free} of them.`,
    );
  },
};
