/** What is known of what the QEMU of a version has, by what recorded builds have. */
import type { Architecture } from '../facts/host_facts.ts';
import { nearestWord } from '../profile/nearest_word.ts';
import { type BackendOption, BUILDS, type RecordedBuild } from './builds.ts';
import { isBefore, type Version, versionIn } from './version.ts';

/** What a profile names that not every QEMU has. */
export interface Thing {
  readonly is: 'machine' | 'cpu' | 'device';
  readonly arch: Architecture;
  /** Without properties and features. */
  readonly name: string;
}

/** `open` is what no recorded build tells. */
export type Answer = 'has' | 'lacks' | 'open';

/** The oldest version that plans are for. */
export const OLDEST: Version = [7, 2];
/** Of the builds that are recorded. */
export const RECORDED = BUILDS.map(({ version }) => version);

/**
 * Whether the QEMU of a version has something. What both neighbours of a version have is there, and what neither has is
 * not; what lies before the first recorded build or after the last one is open.
 */
export function answerOn(thing: Thing, version: string): Answer {
  const own = versionOfMachine(thing);
  if (own !== null && isBefore(versionIn(version), own)) return 'lacks';
  const builds = buildsAround(version);
  if (builds.length === 0 || isOtherName(thing)) return 'open';
  // A machine comes with the QEMU of its version: what has gone later was there before.
  const has = own === null ? builds : builds.slice(-1);
  if (has.every((build) => hasThing(build, thing))) return 'has';
  return builds.some((build) => hasThing(build, thing)) ? 'open' : 'lacks';
}

/** Whether the build of this version is recorded, or one before and one after it. */
export function isInRange(version: string): boolean {
  return buildsAround(version).length > 0;
}

/** Whether the QEMU of a version is known to have a backend: the builds are of Linux, so that what they lack says nothing. */
export function hasBackend(option: BackendOption, name: string, version: string): boolean {
  const builds = buildsAround(version);
  return builds.length > 0 && builds.every(({ backends }) => backends[option].includes(name));
}

/** The build of a version, or the two that it lies between; none outside of what is recorded. */
function buildsAround(version: string): readonly RecordedBuild[] {
  const wanted = versionIn(version);
  const after = BUILDS.findIndex((build) => !isBefore(versionIn(build.version), wanted));
  const next = BUILDS[after];
  if (next === undefined) return [];
  if (!isBefore(wanted, versionIn(next.version))) return [next];
  return after === 0 ? [] : BUILDS.slice(after - 1, after + 1);
}

/** What POWER's CPUs are called besides: by the number that the hardware has, and as a type of QEMU. */
const OTHER_NAME = /^(?:0x)?[0-9a-f]{8}$|-powerpc64-cpu$/i;

function isOtherName({ is, arch, name }: Thing): boolean {
  return is === 'cpu' && arch === 'ppc64le' && OTHER_NAME.test(name);
}

function hasThing(build: RecordedBuild, thing: Thing): boolean {
  const { is, arch, name } = thing;
  return namesIn(build, thing).includes(is === 'cpu' ? cpuName(arch, name) : name);
}

/** QEMU takes the names of POWER's CPUs in any case. */
function cpuName(arch: Architecture, name: string): string {
  return arch === 'ppc64le' ? name.toLowerCase() : name;
}

/** The versions that are recorded as having a thing. */
export function versionsWith(thing: Thing): string[] {
  return BUILDS.filter((build) => hasThing(build, thing)).map(({ version }) => version);
}

/** Whether a QEMU has a machine that a later one will not have. */
export function isDeprecatedMachine({ arch, name }: Thing, version: string): boolean {
  const builds = buildsAround(version);
  return builds.length > 0 && builds.every(({ targets }) => targets[arch].deprecated_machines.includes(name));
}

/** The VMs that the recorded CPU models were started in. */
export const SMALL = { cores: 1, memoryMb: 512 } as const;
export const LARGE = { cores: 8, memoryMb: 32768 } as const;

/** Whether a model that a QEMU has is good for no more than a small VM, as far as is known. */
export function isSmallCpu({ arch, name }: Thing, version: string): boolean {
  return buildsAround(version).some(({ targets }) => targets[arch].small_cpus.includes(cpuName(arch, name)));
}

/** The features of an x86 CPU model that tcg lacks, by their names. */
export function lackedOnTcg(cpu: string, version: string): readonly string[] {
  const [first, ...rest] = buildsAround(version).map(({ targets }) =>
    lackIn(targets.x86_64.incomplete_on_tcg, cpu),
  );
  return (first ?? []).filter((feature) => rest.every((other) => other.includes(feature)));
}

function lackIn(
  sets: RecordedBuild['targets']['x86_64']['incomplete_on_tcg'],
  cpu: string,
): readonly string[] {
  return sets.find(({ cpus }) => cpus.includes(cpu))?.lack ?? [];
}

/** What such a QEMU has and is probably meant: of machines the nearest version, of others the nearest name. */
export function nearestTo(thing: Thing, version: string): string | null {
  const names = new Set(BUILDS.flatMap((build) => namesIn(build, thing)));
  const there = [...names].filter((name) => answerOn({ ...thing, name }, version) === 'has');
  const own = versionOfMachine(thing);
  return own === null ? nearestWord(thing.name, there) : nearestMachine(thing, own, there);
}

function namesIn({ targets, devices }: RecordedBuild, { is, arch }: Thing): readonly string[] {
  const target = targets[arch];
  switch (is) {
    case 'machine':
      return target.machines;
    case 'cpu':
      return target.cpus;
    case 'device':
      return [...devices, ...target.devices];
  }
}

const MACHINE_VERSION = /^(.*)-(\d+)[.](\d+)$/;

/** `null` for what is no machine of a version. */
function versionOfMachine({ is, name }: Thing): Version | null {
  const [, , major, minor] = (is === 'machine' && MACHINE_VERSION.exec(name)) || [];
  return major === undefined ? null : [Number(major), Number(minor)];
}

/** The newest that is no newer than what is wanted, else the oldest; `null` where there is none of the family. */
function nearestMachine(thing: Thing, own: Version, there: readonly string[]): string | null {
  const family = MACHINE_VERSION.exec(thing.name)?.[1];
  const versions = there
    .filter((name) => MACHINE_VERSION.exec(name)?.[1] === family)
    .map((name) => ({ name, version: versionOfMachine({ ...thing, name }) as Version }))
    .sort((left, right) => (isBefore(left.version, right.version) ? -1 : 1));
  const older = versions.filter(({ version }) => !isBefore(own, version));
  return (older.at(-1) ?? versions[0])?.name ?? null;
}
