/** Whether there is a way to talk to the guest. The monitor and QMP are none: they lead to QEMU. */
import { isShown } from './display.ts';
import { interfacesOfType, SHARED_TYPES } from './network_keys.ts';
import type { Draft } from './profile.ts';
import type { Topic } from './topic.ts';

export const waysIn: Topic = {
  checkProfile: (draft, { info, isRefused }) => {
    const {
      serial,
      network: { interfaces },
    } = draft;
    const mayForward = interfaces === undefined || interfaces.some(({ hostfwd }) => hostfwd?.length !== 0);
    const hasVsock = draft.devices.vsock_cid !== undefined || isRefused(['devices', 'vsock_cid']);
    if (serial.enabled !== false || mayForward || isShown(draft) || mayBeReached(draft) || hasVsock) return;
    info(
      ['serial', 'enabled'],
      'no-console',
      'The VM has neither a serial port nor a forwarded port; there will be no way to talk to it.',
    );
  },
};

/** A list or a switch that was refused may say anything. Of cards on networks version 1 never took notice. */
function mayBeReached(draft: Draft): boolean {
  const { schema_version, consoles, channels, guest_agent, usb, passthrough } = draft;
  const isOnNetwork = schema_version !== 1 && interfacesOfType(draft, ...SHARED_TYPES).length > 0;
  const lists = [consoles, channels, usb, passthrough];
  return isOnNetwork || lists.some((list) => list?.length !== 0) || guest_agent.enabled !== false;
}
