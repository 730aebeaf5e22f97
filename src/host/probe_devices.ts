/** USB and PCI devices of this host, read from sysfs(5); none of them is opened. */
import { constants } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DEVICES_UNSEEN, type HostDevices, type PciDevice, type UsbDevice } from '../facts/devices.ts';
import type { HostSystem } from '../facts/host_facts.ts';
import type { Need } from '../needs/need.ts';
import { readBlockUses } from './block_device_uses.ts';
import { refusalOf } from './files.ts';
import type { SystemFiles } from './system_files.ts';

/** As much as the needs ask for. */
export async function probeDevices(
  needs: readonly Need[],
  os: HostSystem,
  system: SystemFiles,
): Promise<HostDevices> {
  const wantsUsb = needs.some(({ kind }) => kind === 'usb-device');
  const addresses = needs.flatMap((need) => (need.kind === 'pci-device' ? [need.address] : []));
  const paths = needs.flatMap((need) => (need.kind === 'block-device' ? [need.path] : []));
  if (os !== 'linux') return DEVICES_UNSEEN;
  const [usb, pci, blocks] = await Promise.all([
    wantsUsb ? readUsbDevices(system) : null,
    addresses.length > 0 ? readPciDevices(addresses, system) : null,
    paths.length > 0 ? readBlocks(paths, system) : null,
  ]);
  return { usb, pci, blocks };
}

async function readBlocks(
  paths: readonly string[],
  system: SystemFiles,
): Promise<Map<string, string[] | null>> {
  return new Map(
    await Promise.all(paths.map(async (path) => [path, await readBlockUses(path, system)] as const)),
  );
}

/** `null` on a host without them. */
async function readUsbDevices({ sysUsb, usbNodes }: SystemFiles): Promise<UsbDevice[] | null> {
  const names = await readdir(sysUsb).catch(() => null);
  if (names === null) return null;
  // Interfaces have a colon in their names, root hubs no dash.
  const places = names.filter((name) => /^[0-9]+-[0-9.]+$/.test(name)).sort();
  return Promise.all(places.map((place) => readUsbDevice(place, join(sysUsb, place), usbNodes)));
}

async function readUsbDevice(place: string, directory: string, nodes: string): Promise<UsbDevice> {
  const [vendor, product, bus, number] = await Promise.all(
    ['idVendor', 'idProduct', 'busnum', 'devnum'].map((name) => textOf(join(directory, name))),
  );
  const [busName, deviceName] = [bus, number].map((text) => String(text).padStart(3, '0'));
  const node = join(nodes, busName as string, deviceName as string);
  const isUsable = (await refusalOf(node, constants.R_OK | constants.W_OK)) === null;
  return { place, ids: `${vendor}:${product}`, node, isUsable };
}

async function readPciDevices(
  addresses: readonly string[],
  system: SystemFiles,
): Promise<Map<string, PciDevice | null> | null> {
  const names = await readdir(system.sysPci).catch(() => null);
  if (names === null) return null;
  return new Map(
    await Promise.all(
      addresses.map(
        async (address) =>
          [address, names.includes(address) ? await readPciDevice(address, system) : null] as const,
      ),
    ),
  );
}

async function readPciDevice(address: string, { sysPci, vfioNodes }: SystemFiles): Promise<PciDevice> {
  const directory = join(sysPci, address);
  const [driver, group] = await Promise.all([
    linkedName(join(directory, 'driver')),
    linkedName(join(directory, 'iommu_group')),
  ]);
  if (group === null) return { driver, group, others: [], node: 'missing' };
  const members = (await readdir(join(directory, 'iommu_group/devices')).catch(() => [])).sort();
  const others = await Promise.all(
    members
      .filter((member) => member !== address)
      .map(async (member) => ({
        address: member,
        driver: await linkedName(join(sysPci, member, 'driver')),
      })),
  );
  const refusal = await refusalOf(join(vfioNodes, group), constants.R_OK | constants.W_OK);
  const node = refusal === null ? 'ready' : refusal === 'ENOENT' ? 'missing' : 'no-permission';
  return { driver, group, others, node };
}

/** The last name of what a link leads to. */
async function linkedName(link: string): Promise<string | null> {
  return readlink(link).then(basename, () => null);
}

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').then(
    (text) => text.trim(),
    () => null,
  );
}
