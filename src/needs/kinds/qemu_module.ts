/** A module of QEMU that distributions ship in a package of its own. */
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

export interface QemuModuleNeed {
  readonly kind: 'qemu-module';
  readonly at: Path;
  /** The name of its file, without an ending. */
  readonly module: string;
}

/** A QEMU without modules has all in itself, or has it not. */
export const qemuModule: NeedKind<QemuModuleNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ module }) => [
    {
      question:
        'Has this QEMU that module, or the same built in? Distributions ship some in packages of their own.',
      subject: `qemu-module:${module}`,
    },
  ],
  verdicts: () => [],
};
