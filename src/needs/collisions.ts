/** What several profiles need of one host and only one VM at a time can have. */
import type { HostSystem } from '../facts/host_facts.ts';
import { comparablePath } from '../facts/host_paths.ts';
import { show } from '../profile/show.ts';
import { compareCodePoints } from '../profile/text.ts';
import { affectedResources, claimOf, isPathNeed, type Need, type PathNeed, traitsOf } from './need.ts';

/** A discovered profile that can be planned, as far as no host is looked at. */
export interface ComparedProfile {
  readonly name: string;
  readonly profileHash: string;
  readonly needs: readonly Need[];
  /**
   * What the paths that it takes really are: the number of a file, or a place, links followed; a path that is not in it is
   * taken as it is.
   */
  readonly places: ReadonlyMap<PathNeed, string>;
}

/** Profiles that have something in common, and all that these and no others have in common. */
export interface Collision {
  /** In the order of the profiles. */
  readonly names: readonly string[];
  /** In words. */
  readonly things: readonly string[];
  /** Named as in plans. */
  readonly resources: readonly string[];
}

/** What a profile takes. */
interface ComparedClaim {
  /** What is taken, the same text for the same thing. */
  readonly key: string;
  /** The same in words. */
  readonly thing: string;
  /** Whether nobody else can have it; else others may that claim it so. */
  readonly isAlone: boolean;
  readonly need: Need | null;
}

interface Claimed extends Pick<ComparedClaim, 'thing'> {
  /** The places of the profiles, each once. */
  readonly places: number[];
  readonly needs: Need[];
  isAlone: boolean;
}

/** In the order of the first profiles, those with the same first one by the second, and so on. */
export function collisionsBetween(profiles: readonly ComparedProfile[], os: HostSystem): Collision[] {
  const claimed = new Map<string, Claimed>();
  const taken = takenThings(profiles);
  for (const [place, { profileHash, needs, places }] of profiles.entries()) {
    const thing = `profile_hash ${profileHash}`;
    take(claimed, place, { key: thing, thing, isAlone: true, need: null });
    for (const need of needs) {
      const claim = isTakenPath(need)
        ? pathClaim(need, comparablePath(os, places.get(need) ?? need.path))
        : ownClaim(need, taken);
      if (claim !== null) take(claimed, place, { ...claim, need });
    }
  }
  return sameProfilesTogether(
    [...claimed.values()].filter(({ places, isAlone }) => isAlone && places.length > 1),
  )
    .sort((left, right) => comparePlaces(left.places, right.places))
    .map(({ places, things, needs }) => ({
      names: places.map((place) => profiles[place]?.name as string),
      things: things.sort(compareCodePoints),
      resources: affectedResources(needs, 1),
    }));
}

function take(
  claimed: Map<string, Claimed>,
  place: number,
  { key, thing, isAlone, need }: ComparedClaim,
): void {
  const known = claimed.get(key) ?? { thing, places: [], needs: [], isAlone: false };
  claimed.set(key, known);
  if (known.places.at(-1) !== place) known.places.push(place);
  if (need !== null) known.needs.push(need);
  known.isAlone ||= isAlone;
}

/** Whether a need is a path that others cannot have too, or only under conditions. */
export function isTakenPath(need: Need): need is PathNeed {
  if (!isPathNeed(need)) return false;
  const { isCreated, isDisk, isOwn } = traitsOf(need);
  return isCreated === true || isDisk === true || isOwn === true || need.kind === 'block-device';
}

/** A disk that all only read is no conflict. */
function pathClaim(need: PathNeed, place: string): Pick<ComparedClaim, 'key' | 'thing' | 'isAlone'> {
  return {
    key: `path ${place}`,
    thing: `the ${need.kind.replace('-', ' ')} ${show(need.path)}`,
    isAlone: !('access' in need) || need.access === 'write',
  };
}

/** `null` for what VMs can share. */
function ownClaim(
  need: Need,
  taken: ReadonlySet<string>,
): Pick<ComparedClaim, 'key' | 'thing' | 'isAlone'> | null {
  const claim = claimOf(need);
  if (claim === null) return null;
  const { key, part, within } = claim;
  const larger = within !== undefined && taken.has(partOf(key, within)) ? within : part;
  const taking = taken.has(key) ? undefined : larger;
  return { key: partOf(key, taking), thing: partOf(claim.thing(), taking), isAlone: true };
}

function partOf(thing: string, part: string | undefined): string {
  return part === undefined ? thing : `${thing} on ${part}`;
}

/** Things, and parts of things, that somebody takes: then what is part of them is taken too. */
function takenThings(profiles: readonly ComparedProfile[]): Set<string> {
  const claims = profiles
    .flatMap(({ needs }) => needs.map((need) => claimOf(need)))
    .filter((claim) => claim !== null);
  return new Set(claims.map(({ key, part }) => partOf(key, part)));
}

interface Together {
  readonly places: readonly number[];
  readonly things: string[];
  readonly needs: Need[];
}

function sameProfilesTogether(claimed: readonly Claimed[]): Together[] {
  const together = new Map<string, Together>();
  for (const { places, thing, needs } of claimed) {
    const key = places.join();
    const known = together.get(key) ?? { places, things: [], needs: [] };
    together.set(key, known);
    known.things.push(thing);
    known.needs.push(...needs);
  }
  return [...together.values()];
}

function comparePlaces(left: readonly number[], right: readonly number[]): number {
  const different = left.findIndex((place, index) => place !== right[index]);
  return different === -1
    ? left.length - right.length
    : (left[different] as number) - (right[different] ?? -1);
}
