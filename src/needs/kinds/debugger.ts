/** A way in for a debugger: whoever comes in by it has the whole guest in hand. */
import { fieldOf, type Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

export interface DebuggerNeed {
  readonly kind: 'debugger';
  readonly at: Path;
}

/** What it listens on is a need of its own. */
export const debuggerAccess: NeedKind<DebuggerNeed> = {
  resources: () => [],
  exposes: ({ at }) => `${fieldOf(at)} hands the whole guest to whoever connects.`,
  risk: () => 'high',
  unknowns: () => [],
  verdicts: () => [],
};
