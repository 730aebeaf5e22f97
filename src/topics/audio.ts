/** The sound card of the guest, and what plays its sound. */
import type { HostFacts, HostSystem } from '../facts/host_facts.ts';
import { PIPEWIRE_SINCE } from '../needs/kinds/screen.ts';
import { flag, table, word } from '../profile/key.ts';
import { listed, show } from '../profile/show.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { isOlderThan } from '../qemu/version.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Issues, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

export const AUDIO_BACKENDS = ['none', 'pa', 'pipewire', 'alsa', 'coreaudio', 'spice'] as const;
type AudioBackend = (typeof AUDIO_BACKENDS)[number];

export const AUDIO = table(
  'The sound card of the guest.',
  {
    backend: word(
      AUDIO_BACKENDS,
      'What plays the sound; `none` is a card whose sound nobody hears. Without it there is no card.',
      {},
    ),
    device: word(['intel-hda', 'AC97'], 'The card; `AC97` is for old guests and always records.', {
      default: 'intel-hda',
    }),
    microphone: flag('Whether the guest can record from the host.', { default: false }),
  },
  { main: 'backend', since: 2 },
);

export const AUDIO_SYSTEMS: Readonly<Partial<Record<AudioBackend, readonly HostSystem[]>>> = {
  pa: ['linux', 'freebsd'],
  pipewire: ['linux', 'freebsd'],
  alsa: ['linux'],
  coreaudio: ['darwin'],
};

const BACKEND = 'audio0';

export const audio: Topic = {
  checkProfile: ({ audio: { backend, device, microphone }, display: { mode } }, { error }) => {
    if (backend === undefined) return;
    if (backend === 'spice' && mode !== undefined && mode !== 'spice') {
      error(
        ['audio', 'backend'],
        'audio-needs-spice',
        (field) => `${field} is "spice", and display.mode is ${show(mode)}.`,
      );
    }
    if (device === 'AC97' && microphone === false) {
      error(
        ['audio', 'microphone'],
        'audio-always-records',
        'audio.device is "AC97", which always records, and audio.microphone is false.',
      );
    }
  },
  checkOnHost: ({ audio: { backend } }, { facts }, issues) => {
    if (backend === undefined) return;
    const at = ['audio', 'backend'] as const;
    const allowed = AUDIO_SYSTEMS[backend];
    if (allowed !== undefined)
      checkOnlyFor(
        at,
        show(backend),
        [{ on: 'os', is: facts.os, allowed, instead: insteadOn(facts.os) }],
        issues,
      );
    if (backend === 'pipewire') versionRule(facts, issues);
  },
  needs: ({ audio: { backend, device, microphone } }) => {
    if (backend === undefined) return [];
    const at = ['audio', 'backend'] as const;
    const records = microphone === true || device === 'AC97';
    return [
      { kind: 'sound', at, backend, records },
      ...(backend === 'none' || backend === 'coreaudio'
        ? []
        : [{ kind: 'qemu-module', at, module: `audio-${backend}` } as const]),
      ...(backend === 'coreaudio'
        ? [{ kind: 'qemu-backend', at, option: 'audiodev', name: backend } as const]
        : []),
    ];
  },
  slots: ({ audio: { backend } }) => [{ at: ['audio'], slots: backend === undefined ? 0 : 1 }],
  args: ({ audio }) => {
    if (audio.backend === undefined) return [];
    return [
      part(
        'devices',
        ['/audio/backend', '/audio/device', '/audio/microphone'],
        ['-audiodev', `${audio.backend},id=${BACKEND}`, ...cardOf(audio)],
        { mayBeDefault: true, element: { name: BACKEND, list: '/audio', index: 0 } },
      ),
    ];
  },
};

/** What plays sound on a system, or a card that is heard by nobody or by who is connected. */
function insteadOn(os: HostSystem): string {
  const own = AUDIO_BACKENDS.filter((backend) => AUDIO_SYSTEMS[backend]?.includes(os));
  return `Write one of ${listed([...own, 'spice', 'none'])}.`;
}

function versionRule(facts: HostFacts, { error }: Issues): void {
  if (isOlderThan(PIPEWIRE_SINCE, facts) !== true) return;
  error(
    ['audio', 'backend'],
    'audio-backend-needs-qemu-8',
    (field) => `${field} is "pipewire", which QEMU ${facts.qemu_version} does not have.`,
  );
}

function cardOf({ device, microphone }: Profile['audio']): string[] {
  if (device === 'AC97') return ['-device', jsonOption({ audiodev: BACKEND, driver: 'AC97', id: 'sound0' })];
  return [
    '-device',
    jsonOption({ driver: 'intel-hda', id: 'hda0' }),
    '-device',
    jsonOption({
      audiodev: BACKEND,
      bus: 'hda0.0',
      driver: microphone ? 'hda-duplex' : 'hda-output',
      id: 'sound0',
    }),
  ];
}
