import type { Host } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import type { Need } from '../needs/need.ts';
import type { Helper } from './helper.ts';
import type { Machine } from './machine.ts';
import type { Part } from './part.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import type { TakenSlots } from './slots.ts';

/**
 * One of the things that QEMU is told of: all that is known of it is in its file, next to the keys of the profile that it is
 * about. Rules and needs look at what could be read of a profile, so that one pass reports all problems.
 */
export interface Topic {
  /** Fills in what hangs on other keys, and is part of the profile whatever the host. */
  readonly complete?: (draft: Draft, issues: Issues) => void;
  /** Reports what is wrong on whatever host. */
  readonly checkProfile?: (draft: Draft, issues: Issues) => void;
  /** Reports what is wrong on this host, besides what the needs show. */
  readonly checkOnHost?: (draft: Draft, host: Host, issues: Issues) => void;
  readonly needs?: (draft: Draft, facts: HostFacts) => readonly Need[];
  /** Which slots of the machine its devices take. */
  readonly slots?: (draft: Draft, machine: Machine) => readonly TakenSlots[];
  /** The programs that have to run before QEMU does, for it to connect to. */
  readonly helpers?: (profile: Profile, host: Host) => readonly Helper[];
  /** Its parts of argv, in order. */
  readonly args?: (profile: Profile, host: Host) => readonly Part[];
}
