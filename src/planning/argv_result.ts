/** The answer of `POST /argv`. */
import type { Acceleration } from '../context/host_facts.ts';
import type { Issue } from '../profile/issue.ts';
import type { AccelerationRequest } from '../profile/schema.ts';
import { shellLine } from '../qemu/display.ts';
import type { Group, Part } from '../qemu/part.ts';
import type { Planned } from './plan_profile.ts';
import type { Unknown } from './unknowns.ts';

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

export function argvResult(planned: Planned): ArgvResult {
  return {
    profile_name: planned.profileName,
    argv: planned.argv,
    display: shellLine(planned.argv),
    argv_hash: planned.argvHash,
    profile_hash: planned.profileHash,
    acceleration_requested: planned.context.accelerationRequested,
    acceleration_resolved: planned.context.acceleration,
    host_facts: planned.host.sight === null ? 'given' : 'probed',
    parts: argvParts(planned.parts, planned.document),
    unknowns: planned.unknowns,
    warnings: planned.warnings,
  };
}

/** The parts with their place in argv, without gaps and in order; a pointer to a default leads nowhere and is left out. */
function argvParts(parts: readonly Part[], document: unknown): ArgvPart[] {
  let first = 0;
  return parts.map(({ group, options, pointers, why }) => {
    let count = 0;
    for (const option of options) count += option.length;
    first += count;
    const leading = pointers.filter((pointer) => leadsInto(document, pointer));
    return {
      first: first - count,
      count,
      group,
      pointers: leading,
      why: why ?? (leading.length === 0 ? DEFAULT_WHY : null),
    };
  });
}

/** The pointers of parts to keys that may be left out, section and key; all others lead to a value of any valid document. */
const OPTIONAL_KEYS = new Map(
  ['/hardware/acceleration', '/qmp/socket', '/serial/device', '/serial/mode'].map((pointer) => [
    pointer,
    pointer.split('/').slice(1),
  ]),
);

/** Whether a part's JSON Pointer leads to a value of the document. */
function leadsInto(document: unknown, pointer: string): boolean {
  const keys = OPTIONAL_KEYS.get(pointer);
  if (keys === undefined) return true;
  let value = document;
  for (const key of keys) value = Object(value)[key];
  return value !== undefined;
}
