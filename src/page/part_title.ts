/** What a box of the drawing is called: the thing that a part of argv makes, in people's words. */
import { optionsOf } from './qemu_options.ts';

const TITLES: Readonly<Record<string, string>> = {
  firmware: 'Firmware',
  disks: 'Disk',
  shares: 'Share',
  network: 'Network card',
  devices: 'Device',
  display: 'Display',
  qmp: 'Control',
  serial: 'Serial port',
  kernel: 'Kernel',
  process: 'Process',
};

/** What people call devices; of a part that has several the last that is known. */
const DEVICES: readonly (readonly [text: RegExp, title: string])[] = [
  [/vdagent/, 'SPICE agent'],
  [/guest_agent/, 'Guest agent'],
  [/usbredir/, 'USB redirection'],
  [/"virtconsole"/, 'Console'],
  [/"virtserialport"/, 'Channel'],
  [/"virtio-serial/, 'Controller of channels'],
  [/"(?:virtio-vga|VGA|virtio-gpu-pci|qxl-vga|cirrus-vga|bochs-display|ramfb)"/, 'Graphics'],
  [/-tablet/, 'Tablet'],
  [/-(?:kbd|keyboard)/, 'Keyboard'],
  [/"usb-host"/, 'USB device'],
  [/"qemu-xhci"/, 'USB controller'],
  [/^-audiodev/, 'Sound'],
  [/tpm0/, 'TPM'],
  [/rng-pci/, 'Random numbers'],
  [/balloon/, 'Memory balloon'],
  [/vsock/, 'Vsock'],
  [/"pvpanic/, 'Panic notifier'],
  [/"vfio-pci"/, 'PCI device'],
  [/"pcie-root-port"/, 'Root port'],
  [/watchdog|i6300esb/, 'Watchdog'],
];

/** The same of what QEMU is told besides, by its option. */
const OPTIONS: Readonly<Record<string, string>> = {
  '-uuid': 'Identity',
  '-smbios': 'Identity',
  '-rtc': 'Clock',
  '-boot': 'Boot menu',
  '-action': 'When it ends',
  '-fw_cfg': 'Files for the firmware',
  '-D': 'Log of QEMU',
  '-d': 'Log of QEMU',
  '-gdb': 'Debugger',
  '-pidfile': 'Process ID',
  '-daemonize': 'In the background',
  '-S': 'Starts paused',
};

/** Names that the service gives, where there is one of a kind. */
const GIVEN_NAME =
  /^(?:gpu|keyboard|tablet|tpm|sound|audio|usb|vser|rng|balloon|vsock|panic|watchdog|serial-main)\d*$|^(?:guest-agent|spice-agent)$|^firmware[.]/;
const GIVEN_START = /^(?:console|channel|port|usb-redir|usb-host|pci)-/;

/** Parts without a title are the machine itself, which is the frame. */
export function titleOf(group: string, elements: readonly string[]): string | null {
  if (group === 'cpu')
    return elements.some((element) => ['-cpu', '-smp'].includes(element)) ? 'CPU' : 'Memory';
  const title = TITLES[group];
  if (title === undefined) return null;
  const name = nameIn(elements);
  const word = wordFor(group, title, elements);
  return name === null || group === 'firmware' || group === 'process' ? word : `${word} ${name}`;
}

function wordFor(group: string, title: string, elements: readonly string[]): string {
  const text = elements.join(' ');
  if (group === 'disks') return driveTitle(elements);
  if (group === 'devices') return DEVICES.find(([pattern]) => pattern.test(text))?.[1] ?? title;
  return OPTIONS[String(elements[0])] ?? title;
}

/** What the group of the disks holds besides them. */
function driveTitle(elements: readonly string[]): string {
  // Such as a thread that several disks share.
  if (elements[0] === '-object') return 'Object';
  const drivers = elements.map((element) => String(optionsOf(element).get('driver')));
  if (drivers.some((driver) => driver.endsWith('-cd'))) return 'CD-ROM';
  return drivers.includes('floppy') ? 'Floppy' : 'Disk';
}

/** The name that the profile gave: of the node of a disk, of a network, else of the last device. */
function nameIn(elements: readonly string[]): string | null {
  const options = elements.map(optionsOf);
  for (const key of ['node-name', 'netdev', 'fsdev', 'mount_tag', 'tag', 'id'])
    for (const option of options.toReversed()) {
      const value = option.get(key);
      if (value !== undefined) return GIVEN_NAME.test(value) ? null : value.replace(GIVEN_START, '');
    }
  return null;
}
