/** What a plan relies on and the planner could not check. */
import type { Host, Sight } from '../context/host_facts.ts';
import { isAbsolute } from '../context/host_paths.ts';
import { bootFiles, type NetworkCard, type ResolvedContext } from '../context/resolve_context.ts';
import { madeOnce } from '../profile/made_once.ts';
import type { Architecture, ImageFormat } from '../profile/schema.ts';
import { compareCodePoints } from '../profile/text.ts';
import { BRIDGE } from '../qemu/network_args.ts';
import type { JsonStrings } from './json_strings.ts';
import { portResource } from './resources.ts';

/** A thing named as in `affected_resources`, and what is not known of it. Members in the order of canonical JSON. */
export interface Unknown {
  readonly question: string;
  readonly subject: string;
}

/** An unknown before it is written. */
export interface OpenQuestion {
  readonly question: Question;
  readonly subject: string;
}

/** A question, which is made once for all plans. */
interface Question {
  readonly words: string;
  /** As the beginning of an `Unknown`, up to the quote before its subject. */
  readonly text: string;
  /** The same in an `Unknown` that comes after another. */
  readonly further: string;
}

function question(words: string): Question {
  const text = `{"question":"${words}","subject":"`;
  return { words, text, further: `,${text}` };
}

const IS_INSTALLED = question('Is this QEMU installed on the host?');
const IS_RECENT = question('Is this QEMU 7.2 or later, with everything built in that the plan uses?');
const IS_DEVICE_OPEN = question('May the user that runs QEMU open it?');
const IS_CPU_KNOWN = question('Does this QEMU know the CPU model and its features?');
const IS_DIRECTORY = question('Is there a directory that QEMU may read?');
const IS_FILE = question('Is there such a file?');
const IS_WRITABLE = question('Is its directory there, and may QEMU write to it?');
const IS_READABLE = question('May QEMU read it?');
const IS_PORT_FREE = question('Is the port free on the host?');
const IS_TAP = question('Is there a tap device of this name, and may QEMU use it?');
const IS_BRIDGE = question('Is there such a bridge, and does the bridge helper allow QEMU to use it?');
const isImageThere = madeOnce((format: ImageFormat) =>
  question(`Is there an image of the format ${format}?`),
);
const isImageComing = madeOnce((format: ImageFormat) =>
  question(`Will an image of the format ${format} be created before the start?`),
);
const isImage = madeOnce((format: ImageFormat) => question(`Is it an image of the format ${format}?`));

/** CPU values that every QEMU from 7.2 on has; riscv64 got its `max` later. */
const KNOWN_CPUS: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['host', 'max'],
  aarch64: ['host', 'max'],
  riscv64: ['host', 'rv64'],
  ppc64le: ['host', 'max'],
};

/** Adds a question about a subject. */
type Ask = (subject: string, question: Question) => void;

/** Sorted by subject, then by question, each once. */
export function unknownsOf(
  context: ResolvedContext,
  { sight }: Host,
  { compare }: JsonStrings,
): OpenQuestion[] {
  const all: OpenQuestion[] = [];
  const ask: Ask = (subject, question) => all.push({ question, subject });
  askOfBinary(context, sight, ask);
  askOfCpu(context, ask);
  if (sight === null) askOfFiles(context, ask);
  else askOfSeenFiles(context, sight, ask);
  for (const card of context.cards) askOfCard(card, ask);
  all.sort(
    (left, right) =>
      compare(left.subject, right.subject) || compareCodePoints(left.question.words, right.question.words),
  );
  return all.filter((one, index) => !isSame(one, all[index - 1]));
}

function isSame(one: OpenQuestion, other: OpenQuestion | undefined): boolean {
  return one.subject === other?.subject && one.question === other.question;
}

/** As canonical JSON. */
export function unknownsText(unknowns: readonly OpenQuestion[], { inside }: JsonStrings): string {
  let list = '';
  for (const { question, subject } of unknowns) {
    list += list === '' ? question.text : question.further;
    list += `${inside(subject)}"}`;
  }
  return `[${list}]`;
}

function askOfBinary({ binary, facts, acceleration }: ResolvedContext, sight: Sight | null, ask: Ask): void {
  const subject = isAbsolute(facts.os, binary) ? `path:${binary}` : `binary:${binary}`;
  if (sight === null || sight.binary === null) ask(subject, IS_INSTALLED);
  ask(subject, IS_RECENT);
  if (acceleration === 'kvm' && sight === null) ask('device:/dev/kvm', IS_DEVICE_OPEN);
}

function askOfCpu({ arch, cpu }: ResolvedContext, ask: Ask): void {
  if (!KNOWN_CPUS[arch].includes(cpu)) ask(`cpu:${cpu}`, IS_CPU_KNOWN);
}

/** On a given host no file was looked at. */
function askOfFiles({ images, shares, kernel, qmpSocket, serial }: ResolvedContext, ask: Ask): void {
  for (const { file, format } of images) ask(`path:${file.path}`, isImageThere(format));
  for (const { directory } of shares) ask(`path:${directory.path}`, IS_DIRECTORY);
  for (const file of bootFiles(kernel)) ask(`path:${file.path}`, IS_FILE);
  const listens = [qmpSocket, serial !== null && 'target' in serial ? serial.target : null];
  for (const file of listens) if (file !== null) ask(`path:${file.path}`, IS_WRITABLE);
}

/** On the probed host what is still to be created, or could not be read, is open. */
function askOfSeenFiles({ images, shares, kernel }: ResolvedContext, { paths }: Sight, ask: Ask): void {
  for (const { file, format } of images) {
    const seen = paths.get(file.path);
    if (seen?.kind === 'missing') ask(`path:${file.path}`, isImageComing(format));
    else if (seen?.header === null) ask(`path:${file.path}`, isImage(format));
  }
  for (const { path } of [...shares.map(({ directory }) => directory), ...bootFiles(kernel)])
    if (paths.get(path)?.kind === 'unreadable') ask(`path:${path}`, IS_READABLE);
}

function askOfCard({ name, type, forwards }: NetworkCard, ask: Ask): void {
  switch (type) {
    case 'user':
      for (const forward of forwards) ask(portResource(forward), IS_PORT_FREE);
      return;
    case 'tap':
      ask(`netdev:${name}`, IS_TAP);
      return;
    case 'bridge':
      ask(`netdev:${BRIDGE}`, IS_BRIDGE);
  }
}
