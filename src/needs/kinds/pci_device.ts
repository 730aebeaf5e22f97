/** A PCI device of the host that a guest gets. */
import { type PciDevice, VFIO_DEVICE } from '../../facts/devices.ts';
import type { Path } from '../../profile/path.ts';
import { fine, type NeedKind, type OwnVerdict, type Unknown } from '../need_kind.ts';

export interface PciDeviceNeed {
  readonly kind: 'pci-device';
  readonly at: Path;
  /** In lower case. */
  readonly address: string;
}

/** Drivers that keep no member of an IOMMU group from a guest. */
const HARMLESS: readonly (string | null)[] = [null, 'vfio-pci', 'pci-stub', 'pcieport'];

export const pciDevice: NeedKind<PciDeviceNeed> = {
  claim: ({ address }) => ({
    code: 'pci-device-used-twice',
    key: `pci ${address}`,
    thing: () => `the PCI device ${address}`,
    harm: 'only one process can have it',
  }),
  resources: ({ address }) => [`pci:${address}`, `device:${VFIO_DEVICE}`],
  exposes: ({ address }) => `The guest gets the PCI device ${address} of the host.`,
  risk: () => 'high',
  unknowns: ({ address }, { probed }) => {
    const subject = `pci:${address}`;
    const isLost: Unknown = {
      question: 'Does nothing of the host need the device? It loses it while the VM runs.',
      subject,
    };
    if (probed !== null && probed.devices.pci !== null) return [isLost];
    return [
      {
        question: 'Is there such a device, and is it bound to vfio-pci with all of its IOMMU group?',
        subject,
      },
      { question: 'May QEMU use the group of the device?', subject: `device:${VFIO_DEVICE}` },
      isLost,
    ];
  },
  verdicts: ({ address }, { files }) => {
    const found = files.devices.pci?.get(address);
    if (found === undefined) return [];
    const own = found === null ? [missing(address)] : verdictsOn(address, found);
    return own.map((verdict) => ({
      ...verdict,
      category: 'devices',
      resources: [`pci:${address}`],
      metadata: { pci_device: address },
    }));
  },
};

function missing(address: string): OwnVerdict {
  return {
    id: `pci-device-missing:${address}`,
    severity: 'error',
    title: `There is no PCI device ${address}`,
    says: `There is no PCI device ${address} on this host; QEMU does not start.`,
    mend: 'See with lspci -D what address it has.',
    issue: 'pci-device-missing',
  };
}

function verdictsOn(address: string, { driver, group, others, node }: PciDevice): OwnVerdict[] {
  if (group === null) {
    return [
      {
        id: `pci-device-without-iommu:${address}`,
        severity: 'error',
        title: `The PCI device ${address} is in no IOMMU group`,
        says: `The PCI device ${address} is in no IOMMU group; QEMU does not start.`,
        mend: 'Switch the IOMMU on, in the firmware of the host and on its kernel command line.',
        issue: 'pci-device-without-iommu',
      },
    ];
  }
  const verdicts: OwnVerdict[] = [];
  if (driver !== 'vfio-pci') {
    verdicts.push({
      id: `pci-device-not-bound:${address}`,
      severity: 'warning',
      title: `The PCI device ${address} is not bound to vfio-pci`,
      says: `The PCI device ${address} has ${driver === null ? 'no driver' : `the driver ${driver}`}, and QEMU does not start unless vfio-pci has it.`,
      mend: 'Bind it to vfio-pci before the start, as with "driverctl set-override"; the host loses the device.',
      issue: 'pci-device-not-bound',
    });
  }
  const taken = others.filter((other) => !HARMLESS.includes(other.driver));
  if (taken.length > 0) {
    verdicts.push({
      id: `pci-group-in-use:${address}`,
      severity: 'warning',
      title: `The host uses other devices of the IOMMU group of ${address}`,
      says: `The IOMMU group ${group} of ${address} also has ${taken.map((other) => `${other.address} (driver ${other.driver})`).join(' and ')}; QEMU does not start while the host uses them.`,
      mend: 'Bind them to vfio-pci too, or use a device that has a group of its own.',
      issue: 'pci-group-in-use',
    });
  }
  if (node === 'no-permission') {
    verdicts.push({
      id: `pci-group-not-permitted:${address}`,
      severity: 'warning',
      title: `This user may not use the IOMMU group of ${address}`,
      says: `This user may not read and write /dev/vfio/${group}, the IOMMU group of ${address}; QEMU of this user does not start.`,
      mend: 'Let the user that runs QEMU read and write it, by a rule of udev or a group.',
      issue: 'pci-group-not-permitted',
    });
  }
  return verdicts.length > 0
    ? verdicts
    : [
        fine(
          `pci-device-found:${address}`,
          `The PCI device ${address} is ready`,
          `The PCI device ${address} is bound to vfio-pci, and the host uses nothing else of its IOMMU group.`,
        ),
      ];
}
