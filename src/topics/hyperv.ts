/** Features of the CPU that make the machine look like Microsoft's hypervisor to its guest. */
import type { Acceleration, HostFacts } from '../facts/host_facts.ts';
import { show } from '../profile/show.ts';
import { parseCpu } from '../qemu/cpu_text.ts';
import { accelerationOf } from './accelerator.ts';
import { wishOf } from './cpu.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';

const ON = /^[+]?hv[-_](?!.*=(?:off|no?|false)$)/;

export const hyperv: Topic = {
  checkOnHost: (draft, { facts }, { warning }) => {
    const used = hypervOf(draft, facts);
    if (used === null || used.acceleration === 'kvm') return;
    const { feature, acceleration } = used;
    warning(
      ['hardware', 'cpu'],
      'hyperv-needs-kvm',
      (field) =>
        `${field} has the Hyper-V feature ${show(feature)}, and the VM would run under ${acceleration}, where it does nothing; QEMU 7.2 does not start with hv_vpindex.`,
    );
  },
  needs: (draft, facts) => {
    const used = hypervOf(draft, facts);
    return used?.acceleration === 'kvm' ? [{ kind: 'hyperv', at: ['hardware', 'cpu'], cpu: used.cpu }] : [];
  },
};

interface HyperV {
  readonly cpu: string;
  /** The first that is on. */
  readonly feature: string;
  readonly acceleration: Acceleration;
}

/** `null` where there is none. */
function hypervOf(draft: Draft, facts: HostFacts): HyperV | null {
  const wish = wishOf(draft);
  if (wish?.arch !== 'x86_64' || wish.cpu === undefined) return null;
  const feature = parseCpu(wish.cpu).features.find((one) => ON.test(one));
  return feature === undefined ? null : { cpu: wish.cpu, feature, acceleration: accelerationOf(wish, facts) };
}
