/** What QEMU is meant to understand of a profile on a host: the contract written once more, with nothing to escape. */
import { createHash } from 'node:crypto';
import { posix, win32 } from 'node:path';
import type { ProfileDocument } from '../../src/topics/profile.ts';
import type { HostFacts } from './hosts.ts';
import type { ReadOption } from './qemu_opts.ts';

const BINARIES = {
  x86_64: 'qemu-system-x86_64',
  aarch64: 'qemu-system-aarch64',
  riscv64: 'qemu-system-riscv64',
  ppc64le: 'qemu-system-ppc64',
};
const MACHINES = { x86_64: 'q35', aarch64: 'virt', riscv64: 'virt', ppc64le: 'pseries' };
const NATIVE = { linux: 'kvm', darwin: 'hvf', windows: 'whpx', freebsd: '' };

type Options = ReadOption[];

export function intendedOptions(document: ProfileDocument, facts: HostFacts): Options {
  const place = (path: string) =>
    facts.os === 'windows'
      ? win32.resolve(facts.project_root, path)
      : posix.resolve(facts.project_root, path);
  const { vm, hardware } = document;
  const accelerator = acceleratorOf(document, facts);
  const isAbsolute = facts.os === 'windows' ? /^(?:[A-Za-z]:)?[\\/]/ : /^\//;
  const binary = vm.qemu_binary ?? BINARIES[hardware.arch];
  return [
    { option: 'binary', value: isAbsolute.test(binary) ? place(binary) : binary },
    { option: '-machine', value: machineOf(hardware, accelerator) },
    { option: '-nodefaults', value: null },
    { option: '-no-user-config', value: null },
    { option: '-display', value: 'none' },
    accelerator === 'kvm'
      ? { option: '-enable-kvm', value: null }
      : { option: '-accel', value: { accel: accelerator } },
    { option: '-cpu', value: hardware.cpu ?? defaultCpu(hardware.arch, accelerator) },
    { option: '-smp', value: { cpus: String(hardware.cores) } },
    { option: '-m', value: { size: `${hardware.memory_mb}M` } },
    ...imageOptions(document, place),
    ...shareOptions(document, place),
    ...networkOptions(document),
    ...socketOptions(document, place),
    ...kernelOptions(document, place),
    { option: '-name', value: { guest: vm.name } },
  ];
}

function machineOf(
  { arch, cores }: ProfileDocument['hardware'],
  accelerator: string,
): Record<string, string> {
  const isPlain = arch !== 'aarch64' || (accelerator === 'hvf' && cores <= 8);
  return { type: MACHINES[arch], ...(!isPlain && { 'gic-version': 'max' }) };
}

function acceleratorOf({ hardware }: ProfileDocument, facts: HostFacts): string {
  const wanted = hardware.acceleration ?? 'auto';
  if (wanted !== 'auto') return wanted;
  const native = NATIVE[facts.os];
  return facts.arch === hardware.arch && facts.accelerators.some((name) => name === native) ? native : 'tcg';
}

function defaultCpu(arch: string, accelerator: string): string {
  if (accelerator === 'kvm' || accelerator === 'hvf') return 'host';
  return accelerator === 'tcg' && arch === 'riscv64' ? 'rv64' : 'max';
}

type Place = (path: string) => string;

function imageOptions({ storage }: ProfileDocument, place: Place): Options {
  const images = (storage?.disks ?? []).filter(({ format }) => format !== 'host-path');
  const isSplit = images.some(({ boot }, index) => boot === true && index > 0);
  return images.flatMap(({ name, path, format, readonly, boot }): Options => {
    const common = { file: place(path), format, ...(readonly && { readonly: 'on' }) };
    if (!isSplit) return [{ option: '-drive', value: { ...common, if: 'virtio' } }];
    const id = `disk-${name}`;
    return [
      { option: '-drive', value: { ...common, if: 'none', id } },
      { option: '-device', value: { driver: 'virtio-blk-pci', drive: id, ...(boot && { bootindex: '1' }) } },
    ];
  });
}

function shareOptions({ storage }: ProfileDocument, place: Place): Options {
  const shares = (storage?.disks ?? []).filter(({ format }) => format === 'host-path');
  return shares.flatMap(
    ({ name, path, readonly }): Options => [
      {
        option: '-fsdev',
        value: {
          fsdriver: 'local',
          path: place(path),
          security_model: 'none',
          id: name,
          ...(readonly && { readonly: 'on' }),
        },
      },
      { option: '-device', value: { driver: 'virtio-9p-pci', fsdev: name, mount_tag: name } },
    ],
  );
}

function networkOptions({ vm, network }: ProfileDocument): Options {
  const cards = (network?.interfaces ?? []).filter(({ type }) => type !== 'none');
  return cards.flatMap(({ name, type, hostfwd = [], mac }): Options => {
    const netdevs: Readonly<Record<string, object>> = {
      user: hostfwd.length > 0 ? { hostfwd } : {},
      tap: { ifname: name, script: 'no', downscript: 'no' },
      bridge: { br: 'br0' },
    };
    const address = mac?.toLowerCase() ?? (type === 'user' ? undefined : generatedMac(`${vm.name}/${name}`));
    return [
      { option: '-netdev', value: { type, id: name, ...netdevs[type] } },
      {
        option: '-device',
        value: { driver: 'virtio-net-pci', netdev: name, ...(address && { mac: address }) },
      },
    ];
  });
}

function generatedMac(text: string): string {
  const digest = createHash('sha256').update(text).digest();
  return `52:54:00${[...digest.subarray(0, 3)].map((octet) => `:${octet.toString(16).padStart(2, '0')}`).join('')}`;
}

function socketOptions({ vm, serial, qmp }: ProfileDocument, place: Place): Options {
  const unix = (path: string) => ({ backend: 'unix', path: place(path), server: 'on', wait: 'off' });
  const options: Options = [];
  if (qmp !== undefined && qmp.enabled !== false)
    options.push({ option: '-qmp', value: unix(qmp.socket ?? `run/${vm.name}.qmp.sock`) });
  if (serial?.enabled !== true) return options;
  const { mode = 'pty', device, logfile } = serial;
  const value = {
    pty: 'pty',
    none: 'none',
    file: `file:${place(String(logfile ?? device))}`,
    socket: unix(device ?? `run/${vm.name}.serial.sock`),
  }[mode as 'pty' | 'none' | 'file' | 'socket'];
  return [...options, { option: '-serial', value }];
}

function kernelOptions({ kernel }: ProfileDocument, place: Place): Options {
  if (kernel?.enabled !== true) return [];
  const { bzimage, initrd, append = '' } = kernel;
  return [
    { option: '-kernel', value: place(String(bzimage)) },
    ...(initrd === undefined ? [] : [{ option: '-initrd', value: place(initrd) }]),
    ...(append === '' ? [] : [{ option: '-append', value: append }]),
  ];
}
