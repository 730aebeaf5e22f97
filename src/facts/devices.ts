/** Devices of this host that a VM can be given: plain data. */

/** What a look at them showed; `null` for what was not asked, or where nobody can look. */
export interface HostDevices {
  readonly usb: readonly UsbDevice[] | null;
  /** By address, those that were asked for; `null` for one that is not there. */
  readonly pci: ReadonlyMap<string, PciDevice | null> | null;
  /** What else has a block device, by the path that was asked for; `null` for one that is not there. */
  readonly blocks: ReadonlyMap<string, readonly string[] | null> | null;
}

export const DEVICES_UNSEEN: HostDevices = { usb: null, pci: null, blocks: null };

export interface UsbDevice {
  /** The bus and the ports on the way to it, such as `1-1.4`. */
  readonly place: string;
  /** Maker and product, such as `046d:c52b`. */
  readonly ids: string;
  /** The file by which a process has it. */
  readonly node: string;
  /** Whether this user may read and write that file. */
  readonly isUsable: boolean;
}

export interface PciDevice {
  /** The driver of the host that has it now; `null` for none. */
  readonly driver: string | null;
  /** The number of its IOMMU group; `null` without an IOMMU. */
  readonly group: string | null;
  /** The other devices of the group: a process gets all of it or nothing. */
  readonly others: readonly { readonly address: string; readonly driver: string | null }[];
  /** Whether this user may use the file of the group, which is there once a device of it is bound to vfio-pci. */
  readonly node: 'ready' | 'no-permission' | 'missing';
}

/** The device through which QEMU comes to devices of the host. */
export const VFIO_DEVICE = '/dev/vfio/vfio';
