/**
 * Serial ports, consoles, channels, agents and monitors: where each leads to, which name and number the guest finds it by, and what
 * becomes of a file that is there already.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Device } from '../qtree.ts';
import type { Asked, Topic } from './topic.ts';

/** Where something leads to, by its keys. */
interface Leads {
  readonly mode?: string;
  readonly device?: string;
  readonly logfile?: string;
  readonly append?: boolean;
  readonly address?: string;
  readonly port?: number;
  readonly telnet?: boolean;
}

interface End {
  /** QEMU's name of the character device. */
  readonly label: string;
  readonly mode: string;
  /** Absolute; `null` for what is neither a socket nor a file. */
  readonly path: string | null;
  readonly leads: Leads;
}

function endOf(label: string, leads: Leads, socket: string, { place }: Asked): End {
  const { mode = 'pty', device, logfile } = leads;
  const path =
    mode === 'file'
      ? place(String(logfile ?? device))
      : mode === 'socket'
        ? place(device ?? `run/${socket}.sock`)
        : null;
  return { label, mode, path, leads };
}

/** The first port is there with `none`, and is none. */
export function serialEnds(asked: Asked): End[] {
  const { vm, serial } = asked.profile;
  if (serial?.enabled !== true || serial.mode === 'none') return [];
  const all = [
    { leads: serial as Leads, id: 'serial-main', socket: `${vm.name}.serial` },
    ...(serial.ports ?? []).map((port) => ({
      leads: port as Leads,
      id: `port-${port.name}`,
      socket: `${vm.name}.${port.name}.serial`,
    })),
  ];
  return all.map(({ leads, id, socket }, index) => {
    const isNamed = leads.mode === 'tcp' || leads.append === true;
    return endOf(isNamed ? id : `serial${index}`, leads, socket, asked);
  });
}

function consoleEnds(asked: Asked): End[] {
  const { vm, consoles = [] } = asked.profile;
  return consoles.map((one) =>
    endOf(`console-${one.name}`, one as Leads, `${vm.name}.${one.name}.console`, asked),
  );
}

interface Channel {
  readonly id: string;
  readonly name: string;
  /** `null` for what leads to SPICE. */
  readonly socket: string | null;
}

function channelsOf({ profile, place }: Asked): Channel[] {
  const { vm, channels = [], guest_agent: agent, display } = profile;
  const found: Channel[] = channels.map(({ name, socket = `run/${vm.name}.${name}.channel.sock` }) => ({
    id: `channel-${name}`,
    name,
    socket: place(socket),
  }));
  if (agent?.enabled === true)
    found.push({
      id: 'guest-agent',
      name: 'org.qemu.guest_agent.0',
      socket: place(agent.socket ?? `run/${vm.name}.qga.sock`),
    });
  if (display?.mode === 'spice' && display.agent === true)
    found.push({ id: 'spice-agent', name: 'com.redhat.spice.0', socket: null });
  return found;
}

/** Sockets for people and programs besides the first of QMP, in QEMU's order. */
export function moreMonitors({ profile: { vm, qmp, monitor }, place }: Asked): string[] {
  const extra = qmp === undefined || qmp.enabled === false ? [] : (qmp.extra_sockets ?? []);
  const own = monitor?.enabled === true ? [monitor.socket ?? `run/${vm.name}.monitor.sock`] : [];
  return [...extra, ...own].map(place);
}

function monitorEnds(asked: Asked): (readonly [label: string, path: string])[] {
  const { vm, qmp } = asked.profile;
  const isOn = qmp !== undefined && qmp.enabled !== false;
  const all = [
    ...(isOn ? [asked.place(qmp.socket ?? `run/${vm.name}.qmp.sock`)] : []),
    ...moreMonitors(asked),
  ];
  return all.map((path, index) => [`compat_monitor${index}`, path]);
}

function textOf({ mode, path, leads }: End): string {
  const { address = '127.0.0.1', port, telnet = false } = leads;
  if (mode === 'tcp') return `${telnet ? 'telnet' : 'tcp'} ${address}:${port}`;
  return mode === 'socket' ? `unix ${path}` : mode === 'none' ? 'null' : mode;
}

function allEnds(asked: Asked): End[] {
  return [...serialEnds(asked), ...consoleEnds(asked)];
}

/** Files of the ends, but for that of the first serial port, which every version has. */
function logsOf(asked: Asked): End[] {
  return allEnds(asked).filter(({ mode }) => mode === 'file');
}

interface Chardev {
  readonly label: string;
  readonly filename: string;
}

/** What is compared with something else: USB with the display, what leads to other programs with those, a debugger; and what the suite adds. */
const OTHERS = /^(?:usb-redir-[0-9]+|tpm0|virtiofs-.*|gdb|#chr[0-9]+|qtest)$/;

const BEFORE = 'what an earlier run has left\n';

export const characterDevices: Topic = {
  make: (asked) => {
    const sockets = [
      ...allEnds(asked).flatMap(({ mode, path }) => (mode === 'socket' && path !== null ? [path] : [])),
      ...channelsOf(asked).flatMap(({ socket }) => (socket === null ? [] : [socket])),
      ...monitorEnds(asked).map(([, path]) => path),
    ];
    for (const path of sockets) mkdirSync(dirname(path), { recursive: true });
    for (const { path } of logsOf(asked)) {
      mkdirSync(dirname(path as string), { recursive: true });
      writeFileSync(path as string, BEFORE);
    }
  },
  means: (asked) => ({
    'character devices': [
      ...allEnds(asked).map((end) => `${end.label}: ${textOf(end)}`),
      ...channelsOf(asked).map(
        ({ id, socket }) => `${id}: ${socket === null ? 'spicevmc' : `unix ${socket}`}`,
      ),
      ...monitorEnds(asked).map(([label, path]) => `${label}: unix ${path}`),
    ].sort(),
    'virtio ports': virtioPorts(asked),
    'kept logs': logsOf(asked)
      .map(({ path, leads }) => `${path}: ${leads.append === true}`)
      .sort(),
  }),
  seen: async ({ qmp, devices }, asked) => {
    const chardevs = await qmp.ask<Chardev[]>('query-chardev');
    return {
      'character devices': chardevs
        .filter(({ label, filename }) => !(label.startsWith('compat_monitor') && filename === 'stdio'))
        .filter(({ label }) => !OTHERS.test(label))
        .map(({ label, filename }) => `${label}: ${plainName(filename)}`)
        .sort(),
      'virtio ports': devices
        .filter(({ bus }) => bus === 'vser0.0')
        .map(portText)
        .sort(byNumber),
      'kept logs': logsOf(asked)
        .map(({ path }) => `${path}: ${readFileSync(path as string, 'utf8').startsWith(BEFORE)}`)
        .sort(),
    };
  },
  devices: (asked) => {
    const further = Math.max(0, serialEnds(asked).length - 1);
    const consoles = consoleEnds(asked).length;
    const channels = channelsOf(asked).length;
    const controllers = consoles + channels > 0 ? 1 : 0;
    return [
      [asked.arch === 'ppc64le' ? 'spapr-vty' : 'isa-serial', further],
      ['virtio-serial-pci', controllers],
      ['virtio-serial-device', controllers],
      ['virtconsole', consoles],
      ['virtserialport', channels],
    ];
  },
  files: (asked) => {
    const [first] = serialEnds(asked);
    return logsOf(asked)
      .filter((end) => end.path !== first?.path)
      .map(({ path }) => ({ path: path as string, use: 'write' }));
  },
};

/** Whether there is a controller for consoles and channels. */
export function hasVirtioSerial(asked: Asked): boolean {
  return virtioPorts(asked).length > 0;
}

/** The first console has the first port, which is for nothing else. */
function virtioPorts(asked: Asked): string[] {
  const consoles = consoleEnds(asked).map(({ label }, index) => `${index} virtconsole ${label} as ${label}`);
  const first = Math.max(1, consoles.length);
  const channels = channelsOf(asked).map(
    ({ id, name }, index) => `${first + index} virtserialport ${id} as ${id}, ${name}`,
  );
  return [...consoles, ...channels];
}

function portText({ type, id, properties: { nr, chardev, name = '' } }: Device): string {
  return `${nr} ${type} ${id} as ${chardev}${name === '' ? '' : `, ${name}`}`;
}

function byNumber(left: string, right: string): number {
  return Number.parseInt(left, 10) - Number.parseInt(right, 10);
}

/** Of a server nobody is connected to; terminals have a number of their own. */
function plainName(filename: string): string {
  const [, kind, rest] = /^disconnected:(unix|tcp|telnet):(.*),server=on$/s.exec(filename) ?? [];
  if (kind !== undefined) return `${kind} ${rest}`;
  return filename.replace(/^pty:\/dev\/pts\/\d+$/, 'pty');
}
