/** The machine type, and what keeps QEMU from adding anything by itself. */
import { ARCHITECTURES, type Architecture } from '../facts/host_facts.ts';
import { word } from '../profile/key.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const MACHINE_KEYS = {
  arch: word(ARCHITECTURES, 'Architecture of the guest.', { required: true }),
};

/** aarch64's plain `virt` has an interrupt controller for 8 cores only. */
const MACHINES: Readonly<Record<Architecture, string>> = {
  x86_64: 'q35',
  aarch64: 'virt,gic-version=max',
  riscv64: 'virt',
  ppc64le: 'pseries',
};

const NOTHING_ELSE = part('machine', [], ['-nodefaults', '-no-user-config', '-display', 'none'], {
  why: 'Without these QEMU adds a network card, a CD drive, a graphics card, a window or VNC port, and what a configuration file of the host names.',
});

export const machine: Topic = {
  args: ({ hardware: { arch } }) => {
    const why =
      arch === 'aarch64'
        ? 'virt is the machine for aarch64 guests, and gic-version=max lets it have more than 8 cores.'
        : `${MACHINES[arch]} is the machine for ${arch} guests.`;
    return [part('machine', ['/hardware/arch'], ['-machine', MACHINES[arch]], { why }), NOTHING_ELSE];
  },
};
