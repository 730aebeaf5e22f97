/** A device by which the guest reports that its kernel failed. */
import { flag } from '../profile/key.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { checkOnlyFor } from './only_for.ts';
import { part } from './part.ts';
import type { Topic } from './topic.ts';

export const PANIC_KEYS = {
  panic: flag(
    'Whether the guest can report that its kernel failed; what happens then says `process.on_panic`. Not on ppc64le, whose guests report it without a device.',
    { default: false },
  ),
};

export const panic: Topic = {
  checkProfile: ({ hardware: { arch }, devices: { panic } }, issues) => {
    if (panic !== true) return;
    checkOnlyFor(
      ['devices', 'panic'],
      'true',
      [
        {
          on: 'arch',
          is: arch,
          allowed: ['x86_64', 'aarch64', 'riscv64'],
          instead: 'Remove it: a guest of ppc64le reports it without a device.',
        },
      ],
      issues,
    );
  },
  /** That of x86_64 is on the ISA bus. */
  slots: ({ devices: { panic } }, { arch }) => [
    { at: ['devices'], slots: panic === true && arch !== 'x86_64' ? 1 : 0 },
  ],
  args: ({ hardware: { arch }, devices: { panic } }) => {
    if (!panic) return [];
    const device = { driver: arch === 'x86_64' ? 'pvpanic' : 'pvpanic-pci', id: 'panic0' };
    return [
      part('devices', ['/devices/panic'], ['-device', jsonOption(device)], {
        decidedBy: ['/hardware/arch'],
        element: { name: device.id, list: '/devices/panic', index: 0 },
      }),
    ];
  },
};
