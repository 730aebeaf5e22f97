/** What the VMs of one host are in dispute about. */
import { isAbsolute } from '../facts/host_paths.ts';
import { placesAbove, type TakenThing } from '../needs/taken.ts';
import { ISSUE_CODES, type IssueCode } from '../profile/codes.ts';
import type { Severity } from '../profile/issue.ts';
import { redacted } from '../profile/secrets.ts';
import { show } from '../profile/show.ts';
import { compareCodePoints } from '../profile/text.ts';
import { type HostFleet, type Placed, type Shared, type Taker, takersOf, type Wanted } from './fleet.ts';
import type { StartOrder, Wait } from './start_order.ts';

/** A thing in dispute; members in the order of canonical JSON. */
export interface Conflict {
  readonly code: IssueCode;
  /** In the order of the requests. */
  readonly ids: readonly string[];
  readonly message: string;
  /** Each leads into the profile of the id at the same place. */
  readonly pointers: readonly string[];
  readonly severity: Severity;
  readonly suggestion: string;
}

/** In the order in which they are listed. */
const ERRORS: readonly IssueCode[] = [
  'port-taken-twice',
  'path-written-twice',
  'path-written-and-read',
  'path-conflict',
  'socket-used-twice',
  'mac-used-twice',
  'tap-used-twice',
  'vsock-cid-used-twice',
  'usb-device-used-twice',
  'pci-device-used-twice',
  'name-used-twice',
  'no-listener',
  'dependency-unknown',
  'dependency-circle',
];
const WARNINGS: readonly IssueCode[] = ['cores-over-host', 'memory-over-host', 'share-holds-others-file'];
const ORDER: readonly IssueCode[] = [...ERRORS, ...WARNINGS];

const LISTED_CONFLICTS = 100;

/** One VM of a dispute. */
type Member = Pick<Taker, 'vm' | 'pointer'>;

/** Some of the VMs in words. */
type Naming = (members: readonly Member[]) => string;

/** A conflict before it is written out. */
interface Dispute {
  readonly code: IssueCode;
  /** By their number, each once. */
  readonly members: readonly Member[];
  /** What the message says, in the names that VMs have. */
  readonly says: (named: Naming) => string;
}

/** Sorted by code, by the place of the first id, by its pointer; at most so many, then one that counts the rest. */
export function* conflictsOf(host: HostFleet, { circles }: StartOrder): Generator<void, Conflict[]> {
  const first: Dispute[] = [];
  const last = (): Dispute | undefined => first[LISTED_CONFLICTS];
  let errors = 0;
  let count = 0;
  for (const dispute of disputesOf(host, circles)) {
    yield;
    if (dispute === null) continue;
    count++;
    if (isError(dispute)) errors++;
    if (first.length > LISTED_CONFLICTS && compareDisputes(dispute, last() as Dispute) >= 0) continue;
    first.splice(placeIn(first, dispute), 0, dispute);
    first.length = Math.min(first.length, LISTED_CONFLICTS + 1);
  }
  const listed = first.slice(0, LISTED_CONFLICTS);
  const conflicts = listed.map((dispute) => written(dispute, host));
  const more = count - listed.length;
  return more === 0 ? conflicts : [...conflicts, moreConflicts(more, errors > listed.filter(isError).length)];
}

function isError({ code }: Dispute): boolean {
  return ERRORS.includes(code);
}

function placeIn(sorted: readonly Dispute[], dispute: Dispute): number {
  const place = sorted.findIndex((other) => compareDisputes(dispute, other) < 0);
  return place === -1 ? sorted.length : place;
}

function compareDisputes(left: Dispute, right: Dispute): number {
  const [one, other] = [left.members[0] as Member, right.members[0] as Member];
  return (
    ORDER.indexOf(left.code) - ORDER.indexOf(right.code) ||
    one.vm - other.vm ||
    compareCodePoints(one.pointer, other.pointer)
  );
}

function written({ code, members, says }: Dispute, { ids }: HostFleet): Conflict {
  return {
    code,
    ids: members.map(({ vm }) => ids[vm] as string),
    message: says((some) => naming(some, ids)),
    pointers: members.map(({ pointer }) => pointer),
    severity: ERRORS.includes(code) ? 'error' : 'warning',
    suggestion: ISSUE_CODES[code].mend,
  };
}

function moreConflicts(more: number, isAnyError: boolean): Conflict {
  const code = 'more-conflicts';
  return {
    code,
    ids: [],
    message: `${more} more conflicts of this host are not listed; at most ${LISTED_CONFLICTS} are.`,
    pointers: [],
    severity: isAnyError ? 'error' : 'warning',
    suggestion: ISSUE_CODES[code].mend,
  };
}

const NAMED = 3;

/** The ids of the first in words, and how many more there are. */
function naming(members: readonly Member[], ids: readonly string[]): string {
  const named = members.slice(0, NAMED).map(({ vm }) => show(ids[vm] as string));
  const more = members.length - named.length;
  const all = more > 0 ? [...named, `${more} more`] : named;
  return all.length === 1 ? String(all) : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** `null` gives way. */
function* disputesOf(host: HostFleet, circles: StartOrder['circles']): Generator<Dispute | null> {
  for (const [key, thing] of host.things) {
    yield null;
    yield* disputesOver(thing, takersOf(host, key));
  }
  yield* filesOnTheWay(host);
  yield* unmetWants(host);
  yield* circles.map(circleDispute);
  yield* shortages(host);
  yield* sharesAround(host);
}

function* disputesOver({ thing, harm }: TakenThing, takers: readonly Taker[]): Generator<Dispute> {
  for (const [part, those] of inParts(takers)) {
    const members = eachOnce(those);
    const writers = members.filter(isWriter);
    if (members.length < 2 || writers.length === 0) continue;
    const what = part === null ? thing : `${thing} on ${part}`;
    const code = codeOf(members, writers);
    yield {
      code,
      members,
      says: (named) => `${named(members)} need ${what}; ${harmOf(code, writers, named) ?? harm}.`,
    };
  }
}

/** Those who take one part of a thing together; where somebody takes a larger part, or the whole, all who take some of it. */
function inParts(takers: readonly Taker[]): Map<string | null, Taker[]> {
  const taken = new Set(takers.map(({ part }) => part));
  const parts = new Map<string | null, Taker[]>();
  for (const taker of takers) {
    const part = taker.within !== null && taken.has(taker.within) ? taker.within : taker.part;
    const key = taken.has(null) ? null : part;
    const those = parts.get(key) ?? [];
    parts.set(key, those);
    those.push(taker);
  }
  return parts;
}

/** Each VM once, by the first that it writes to, else by the first that it takes. */
function eachOnce(takers: readonly Taker[]): Taker[] {
  const members = new Map<number, Taker>();
  for (const taker of [...takers.filter(isWriter), ...takers])
    if (!members.has(taker.vm)) members.set(taker.vm, taker);
  return [...members.values()].sort((left, right) => left.vm - right.vm);
}

function isWriter({ way }: Taker): boolean {
  return way !== 'read';
}

/** What only one can have has its own code, unless others take it as a file. */
function codeOf(members: readonly Taker[], writers: readonly Taker[]): IssueCode {
  const [{ way }] = members as [Taker];
  if (way !== 'read' && way !== 'write' && members.every((member) => member.way === way)) return way;
  return writers.length === 1 ? 'path-written-and-read' : 'path-written-twice';
}

/** What becomes of a file; `null` for another thing. */
function harmOf(code: IssueCode, writers: readonly Member[], named: Naming): string | null {
  switch (code) {
    case 'path-written-twice':
      return `what one of ${named(writers)} writes, another one destroys`;
    case 'path-written-and-read':
      return `${named(writers)} writes to it while the others read`;
    default:
      return null;
  }
}

/** Each file that is a directory for other VMs: they share it, or need what lies below it. */
function* filesOnTheWay(host: HostFleet): Generator<Dispute | null> {
  const { facts, shares, takings } = host;
  const below = new Map<string, Placed[]>();
  const note = (place: string, members: () => readonly Placed[]): void => {
    if (!takings.last.has(place)) return;
    const those = below.get(place) ?? [];
    below.set(place, those);
    those.push(...members());
  };
  for (const share of shares) {
    yield null;
    for (const place of [share.place, ...placesAbove(share.place, facts.os)]) note(place, () => [share]);
  }
  for (const place of takings.last.keys()) {
    yield null;
    // Of a file that is there only its number is known, and nothing can lie below it.
    if (!isAbsolute(facts.os, place)) continue;
    for (const above of placesAbove(place, facts.os))
      note(above, () => takersOf(host, place).map((taker) => ({ ...taker, place })));
  }
  for (const [place, those] of below) {
    const files = eachOnce(takersOf(host, place).filter(({ isFile }) => isFile));
    if (files.length === 0) continue;
    yield {
      code: 'path-conflict',
      members: placedOnce([...files, ...those]),
      says: (named) =>
        `${named(files)} need${isOne(files)} the file ${show(redacted(place))}, which is a directory for ${named(placedOnce(those))}.`,
    };
  }
}

/** Each thing that no VM of the host has, with those who want it. */
function* unmetWants({ wanted, takings }: HostFleet): Generator<Dispute | null> {
  const unmet = new Map<string, Wanted[]>();
  for (const want of wanted) {
    yield null;
    if (takings.last.has(want.key)) continue;
    const those = unmet.get(want.key) ?? [];
    unmet.set(want.key, those);
    if (those.at(-1)?.vm !== want.vm) those.push(want);
  }
  for (const members of unmet.values()) {
    const [{ code, thing }] = members as [Wanted];
    yield {
      code,
      members,
      says: (named) =>
        `${named(members)} need${isOne(members)} another VM with ${thing()}, and none that is planned for this host has it.`,
    };
  }
}

/** The ending of what one VM does. */
function isOne({ length }: readonly Member[]): string {
  return length === 1 ? 's' : '';
}

function circleDispute(members: readonly Wait[]): Dispute {
  return {
    code: 'dependency-circle',
    members,
    says: (named) => `${named(members)} wait for one another: whichever is started first lacks another one.`,
  };
}

/** What the VMs take together of what the host has; one alone is told in its own plan. */
function shortages({ ids, cores, memoryMb, facts, capacity }: HostFleet): Dispute[] {
  if (ids.length < 2) return [];
  const most = Math.min(
    facts.memory_mb ?? Number.POSITIVE_INFINITY,
    capacity?.commitLimitMb ?? Number.POSITIVE_INFINITY,
  );
  const all = (pointer: string): Member[] => ids.map((_, vm) => ({ vm, pointer }));
  const disputes: Dispute[] = [];
  if (facts.cpus !== undefined && cores > facts.cpus)
    disputes.push({
      code: 'cores-over-host',
      members: all('/hardware/cores'),
      says: (named) =>
        `${named(all(''))} have ${cores} cores together, and the host has ${facts.cpus} processors.`,
    });
  if (memoryMb > most)
    disputes.push({
      code: 'memory-over-host',
      members: all('/hardware/memory_mb'),
      says: (named) =>
        `${named(all(''))} have ${memoryMb} MiB together, and the host gives them ${most} MiB at most.`,
    });
  return disputes;
}

/** Each directory that guests may write to and in which a disk of another VM lies, with all whose disks do. */
function* sharesAround({ shares, disks, facts }: HostFleet): Generator<Dispute | null> {
  const sharers = new Map<string, Shared[]>();
  for (const share of shares) {
    yield null;
    if (!share.isWritable) continue;
    const those = sharers.get(share.place) ?? [];
    sharers.set(share.place, those);
    those.push(share);
  }
  if (sharers.size === 0) return;
  const held = new Map<string, Placed[]>();
  for (const disk of disks) {
    yield null;
    for (const place of placesAbove(disk.place, facts.os)) {
      if (!sharers.has(place)) continue;
      const those = held.get(place) ?? [];
      held.set(place, those);
      those.push(disk);
    }
  }
  for (const [place, inside] of held) {
    const those = sharers.get(place) as Shared[];
    const [{ path }] = those as [Shared];
    // The disk of whoever shares it alone is its own.
    const others = inside.filter(({ vm }) => those.some((share) => share.vm !== vm));
    if (others.length === 0) continue;
    const members = placedOnce([...those, ...others]);
    yield {
      code: 'share-holds-others-file',
      members,
      says: (named) =>
        `The guest of ${named(placedOnce(those))} may write to ${show(redacted(path))}, and so to ${diskCount(others)} of ${named(placedOnce(others))}.`,
    };
  }
}

function diskCount(disks: readonly Placed[]): string {
  const [{ place }] = disks as [Placed];
  const disk = show(redacted(place));
  return disks.length === 1 ? `the disk ${disk}` : `${disks.length} disks, such as ${disk},`;
}

/** Each VM once, by the first of its places. */
function placedOnce(placed: readonly Member[]): Member[] {
  const first = new Map<number, Member>();
  for (const one of placed) if (!first.has(one.vm)) first.set(one.vm, one);
  return [...first.values()].sort((left, right) => left.vm - right.vm);
}
