/** What a box of the drawing says of the part of argv that it is made from. */
import { optionsOf } from './qemu_options.ts';

export function linesOf(elements: readonly string[]): string[] {
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
        `VNC ${options.get('vnc') ?? driver}`,
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
