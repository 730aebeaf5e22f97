/** What QEMU does when its guest restarts, shuts down or fails. */
import { word } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const ACTION_KEYS = {
  on_reboot: word(['reset', 'shutdown'], 'What happens when the guest restarts: `shutdown` ends QEMU.', {
    default: 'reset',
  }),
  on_shutdown: word(
    ['poweroff', 'pause'],
    'What happens when the guest shuts down: `pause` keeps QEMU, with the guest stopped.',
    { default: 'poweroff' },
  ),
  on_panic: word(
    ['shutdown', 'pause', 'exit-failure', 'none'],
    'What happens when the guest reports that its kernel failed, by a device for that: `exit-failure` ends QEMU with an exit code other than 0.',
    { default: 'shutdown' },
  ),
};

export const action: Topic = {
  checkProfile: ({ hardware: { arch }, devices, process: { on_panic = 'shutdown' } }, { warning }) => {
    // A guest of ppc64le has calls of its hypervisor to report it.
    if (on_panic === 'shutdown' || arch === undefined || arch === 'ppc64le') return;
    if (devices.panic !== false) return;
    warning(
      ['process', 'on_panic'],
      'panic-without-device',
      (field) => `${field} is ${show(on_panic)}, and the guest has no device by which it reports a panic.`,
    );
  },
  /** What is the default of QEMU is not said. */
  args: ({ process: { on_reboot, on_shutdown, on_panic }, devices: { watchdog } }) => {
    const actions = [
      { at: '/process/on_reboot', event: 'reboot', action: on_reboot, isWanted: on_reboot !== 'reset' },
      {
        at: '/process/on_shutdown',
        event: 'shutdown',
        action: on_shutdown,
        isWanted: on_shutdown !== 'poweroff',
      },
      { at: '/process/on_panic', event: 'panic', action: on_panic, isWanted: on_panic !== 'shutdown' },
      { at: '/devices/watchdog', event: 'watchdog', action: watchdog, isWanted: watchdog !== undefined },
    ].filter(({ isWanted }) => isWanted);
    if (actions.length === 0) return [];
    const pointers = actions.map(({ at }) => at);
    const text = actions.map(({ event, action }) => `${event}=${action}`).join(',');
    return [part('process', pointers, ['-action', text])];
  },
};
