/** Keys that profiles leave out on purpose: whoever writes one is told why, and what to do instead. */
import t from 'tap';
import type { AnyKey } from '../../src/profile/key.ts';
import { whyLeftOut } from '../../src/profile/left_out.ts';
import { PROFILE } from '../../src/topics/profile.ts';
import { changed } from '../help/documents.ts';
import { issuesOf, outcomeOf } from '../help/plans.ts';

/** As people write them for libvirt, Proxmox, quickemu, Lima, vagrant-libvirt, vagrant-qemu, Packer and microvm.nix. */
const ROWS: readonly (readonly [names: string, reason: RegExp, instead: RegExp])[] = [
  [
    'extra_args extraArgs args qemuargs qemu_args commandline extra_qemu_args extra_drive_args extra_netdev_args qemu-options',
    /could undo what the plan says/,
    /Use the key for it/,
  ],
  [
    'password passwd vnc_password vncPassword spice_password graphics_passwd passphrase cipassword',
    /whoever reads the profile or the list of processes/,
    /display\.password_file, or encryption\.key_file/,
  ],
  ['snapshot snapshot_mode transient ephemeral', /would be lost/, /a disk with a base/],
  ['loadvm savevm', /one QEMU and one machine/, /Use QMP/],
  ['migration incoming migrate', /two hosts/, /Use QMP/],
  ['url uri rbd iscsi nbd ceph nfs gluster', /another machine/, /Use the host to mount or map it/],
  [
    'throttling iotune iops iops_rd bps_wr mbps_rd iops-total bandwidth rate cpulimit cpuunits cputune',
    /host’s to set/,
    /control groups/,
  ],
  ['affinity cpuset vcpupin cpu_affinity', /QEMU does not set it/, /taskset/],
  ['microvm', /no PCI bus/, /"q35"/],
  ['mdev vgpu mediated_device', /host’s driver/, /\[\[passthrough\]\]/],
  ['iommu viommu intel-iommu virtio_iommu smmuv3', /guests that run guests/, /\[\[passthrough\]\]/],
  ['gl opengl virgl egl-headless rendernode accel3d 3d', /a session of a user/, /gpu\.model/],
  ['sev sev-snp tdx launchSecurity memory_encryption', /CPU and firmware/, /firmware\.secure_boot/],
  ['qmp_port monitor_port monitor_telnet_port', /whoever connects/, /the socket of \[qmp\]/],
  ['runas chroot', /all versions of QEMU/, /User= of systemd/],
  ['hookscript script downscript', /names all that runs/, /systemd/],
  ['autostart onboot', /run by somebody else/, /systemd/],
  ['ovs openvswitch virtualport vlan trunks firewall', /bridges of the kernel alone/, /type = "tap"/],
  ['keymap keyboard_layout locale timezone', /the guest says what it means/, /storage\.seed/],
  ['guest_os ostype os_variant', /QEMU is not told/, /a key for each device/],
  ['vmgenid genid', /each copy of a VM/, /vm\.uuid/],
  ['hotplug', /about the start/, /QMP/],
  ['shmem ivshmem', /no power of two/, /\[\[shares\]\]/],
  ['tls tls_port tlsCreds sasl', /certificates/, /ssh/],
  ['autoport', /names each port/, /your own choice/],
  ['heads max_outputs', /one is enough/, /remote desktop/],
  ['vram vgamem_mb', /2560 x 1600/, /virtio-gpu-pci/],
  ['evdev input_linux', /host’s own session/, /\[\[usb\]\]/],
  ['x-vga rombar romfile multifunction', /a port of its own/, /each function/],
  ['smb guestfwd', /names all that runs/, /\[\[shares\]\]/],
  ['parallel smartcard braille', /almost nobody/, /\[\[usb\]\]/],
  ['seclabel apparmor', /host’s to set/, /process\.sandbox/],
];

t.test('each says why, and what instead', (t) => {
  for (const [names, reason, instead] of ROWS) {
    for (const name of names.split(' ')) {
      const why = whyLeftOut(name) ?? '';
      t.match(why, /left out on purpose: /, name);
      t.match(why, reason, `${name}: why`);
      t.match(why, instead, `${name}: what instead`);
    }
  }
  t.end();
});

t.test('it stands in the suggestion, in whichever section the key is', (t) => {
  const document = changed({
    schema_version: 2,
    'vm.onboot': true,
    'storage.disks.0.iops': 3,
    extraArgs: ['-s'],
    'monitor.port': 4444,
  });
  const said = issuesOf(outcomeOf(document)).filter(({ code }) => code === 'unknown-field');
  t.strictSame(
    said.map(({ field, suggestion }) => [field, /left out on purpose/.test(suggestion ?? '')]),
    [
      ['extraArgs', true],
      ['monitor.port', true],
      ['storage.disks[0].iops', true],
      ['vm.onboot', true],
    ],
  );
  t.end();
});

t.test('no key of the profile is among them', (t) => {
  const names = [...namesOf(PROFILE)];
  t.ok(names.length > 100, 'all keys were looked at');
  t.strictSame(
    names.filter((name) => whyLeftOut(name) !== undefined),
    [],
  );
  t.equal(whyLeftOut('nothing_of_the_kind'), undefined);
  t.end();
});

function* namesOf(key: AnyKey): Generator<string> {
  if (key.kind === 'list') yield* namesOf(key.element);
  if (key.kind !== 'table') return;
  for (const [name, member] of Object.entries(key.keys)) {
    yield name;
    yield* namesOf(member);
  }
}
