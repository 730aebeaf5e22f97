/** How one command line becomes another, part by part, and which changes of the profile made it so. */
import { redacted } from '../profile/secrets.ts';
import type { Group } from '../qemu/part.ts';
import { type Aligned, align } from './align.ts';
import { type Difference, pointerTo } from './differences.ts';
import { type PartOrigin, partOrigins } from './part_origins.ts';
import type { Planned } from './plan_profile.ts';

export interface ArgvChange {
  readonly op: 'add' | 'remove' | 'replace';
  readonly group: Group;
  /** Index in the old argv of what is replaced or removed, or of what an addition comes before. */
  readonly first: number;
  /** Elements of argv; `null` for an addition. */
  readonly before: readonly string[] | null;
  /** Elements of argv; `null` for a removal. */
  readonly after: readonly string[] | null;
  /** Those of the profile's changes that made this one; none when the profile did not. */
  readonly pointers: readonly string[];
}

/**
 * An equal text counts for more than an equal subject, and two subjects for more than one text. Of parts with one text,
 * as read-only disks of one image have it, the subject decides, which never outweighs a text: no argv has so many parts.
 */
const SAME_TEXT = 300;
const SAME_SUBJECT = 200;
const SAME_TEXT_AND_SUBJECT = SAME_TEXT + 1;

/** Changes to the list of disks that decide whether each disk is one part or a drive and a device. */
const DISK_ORDER = /^\/storage\/disks(?:\/\d+(?:\/(?:boot|format))?)?$/;

/**
 * The changes in order. Made from the last to the first, each at its place, they turn the old argv into the new one;
 * there are none if and only if the two are equal. A part that changed its place is removed and added.
 */
export function argvChanges(
  before: Planned,
  after: Planned,
  differences: readonly Difference[],
): ArgvChange[] {
  const [oldParts, newParts] = [partOrigins(before), partOrigins(after)];
  const oldSubjects = new Set(oldParts.map(({ subject }) => subject));
  const newSubjects = new Set(newParts.map(({ subject }) => subject));
  const changes: ArgvChange[] = [];
  let first = 0;
  for (const pair of align(oldParts, newParts, likeness)) {
    if (pair.before?.text !== pair.after?.text) {
      const { subject } = (pair.before ?? pair.after) as PartOrigin;
      const isAlone = pair.before === null || pair.after === null;
      const isMoved = isAlone && oldSubjects.has(subject) && newSubjects.has(subject);
      changes.push(changeAt(first, pair, causesOf(pair, isMoved, differences).map(pointerTo)));
    }
    first += pair.before?.elements.length ?? 0;
  }
  return changes;
}

function changeAt(
  first: number,
  { before, after }: Aligned<PartOrigin>,
  pointers: readonly string[],
): ArgvChange {
  const { group } = (after ?? before) as PartOrigin;
  const op = before === null ? 'add' : after === null ? 'remove' : 'replace';
  return { op, group, first, before: shownElements(before), after: shownElements(after), pointers };
}

function shownElements(part: PartOrigin | null): string[] | null {
  return part === null ? null : part.elements.map(redacted);
}

function likeness(before: PartOrigin, after: PartOrigin): number {
  const hasSameSubject = before.subject === after.subject;
  if (before.text === after.text) return hasSameSubject ? SAME_TEXT_AND_SUBJECT : SAME_TEXT;
  return hasSameSubject ? SAME_SUBJECT : 0;
}

/** The differences of the profiles that made that of a part. */
function causesOf(
  { before, after }: Aligned<PartOrigin>,
  isMoved: boolean,
  differences: readonly Difference[],
): Difference[] {
  const isOwn = ({ at }: Difference): boolean =>
    before?.fields.has(at.before) === true || after?.fields.has(at.after) === true;
  if (!isMoved) {
    const hasOtherForm =
      before?.group === 'disks' && after !== null && before.elements.length !== after.elements.length;
    return differences.filter((each) => isOwn(each) || (hasOtherForm && DISK_ORDER.test(pointerTo(each))));
  }
  const list = (before ?? after)?.list as string;
  const causes = differences.filter((each) => isOwn(each) || pointerTo(each) === list);
  // Among parts of one text, what happens to another element can make this one change its place.
  return causes.length > 0 ? causes : differences.filter((each) => pointerTo(each).startsWith(`${list}/`));
}
