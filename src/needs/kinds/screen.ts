/** Screen, keyboard, mouse and sound of a guest: who has them, and what they need of the host. */
import type { Path } from '../../profile/path.ts';
import type { NeedKind } from '../need_kind.ts';

/** They are for whoever connects; where QEMU waits for that is a need of its own. */
export interface ScreenNeed {
  readonly kind: 'screen';
  readonly at: Path;
  readonly hasPassword: boolean;
}

/** They are in a window of the user that runs QEMU. */
export interface WindowNeed {
  readonly kind: 'window';
  readonly at: Path;
  /** The library that makes it. */
  readonly by: 'gtk' | 'sdl';
}

export interface SoundNeed {
  readonly kind: 'sound';
  readonly at: Path;
  readonly backend: 'none' | 'pa' | 'pipewire' | 'alsa' | 'coreaudio' | 'spice';
  /** Whether the guest hears what the microphone of the host hears. */
  readonly records: boolean;
}

export const screen: NeedKind<ScreenNeed> = {
  resources: () => [],
  exposes: ({ hasPassword }) =>
    `Whoever connects to the display${hasPassword ? ' and knows its password' : ''} has the screen, the keyboard and the mouse of the guest.`,
  risk: ({ hasPassword }) => (hasPassword ? 'low' : 'medium'),
  unknowns: () => [],
  verdicts: () => [],
};

export const window: NeedKind<WindowNeed> = {
  resources: () => [],
  exposes: () => 'The screen of the guest is in a window on the host.',
  risk: () => 'low',
  unknowns: ({ by }) => [
    {
      question: 'Has whoever runs QEMU a session with a screen (DISPLAY or WAYLAND_DISPLAY)?',
      subject: `display:${by}`,
    },
  ],
  verdicts: () => [],
};

/** The QEMU that first had it. */
export const PIPEWIRE_SINCE = [8, 1] as const;

const SESSION = 'Has whoever runs QEMU a session with a sound server (XDG_RUNTIME_DIR)?';

/** What each needs that only the start shows: without a sound server QEMU does not start, without a card it is silent. */
const SOUND_QUESTIONS: Readonly<Partial<Record<SoundNeed['backend'], string>>> = {
  pa: SESSION,
  pipewire: SESSION,
  alsa: 'Has the host a sound card that QEMU may use? Without one the guest is silent.',
};

export const sound: NeedKind<SoundNeed> = {
  resources: () => [],
  exposes: ({ backend, records }) =>
    records && backend !== 'none' ? 'The guest can record the sound of the host.' : null,
  risk: ({ backend, records }) => (records && backend !== 'none' ? 'medium' : 'low'),
  unknowns: ({ backend }, { facts: { qemu_version } }) => {
    const asked = SOUND_QUESTIONS[backend];
    const isSince = backend === 'pipewire' && qemu_version === undefined;
    return [
      ...(asked === undefined ? [] : [asked]),
      ...(isSince ? [`Is this QEMU ${PIPEWIRE_SINCE.join('.')} or later?`] : []),
    ].map((question) => ({ question, subject: `sound:${backend}` }));
  },
  verdicts: () => [],
};
