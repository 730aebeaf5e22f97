/** Why two plans differ: what is known, and no more. */
import { isAbsolute } from '../facts/host_paths.ts';
import type { Difference, ValueChange } from './differences.ts';
import { differInNormalisationOnly } from './normalisation.ts';
import type { Planned } from './plan_profile.ts';

/** Whether the hashes differ; for the host, whether the facts do. */
export interface Changed {
  readonly profile: boolean;
  readonly host: boolean;
  readonly argv: boolean;
  readonly plan: boolean;
}

export interface Reason {
  readonly cause: 'profile' | 'host' | 'planner';
  /** Whether this has certainly made a difference. If not, at least one of the reasons that are listed has. */
  readonly certain: boolean;
  readonly explanation: string;
}

type Suspect = Omit<Reason, 'certain'>;

const OTHER_PROFILE: Suspect = {
  cause: 'profile',
  explanation: 'The profile hashes differ.',
};
const OTHER_NORMALISATION: Suspect = {
  cause: 'profile',
  explanation:
    'The profile hashes differ, and nothing of the profiles but the Unicode normalisation of texts that look the same; most file systems take such names for different ones.',
};
const OTHER_FACTS: Suspect = {
  cause: 'host',
  explanation: 'The host facts differ.',
};
const ONE_LOOK: Suspect = {
  cause: 'host',
  explanation:
    'One plan was made for given host facts and the other by looking at the host; a plan says which.',
};
const OTHER_LOOK: Suspect = {
  cause: 'host',
  explanation:
    'Whether the host was looked at and what was seen, such as where QEMU is, which version it has and whether a disk exists, is in a plan but not always among the host facts.',
};
const UNKNOWN_KEYS: Suspect = {
  cause: 'profile',
  explanation:
    'A key that the profile schema does not have is a warning in the plan, but no part of the profile’s hash.',
};
const OTHER_PLANNER: Suspect = {
  cause: 'planner',
  explanation: 'Another version of the planner may make another plan of the same profile for the same host.',
};

/** Between two plans that were made just now, and so by one planner. */
export function reasonsBetween(
  changed: Changed,
  hostChanges: readonly ValueChange[],
  before: Planned,
  after: Planned,
  differences: readonly Difference[],
): Reason[] {
  const [hadLook, hasLook] = [before, after].map(({ host }) => host.probed !== null);
  const isNormalisation = differences.every((one) => differInNormalisationOnly(one.before, one.after));
  const known = [
    ...knownReasons(changed, hostChanges, isNormalisation ? OTHER_NORMALISATION : OTHER_PROFILE),
    ...(hadLook === hasLook ? [] : [ONE_LOOK]),
  ];
  const suspects = [...(changed.argv ? [] : [UNKNOWN_KEYS]), ...(hasLook ? [OTHER_LOOK] : [])];
  return reasons(changed, known, suspects);
}

/** Between an old plan, of which little is known, and one that was made just now. */
export function reasonsSince(
  changed: Changed,
  hostChanges: readonly ValueChange[],
  { profile, host }: Planned,
): Reason[] {
  const { qemu_binary } = profile.vm;
  // Of what a look shows only the place of a QEMU that is asked for by name gets into argv.
  const isQemuLookedUp = qemu_binary === undefined || !isAbsolute(host.facts.os, qemu_binary);
  const suspects = [
    ...(changed.argv ? [] : [UNKNOWN_KEYS]),
    ...(changed.argv && !isQemuLookedUp ? [] : [OTHER_LOOK]),
    OTHER_PLANNER,
  ];
  return reasons(changed, knownReasons(changed, hostChanges, OTHER_PROFILE), suspects);
}

/** Each of these alone makes another plan, which names both. */
function knownReasons(
  { profile }: Changed,
  hostChanges: readonly ValueChange[],
  otherProfile: Suspect,
): Suspect[] {
  return [...(profile ? [otherProfile] : []), ...hostReasons(hostChanges)];
}

/** Which QEMU it is decides on more than any other fact, and is named. */
function hostReasons(changes: readonly ValueChange[]): Suspect[] {
  const version = changes.find(({ pointer }) => pointer === '/qemu_version');
  const isMore = changes.length > (version === undefined ? 0 : 1);
  return [...(isMore ? [OTHER_FACTS] : []), ...(version === undefined ? [] : [otherQemu(version)])];
}

function otherQemu({ before, after }: ValueChange): Suspect {
  const [one, other] = [before, after].map((version) => version ?? 'not known');
  return {
    cause: 'host',
    explanation: `The version of the host's QEMU is ${one} in one plan and ${other} in the other: what that QEMU has and lacks is in warnings, unknowns and errors.`,
  };
}

/** Suspects are named only where nothing is known that explains the difference. */
function reasons({ profile, host, argv, plan }: Changed, known: Suspect[], suspects: Suspect[]): Reason[] {
  if (!profile && !host && !argv && !plan) return [];
  const listed = known.length > 0 ? known : suspects;
  const certain = known.length > 0 || suspects.length === 1;
  return listed.map(({ cause, explanation }) => ({ cause, certain, explanation }));
}
