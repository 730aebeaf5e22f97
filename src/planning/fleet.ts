/** VMs that are planned together: as much of each as it takes to say, in the end, what is between them. */
import type { Host, ProbedCapacity } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import type { Need } from '../needs/need.ts';
import type { Want } from '../needs/need_kind.ts';
import {
  diskIn,
  shareIn,
  type Taken,
  type TakenThing,
  takenBy,
  thingOf,
  type Way,
  wantedBy,
} from '../needs/taken.ts';
import { type Path, pointerOf } from '../profile/path.ts';
import { redacted } from '../profile/secrets.ts';
import { newSha256, type Sha256 } from './hash.ts';
import type { Planned } from './plan_profile.ts';

/** A VM with what takes a thing for it. */
export interface Taker extends Use {
  /** Its number among the VMs of its host. */
  readonly vm: number;
}

/** What is alike for many VMs. */
interface Use {
  readonly pointer: string;
  readonly way: Way;
  readonly part: string | null;
  readonly within: string | null;
  readonly isFile: boolean;
}

/** Who takes what, a number each: rows of few columns, since there are several for each of many VMs. */
export interface Takings {
  /** Of each thing the number of the last one, by the thing's key. */
  readonly last: Map<string, number>;
  readonly vms: number[];
  readonly uses: Use[];
  /** Of the one before that takes the same thing; `NONE` for the first. */
  readonly before: number[];
}

const NONE = -1;

/** A VM with a place on the host, in a form in which places are compared. */
export interface Placed {
  readonly vm: number;
  readonly pointer: string;
  readonly place: string;
}

/** A directory that a guest is given. */
export interface Shared extends Placed {
  readonly path: string;
  readonly isWritable: boolean;
}

/** A VM with what it wants of another one. */
export interface Wanted extends Want {
  readonly vm: number;
  readonly pointer: string;
}

/** The VMs of one host. */
export interface HostFleet {
  /** As it was for the first of them. */
  readonly facts: HostFacts;
  readonly capacity: ProbedCapacity | null;
  /** As they are shown. */
  readonly ids: string[];
  cores: number;
  memoryMb: number;
  readonly takings: Takings;
  /** By key, only of what several VMs take. */
  readonly things: Map<string, TakenThing>;
  readonly wanted: Wanted[];
  readonly shares: Shared[];
  readonly disks: Placed[];
}

export interface Fleet {
  /** In the order of their first VMs. */
  readonly hosts: Map<string, HostFleet>;
  /** By what they say, each once. */
  readonly uses: Map<string, Use>;
  readonly hash: Sha256;
  isEmpty: boolean;
  isAnyRefused: boolean;
}

export function newFleet(): Fleet {
  return { hosts: new Map(), uses: new Map(), hash: newSha256('['), isEmpty: true, isAnyRefused: false };
}

/** A plan, as far as a fleet asks for it. */
export interface MadePlan {
  readonly planned: Planned;
  readonly planHash: string;
}

/** Adds a request with its plan; with `null` it was refused, and takes part in nothing else. */
export function addToFleet(fleet: Fleet, id: string, made: MadePlan | null): void {
  const member = JSON.stringify([id, made === null ? null : made.planHash]);
  fleet.hash.add(fleet.isEmpty ? member : `,${member}`);
  fleet.isEmpty = false;
  if (made === null) fleet.isAnyRefused = true;
  else addPlanned(fleet, redacted(id), made.planned);
}

/** Of the canonical JSON of `[[id, plan_hash or null], …]`. The fleet takes no more requests. */
export function fleetHash({ hash }: Fleet): string {
  return hash.end(']');
}

function addPlanned(fleet: Fleet, id: string, { profile, host, needs }: Planned): void {
  const { hardware } = profile;
  const own = hostOf(fleet, host);
  const vm = own.ids.push(id) - 1;
  own.cores += hardware.cores;
  own.memoryMb += hardware.memory_mb;
  for (const need of needs) addNeed(fleet, own, vm, need, host);
}

/** Hosts of equal facts are one; the host that was looked at is none of those that are given. */
function hostOf({ hosts }: Fleet, { facts, probed }: Host): HostFleet {
  const key = probed === null ? JSON.stringify(facts) : '';
  const known = hosts.get(key);
  if (known !== undefined) return known;
  const host: HostFleet = {
    facts,
    capacity: probed === null ? null : probed.capacity,
    ids: [],
    cores: 0,
    memoryMb: 0,
    takings: { last: new Map(), vms: [], uses: [], before: [] },
    things: new Map(),
    wanted: [],
    shares: [],
    disks: [],
  };
  hosts.set(key, host);
  return host;
}

function addNeed({ uses }: Fleet, own: HostFleet, vm: number, need: Need, host: Host): void {
  const taken = takenBy(need, host);
  const key = taken === null ? '' : ownCopy(taken.key);
  if (taken !== null && take(own.takings, vm, key, useOf(uses, need.at, taken)) && !own.things.has(key))
    own.things.set(key, thingOf(need));
  const want = wantedBy(need, host);
  if (want !== null) own.wanted.push({ ...want, vm, pointer: pointerOf(need.at) });
  const disk = diskIn(need, host);
  if (disk !== null) {
    const { pointer } = useOf(uses, need.at, DISK);
    // Where nobody has looked, a file is known by its place.
    own.disks.push({ vm, pointer, place: disk.place === key ? key : ownCopy(disk.place) });
  }
  const share = shareIn(need, host);
  if (share !== null) own.shares.push({ ...share, vm, pointer: pointerOf(need.at) });
}

const DISK: Omit<Taken, 'key'> = { way: 'read', part: null, within: null, isFile: true };

/** Whether another VM takes it too. */
function take({ last, vms, uses, before }: Takings, vm: number, key: string, use: Use): boolean {
  const earlier = last.get(key) ?? NONE;
  last.set(key, vms.length);
  vms.push(vm);
  uses.push(use);
  before.push(earlier);
  return earlier !== NONE && vms[earlier] !== vm;
}

/** All who take a thing, in the order of the requests. */
export function takersOf({ takings }: HostFleet, key: string): Taker[] {
  const { last, vms, uses, before } = takings;
  const takers: Taker[] = [];
  for (let row = last.get(key) ?? NONE; row !== NONE; row = before[row] as number)
    takers.push({ ...(uses[row] as Use), vm: vms[row] as number });
  return takers.reverse();
}

function useOf(uses: Map<string, Use>, at: Path, taken: Omit<Taken, 'key'>): Use {
  const { way, part, within, isFile } = taken;
  const key = `${at.join('/')} ${way} ${part}`;
  const known = uses.get(key);
  if (known !== undefined) return known;
  const use = { pointer: pointerOf(at), way, part: part === null ? null : ownCopy(part), within, isFile };
  uses.set(ownCopy(key), use);
  return use;
}

/** A text that was cut out of another one, or put together, keeps that in memory; a copy does not. */
function ownCopy(text: string): string {
  return Buffer.from(text).toString();
}
