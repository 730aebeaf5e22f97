/** A watchdog: a device that acts when the guest has not fed it for a while. */
import { word } from '../profile/key.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { machineOf } from './machine.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const WATCHDOG_KEYS = {
  watchdog: word(
    ['reset', 'shutdown', 'poweroff', 'pause', 'none'],
    'What a watchdog does when the guest, which has to start it, no longer feeds it: `shutdown` asks the guest to shut down, `none` has the device do nothing. Without the key there is no such device.',
    {},
  ),
};

/** Of this version on the watchdog that the machine q35 has itself acts too. */
const OWN_ACTS_SINCE = 8;

export const watchdog: Topic = {
  checkProfile: (draft, { info }) => {
    const machine = machineOf(draft);
    if (draft.devices.watchdog === undefined || machine?.family !== 'q35') return;
    if (machine.version !== null && machine.version[0] < OWN_ACTS_SINCE) return;
    info(
      ['devices', 'watchdog'],
      'watchdog-beside-own',
      (field) =>
        `${field} is "${draft.devices.watchdog}", and it holds for the watchdog that the machine ${machine.type} has itself too, iTCO, which acts since QEMU 8.0 and never did before.`,
    );
  },
  slots: ({ devices: { watchdog } }) => [{ at: ['devices'], slots: watchdog === undefined ? 0 : 1 }],
  args: ({ devices: { watchdog } }) => {
    if (watchdog === undefined) return [];
    const device = { driver: 'i6300esb', id: 'watchdog0' };
    return [
      part('devices', ['/devices/watchdog'], ['-device', jsonOption(device)], {
        why: 'What it does is said with -action.',
        element: { name: device.id, list: '/devices/watchdog', index: 0 },
      }),
    ];
  },
};
