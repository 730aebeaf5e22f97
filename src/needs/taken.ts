/** What a VM takes of its host, as it is compared with what other VMs of that host take. */
import type { Host } from '../facts/host.ts';
import type { HostSystem } from '../facts/host_facts.ts';
import { parentOf } from '../facts/host_paths.ts';
import type { IssueCode } from '../profile/codes.ts';
import { redacted } from '../profile/secrets.ts';
import { show } from '../profile/show.ts';
import { claimOf, isPathNeed, isWritten, type Need, type PathNeed, traitsOf, wantOf } from './need.ts';
import type { Claim, Want } from './need_kind.ts';
import { fileKey, realPlace } from './path_conflicts.ts';

/** How a thing is taken: a file to read or to write, which many may do or one, or what only one can have, by its code. */
export type Way = 'read' | 'write' | IssueCode;

export interface Taken {
  /** Equal for the same thing. */
  readonly key: string;
  readonly way: Way;
  /** What of it is taken, where that is less than all of it. */
  readonly part: string | null;
  /** The larger part that this one is of. */
  readonly within: string | null;
  /** Whether it is a file or a socket, so that nothing can lie below it. */
  readonly isFile: boolean;
}

/** `null` for what many VMs can have together. */
export function takenBy(need: Need, host: Host): Taken | null {
  if (isPathNeed(need)) return takenPath(need, host);
  const claim = claimOf(need, host.probed);
  if (claim === null) return null;
  const { key, code, part = null, within = null } = claim;
  return { key, way: code, part, within, isFile: false };
}

function takenPath(need: PathNeed, host: Host): Taken | null {
  const { isConnected, isDirectory, isShared, isSocket } = traitsOf(need);
  if (isShared === true || isConnected === true) return null;
  const way = isSocket === true ? 'socket-used-twice' : isWritten(need) ? 'write' : 'read';
  return { key: fileKey(need, host), way, part: null, within: null, isFile: isDirectory !== true };
}

/** In words: what is taken, and what becomes of it when several VMs do. */
export interface TakenThing {
  readonly thing: string;
  readonly harm: string;
}

/** Of a file more is said, by who writes to it. */
const SOCKET_HARM = 'each of them that starts takes it away from the one before';

/** Of a need that takes something. */
export function thingOf(need: Need): TakenThing {
  if (isPathNeed(need)) return { thing: fileThing(need), harm: SOCKET_HARM };
  const { thing, harm } = claimOf(need) as Claim;
  return { thing: thing(), harm };
}

/** A path in words. */
function fileThing(need: PathNeed): string {
  const { isDirectory, isSocket } = traitsOf(need);
  const what = isSocket === true ? 'socket' : isDirectory === true ? 'directory' : 'file';
  return `the ${what} ${show(redacted(need.path))}`;
}

/** What another VM of the host has to have before; `null` where that is nothing. */
export function wantedBy(need: Need, host: Host): Want | null {
  if (!isPathNeed(need) || traitsOf(need).isConnected !== true) return wantOf(need);
  return { code: 'no-listener', key: fileKey(need, host), thing: () => fileThing(need) };
}

export interface Place {
  /** In a form in which places are compared, links followed. */
  readonly place: string;
  readonly path: string;
}

/** Where a disk lies; `null` for any other need. */
export function diskIn(need: Need, host: Host): Place | null {
  return isPathNeed(need) && traitsOf(need).isDisk === true ? placeOf(need, host) : null;
}

/** Where a directory lies that a guest is given, and whether it may write there; `null` for any other need. */
export function shareIn(need: Need, host: Host): (Place & { readonly isWritable: boolean }) | null {
  return need.kind === 'directory' ? { ...placeOf(need, host), isWritable: need.access === 'write' } : null;
}

function placeOf(need: PathNeed, host: Host): Place {
  return { place: realPlace(need, host), path: need.path };
}

/** The directories on the way to a place, the nearest first. */
export function* placesAbove(place: string, os: HostSystem): Generator<string> {
  let below = place;
  for (let above = parentOf(os, place); above !== below; above = parentOf(os, above)) {
    yield above;
    below = above;
  }
}
