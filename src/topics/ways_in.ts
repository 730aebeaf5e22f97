/** Whether there is a way to talk to the VM. */
import type { Topic } from './topic.ts';

export const waysIn: Topic = {
  checkProfile: ({ serial, network: { interfaces } }, { info }) => {
    const mayForward = interfaces === undefined || interfaces.some(({ hostfwd }) => hostfwd?.length !== 0);
    if (serial.enabled !== false || mayForward) return;
    info(
      ['serial', 'enabled'],
      'no-console',
      'The VM has neither a serial port nor a forwarded port; there will be no way to talk to it.',
    );
  },
};
