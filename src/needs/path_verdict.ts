/** What kinds of needs that are paths say alike of what a look at the path showed. */
import type { ProbedPath } from '../facts/host.ts';
import { type NamedPath, naming } from './named_path.ts';
import type { Category, OwnVerdict, Seen, Verdict } from './need_kind.ts';
import { parentVerdicts } from './parent_directory.ts';

/** Of what has to be there: the kind's own verdicts; none where nobody looked. */
export function existingVerdicts(
  need: NamedPath,
  { files }: Seen,
  category: Category,
  verdictsOn: (probed: ProbedPath) => OwnVerdict | readonly OwnVerdict[],
): Verdict[] {
  const probed = files.paths.get(need.path);
  if (probed === undefined) return [];
  return [verdictsOn(probed)].flat().map((own) => aboutPath(need, category, own));
}

/** Of a file that QEMU creates: its directory counts where nothing is there yet. `of` is the word in ids. */
export function createdVerdicts(
  need: NamedPath,
  { files }: Seen,
  of: string,
  verdictOn: (probed: ProbedPath) => OwnVerdict | null,
): Verdict[] {
  const probed = files.paths.get(need.path);
  if (probed === undefined) return [];
  const isThere = probed.kind !== 'missing' && probed.kind !== 'unreadable';
  const troubles = isThere ? [] : parentVerdicts(need, of, probed);
  const own = verdictOn(probed);
  return own === null ? troubles : [...troubles, aboutPath(need, 'sockets', own)];
}

function aboutPath({ path }: NamedPath, category: Category, own: OwnVerdict): Verdict {
  return { ...own, category, resources: [`path:${path}`], metadata: { path } };
}

/** Of what may be there, in a place that this user may not look into. */
export function unseen(need: NamedPath, id: string, called: string): OwnVerdict {
  return {
    id,
    severity: 'warning',
    title: `The ${called} cannot be seen by this user`,
    says: `${naming(need)}, and this user cannot see it.`,
    mend: 'Let the planner see it.',
    issue: 'file-unreadable',
  };
}
