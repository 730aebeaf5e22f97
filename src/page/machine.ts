/**
 * What to draw of a machine: boxes for what the guest has, from the parts of argv, and things of the host that they lead to,
 * from the resources and questions of the plan. It knows no key of a profile: what QEMU is told is what is drawn.
 */
import type { Part, Unknown } from './api.ts';
import { linesOf } from './part_lines.ts';
import { titleOf } from './part_title.ts';

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
