/** What is only for some shares, networks, screens and devices. */
import { AUDIO_SYSTEMS } from '../../src/topics/audio.ts';
import { GPU_ARCHITECTURES } from '../../src/topics/gpu.ts';
import type { KEYS_OF_TYPES } from '../../src/topics/network.ts';
import { CARD, TCG, withKernel } from './changes.ts';
import type { Change } from './documents.ts';
import { ON_LINUX } from './hosts.ts';
import { ARM, DARWIN, ON_FREEBSD, ON_WINDOWS, onSystems, POWER, RISCV, type Row } from './only_for.ts';

function shares(type: string, more: object = {}): Change {
  return { shares: [{ name: 's', path: 's', type, ...more }] };
}

export const SHARES: readonly Row[] = [
  {
    field: 'shares[0].type',
    change: shares('virtiofs'),
    not: 'os',
    says: ['"virtiofs"', '"darwin"'],
    instead: 'Write type = "9p".',
    on: DARWIN,
  },
  {
    field: 'shares[0].type',
    change: shares('virtiofs'),
    not: 'os',
    says: ['"virtiofs"', '"windows"'],
    instead: 'Hand files over in a disk, or over the network: QEMU for windows shares no directory.',
    on: ON_WINDOWS,
  },
  {
    field: 'shares[0].type',
    change: shares('9p'),
    not: 'os',
    says: ['"9p"', '"freebsd"'],
    instead: 'Hand files over in a disk, or over the network: QEMU for freebsd shares no directory.',
    on: ON_FREEBSD,
  },
  ...(
    [
      ['security_model', 'mapped-xattr', 'virtiofs', '9p'],
      ['cache', 'never', '9p', 'virtiofs'],
      ['socket', 'run/s', '9p', 'virtiofs'],
    ] as const
  ).map(
    ([key, value, type, fitting]): Row => ({
      field: `shares[0].${key}`,
      change: shares(type, { [key]: value }),
      not: 'type',
      says: [`"${value}"`, `"${type}"`],
      instead: `Remove it, or write type = "${fitting}".`,
    }),
  ),
];

/** A value of each key, and a type that has no use for it. */
export const OF_TYPE = {
  model: ['e1000', 'none', 'user'],
  bridge: ['br1', 'user', 'bridge'],
  ifname: ['tap0', 'user', 'tap'],
  queues: [2, 'user', 'tap'],
  vhost: [true, 'user', 'tap'],
  mtu: [1400, 'none', 'user'],
  pxe: [false, 'none', 'user'],
  subnet: ['10.9.0.0/24', 'passt', 'user'],
  host_address: ['10.9.0.1', 'passt', 'user'],
  dns_address: ['10.9.0.2', 'passt', 'user'],
  hostname: ['guest', 'passt', 'user'],
  restrict: [true, 'passt', 'user'],
  ipv6: [false, 'passt', 'user'],
  tftp: ['boot', 'passt', 'user'],
  bootfile: ['pxe.0', 'passt', 'user'],
  socket_path: ['run/s', 'user', 'passt'],
  socket_role: ['listen', 'user', 'socket'],
} as const satisfies Record<keyof typeof KEYS_OF_TYPES, readonly unknown[]>;

export const NETWORK: readonly Row[] = [
  ...Object.entries(OF_TYPE).map(
    ([key, [value, type, fitting]]): Row => ({
      field: `network.interfaces[0].${key}`,
      change: { [CARD]: { name: 'net0', type, [key]: value } },
      not: 'type',
      says: [JSON.stringify(value), `"${type}"`],
      instead: `Remove it, or write type = "${fitting}".`,
    }),
  ),
  ...['vmnet-shared', 'vmnet-host', 'vmnet-bridged'].map(
    (type): Row => ({
      field: 'network.interfaces[0].type',
      change: { [CARD]: { name: 'net0', type, ifname: 'en0' } },
      not: 'os',
      says: [`"${type}"`, '"linux"'],
      instead: 'Write type = "user".',
    }),
  ),
  ...onSystems(
    'network.interfaces[0].type',
    { [CARD]: { name: 'net0', type: 'passt' } },
    '"passt"',
    'Write type = "user".',
  ),
  ...onSystems(
    'network.interfaces[0].queues',
    { [CARD]: { name: 'net0', type: 'tap', queues: 2 } },
    '2',
    (os) => `Remove it: a tap device of ${os} has one queue.`,
  ),
  ...onSystems(
    'network.interfaces[0].vhost',
    { [CARD]: { name: 'net0', type: 'tap', vhost: true } },
    'true',
    'Remove it: on other systems QEMU moves the packets itself.',
  ),
];

export const SCREEN: readonly Row[] = [
  ...Object.entries(GPU_ARCHITECTURES).flatMap(([model, has]) =>
    ([ARM, RISCV, POWER] as const)
      .filter((change) => !has.includes(change['hardware.arch'] as 'aarch64'))
      .map(
        (change): Row => ({
          field: 'gpu.model',
          change: { ...change, 'gpu.model': model },
          not: 'arch',
          says: [`"${model}"`, `"${change['hardware.arch']}"`],
          instead: 'Write "virtio-gpu-pci", or remove it to get the default.',
        }),
      ),
  ),
  ...(['width', 'height'] as const).flatMap((key) =>
    ['cirrus-vga', 'ramfb'].map(
      (model): Row => ({
        field: `gpu.${key}`,
        change: { gpu: { model, width: 800, height: 800 } },
        not: 'type',
        says: ['800', `"${model}"`],
        instead: 'Remove it, or write gpu.model = "virtio-gpu-pci".',
      }),
    ),
  ),
  ...(
    [
      ['address', '::1', 'gtk', 'vnc'],
      ['port', 5901, 'gtk', 'vnc'],
      ['socket', 'run/d', 'gtk', 'vnc'],
      ['websocket_port', 6000, 'spice', 'vnc'],
      ['password_file', 'key', 'gtk', 'vnc'],
      ['agent', true, 'vnc', 'spice'],
      ['usb_redirection', 1, 'vnc', 'spice'],
    ] as const
  ).map(
    ([key, value, mode, fitting]): Row => ({
      field: `display.${key}`,
      change: { display: { mode, [key]: value } },
      not: 'type',
      says: [JSON.stringify(value), `"${mode}"`],
      instead: `Remove it, or write display.mode = "${fitting}".`,
    }),
  ),
  {
    field: 'display.mode',
    change: { 'display.mode': 'cocoa' },
    not: 'os',
    says: ['"cocoa"', '"linux"'],
    instead: 'Write "gtk" or "sdl", or "vnc" with a port.',
  },
  ...Object.keys(AUDIO_SYSTEMS).map(
    (backend): Row => ({
      field: 'audio.backend',
      change: { 'audio.backend': backend },
      not: 'os',
      says: [`"${backend}"`, backend === 'coreaudio' ? '"linux"' : '"darwin"'],
      instead: `Write one of ${backend === 'coreaudio' ? '"pa", "pipewire", "alsa"' : '"coreaudio"'}, "spice", "none".`,
      on: backend === 'coreaudio' ? ON_LINUX : DARWIN,
    }),
  ),
];

export const REST: readonly Row[] = [
  ...(
    [
      ['address', '::1', 'tcp'],
      ['port', 4555, 'tcp'],
      ['telnet', true, 'tcp'],
      ['append', true, 'file'],
    ] as const
  ).map(
    ([key, value, fitting]): Row => ({
      field: `serial.${key}`,
      change: { serial: { enabled: true, mode: 'pty', [key]: value } },
      not: 'type',
      says: [JSON.stringify(value), '"pty"'],
      instead: `Remove it, or write mode = "${fitting}".`,
    }),
  ),
  ...onSystems(
    'devices.vsock_cid',
    { 'devices.vsock_cid': 3 },
    '3',
    'Use [[channels]], which other systems have too.',
  ),
  {
    field: 'devices.panic',
    change: { ...POWER, 'devices.panic': true },
    not: 'arch',
    says: ['true', '"ppc64le"'],
    instead: 'Remove it: a guest of ppc64le reports it without a device.',
  },
  {
    field: 'tpm.enabled',
    change: { tpm: { enabled: true, state_dir: 'tpm' } },
    not: 'os',
    says: ['true', '"windows"'],
    instead: 'Plan it for another system: QEMU for windows has no TPM.',
    on: ON_WINDOWS,
  },
  ...onSystems(
    'usb',
    { usb: [{ vendor_id: '046d', product_id: 'c52b' }] },
    'there',
    'Write display.mode = "spice" and display.usb_redirection: the viewer hands devices over.',
  ),
  ...onSystems(
    'passthrough',
    { passthrough: [{ name: 'card', address: '0000:01:00.0' }] },
    'there',
    'Use the devices that QEMU emulates, or plan it for linux.',
  ),
  {
    field: 'passthrough',
    change: { ...TCG, passthrough: [{ name: 'card', address: '0000:01:00.0' }] },
    not: 'accelerator',
    says: ['there', '"tcg"'],
    instead:
      'Write hardware.acceleration = "kvm" on a host that has it, or use the devices that QEMU emulates.',
  },
  ...onSystems(
    'process.sandbox',
    { 'process.sandbox': true },
    'true',
    'Remove it, and run QEMU as a user of its own.',
  ),
  {
    field: 'process.daemonize',
    change: { 'process.daemonize': true },
    not: 'os',
    says: ['true', '"windows"'],
    instead: 'Remove it, and have a service run QEMU in the background.',
    on: ON_WINDOWS,
  },
  {
    field: 'rtc.driftfix',
    change: { ...ARM, 'rtc.driftfix': 'slew' },
    not: 'arch',
    says: ['"slew"', '"aarch64"'],
    instead: 'Remove it: other machines have no clock whose ticks are counted.',
  },
  ...['manufacturer', 'product', 'version', 'serial', 'sku', 'family', 'oem_strings'].map(
    (key): Row => ({
      field: `smbios.${key}`,
      change: { ...RISCV, smbios: { [key]: key === 'oem_strings' ? ['x'] : 'x' } },
      not: 'arch',
      says: [key === 'oem_strings' ? 'there' : '"x"', '"riscv64"'],
      instead: 'Tell the guest in storage.seed, or in kernel.append when a kernel is booted.',
    }),
  ),
  {
    field: 'fw_cfg',
    change: { ...RISCV, fw_cfg: [{ name: 'opt/a', text: 'b' }] },
    not: 'arch',
    says: ['there', '"riscv64"'],
    instead: 'Hand the guest a disk or a share.',
  },
  {
    field: 'kernel.dtb',
    change: withKernel({ dtb: 'board.dtb' }),
    not: 'arch',
    says: ['"board.dtb"', '"x86_64"'],
    instead: 'Remove it: QEMU or its firmware tells the guest what the machine has.',
  },
];
