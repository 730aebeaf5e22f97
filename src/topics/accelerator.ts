/** What runs the guest's code: the host's accelerator, or emulation. Nothing is replaced silently. */
import type { Host } from '../facts/host.ts';
import {
  type Acceleration,
  type Architecture,
  type HostFacts,
  NATIVE_ACCELERATOR,
} from '../facts/host_facts.ts';
import { word } from '../profile/key.ts';
import { usesSmm } from './firmware_keys.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const ACCELERATIONS = ['auto', 'kvm', 'hvf', 'whpx', 'tcg'] as const;
export type AccelerationRequest = (typeof ACCELERATIONS)[number];

export const ACCELERATOR_KEYS = {
  acceleration: word(
    ACCELERATIONS,
    '`auto` takes what the host has and says so when that is slow emulation; a named accelerator is never replaced.',
    { default: 'auto' },
  ),
};

/** What a profile says of its hardware, as far as an accelerator depends on it. */
interface Wish {
  readonly arch: Architecture;
  readonly acceleration: AccelerationRequest;
}

/** `auto` becomes the host's own accelerator where that works, else tcg; a named one stays what it is. */
export function accelerationOf({ acceleration: requested, arch }: Wish, facts: HostFacts): Acceleration {
  if (requested !== 'auto') return requested;
  const native = NATIVE_ACCELERATOR[facts.os];
  return native !== null && canAccelerate(native, arch, facts) ? native : 'tcg';
}

/** Whether the host can run guests of an architecture with an accelerator; tcg runs everywhere. */
function canAccelerate(acceleration: Acceleration, arch: Architecture, facts: HostFacts): boolean {
  return acceleration === 'tcg' || (facts.accelerators.includes(acceleration) && facts.arch === arch);
}

export const accelerator: Topic = {
  checkOnHost: ({ hardware: { arch, acceleration } }, host, { error, warning }) => {
    if (arch === undefined || acceleration === undefined) return;
    const { facts } = host;
    const resolved = accelerationOf({ arch, acceleration }, facts);
    const native = NATIVE_ACCELERATOR[facts.os];
    const at = ['hardware', 'acceleration'] as const;
    if (!canAccelerate(resolved, arch, facts)) {
      error(
        at,
        'acceleration-unavailable',
        (field) => `${field} is "${acceleration}", and ${reasonAgainst(acceleration, arch, host)}.`,
        native === null || facts.arch !== arch
          ? undefined
          : `Make ${native} available on the host, or use "auto" or "tcg".`,
      );
    } else if (acceleration === 'auto' && resolved === 'tcg' && native !== null) {
      warning(
        at,
        'acceleration-fallback',
        (field) =>
          `${field} is "auto" and becomes slow emulation (tcg): ${native} is not used because ${reasonAgainst(native, arch, host)}.`,
      );
    }
  },
  needs: (draft, facts) => {
    const { arch, acceleration } = draft.hardware;
    if (arch === undefined || acceleration === undefined) return [];
    const name = accelerationOf({ arch, acceleration }, facts);
    if (name === 'tcg') return [];
    return [{ kind: 'accelerator', at: ['hardware', 'acceleration'], name, needsSmm: usesSmm(draft) }];
  },
  args: ({ hardware }, { facts }) => {
    const resolved = accelerationOf(hardware, facts);
    const isAuto = hardware.acceleration === 'auto';
    return [
      part(
        'accelerator',
        ['/hardware/acceleration'],
        resolved === 'kvm' ? ['-enable-kvm'] : ['-accel', resolved],
        {
          mayBeDefault: true,
          why: isAuto ? autoWhy(resolved, hardware.arch, facts) : null,
          decidedBy: isAuto ? ['/hardware/arch'] : [],
        },
      ),
    ];
  },
};

/** On the probed host it is known that this user cannot open the device, and no more. */
function reasonAgainst(name: string, arch: string, { facts, probed }: Host): string {
  if (facts.arch !== arch) return `the host is ${facts.arch} and the guest is ${arch}`;
  return name === 'kvm' && facts.os === 'linux' && probed !== null
    ? 'this host has no /dev/kvm that this user may open'
    : `the ${facts.os} host does not have it`;
}

function autoWhy(resolved: Acceleration, arch: Architecture, facts: HostFacts): string {
  if (resolved !== 'tcg') return `auto takes ${resolved}, which the ${facts.os} host has for ${arch} guests.`;
  return facts.arch === arch
    ? `auto falls back to emulation, since the ${facts.os} host has no accelerator.`
    : `auto falls back to emulation, since the host is ${facts.arch} and the guest ${arch}.`;
}
