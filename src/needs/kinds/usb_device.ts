/** A USB device of the host that a guest gets. */
import type { UsbDevice } from '../../facts/devices.ts';
import type { ProbedFiles } from '../../facts/host.ts';
import type { Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict, type Unknown } from '../need_kind.ts';

export interface UsbDeviceNeed {
  readonly kind: 'usb-device';
  readonly at: Path;
  /** What it is, such as `046d:c52b`, or where it is plugged in, such as `1-1.4`. */
  readonly name: string;
}

export const usbDevice: NeedKind<UsbDeviceNeed> = {
  claim: ({ name }, probed) => ({
    code: 'usb-device-used-twice',
    key: `usb ${usbPlace({ name }, probed) ?? name}`,
    thing: () => `the USB device ${name}`,
    harm: 'it leaves one of them when the other takes it',
  }),
  resources: ({ name }) => [`usb:${name}`],
  exposes: ({ name }) => `The guest gets the USB device ${name} of the host.`,
  risk: () => 'high',
  unknowns: (need, { probed }) => questionsOf(need, devicesOf(need, probed?.devices.usb ?? null)),
  verdicts: (need, { files }) => {
    const found = devicesOf(need, files.devices.usb);
    if (found === null) return [];
    const own = found.length === 0 ? [missing(need)] : verdictsOn(need, found);
    return own.map((verdict) => ({
      ...verdict,
      category: 'devices',
      resources: [`usb:${need.name}`],
      metadata: { usb_device: need.name },
    }));
  },
};

/** Where the one device is that is meant; `null` where that is not known. */
export function usbPlace(need: Pick<UsbDeviceNeed, 'name'>, probed: ProbedFiles | null): string | null {
  const found = devicesOf(need, probed?.devices.usb ?? null);
  return found?.length === 1 ? (found[0] as UsbDevice).place : null;
}

/** `null` where nobody looked. */
function devicesOf(
  { name }: Pick<UsbDeviceNeed, 'name'>,
  devices: readonly UsbDevice[] | null,
): UsbDevice[] | null {
  return devices?.filter(({ ids, place }) => ids === name || place === name) ?? null;
}

function questionsOf({ name }: UsbDeviceNeed, found: readonly UsbDevice[] | null): Unknown[] {
  const subject = `usb:${name}`;
  const isLost = {
    question: 'Does nothing of the host need the device? It loses it while the VM runs.',
    subject,
  };
  if (found === null) {
    const question =
      'Is the device plugged in, and may QEMU read and write it? Without it the VM starts all the same.';
    return [{ question, subject }, isLost];
  }
  return found.every(({ isUsable }) => isUsable)
    ? [isLost]
    : [{ question: 'May QEMU read and write the device?', subject }, isLost];
}

function missing({ name }: UsbDeviceNeed): OwnVerdict {
  return {
    id: `usb-device-missing:${name}`,
    severity: 'warning',
    title: `The USB device ${name} is not plugged in`,
    says: `There is no USB device ${name} on this host now; the VM starts without it, and gets it when it is plugged in.`,
    mend: 'Plug it in, or see with lsusb what it is called.',
    issue: 'usb-device-missing',
  };
}

function verdictsOn({ name }: UsbDeviceNeed, found: readonly UsbDevice[]): OwnVerdict[] {
  const closed = found.filter(({ isUsable }) => !isUsable).map(({ node }) => node);
  const verdicts: OwnVerdict[] = [];
  if (found.length > 1) {
    verdicts.push({
      id: `usb-device-ambiguous:${name}`,
      severity: 'warning',
      title: `There are several USB devices ${name}`,
      says: `This host has ${found.length} USB devices ${name}, at ${found.map(({ place }) => place).join(' and ')}; QEMU takes the first that it finds.`,
      mend: 'Name the one that is meant by its bus and its port.',
      issue: 'usb-device-ambiguous',
    });
  }
  if (closed.length > 0) {
    verdicts.push({
      id: `usb-device-unwritable:${name}`,
      severity: 'warning',
      title: `This user may not use the USB device ${name}`,
      says: `This user may not read and write ${closed.join(' and ')}, the USB device ${name}; the VM starts without it.`,
      mend: 'Let the user that runs QEMU read and write it, by a rule of udev or a group.',
      issue: 'usb-device-unwritable',
    });
  }
  return verdicts.length > 0
    ? verdicts
    : [
        fine(
          `usb-device-found:${name}`,
          `The USB device ${name} is there`,
          `This user may use the USB device ${name}.`,
        ),
      ];
}
