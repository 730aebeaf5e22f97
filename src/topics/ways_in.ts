/** Whether there is a way to talk to the VM. */
import { isShown } from './display.ts';
import type { Topic } from './topic.ts';

export const waysIn: Topic = {
  checkProfile: (draft, { info }) => {
    const { serial, network } = draft;
    const { interfaces } = network;
    const mayForward = interfaces === undefined || interfaces.some(({ hostfwd }) => hostfwd?.length !== 0);
    if (serial.enabled !== false || mayForward || isShown(draft)) return;
    info(
      ['serial', 'enabled'],
      'no-console',
      'The VM has neither a serial port nor a forwarded port; there will be no way to talk to it.',
    );
  },
};
