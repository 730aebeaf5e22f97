/** How one command line becomes another, part by part, and which changes of the profile made it so. */
import { redacted } from '../profile/secrets.ts';
import type { Group } from '../topics/index.ts';
import type { Part } from '../topics/part.ts';
import { type Aligned, align } from './align.ts';
import { type Difference, differencesBetween, pointerTo } from './differences.ts';
import { normalisationNote } from './normalisation.ts';
import { canonicalProfile, type Planned } from './plan_profile.ts';

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
  /** What a reader cannot see of the difference; `null` for nothing. */
  readonly note: string | null;
}

/** A part with what it is compared by. */
interface ComparedPart extends Part {
  /** The elements as one text. */
  readonly text: string;
  /** What the part is about; unique within its argv, and in another argv the same for the same thing. */
  readonly subject: string;
  /** JSON Pointers to the fields that it is made from or decided by, and to the element that it stands for. */
  readonly fields: ReadonlySet<string>;
}

/**
 * An equal text counts for more than an equal subject, and two subjects for more than one text. Of parts with one text,
 * as read-only disks of one image have it, the subject decides, which never outweighs a text: no argv has so many parts.
 */
const SAME_TEXT = 300;
const SAME_SUBJECT = 200;
const SAME_TEXT_AND_SUBJECT = SAME_TEXT + 1;

/** Groups of one part each, whose first element is no switch that stays the same. */
const WITHOUT_SWITCH: ReadonlySet<Group> = new Set(['binary', 'accelerator']);

/** What one profile says and the other does not, defaults filled in. */
export function profileDifferences(before: Planned, after: Planned): Difference[] {
  return differencesBetween(canonicalProfile(before.profile), canonicalProfile(after.profile));
}

/**
 * The changes in order. Made from the last to the first, each at its place, they turn the old argv into the new one;
 * there are none if and only if the two are equal. A part that changed its place is removed and added.
 */
export function argvChanges(
  before: Planned,
  after: Planned,
  differences: readonly Difference[],
): ArgvChange[] {
  const [oldParts, newParts] = [before.parts.map(compared), after.parts.map(compared)];
  const oldSubjects = new Set(oldParts.map(({ subject }) => subject));
  const newSubjects = new Set(newParts.map(({ subject }) => subject));
  const changes: ArgvChange[] = [];
  let first = 0;
  for (const pair of align(oldParts, newParts, likeness)) {
    if (pair.before?.text !== pair.after?.text) {
      const { subject } = (pair.before ?? pair.after) as ComparedPart;
      const isAlone = pair.before === null || pair.after === null;
      const isMoved = isAlone && oldSubjects.has(subject) && newSubjects.has(subject);
      changes.push(changeAt(first, pair, causesOf(pair, isMoved, differences).map(pointerTo)));
    }
    first += pair.before?.elements.length ?? 0;
  }
  return changes;
}

/** What a part is about, whatever it says of it. */
export function subjectOf({ group, elements, element }: Part): string {
  return `${group} ${element?.name ?? (WITHOUT_SWITCH.has(group) ? '' : elements[0])}`;
}

function compared(part: Part): ComparedPart {
  const { elements, pointers, decidedBy, element } = part;
  const own = element === null ? [] : [`${element.list}/${element.index}`];
  return {
    ...part,
    text: elements.join('\0'),
    subject: subjectOf(part),
    fields: new Set([...pointers, ...decidedBy, ...own]),
  };
}

function changeAt(
  first: number,
  { before, after }: Aligned<ComparedPart>,
  pointers: readonly string[],
): ArgvChange {
  const { group } = (after ?? before) as ComparedPart;
  const op = before === null ? 'add' : after === null ? 'remove' : 'replace';
  return {
    op,
    group,
    first,
    before: shownElements(before),
    after: shownElements(after),
    pointers,
    note: normalisationNote(before?.elements, after?.elements),
  };
}

function shownElements(part: ComparedPart | null): string[] | null {
  return part === null ? null : part.elements.map(redacted);
}

function likeness(before: ComparedPart, after: ComparedPart): number {
  const hasSameSubject = before.subject === after.subject;
  if (before.text === after.text) return hasSameSubject ? SAME_TEXT_AND_SUBJECT : SAME_TEXT;
  return hasSameSubject ? SAME_SUBJECT : 0;
}

/** Whether a part hangs on what differs at a pointer; a section that comes or goes differs as a whole. */
function isOf(difference: Difference, at: string | null, part: ComparedPart | null): boolean {
  if (at === null || part === null) return false;
  const { before, after } = difference;
  const isWhole = before === undefined || after === undefined;
  return part.fields.has(at) || (isWhole && [...part.fields].some((field) => field.startsWith(`${at}/`)));
}

/** The differences of the profiles that made that of a part. */
function causesOf(
  { before, after }: Aligned<ComparedPart>,
  isMoved: boolean,
  differences: readonly Difference[],
): Difference[] {
  const isOwn = (each: Difference): boolean =>
    isOf(each, each.at.before, before) || isOf(each, each.at.after, after);
  if (!isMoved) {
    const hasOtherForm = before !== null && after !== null && before.form !== after.form;
    const gaveForm = (each: Difference): boolean =>
      hasOtherForm && before.formDecidedBy?.test(pointerTo(each)) === true;
    const switched = before === null || after === null ? (before ?? after)?.switchedBy : null;
    return differences.filter(
      (each) => isOwn(each) || gaveForm(each) || switched?.test(pointerTo(each)) === true,
    );
  }
  const list = (before ?? after)?.element?.list as string;
  const causes = differences.filter((each) => isOwn(each) || pointerTo(each) === list);
  // Among parts of one text, what happens to another element can make this one change its place.
  return causes.length > 0 ? causes : differences.filter((each) => pointerTo(each).startsWith(`${list}/`));
}
