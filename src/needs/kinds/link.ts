/** A card that is linked to that of another VM: neither side asks who the other is. */
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

export interface LinkNeed {
  readonly kind: 'link';
  readonly at: Path;
}

/** The socket is a need of its own. */
export const link: NeedKind<LinkNeed> = {
  resources: () => [],
  risk: () => 'medium',
  unknowns: () => [],
  verdicts: () => [],
};
