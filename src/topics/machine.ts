/** The machine type, and what keeps QEMU from adding anything by itself. */
import { type Acceleration, ARCHITECTURES, type Architecture, type HostFacts } from '../facts/host_facts.ts';
import { word } from '../profile/key.ts';
import { accelerationOf } from './accelerator.ts';
import { part } from './part.ts';
import type { Draft, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

export const MACHINE_KEYS = {
  arch: word(ARCHITECTURES, 'Architecture of the guest.', { required: true }),
};

const MACHINES: Readonly<Record<Architecture, string>> = {
  x86_64: 'q35',
  aarch64: 'virt',
  riscv64: 'virt',
  ppc64le: 'pseries',
};

const NOTHING_ELSE = part('machine', [], ['-nodefaults', '-no-user-config', '-display', 'none'], {
  why: 'Without these QEMU adds a network card, a CD drive, a graphics card, a window or VNC port, and what a configuration file of the host names.',
});

/** The interrupt controller of aarch64's plain `virt`, GICv2, is for so many cores. */
const CORES_OF_PLAIN_VIRT = 8;

export const machine: Topic = {
  args: ({ hardware }, { facts }) => {
    const { arch } = hardware;
    const type = MACHINES[arch];
    const why = `${type} is the machine for ${arch} guests`;
    if (arch !== 'aarch64')
      return [part('machine', ['/hardware/arch'], ['-machine', type], { why: `${why}.` }), NOTHING_ELSE];
    const isMax = hasNewestGic(hardware, accelerationOf(hardware, facts));
    return [
      part('machine', ['/hardware/arch'], ['-machine', isMax ? `${type},gic-version=max` : type], {
        why: isMax
          ? `${why}, and gic-version=max lets it have more than ${CORES_OF_PLAIN_VIRT} cores.`
          : `${why}, and before QEMU 8.0 hvf has no interrupt controller but that of plain virt.`,
        decidedBy: ['/hardware/acceleration', '/hardware/cores'],
      }),
      NOTHING_ELSE,
    ];
  },
};

/** GICv3 serves any number of cores; hvf has it since QEMU 8.0, and up to then only the plain machine starts. */
function hasNewestGic({ cores }: Pick<Profile['hardware'], 'cores'>, acceleration: Acceleration): boolean {
  return acceleration !== 'hvf' || cores > CORES_OF_PLAIN_VIRT;
}

/** What the machine asks of QEMU that not every one has that plans are for. */
export function machineQuestions({ hardware }: Draft, facts: HostFacts): string[] {
  const { arch, acceleration, cores } = hardware;
  if (arch !== 'aarch64' || acceleration === undefined || cores === undefined) return [];
  const resolved = accelerationOf({ arch, acceleration }, facts);
  const needsIt = resolved === 'hvf' && hasNewestGic({ cores }, resolved);
  return needsIt ? ['Is this QEMU 8.0 or later? hvf has no GICv3 before.'] : [];
}
