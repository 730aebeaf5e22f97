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
    names: ['qmpport', 'qmptcp', 'monitorport', 'monitortcp', 'monitortelnetport', 'monitortelnethost'],
    why: 'Control over the network is left out on purpose: whoever connects can do all that QEMU can. Use the socket of [qmp] or [monitor], from elsewhere through ssh(1).',
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

/** A sentence or two for the author, however the words are put together; `undefined` for any other key. */
export function whyLeftOut(name: string): string | undefined {
  return REASONS.get(name.toLowerCase().replaceAll(/[_-]/g, ''));
}
