/** The answer of `POST /argv`. */
import type { Acceleration } from '../context/host_facts.ts';
import type { Issue } from '../profile/issue.ts';
import { madeOnce } from '../profile/made_once.ts';
import type { AccelerationRequest } from '../profile/schema.ts';
import { shellLine } from '../qemu/display.ts';
import { type Group, type Origin, origin } from '../qemu/part.ts';
import { issuesText } from './issues_text.ts';
import type { Planned } from './plan_profile.ts';
import { type Unknown, unknownsText } from './unknowns.ts';

const DEFAULT_WHY = 'The value is the default; the profile says nothing of it.';

export interface ArgvPart {
  /** Index of the first element of argv. */
  readonly first: number;
  readonly count: number;
  readonly group: Group;
  readonly pointers: readonly string[];
  readonly why: string | null;
}

export interface ArgvResult {
  readonly profile_name: string;
  readonly argv: readonly string[];
  readonly display: string;
  readonly argv_hash: string;
  readonly profile_hash: string;
  readonly acceleration_requested: AccelerationRequest;
  readonly acceleration_resolved: Acceleration;
  readonly host_facts: 'given' | 'probed';
  readonly parts: readonly ArgvPart[];
  readonly unknowns: readonly Unknown[];
  readonly warnings: readonly Issue[];
}

/** The text of an `ArgvResult`. */
export function argvResultText(planned: Planned): string {
  const { context, strings, argv, joined } = planned;
  const { inside, texts } = strings;
  return (
    `{"profile_name":"${planned.profileName}","argv":${texts(argv)},"display":"${inside(shellLine(argv, joined))}",` +
    `"argv_hash":"${planned.argvHash}","profile_hash":"${planned.profileHash}",` +
    `"acceleration_requested":"${context.accelerationRequested}",` +
    `"acceleration_resolved":"${context.acceleration}",` +
    `"host_facts":"${planned.host.sight === null ? 'given' : 'probed'}","parts":[${partsText(planned)}],` +
    `"unknowns":${unknownsText(planned.unknowns, strings)},"warnings":${issuesText(planned.warnings, strings)}}`
  );
}

/** The parts with their place in argv, without gaps and in order. */
function partsText({ parts, document }: Planned): string {
  let list = '';
  let first = 0;
  for (const { origin, elements } of parts) {
    list += placeText(first)(elements.length);
    list += originText(origin, document);
    first += elements.length;
  }
  return list;
}

/** The first members of a part. */
const placeText = madeOnce((first: number) =>
  madeOnce((count: number) => `${first === 0 ? '' : ','}{"first":${first},"count":${count},`),
);

/** Groups whose parts name keys that may be left out; a pointer to a default leads nowhere. */
const WITH_DEFAULTS: ReadonlySet<Group> = new Set(['accelerator', 'qmp', 'serial']);

/** An origin without the pointers that lead to no value of the document. */
function originText({ group, pointers, why, text }: Origin, document: unknown): string {
  const leads = (pointer: string): boolean => leadsInto(document, pointer);
  if (!WITH_DEFAULTS.has(group) || pointers.every(leads)) return text;
  // A part without a reason is a plain copy of one value.
  return origin(group, pointers.filter(leads), why ?? DEFAULT_WHY).text;
}

const tokensOf = madeOnce((pointer: string) => pointer.split('/'));

function leadsInto(document: unknown, pointer: string): boolean {
  const [, section = '', key = ''] = tokensOf(pointer);
  return Object(Object(document)[section])[key] !== undefined;
}
