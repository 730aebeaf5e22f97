/** What a plan relies on and the planner could not check. */
import type { Host, Sight } from '../context/host_facts.ts';
import { isAbsolute } from '../context/host_paths.ts';
import { bootFiles, type NetworkCard, type ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import type { Architecture } from '../profile/schema.ts';
import { compareCodePoints } from '../profile/text.ts';
import { BRIDGE } from '../qemu/network_args.ts';
import type { JsonStrings } from './json_strings.ts';
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

/** Adds a question about a subject. */
type Ask = (subject: string, question: string) => void;

/** Sorted by subject, then by question, each once. */
export function unknownsOf(context: ResolvedContext, { sight }: Host, { compare }: JsonStrings): Unknown[] {
  const all: Unknown[] = [];
  const ask: Ask = (subject, question) => all.push({ question, subject });
  askOfBinary(context, sight, ask);
  askOfCpu(context, ask);
  if (sight === null) askOfFiles(context, ask);
  else askOfSeenFiles(context, sight, ask);
  for (const card of context.cards) askOfCard(card, ask);
  all.sort(
    (left, right) => compare(left.subject, right.subject) || compareCodePoints(left.question, right.question),
  );
  return all.filter((one, index) => !isSame(one, all[index - 1]));
}

function isSame(one: Unknown, other: Unknown | undefined): boolean {
  return one.subject === other?.subject && one.question === other.question;
}

/** As canonical JSON. */
export function unknownsText(unknowns: readonly Unknown[], { text }: JsonStrings): string {
  let list = '';
  for (const { question, subject } of unknowns) {
    if (list !== '') list += ',';
    list += questionText(question);
    list += `${text(subject)}}`;
  }
  return `[${list}]`;
}

/** The first members of an unknown. */
const questionText = madeOnce((question: string) => `{"question":"${question}","subject":`);

function askOfBinary({ binary, facts, acceleration }: ResolvedContext, sight: Sight | null, ask: Ask): void {
  const subject = isAbsolute(facts.os, binary) ? `path:${binary}` : `binary:${binary}`;
  if (sight === null || sight.binary === null) ask(subject, 'Is this QEMU installed on the host?');
  ask(subject, 'Is this QEMU 7.2 or later, with everything built in that the plan uses?');
  if (acceleration === 'kvm' && sight === null)
    ask('device:/dev/kvm', 'May the user that runs QEMU open it?');
}

function askOfCpu({ arch, cpu }: ResolvedContext, ask: Ask): void {
  if (!KNOWN_CPUS[arch].includes(cpu))
    ask(`cpu:${cpu}`, 'Does this QEMU know the CPU model and its features?');
}

/** On a given host no file was looked at. */
function askOfFiles({ images, shares, kernel, qmpSocket, serial }: ResolvedContext, ask: Ask): void {
  for (const { file, format } of images)
    ask(`path:${file.path}`, `Is there an image of the format ${format}?`);
  for (const { directory } of shares)
    ask(`path:${directory.path}`, 'Is there a directory that QEMU may read?');
  for (const file of bootFiles(kernel)) ask(`path:${file.path}`, 'Is there such a file?');
  const listens = [qmpSocket, serial !== null && 'target' in serial ? serial.target : null];
  for (const file of listens)
    if (file !== null) ask(`path:${file.path}`, 'Is its directory there, and may QEMU write to it?');
}

/** On the probed host what is still to be created, or could not be read, is open. */
function askOfSeenFiles({ images, shares, kernel }: ResolvedContext, { paths }: Sight, ask: Ask): void {
  for (const { file, format } of images) {
    const seen = paths.get(file.path);
    if (seen?.kind === 'missing')
      ask(`path:${file.path}`, `Will an image of the format ${format} be created before the start?`);
    else if (seen?.header === null) ask(`path:${file.path}`, `Is it an image of the format ${format}?`);
  }
  for (const { path } of [...shares.map(({ directory }) => directory), ...bootFiles(kernel)])
    if (paths.get(path)?.kind === 'unreadable') ask(`path:${path}`, 'May QEMU read it?');
}

function askOfCard({ name, type, forwards }: NetworkCard, ask: Ask): void {
  switch (type) {
    case 'user':
      for (const forward of forwards) ask(portResource(forward), 'Is the port free on the host?');
      return;
    case 'tap':
      ask(`netdev:${name}`, 'Is there a tap device of this name, and may QEMU use it?');
      return;
    case 'bridge':
      ask(`netdev:${BRIDGE}`, 'Is there such a bridge, and does the bridge helper allow QEMU to use it?');
  }
}
