/** USB and PCI devices of a host, in stand-ins for sysfs and for the files of devices. */
import { join } from 'node:path';
import t from 'tap';
import { DEVICES_UNSEEN } from '../../src/facts/devices.ts';
import { probeDevices } from '../../src/host/probe_devices.ts';
import { SYSTEM_FILES, type SystemFiles } from '../../src/host/system_files.ts';
import type { Need } from '../../src/needs/need.ts';
import { folderOf, onLinux } from '../help/this_host.ts';

function systemIn(root: string): SystemFiles {
  const at = (name: string) => join(root, name);
  return {
    ...SYSTEM_FILES,
    sysUsb: at('usb'),
    usbNodes: at('dev/usb'),
    sysPci: at('pci'),
    vfioNodes: at('dev/vfio'),
    sysBlock: at('block'),
    mountInfo: at('mountinfo'),
    swaps: at('swaps'),
  };
}

const USB_NEED: Need = { kind: 'usb-device', at: ['usb', 0], name: '046d:c52b' };
const pciNeed = (address: string): Need => ({ kind: 'pci-device', at: ['passthrough', 0], address });

const stick = (busnum: string, devnum: string) => ({
  idVendor: '046d\n',
  idProduct: 'c52b\n',
  busnum: `${busnum}\n`,
  devnum: `${devnum}\n`,
});

t.test('what is plugged in', async (t) => {
  const root = folderOf(t, {
    usb: { usb1: {}, '1-1.4': stick('1', '4'), '2-1': stick('2', '17'), '3-1': {}, '1-1.4:1.0': {} },
    dev: { usb: { '001': { '004': '' } } },
  });
  const system = systemIn(root);
  const { usb, pci } = await probeDevices([USB_NEED], 'linux', system);
  t.strictSame(usb, [
    { place: '1-1.4', ids: '046d:c52b', node: join(root, 'dev/usb/001/004'), isUsable: true },
    { place: '2-1', ids: '046d:c52b', node: join(root, 'dev/usb/002/017'), isUsable: false },
    { place: '3-1', ids: 'null:null', node: join(root, 'dev/usb/null/null'), isUsable: false },
  ]);
  t.equal(pci, null, 'nobody asked for it');
  t.strictSame(await probeDevices([USB_NEED], 'darwin', system), DEVICES_UNSEEN);
  t.strictSame(await probeDevices([], 'linux', system), DEVICES_UNSEEN);
  t.strictSame(await probeDevices([USB_NEED], 'linux', systemIn('/no')), DEVICES_UNSEEN);
});

t.test('cards, their drivers and their groups', async (t) => {
  const link = (target: string) => t.fixture('symlink', target);
  const root = folderOf(t, {
    drivers: { 'vfio-pci': {}, snd_hda_intel: {} },
    groups: {
      '17': { devices: { '0000:01:00.0': {}, '0000:01:00.1': {}, '0000:01:00.2': {} } },
      '18': { devices: { '0000:02:00.0': {} } },
      '19': {},
    },
    pci: {
      '0000:01:00.0': { driver: link('../../drivers/vfio-pci'), iommu_group: link('../../groups/17') },
      '0000:01:00.1': { driver: link('../../drivers/snd_hda_intel'), iommu_group: link('../../groups/17') },
      '0000:01:00.2': { iommu_group: link('../../groups/17') },
      '0000:02:00.0': { iommu_group: link('../../groups/18') },
      '0000:03:00.0': { iommu_group: link('../../groups/19') },
      '0000:04:00.0': {},
    },
    dev: { vfio: { '17': '' } },
  });
  const addresses = ['0000:01:00.0', '0000:02:00.0', '0000:03:00.0', '0000:04:00.0', '0000:05:00.0'];
  const { pci } = await probeDevices(addresses.map(pciNeed), 'linux', systemIn(root));
  t.strictSame(Object.fromEntries(pci ?? []), {
    '0000:01:00.0': {
      driver: 'vfio-pci',
      group: '17',
      others: [
        { address: '0000:01:00.1', driver: 'snd_hda_intel' },
        { address: '0000:01:00.2', driver: null },
      ],
      node: 'ready',
    },
    '0000:02:00.0': { driver: null, group: '18', others: [], node: 'missing' },
    '0000:03:00.0': { driver: null, group: '19', others: [], node: 'missing' },
    '0000:04:00.0': { driver: null, group: null, others: [], node: 'missing' },
    '0000:05:00.0': null,
  });
  const system = systemIn(root);
  t.strictSame(
    await probeDevices([pciNeed('0000:01:00.0')], 'linux', { ...system, sysPci: '/no' }),
    DEVICES_UNSEEN,
  );
  // A file where a directory should be, since root may read whatever is closed.
  const blocked = await probeDevices([pciNeed('0000:01:00.0')], 'linux', {
    ...system,
    vfioNodes: join(root, 'dev/vfio/17'),
  });
  t.equal(blocked.pci?.get('0000:01:00.0')?.node, 'no-permission');
});

t.test('block devices, and what else has them', onLinux, async (t) => {
  // Its numbers are 1 and 3 on every Linux, and it is there without any rights.
  const path = '/dev/null';
  const need: Need = {
    kind: 'block-device',
    at: ['storage', 'disks', 0, 'path'],
    access: 'write',
    text: path,
    path,
    isInsideRoot: false,
  };
  const part = { partition: '1\n', dev: '259:1\n', holders: { md0: {} } };
  const used = async (files: object, of: Need = need) => {
    const root = folderOf(t, { block: { '1:3': { holders: {}, queue: {}, size: '1' } }, ...files });
    return (await probeDevices([of], 'linux', systemIn(root))).blocks?.get(of === need ? path : '/dev/none');
  };
  const mounts = (...lines: string[]) => ({ mountinfo: lines.map((line) => `${line}\n`).join('') });
  t.strictSame(await used({}), []);
  t.equal(await used({}, { ...need, path: '/dev/none' }), null);
  t.strictSame(await used(mounts('30 1 1:3 / /srv rw shared:1 - ext4 /dev/root rw')), ['mounted at /srv']);
  t.strictSame(await used(mounts('30 1 8:1 / /srv rw - ext4 /dev/sda1 rw')), []);
  t.strictSame(await used(mounts('30 1 0:40 / /b rw - btrfs /dev/null rw')), ['mounted at /b']);
  t.strictSame(
    await used(mounts('30 1 0:40 / /b rw - btrfs /dev/none rw', '31 1 0:5 / /proc rw - proc proc rw')),
    [],
  );
  const disk = { block: { '1:3': { null1: part, holders: { 'dm-1': {}, 'dm-0': {} } } } };
  t.strictSame(await used(disk), ['a part of dm-0', 'a part of dm-1', 'a part of md0']);
  t.strictSame(await used({ ...disk, ...mounts('30 1 259:1 / /p rw - ext4 /dev/p1 rw') }), [
    'mounted at /p',
    'a part of dm-0',
    'a part of dm-1',
    'a part of md0',
  ]);
  const swaps = (name: string) => ({ swaps: `Filename Type Size Used Priority\n${name} partition 1 0 -2\n` });
  t.strictSame(await used(swaps('/dev/null')), ['swap space']);
  t.strictSame(await used(swaps('/dev/none')), []);
});
