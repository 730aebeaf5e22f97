/** Screen, keyboard and mouse of a guest: who has them, and what they need of the host. */
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

/** They are for whoever connects. */
export interface ScreenNeed {
  readonly kind: 'screen';
  readonly at: Path;
  readonly mode: 'vnc' | 'spice';
  readonly hasPassword: boolean;
}

/** They are in a window of the user that runs QEMU. */
export interface WindowNeed {
  readonly kind: 'window';
  readonly at: Path;
  /** The library that makes it. */
  readonly by: 'gtk' | 'sdl';
}

/** Where it waits for them is a need of its own. */
export const screen: NeedKind<ScreenNeed> = {
  resources: () => [],
  risk: ({ hasPassword }) => (hasPassword ? 'low' : 'medium'),
  // VNC is in every QEMU.
  unknowns: ({ mode }) =>
    mode === 'vnc'
      ? []
      : [
          {
            question: 'Has this QEMU its module for SPICE (ui-spice-core)? Distributions ship it apart.',
            subject: 'display:spice',
          },
        ],
  verdicts: () => [],
};

export const window: NeedKind<WindowNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ by }) => [
    {
      question: 'Has whoever runs QEMU a session with a screen (DISPLAY or WAYLAND_DISPLAY)?',
      subject: `display:${by}`,
    },
    {
      question: `Has this QEMU its module for windows (ui-${by})? Distributions ship it apart.`,
      subject: `display:${by}`,
    },
  ],
  verdicts: () => [],
};
