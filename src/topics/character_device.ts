/** Where a serial port or a console leads to on the host: QEMU's character devices, and the keys of a profile for them. */

import type { HostFacts, HostSystem } from '../facts/host_facts.ts';
import { plainAddress } from '../facts/network.ts';
import { FIRST_UNPRIVILEGED_PORT, isLoopback } from '../needs/kinds/port.ts';
import { type NamedPath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { count, flag, path, text, word } from '../profile/key.ts';
import { fieldOf, pointerOf } from '../profile/path.ts';
import { optionValue } from '../qemu/escape.ts';
import { checkBackend } from './host_backends.ts';
import { ADDRESS_MISTAKE, ADDRESS_PATTERN, LOOPBACK } from './ip_address.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { defaultablePathWhy, pathWhy } from './path_why.ts';
import type { Draft, Issues, ProfilePath } from './profile.ts';

export const SERIAL_MODES = ['pty', 'file', 'socket', 'none'] as const;

/** The keys of what is called so; `socket` is the path of its socket where none is named. */
export function characterDeviceKeys(called: string, socket: string) {
  return {
    mode: word(
      SERIAL_MODES,
      `Where ${called} leads to. \`stdio\` is the terminal in which QEMU is started, \`tcp\` a port of the host.`,
      { default: 'pty', since2: ['stdio', 'tcp'] },
    ),
    device: path(
      `The socket of mode \`socket\` (default \`${socket}\`, at most 107 bytes once resolved) or the file of mode \`file\`.`,
      {},
    ),
    logfile: path(
      'The file of mode `file`; wins over `device`. QEMU truncates it at start, unless `append` is set.',
      {},
    ),
    append: flag('Whether the file of mode `file` keeps what is in it.', { default: false, since: 2 }),
    address: text(
      'The address of the host that mode `tcp` listens on, of IPv4 or IPv6. Other machines reach what is not a loopback address, and nothing asks them for a password.',
      {
        default: LOOPBACK,
        pattern: ADDRESS_PATTERN,
        mistake: ADDRESS_MISTAKE,
        lowerCase: true,
        examples: [LOOPBACK, '::1'],
        since: 2,
      },
    ),
    port: count('The port of the host that mode `tcp` listens on; required there.', {
      minimum: 1,
      maximum: 65535,
      since: 2,
    }),
    telnet: flag('Whether mode `tcp` speaks telnet, so that telnet clients send each key as it is pressed.', {
      default: false,
      since: 2,
    }),
  };
}

/** The keys as far as they could be read. */
export type CharacterDevice = Pick<Draft['serial'], keyof ReturnType<typeof characterDeviceKeys>>;

/** One of a profile, and where it is: its table, and the path of its socket where none is named. */
export interface PlacedDevice {
  readonly at: readonly ['serial'] | readonly ['serial', 'ports', number] | readonly ['consoles', number];
  readonly device: CharacterDevice;
  readonly socket: string | undefined;
  /** The word for it in the ids of the doctor's findings. */
  readonly of: string;
  readonly called: 'the serial port' | 'the console';
}

/** A path that is the default is as good as none. */
export function completeCharacterDevice({ device, socket }: PlacedDevice): void {
  if (device.mode === 'socket' && device.device === socket) device.device = undefined;
}

export function checkCharacterDevice(placed: PlacedDevice, issues: Issues): void {
  if (placed.device.mode === undefined) return;
  fileRules(placed, issues);
  tcpRules(placed, issues);
  if (placed.device.mode !== 'stdio') return;
  issues.warning(
    keyOf(placed, 'mode'),
    'stdio-needs-terminal',
    (field) =>
      `${field} is "stdio"; where QEMU is started without a terminal, or in the background, nobody can type, and Ctrl-C ends the VM.`,
  );
}

export function checkCharacterDeviceOnHost(placed: PlacedDevice, os: HostSystem, issues: Issues): void {
  checkBackend(keyOf(placed, 'mode'), placed.device.mode, os, issues);
}

function keyOf({ at }: PlacedDevice, key: keyof CharacterDevice): ProfilePath {
  return [...at, key] as unknown as ProfilePath;
}

function fileRules(placed: PlacedDevice, issues: Issues): void {
  const { error, warning, isRefused } = issues;
  const { mode, device, logfile, append } = placed.device;
  const [atMode, atDevice, atLog] = (['mode', 'device', 'logfile'] as const).map((key) =>
    keyOf(placed, key),
  ) as [ProfilePath, ProfilePath, ProfilePath];
  const isMode = `${fieldOf(atMode)} is "${mode}"`;
  if (mode !== 'file' && mode !== 'socket' && device !== undefined) {
    error(
      atDevice,
      'serial-device-not-used',
      (field) => `${field} is set and ${isMode}; only the modes "socket" and "file" have a device.`,
    );
  }
  if (mode !== 'file' && logfile !== undefined) {
    warning(
      atLog,
      'serial-logfile-ignored',
      (field) => `${field} is set and ${isMode}; only the mode "file" writes one.`,
    );
  }
  const isMissing =
    logfile === undefined && device === undefined && !isRefused(atLog) && !isRefused(atDevice);
  if (mode === 'file' && isMissing) {
    error(
      atLog,
      'missing-field',
      (field) => `${field} is required when ${isMode} and is not there.`,
      `Add a path such as ${fieldOf(atLog)} = "logs/serial.log".`,
    );
  }
  if (mode === 'file' && logfile !== undefined && device !== undefined) {
    warning(
      atLog,
      'serial-logfile-wins',
      (field) =>
        `${field} and ${fieldOf(atDevice)} are both set; in the mode "file" ${placed.called} is written to ${field}.`,
    );
  }
  if (append === true) onlyForMode(placed, 'append', 'true', 'file', issues);
}

function onlyForMode(
  placed: PlacedDevice,
  key: keyof CharacterDevice,
  value: string,
  mode: string,
  issues: Issues,
): void {
  checkOnlyFor(
    keyOf(placed, key),
    value,
    [
      {
        on: 'type',
        is: placed.device.mode,
        allowed: [mode],
        called: 'the mode',
        instead: `Remove it, or write mode = "${mode}".`,
      },
    ],
    issues,
  );
}

function tcpRules(placed: PlacedDevice, issues: Issues): void {
  const { mode, address, port, telnet } = placed.device;
  if (mode !== 'tcp') {
    if (address !== undefined && address !== LOOPBACK)
      onlyForMode(placed, 'address', `"${address}"`, 'tcp', issues);
    if (port !== undefined) onlyForMode(placed, 'port', String(port), 'tcp', issues);
    if (telnet === true) onlyForMode(placed, 'telnet', 'true', 'tcp', issues);
    return;
  }
  const atPort = keyOf(placed, 'port');
  if (port === undefined && !issues.isRefused(atPort)) {
    issues.error(
      atPort,
      'missing-field',
      (field) => `${field} is required when ${fieldOf(keyOf(placed, 'mode'))} is "tcp" and is not there.`,
      `Add a port such as ${fieldOf(atPort)} = 4555.`,
    );
  }
  if (port !== undefined && port < FIRST_UNPRIVILEGED_PORT) {
    issues.warning(
      atPort,
      'serial-tcp-privileged-port',
      (field) => `${field} is ${port}; ports under ${FIRST_UNPRIVILEGED_PORT} need privilege on most hosts.`,
    );
  }
  if (address === undefined || isLoopback(plainAddress(address))) return;
  issues.warning(
    keyOf(placed, 'address'),
    'serial-tcp-not-loopback',
    (field) => `${field} is "${address}"; other machines can reach the port, without a password.`,
  );
}

/** What it is on the host. */
export function characterDeviceNeeds(placed: PlacedDevice, facts: HostFacts): Need[] {
  const { mode, address, port, append } = placed.device;
  if (mode === 'tcp') {
    if (address === undefined || port === undefined) return [];
    const at = keyOf(placed, 'port');
    return [{ kind: 'port', at, protocol: 'tcp', address: plainAddress(address), port }];
  }
  const named = namedTarget(placed, facts);
  if (named === null) return [];
  const { of } = placed;
  return [
    mode === 'socket'
      ? { kind: 'socket', ...named, of, mayBeInTmp: false }
      : { kind: 'log', ...named, of, ...(append === true && { isAppended: true }) },
  ];
}

/** Its socket or its file; `null` for what has none, and while it is not known. */
export function namedTarget({ at, device: own, socket }: PlacedDevice, facts: HostFacts): NamedPath | null {
  const { mode, device, logfile } = own;
  if (mode !== 'socket' && mode !== 'file') return null;
  const isLog = mode === 'file' && logfile !== undefined;
  const text = isLog ? logfile : (device ?? (mode === 'socket' ? socket : undefined));
  return text === undefined ? null : namedPath(facts, [...at, isLog ? 'logfile' : 'device'], text);
}

/** For `-chardev`. */
export function chardevOption(id: string, placed: PlacedDevice, facts: HostFacts): string {
  const { mode, append, address, port, telnet } = placed.device;
  const target = namedTarget(placed, facts);
  switch (mode) {
    case 'file':
      return `file,id=${id},path=${pathOf(target)}${append === true ? ',append=on' : ''}`;
    case 'socket':
      return socketChardev(id, pathOf(target));
    case 'tcp':
      return `socket,id=${id},host=${address},port=${port},server=on,wait=off${telnet === true ? ',telnet=on' : ''}`;
    case 'none':
      return `null,id=${id}`;
    default:
      return `${mode},id=${id}`;
  }
}

function pathOf(target: NamedPath | null): string {
  return optionValue((target as NamedPath).path);
}

/** A unix socket that QEMU listens on; `path` is escaped. */
export function socketChardev(id: string, path: string): string {
  return `socket,id=${id},path=${path},server=on,wait=off`;
}

/** The part of a device that leads there; `decidedBy` is what switches it on. */
export function characterDevicePart(
  group: Part['group'],
  placed: PlacedDevice,
  elements: readonly string[],
  facts: HostFacts,
  { decidedBy, element }: Pick<Part, 'decidedBy' | 'element'>,
): Part {
  const { device, socket } = placed;
  const target = namedTarget(placed, facts);
  const keys: (keyof CharacterDevice)[] = ['mode'];
  if (target !== null) keys.push(target.at.at(-1) as 'device' | 'logfile');
  if (device.append === true) keys.push('append');
  if (device.mode === 'tcp') keys.push('address', 'port', 'telnet');
  const isDefault = target !== null && device.mode === 'socket' && device.device === undefined;
  return part(
    group,
    keys.map((key) => pointerOf(keyOf(placed, key))),
    elements,
    {
      mayBeDefault: true,
      why: whyOf(target, device.mode === 'socket' ? socket : undefined),
      decidedBy: isDefault ? [...decidedBy, '/vm/name'] : decidedBy,
      element,
    },
  );
}

function whyOf(target: NamedPath | null, fallback: string | undefined): string | null {
  if (target === null) return null;
  const { path, text } = target;
  return fallback === undefined ? pathWhy(path, text) : defaultablePathWhy(path, text, fallback);
}
