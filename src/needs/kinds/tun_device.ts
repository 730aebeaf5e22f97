/** The device through which QEMU, and its bridge helper, come to tap devices. */
import { type ProbedNetwork, TUN_DEVICE } from '../../facts/host.ts';
import type { Verdict } from '../need_kind.ts';

/** Nothing where QEMU may use it, or where that is not known. */
export function verdictsOnTunDevice(state: ProbedNetwork['tunDevice']): Verdict[] {
  const common = {
    category: 'network',
    resources: [`device:${TUN_DEVICE}`],
    metadata: { device: TUN_DEVICE },
  } as const;
  switch (state) {
    case 'missing':
      return [
        {
          ...common,
          id: 'tun-device-missing',
          severity: 'error',
          title: `There is no ${TUN_DEVICE}`,
          says: `QEMU comes to tap devices through ${TUN_DEVICE}, which is not there; it does not start.`,
          mend: 'Load the module tun, or hand the device on to the container that this is.',
        },
      ];
    case 'no-permission':
      return [
        {
          ...common,
          id: 'tun-device-no-permission',
          severity: 'warning',
          title: `This user may not use ${TUN_DEVICE}`,
          says: `QEMU comes to tap devices through ${TUN_DEVICE}, which this user may not read and write; it does not start.`,
          mend: 'Let the user that runs QEMU read and write it, as most systems do.',
        },
      ];
    default:
      return [];
  }
}
