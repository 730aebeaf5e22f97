/** Rules about a directory that the guest is given, and what else of the VM lies in it. */
import type { Host } from '../facts/host.ts';
import { isComparableInside } from '../facts/host_paths.ts';
import type { IssueList } from '../profile/issue.ts';
import type { TableKey } from '../profile/key.ts';
import { fieldOf, sortedByPlace } from '../profile/path.ts';
import { naming } from './named_path.ts';
import type { PathNeed } from './need.ts';
import { realPlace } from './path_conflicts.ts';

export function checkShares(
  needs: readonly PathNeed[],
  host: Host,
  schema: TableKey,
  issues: IssueList,
): void {
  if (!needs.some(isShare)) return;
  const placed = sortedByPlace(needs, schema).map((need) => ({ need, key: realPlace(need, host) }));
  const inside = (parent: string): PathNeed[] =>
    placed.filter(({ key }) => isComparableInside(host.facts.os, parent, key)).map(({ need }) => need);
  const overlapping = new Map<PathNeed, PathNeed>();
  for (const { need: share, key } of placed) {
    if (!isShare(share)) continue;
    const held = inside(key);
    checkPasswords(share, held, issues);
    if (!isWritableShare(share)) continue;
    checkOwnFiles(
      share,
      held.filter(({ kind }) => kind !== 'directory'),
      issues,
    );
    for (const need of held) {
      if (isReadOnlyShare(need) && !overlapping.has(need)) overlapping.set(need, share);
    }
  }
  for (const [need, share] of overlapping) {
    issues.warning(
      need.at,
      'share-overlaps',
      `${naming(need)}, which is read-only and lies in ${fieldOf(share.at)}, through which the guest may write to it.`,
    );
  }
}

function checkOwnFiles(
  share: PathNeed,
  [first, ...others]: readonly PathNeed[],
  { warning }: IssueList,
): void {
  if (first === undefined) return;
  const more = others.length === 0 ? '' : `, with ${others.length} more of the VM's own files`;
  warning(
    share.at,
    'share-holds-own-file',
    `${naming(share)}, which the guest may write to, and ${fieldOf(first.at)} lies in it${more}.`,
  );
}

function checkPasswords(share: PathNeed, held: readonly PathNeed[], { warning }: IssueList): void {
  const secret = held.find((need) => need.kind === 'input-file' && need.secretOf !== undefined);
  if (secret === undefined) return;
  warning(
    share.at,
    'share-shows-password-file',
    `${naming(share)}, which the guest may read, and ${fieldOf(secret.at)} lies in it.`,
  );
}

function isShare({ kind }: PathNeed): boolean {
  return kind === 'directory';
}

function isWritableShare(need: PathNeed): boolean {
  return need.kind === 'directory' && need.access === 'write';
}

function isReadOnlyShare(need: PathNeed): boolean {
  return need.kind === 'directory' && need.access === 'read';
}
