/** The answer of `POST /argv`. */
import type { Acceleration } from '../facts/host_facts.ts';
import type { Unknown } from '../needs/need_kind.ts';
import { type Issue, issuePlacer } from '../profile/issue.ts';
import { type Place, placer } from '../profile/toml_places.ts';
import { shellLine } from '../qemu/shell_text.ts';
import type { AccelerationRequest } from '../topics/accelerator.ts';
import type { Group } from '../topics/index.ts';
import type { Part } from '../topics/part.ts';
import { hostFactsOf, type Planned } from './plan_profile.ts';

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

/** Where the values stand that parts come from, by pointer. */
export type Positions = Readonly<Record<string, Place>>;

const DEFAULT_WHY = 'The value is the default; the profile says nothing of it.';

export function argvResult(planned: Planned): ArgvResult {
  return {
    profile_name: planned.profileName,
    argv: planned.argv,
    display: shellLine(planned.argv),
    argv_hash: planned.argvHash,
    profile_hash: planned.profileHash,
    acceleration_requested: planned.profile.hardware.acceleration,
    acceleration_resolved: planned.acceleration,
    host_facts: hostFactsOf(planned),
    parts: argvParts(planned),
    unknowns: planned.unknowns,
    warnings: planned.warnings.map(issuePlacer(planned.text)),
  };
}

/** The same with what is written for whom: a tool that shows a profile beside what it becomes. `null` without a text. */
export function argvResultWithPositions(planned: Planned): ArgvResult & { positions: Positions | null } {
  return { ...argvResult(planned), positions: positionsOf(planned) };
}

function positionsOf({ text, document, parts }: Planned): Positions | null {
  if (text === null) return null;
  const placeOf = placer(text);
  const positions: Record<string, Place> = {};
  for (const pointer of parts.flatMap(({ pointers }) => pointers)) {
    const place = leadsInto(document, pointer) ? placeOf(pointer, 'value') : null;
    if (place !== null) positions[pointer] = place;
  }
  return positions;
}

/** The parts with their place in argv, without gaps and in order. */
function argvParts({ parts, document }: Planned): ArgvPart[] {
  let first = 0;
  return parts.map((part) => {
    const { group, elements, pointers } = part;
    const leading = part.mayBeDefault ? pointers.filter((pointer) => leadsInto(document, pointer)) : pointers;
    const placed = { first, count: elements.length, group, pointers: leading, why: whyOf(part, leading) };
    first += elements.length;
    return placed;
  });
}

/** A part without a reason is a plain copy of one value; where that is not written, it is the default. */
function whyOf({ pointers, why }: Part, leading: readonly string[]): string | null {
  return leading.length < pointers.length ? (why ?? DEFAULT_WHY) : why;
}

/** Whether a pointer leads to a value that is written, and not to a default. */
function leadsInto(document: unknown, pointer: string): boolean {
  let value = document;
  for (const step of pointer.split('/').slice(1)) value = Object(value)[step];
  return value !== undefined;
}
