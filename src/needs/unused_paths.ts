/**
 * Paths that nothing needs: those of a disabled section, or a value that another one overrides. Every path that a profile
 * names is either needed, and then the rules of its need hold, or it is one of these.
 */
import type { Host } from '../facts/host.ts';
import type { IssueList } from '../profile/issue.ts';
import type { Path } from '../profile/path.ts';
import type { WrittenPath } from '../profile/read_notes.ts';
import { namedPath } from './named_path.ts';
import type { Need } from './need.ts';
import { checkUnusedPath } from './path_rules.ts';

export function checkUnusedPaths(
  written: readonly WrittenPath[],
  needs: readonly Need[],
  host: Host,
  issues: IssueList,
): void {
  const needed = new Set<string>();
  for (const need of needs) if ('text' in need) needed.add(keyOf(need));
  for (const { at, text } of written) {
    if (!needed.has(keyOf({ at }))) checkUnusedPath(namedPath(host.facts, at, text), host, issues);
  }
}

/** Equal for equal paths of keys that the schema has. */
function keyOf({ at }: { readonly at: Path }): string {
  return at.join('/');
}
