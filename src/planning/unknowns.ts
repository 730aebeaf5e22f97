/** What a plan relies on and the planner could not check. */
import type { Host, PathSight, Sight } from '../context/host_facts.ts';
import { isAbsolute } from '../context/host_paths.ts';
import type { DirectKernel, NetworkCard, PlacedPath, ResolvedContext } from '../context/resolve_context.ts';
import type { Architecture } from '../profile/schema.ts';
import { compareCodePoints } from '../profile/text.ts';
import { BRIDGE } from '../qemu/network_args.ts';
import { portResource } from './resources.ts';

/** A thing named as in `affected_resources`, and what is not known of it. Members in the order of canonical JSON. */
export interface Unknown {
  readonly question: string;
  readonly subject: string;
}

/** CPU values that every QEMU from 7.2 on has; riscv64 got its `max` later. */
const KNOWN_CPUS: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['host', 'max'],
  aarch64: ['host', 'max'],
  riscv64: ['host', 'rv64'],
  ppc64le: ['host', 'max'],
};

export function unknownsOf(context: ResolvedContext, { sight }: Host): Unknown[] {
  const all = [
    ...binaryUnknowns(context, sight),
    ...cpuUnknowns(context),
    ...(sight === null ? fileUnknowns(context) : seenFileUnknowns(context, sight)),
    ...networkUnknowns(context),
  ].sort(compareUnknowns);
  return all.filter((one, index) => index === 0 || compareUnknowns(one, all[index - 1] as Unknown) !== 0);
}

function compareUnknowns(left: Unknown, right: Unknown): number {
  return compareCodePoints(left.subject, right.subject) || compareCodePoints(left.question, right.question);
}

function unknown(subject: string, question: string): Unknown {
  return { question, subject };
}

function binaryUnknowns({ binary, facts, acceleration }: ResolvedContext, sight: Sight | null): Unknown[] {
  const subject = isAbsolute(facts.os, binary) ? `path:${binary}` : `binary:${binary}`;
  const installed = unknown(subject, 'Is this QEMU installed on the host?');
  const version = unknown(subject, 'Is this QEMU 7.2 or later, with everything built in that the plan uses?');
  const access = unknown('device:/dev/kvm', 'May the user that runs QEMU open it?');
  return [
    ...(sight === null || sight.binary === null ? [installed] : []),
    version,
    ...(acceleration === 'kvm' && sight === null ? [access] : []),
  ];
}

function cpuUnknowns({ arch, cpu }: ResolvedContext): Unknown[] {
  return KNOWN_CPUS[arch].includes(cpu)
    ? []
    : [unknown(`cpu:${cpu}`, 'Does this QEMU know the CPU model and its features?')];
}

/** On a given host no file was looked at. */
function fileUnknowns({ images, shares, kernel, qmpSocket, serial }: ResolvedContext): Unknown[] {
  const listens = [qmpSocket, serial !== null && 'target' in serial ? serial.target : null];
  const boots = bootFiles(kernel);
  return [
    ...images.map(({ file, format }) =>
      unknown(`path:${file.path}`, `Is there an image of the format ${format}?`),
    ),
    ...shares.map(({ directory }) =>
      unknown(`path:${directory.path}`, 'Is there a directory that QEMU may read?'),
    ),
    ...boots.map((file) => unknown(`path:${file.path}`, 'Is there such a file?')),
    ...listens.flatMap((file) =>
      file === null
        ? []
        : [unknown(`path:${file.path}`, 'Is its directory there, and may QEMU write to it?')],
    ),
  ];
}

/** On the probed host what is still to be created, or could not be read, is open. */
function seenFileUnknowns({ images, shares, kernel }: ResolvedContext, sight: Sight): Unknown[] {
  const kindOf = ({ path }: PlacedPath): PathSight['kind'] | undefined => sight.paths.get(path)?.kind;
  const boots = bootFiles(kernel);
  return [
    ...images
      .filter(({ file }) => kindOf(file) === 'missing' || sight.paths.get(file.path)?.header === null)
      .map(({ file, format }) =>
        unknown(
          `path:${file.path}`,
          kindOf(file) === 'missing'
            ? `Will an image of the format ${format} be created before the start?`
            : `Is it an image of the format ${format}?`,
        ),
      ),
    ...[...shares.map(({ directory }) => directory), ...boots]
      .filter((file) => kindOf(file) === 'unreadable')
      .map((file) => unknown(`path:${file.path}`, 'May QEMU read it?')),
  ];
}

function bootFiles(kernel: DirectKernel | null): PlacedPath[] {
  return kernel === null ? [] : [kernel.image, ...(kernel.initrd === null ? [] : [kernel.initrd])];
}

function networkUnknowns({ cards }: ResolvedContext): Unknown[] {
  return cards.flatMap(cardUnknowns);
}

function cardUnknowns({ name, type, forwards }: NetworkCard): Unknown[] {
  switch (type) {
    case 'user':
      return forwards.map((forward) => unknown(portResource(forward), 'Is the port free on the host?'));
    case 'tap':
      return [unknown(`netdev:${name}`, 'Is there a tap device of this name, and may QEMU use it?')];
    case 'bridge':
      return [
        unknown(
          `netdev:${BRIDGE}`,
          'Is there such a bridge, and does the bridge helper allow QEMU to use it?',
        ),
      ];
  }
}
