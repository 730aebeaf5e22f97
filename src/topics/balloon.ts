/** A balloon, by which the host takes memory back from the guest. */
import { flag } from '../profile/key.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const BALLOON_KEYS = {
  balloon: flag(
    'Whether the host can take memory back from the guest, as it is told over QMP; the guest gets it back before it runs out of memory.',
    { default: false },
  ),
  free_page_reporting: flag(
    'Whether the guest tells the host which memory it does not use, so that the host can have it; needs `balloon`.',
    { default: false },
  ),
};

export const balloon: Topic = {
  checkProfile: (
    { devices: { balloon, free_page_reporting }, memory: { lock }, passthrough = [] },
    { error, warning },
  ) => {
    if (balloon === true && lock === true) {
      warning(
        ['devices', 'balloon'],
        'balloon-with-locked-memory',
        (field) =>
          `${field} and memory.lock are true; what is locked stays where it is, whatever the balloon takes.`,
      );
    }
    if (balloon === true && passthrough.length > 0) {
      warning(
        ['devices', 'balloon'],
        'balloon-with-passthrough',
        (field) =>
          `${field} is true, and the memory of a guest with PCI devices of the host stays where it is; QEMU lets the balloon do nothing.`,
      );
    }
    if (free_page_reporting !== true || balloon !== false) return;
    error(
      ['devices', 'free_page_reporting'],
      'free-page-reporting-needs-balloon',
      (field) => `${field} is true, and devices.balloon is false; it is the balloon that reports pages.`,
    );
  },
  slots: ({ devices: { balloon } }) => [{ at: ['devices'], slots: balloon === true ? 1 : 0 }],
  args: ({ devices: { balloon, free_page_reporting } }) => {
    if (!balloon) return [];
    const device = {
      'deflate-on-oom': true,
      driver: 'virtio-balloon-pci',
      'free-page-reporting': free_page_reporting ? true : undefined,
      id: 'balloon0',
    };
    const reporting = free_page_reporting ? ['/devices/free_page_reporting'] : [];
    return [
      part('devices', ['/devices/balloon', ...reporting], ['-device', jsonOption(device)], {
        element: { name: 'balloon0', list: '/devices/balloon', index: 0 },
        why: 'With deflate-on-oom the guest takes memory back from the balloon before it runs out of memory.',
      }),
    ];
  },
};
