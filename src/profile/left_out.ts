/** Keys that people know from elsewhere and that profiles leave out on purpose, each with the reason and what to do instead. */

/** What is left out, and by which names people look for it: in small letters, without what is between words. */
interface LeftOut {
  readonly names: readonly string[];
  readonly why: string;
}

const EVERYTHING: readonly LeftOut[] = [
  {
    names: [
      ...['args', 'extraargs', 'extraarguments', 'extraoptions', 'extraqemuargs', 'commandline', 'rawargs'],
      ...['qemuargs', 'qemuarguments', 'qemucmdline', 'qemucommandline', 'qemuextraargs', 'qemuoptions'],
      ...['extradriveargs', 'extranetdevargs', 'readconfig'],
    ],
    why: 'Options of your own are left out on purpose: they could undo what the plan says. Use the key for it.',
  },
  {
    names: [
      ...['password', 'passwd', 'passphrase', 'vncpassword', 'vncpasswd', 'spicepassword', 'spicepasswd'],
      ...['displaypassword', 'graphicspasswd', 'diskpassword', 'lukspassphrase', 'cipassword'],
    ],
    why: 'Passwords as values are left out on purpose: whoever reads the profile or the list of processes would know them. Put it into a file, and name that: display.password_file, or encryption.key_file of a disk.',
  },
  {
    names: ['snapshot', 'snapshotmode', 'ephemeral', 'transient'],
    why: 'It is left out on purpose: all that the guest writes would be lost. Use an overlay: a disk with a base.',
  },
  {
    names: ['loadvm', 'savevm', 'vmstate', 'statefile'],
    why: 'Saved states of a VM are left out on purpose: they fit one QEMU and one machine only. Use QMP for it.',
  },
  {
    names: ['migration', 'migrate', 'livemigration', 'incoming'],
    why: 'Moving a running VM is left out on purpose: it is a matter of two hosts. Use QMP for it.',
  },
  {
    names: ['url', 'uri', 'rbd', 'ceph', 'iscsi', 'nbd', 'nfs', 'gluster', 'glusterfs', 'networkdisk'],
    why: 'Storage over the network is left out on purpose: a plan cannot say what another machine does. Use the host to mount or map it, and name the file or the block device.',
  },
  {
    names: [
      ...['throttling', 'throttle', 'iotune', 'blkiotune', 'cputune', 'memtune', 'bandwidth', 'rate'],
      ...['ratelimit', 'iops', 'iopsrd', 'iopswr', 'iopsmax', 'iopstotal', 'bps', 'bpsrd', 'bpswr'],
      ...['bpsmax', 'bpstotal', 'mbps', 'mbpsrd', 'mbpswr', 'cpulimit', 'cpuquota', 'cpushares', 'cpuunits'],
    ],
    why: 'Limits of what a VM may use are left out on purpose: they are the host’s to set. Use its control groups, and tc(8) for networks.',
  },
  {
    names: ['affinity', 'cpuaffinity', 'cpupinning', 'cpuset', 'emulatorpin', 'pinning', 'vcpupin'],
    why: 'Which processors of the host run a VM is left out on purpose: QEMU does not set it. Use taskset(1) or the control groups of the host.',
  },
  {
    names: ['microvm'],
    why: 'The machine microvm is left out on purpose: it has no PCI bus, and most devices here are on one. Use machine.type = "q35".',
  },
  {
    names: ['mdev', 'mdevs', 'mediateddevice', 'vgpu', 'gvt', 'gvtg'],
    why: 'Mediated devices are left out on purpose: a plan cannot say what the host’s driver makes of them. Use [[passthrough]] for a whole PCI device.',
  },
  {
    names: ['iommu', 'viommu', 'inteliommu', 'amdiommu', 'virtioiommu', 'smmu', 'smmuv3'],
    why: 'A virtual IOMMU is left out on purpose: it is for guests that run guests with devices of the host. Use [[passthrough]] for a device of the host, which needs none.',
  },
  {
    names: [
      'gl',
      'opengl',
      'virgl',
      'venus',
      'egl',
      'eglheadless',
      'rendernode',
      'accel3d',
      '3d',
      '3dacceleration',
    ],
    why: 'Displays that draw with the host’s GPU are left out on purpose: they need a session of a user on the host. Use gpu.model without it.',
  },
  {
    names: [
      ...['sev', 'seves', 'sevsnp', 'snp', 'amdsev', 'tdx', 'inteltdx', 'launchsecurity'],
      ...['confidential', 'confidentialguest', 'memoryencryption'],
    ],
    why: 'Encrypted guests are left out on purpose: a plan cannot say what the host’s CPU and firmware will do. Use firmware.secure_boot and encryption of disks, as far as that is enough.',
  },
  {
    names: [
      ...['qmpport', 'qmptcp', 'qmphost', 'qmpaddress', 'monitorport', 'monitortcp', 'monitorhost'],
      ...['monitoraddress', 'monitortelnet', 'monitortelnetport', 'monitortelnethost'],
    ],
    why: 'Control over the network is left out on purpose: whoever connects can do all that QEMU can. Use the socket of [qmp] or [monitor], from elsewhere through ssh(1).',
  },
  {
    names: [
      ...['openvswitch', 'ovs', 'ovsbridge', 'virtualport', 'vlan', 'vlanid', 'vlans', 'trunk', 'trunks'],
      ...['firewall', 'nwfilter', 'filterref', 'isolation'],
    ],
    why: 'What a switch of the host does with a card is left out on purpose: QEMU’s helper knows the bridges of the kernel alone, and no VLANs. Use type = "tap" with a device that the host has made a port of its switch.',
  },
  {
    names: ['keymap', 'keyboardlayout', 'keyboardmap', 'keytable', 'layout', 'locale', 'timezone'],
    why: 'How a guest is set up inside is left out on purpose: viewers send which key is pressed, and the guest says what it means. Use the guest’s own settings, or storage.seed.',
  },
  {
    names: ['guestos', 'ostype', 'osvariant', 'osinfo', 'os', 'machineos', 'osfamily'],
    why: 'Which system the guest has is left out on purpose: QEMU is not told, and nothing is chosen by it behind your back. Use a key for each device that it has drivers for, as the shipped profile windows-11 does.',
  },
  {
    names: ['genid', 'vmgenid', 'generationid'],
    why: 'An ID of the generation is left out on purpose: it has to change with each copy of a VM, of which a plan knows nothing. Use vm.uuid to tell VMs apart.',
  },
  {
    names: ['hotplug', 'cpuhotplug', 'hotpluggable'],
    why: 'Devices that come and go are left out on purpose: a plan is about the start. Use QMP for them, and memory.max_mb for memory.',
  },
  {
    names: ['shmem', 'ivshmem', 'lookingglass', 'kvmfr'],
    why: 'Memory that is shared with other programs is left out on purpose: QEMU ends where its size is no power of two. Use [[shares]] or [[channels]] to exchange data.',
  },
  {
    names: [
      ...['tls', 'tlsport', 'tlscreds', 'tlscredentials', 'tlschannel', 'x509', 'x509dir', 'sasl', 'acl'],
      ...['tlsciphers', 'defaultmode'],
    ],
    why: 'TLS and logins of displays are left out on purpose: they need certificates and more secrets in the right places. Use display.socket, or the address 127.0.0.1, from elsewhere through ssh(1).',
  },
  {
    names: ['autoport', 'portrange', 'randomport'],
    why: 'A port that QEMU chooses is left out on purpose: a plan names each port that it opens. Use a port of your own choice.',
  },
  {
    names: ['heads', 'maxoutputs', 'outputs', 'multihead', 'monitorcount', 'qxlheads'],
    why: 'More than one screen is left out on purpose: one is enough to install a guest and to mend it. Use a remote desktop of the guest for more.',
  },
  {
    names: ['vram', 'vrammb', 'vram64', 'vgamem', 'vgamemmb', 'videoram', 'videomemory'],
    why: 'How much memory a card has is left out on purpose: what QEMU gives it is enough for 2560 x 1600. Use gpu.model = "virtio-gpu-pci" for more, which takes what it needs of the guest’s memory.',
  },
  {
    names: ['evdev', 'inputlinux'],
    why: 'Devices of /dev/input are left out on purpose: the host’s own session would lose them at each start. Use [[usb]] for a keyboard or a mouse of the guest alone.',
  },
  {
    names: ['xvga', 'primarygpu', 'rombar', 'romfile', 'multifunction', 'xmultifunction', 'managed'],
    why: 'How a device of the host is seen is left out on purpose: each gets a port of its own, with the ROM that it has. Use [[passthrough]] for each function, such as a card and its sound.',
  },
  {
    names: ['smb', 'samba', 'guestfwd', 'smbdir'],
    why: 'Programs that QEMU starts for a network are left out on purpose: a plan names all that runs. Use [[shares]] for files, and hostfwd for connections.',
  },
  {
    names: ['parallel', 'parallels', 'smartcard', 'ccid', 'braille', 'u2f', 'joystick', 'gamepad'],
    why: 'Such a device is left out on purpose: almost nobody asks for it. Use [[usb]] to hand on one that is plugged into the host.',
  },
  {
    names: ['seclabel', 'apparmor', 'selinux', 'aaprofile'],
    why: 'Labels of security modules are left out on purpose: they are the host’s to set. Use its policy for the user that starts QEMU, and process.sandbox.',
  },
  {
    names: ['runas', 'chroot', 'runwith'],
    why: 'Giving up rights is left out on purpose: no option for it is in all versions of QEMU. Use the user that starts QEMU, such as User= of systemd.',
  },
  {
    names: ['hook', 'hooks', 'hookscript', 'prestart', 'poststop', 'script', 'upscript', 'downscript'],
    why: 'Programs of your own are left out on purpose: a plan names all that runs. Use a unit of systemd around the script of the plan.',
  },
  {
    names: ['autostart', 'onboot', 'startonboot'],
    why: 'Starting with the host is left out on purpose: plans are run by somebody else. Use a unit of systemd for the script of the plan.',
  },
];

const REASONS: ReadonlyMap<string, string> = new Map(
  EVERYTHING.flatMap(({ names, why }) => names.map((name) => [name, why] as const)),
);

/** A sentence or two for the author of a key, or of one with its table, however the words are put together; else `undefined`. */
export function whyLeftOut(name: string): string | undefined {
  return REASONS.get(name.toLowerCase().replaceAll(/[._-]/g, ''));
}
