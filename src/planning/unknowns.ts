/** What a plan relies on and the planner could not check. */
import type { Host, Sight } from '../context/host_facts.ts';
import { isAbsolute } from '../context/host_paths.ts';
import type { NetworkCard, ResolvedContext } from '../context/resolve_context.ts';
import { compareCodePoints } from '../profile/text.ts';
import { BRIDGE } from '../qemu/network_args.ts';
import { portResource } from './resources.ts';

/** A thing named as in `affected_resources`, and what is not known of it. Members in the order of canonical JSON. */
export interface Unknown {
  readonly question: string;
  readonly subject: string;
}

/** CPU models that every QEMU has for its architecture. */
const EVERYWHERE = new Set(['host', 'max', 'rv64']);

export function unknownsOf(context: ResolvedContext, { sight }: Host): Unknown[] {
  return [
    ...binaryUnknowns(context, sight),
    ...cpuUnknowns(context),
    ...(sight === null ? fileUnknowns(context) : creationUnknowns(context, sight)),
    ...networkUnknowns(context),
  ].sort(
    (left, right) =>
      compareCodePoints(left.subject, right.subject) || compareCodePoints(left.question, right.question),
  );
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

function cpuUnknowns({ cpu }: ResolvedContext): Unknown[] {
  return EVERYWHERE.has(cpu)
    ? []
    : [unknown(`cpu:${cpu}`, 'Does this QEMU know the CPU model and its features?')];
}

/** On a given host no file was looked at. */
function fileUnknowns({ images, shares, kernel, qmpSocket, serial }: ResolvedContext): Unknown[] {
  const listens = [qmpSocket, serial !== null && 'target' in serial ? serial.target : null];
  const boots = kernel === null ? [] : [kernel.image, kernel.initrd];
  return [
    ...images.map(({ file, format }) =>
      unknown(`path:${file.path}`, `Is there an image of the format ${format}?`),
    ),
    ...shares.map(({ directory }) =>
      unknown(`path:${directory.path}`, 'Is there a directory that QEMU may read?'),
    ),
    ...boots.flatMap((file) =>
      file === null ? [] : [unknown(`path:${file.path}`, 'Is there such a file?')],
    ),
    ...listens.flatMap((file) =>
      file === null
        ? []
        : [unknown(`path:${file.path}`, 'Is its directory there, and may QEMU write to it?')],
    ),
  ];
}

/** On the probed host only what is still to be created is open. */
function creationUnknowns({ images }: ResolvedContext, sight: Sight): Unknown[] {
  return images
    .filter(({ file }) => sight.paths.get(file.path)?.kind === 'missing')
    .map(({ file, format }) =>
      unknown(`path:${file.path}`, `Will an image of the format ${format} be created before the start?`),
    );
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
