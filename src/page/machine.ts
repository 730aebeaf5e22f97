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
  const things = [...names].map(([word, name]) => ({
    name,
    questions: unknowns.filter(({ subject }) => wordOf(subject) === word).map(({ question }) => question),
    box: boxes.findIndex((box, index) => isOf(box.title, name) || leadsTo(String(texts[index]), name)),
  }));
  return { boxes, things };
}

/** What is left of a name without the words for what it is. */
function wordOf(resource: string): string {
  return resource.replace(/^(?:path:(?:read|write)|socket:unix|[a-z-]+):/, '');
}

/** What the whole CPU, or all memory, asks of the host. */
function isOf(title: string, resource: string): boolean {
  if (title === 'CPU') return /^(?:device:\/dev\/kvm$|cpu|cores)/.test(resource);
  return title === 'Memory' && /^(?:memory|hugepages|host-node)/.test(resource);
}

const ONE_BOX: readonly string[] = ['CPU', 'Memory'];

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

/** Parts without a title are the machine itself, which is the frame. */
function titleOf(group: string, elements: readonly string[]): string | null {
  if (group === 'cpu')
    return elements.some((element) => ['-cpu', '-smp'].includes(element)) ? 'CPU' : 'Memory';
  const title = TITLES[group];
  if (title === undefined) return null;
  const name = nameIn(elements);
  const word = group === 'disks' ? driveTitle(elements) : title;
  return name === null ? word : `${word} ${name}`;
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
      if (value !== undefined) return value;
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
  const lines: string[] = [];
  elements.forEach((element, index) => {
    const flag = elements[index - 1];
    if (flag?.startsWith('-') && !element.startsWith('-')) lines.push(lineOf(flag, element));
  });
  return lines;
}

function lineOf(flag: string, element: string): string {
  const options = optionsOf(element);
  switch (flag) {
    case '-device':
      return [options.get('driver'), ...sayOf(options, 'bootindex', 'boots as')].join(' ');
    case '-blockdev':
      return [formatOf(element), options.get('filename')].join(' ');
    case '-drive':
      return [options.get('format'), options.get('file')].join(' ');
    case '-netdev':
      return [options.get('driver'), ...forwardsIn(element)].join(' ');
    case '-smp':
      return `${options.get('cpus') ?? element} virtual CPUs`;
    case '-m':
      return options.get('size') ?? element;
    case '-object':
      return [options.get('driver') ?? options.get('qom-type'), ...sayOf(options, 'size', '')]
        .join(' ')
        .trim();
    default:
      return element;
  }
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
  return [...element.matchAll(/hostfwd=([^,]*)/g)].map(([, forward]) => `${forward}`);
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
