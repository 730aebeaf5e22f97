/**
 * What to draw of a machine: boxes for what the guest has, from the parts of argv, and things of the host that they lead to,
 * from the resources and questions of the plan. It knows no key of a profile: what QEMU is told is what is drawn.
 */
import type { Part, Unknown } from './api.ts';

export interface Box {
  readonly title: string;
  readonly lines: readonly string[];
  readonly group: string;
  /** Indexes of the parts that it is made from. */
  readonly parts: readonly number[];
}

export interface Thing {
  /** Named as in `affected_resources`. */
  readonly name: string;
  /** What nobody knows of it. */
  readonly questions: readonly string[];
  /** Index of the box that leads to it; -1 for the machine as a whole. */
  readonly box: number;
}

export interface Machine {
  readonly boxes: readonly Box[];
  readonly things: readonly Thing[];
}

interface Planned {
  readonly argv: readonly string[];
  readonly parts: readonly Part[];
  readonly resources: readonly string[];
  readonly unknowns: readonly Unknown[];
}

export function machineOf({ argv, parts, resources, unknowns }: Planned): Machine {
  const boxes: Box[] = [];
  const texts: string[] = [];
  parts.forEach((part, index) => {
    const elements = argv.slice(part.first, part.first + part.count);
    const title = titleOf(part.group, elements);
    if (title === null) return;
    const lines = linesOf(elements);
    // What is about the CPU, or the memory, is one box.
    const before = boxes.findIndex((box) => box.title === title && ONE_BOX.includes(title));
    if (before === -1) {
      boxes.push({ title, lines, group: part.group, parts: [index] });
      texts.push(elements.join(' '));
    } else {
      const box = boxes[before] as Box;
      boxes[before] = { ...box, lines: [...box.lines, ...lines], parts: [...box.parts, index] };
      texts[before] += ` ${elements.join(' ')}`;
    }
  });
  // A socket is asked about as a path: it is one thing.
  const names = new Map<string, string>();
  for (const name of [...resources, ...unknowns.map(({ subject }) => subject)])
    if (!names.has(wordOf(name))) names.set(wordOf(name), name);
  const things = [...names].map(([word, name]) => {
    const questions = unknowns
      .filter(({ subject }) => wordOf(subject) === word)
      .map(({ question }) => question);
    const said = [name, ...questions].join(' ');
    const led = boxes.findIndex((_, index) => leadsTo(String(texts[index]), name));
    const box =
      led === -1
        ? boxes.findIndex(({ title, group }, index) =>
            isOf({ title, group, text: String(texts[index]) }, said),
          )
        : led;
    return { name, questions, box };
  });
  return { boxes, things };
}

/** What is left of a name without the words for what it is. */
function wordOf(resource: string): string {
  return resource.replace(/^(?:path:(?:read|write)|socket:unix|[a-z-]+):/, '');
}

/** What a thing of the host that argv does not name is for, by its name and what is asked of it. */
const USES: readonly (readonly [thing: RegExp, of: (box: Named) => boolean])[] = [
  [/^(?:device:\/dev\/kvm\b|cpu:|cores:)/, ({ title }) => title === 'CPU'],
  [/^(?:memory:|hugepages:|host-node)/, ({ title }) => title === 'Memory'],
  [/swtpm/, ({ title }) => title === 'TPM'],
  [/passt/, ({ text }) => /^-netdev stream.*passt/.test(text)],
  [/^usb:/, ({ text }) => text.includes('usb-host')],
  [/virtiofsd/, ({ text }) => text.includes('vhost-user-fs')],
  [/qemu-bridge-helper/, ({ text }) => text.startsWith('-netdev bridge')],
  [/^device:\/dev\/net\/tun/, ({ text }) => text.startsWith('-netdev tap')],
  [/^device:\/dev\/vhost-net/, ({ text }) => text.includes('vhost=on')],
  [/^device:\/dev\/vhost-vsock/, ({ text }) => text.includes('vhost-vsock')],
  [/^device:\/dev\/vfio/, ({ text }) => text.includes('vfio-pci')],
  [/^(?:qemu-module:audio-|sound:)/, ({ title }) => title === 'Sound'],
  [/^qemu-module:hw-display-/, ({ title }) => title === 'Graphics'],
  [/^qemu-module:hw-usb-redirect/, ({ text }) => text.includes('usb-redir')],
  [/^qemu-module:hw-usb-host/, ({ text }) => text.includes('usb-host')],
  [/^qemu-module:ui-/, ({ group }) => group === 'display'],
];

interface Named {
  readonly title: string;
  readonly group: string;
  readonly text: string;
}

function isOf(box: Named, thing: string): boolean {
  return USES.some(([pattern, of]) => pattern.test(thing) && of(box));
}

/** What is told in several parts of argv, and is one thing. */
const ONE_BOX: readonly string[] = ['CPU', 'Memory', 'Firmware', 'TPM'];

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
function titleOf(group: string, elements: readonly string[]): string | null {
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

/** What one element says, by key; what stands first without a key is called `driver`. */
function optionsOf(element: string): Map<string, string> {
  if (element.startsWith('{')) return new Map(flat(JSON.parse(element)));
  // A comma in a value is doubled.
  const words = element.replaceAll(',,', '\0').split(',');
  return new Map(
    words.map((word, index): [string, string] => {
      const text = word.replaceAll('\0', ',');
      const sign = text.indexOf('=');
      if (sign === -1) return [index === 0 ? 'driver' : text, text];
      return [text.slice(0, sign), text.slice(sign + 1)];
    }),
  );
}

/** The members of an object and of those in it; the outer ones count. */
function flat(value: object): [string, string][] {
  return Object.entries(value)
    .flatMap(([key, member]): [string, string][] =>
      typeof member === 'object' && member !== null ? flat(member) : [[key, String(member)]],
    )
    .reverse();
}

function linesOf(elements: readonly string[]): string[] {
  return elements.flatMap((element, index) => {
    const flag = elements[index - 1];
    return flag?.startsWith('-') && !element.startsWith('-') ? linesAbout(flag, element) : [];
  });
}

function linesAbout(flag: string, element: string): string[] {
  const options = optionsOf(element);
  const driver = options.get('driver') ?? options.get('qom-type') ?? '';
  switch (flag) {
    case '-device':
      return [
        [
          driver,
          ...sayOf(options, 'bootindex', 'boots as'),
          ...sizeOf(options),
          ...sayOf(options, 'mac', ''),
        ].join(' '),
      ];
    case '-blockdev':
      return [[formatOf(element), options.get('filename')].join(' ')];
    case '-drive':
      return [[options.get('format'), options.get('file')].join(' ')];
    case '-global':
      return [
        options.has('property') ? `${driver} ${options.get('property')}=${options.get('value')}` : element,
      ];
    case '-netdev':
      return [
        [
          NETWORKS[driver] ?? driver,
          ...sayOf(options, 'net', ''),
          ...sayOf(options, 'br', ''),
          ...sayOf(options, 'ifname', ''),
        ].join(' '),
        ...sayOf(options, 'addr.path', options.get('server') === 'on' ? 'listens on' : 'connects to'),
        ...forwardsIn(element),
      ];
    case '-fsdev':
      return [`${options.get('path')}`];
    case '-chardev':
      return driver === 'spicevmc'
        ? []
        : [[driver, options.get('path') ?? addressIn(options)].join(' ').trim()];
    case '-audiodev':
      return [`played by ${driver}`];
    case '-tpmdev':
      return [];
    case '-serial':
      return element.startsWith('chardev:') ? [] : [plain(element)];
    case '-spice':
      return [
        ['SPICE', options.get('port') ?? '', options.get('addr')].join(' ').replace('  ', ' '),
        ...(options.get('disable-ticketing') === 'on' ? ['without a password'] : ['with a password']),
      ];
    case '-vnc':
      return [
        `VNC ${element.replace(/,.*/, '')}`,
        element.includes('password') ? 'with a password' : 'without a password',
      ];
    case '-smp':
      return [countOf(options.get('cpus') ?? element, 'virtual CPU')];
    case '-m':
      return [options.get('size') ?? element];
    case '-object':
      return [[driver, ...sayOf(options, 'size', '')].join(' ')];
    default:
      return [plain(element)];
  }
}

/** Without what says nothing to people. */
function plain(element: string): string {
  return element.replaceAll(',,', ',').replace(/,server=on|,wait=off/g, '');
}

const NETWORKS: Readonly<Record<string, string>> = {
  user: 'user network',
  tap: 'tap device',
  bridge: 'bridge',
  stream: 'socket',
  hubport: 'network of its own',
};

function countOf(count: string, thing: string): string {
  return `${count} ${thing}${count === '1' ? '' : 's'}`;
}

function sizeOf(options: Map<string, string>): string[] {
  const [width, height] = [options.get('xres'), options.get('yres')];
  return width === undefined || height === undefined ? [] : [`${width} × ${height}`];
}

function addressIn(options: Map<string, string>): string {
  return [options.get('host'), options.get('port')].filter((one) => one !== undefined).join(':');
}

/** The format is that of the node on top. */
function formatOf(element: string): string {
  return String(JSON.parse(element).driver);
}

function sayOf(options: Map<string, string>, key: string, words: string): string[] {
  const value = options.get(key);
  return value === undefined ? [] : [`${words} ${value}`.trim()];
}

function forwardsIn(element: string): string[] {
  const rules = element.matchAll(/hostfwd=(tcp|udp):([^:,]*):(\d+)-([^:,]*):(\d+)/g);
  return [...rules].map(
    ([, protocol, address, port, guest, guestPort]) =>
      `${protocol} ${address === '' ? '*' : address}:${port} → ${guest === '' ? 'guest' : guest}:${guestPort}`,
  );
}

/** Whether a part speaks of a thing of the host: a path, a port, the name of a device. */
function leadsTo(text: string, resource: string): boolean {
  const word = wordOf(resource);
  if (resource.startsWith('port:')) return new RegExp(`[:=]${/\d+$/.exec(word)?.[0]}(?!\\d)`).test(text);
  // Commas are doubled in text, and some characters escaped in JSON.
  return [word, word.replaceAll(',', ',,'), JSON.stringify(word).slice(1, -1)].some((one) =>
    hasWord(text, one),
  );
}

/** Whether it stands there whole, and not as a part of a longer name. */
function hasWord(text: string, word: string): boolean {
  const pieces = text.split(word);
  return pieces
    .slice(1)
    .some((after, index) => !/[\w.-]$/.test(String(pieces[index])) && !/^[\w.-]/.test(after));
}
