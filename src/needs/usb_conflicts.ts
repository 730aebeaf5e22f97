/** USB devices of the host that a profile names twice: once by what they are, and once by where they are plugged in. */
import type { Host } from '../facts/host.ts';
import type { IssueList } from '../profile/issue.ts';
import { fieldOf } from '../profile/path.ts';
import { usbPlace } from './kinds/usb_device.ts';
import type { Need } from './need.ts';

/** Two of equal make are meant to be two devices. */
export function checkUsbConflicts(
  needs: readonly Need[],
  { probed }: Pick<Host, 'probed'>,
  { error }: IssueList,
): void {
  const devices = needs
    .filter((need) => need.kind === 'usb-device')
    .map(({ at, name }) => ({ at, name, place: usbPlace({ name }, probed) }));
  for (const [index, { at, name, place }] of devices.entries()) {
    const earlier = devices
      .slice(0, index)
      .find((other) => other.place !== null && other.place === place && other.name !== name);
    if (earlier === undefined) continue;
    error(
      at,
      'usb-device-twice',
      (field) =>
        `${field} is the USB device at ${place} on this host, which ${fieldOf(earlier.at)} is already.`,
    );
  }
}
