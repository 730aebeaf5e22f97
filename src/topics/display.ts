/** Where the picture of the guest goes: nowhere, into a window on the host, or to whoever connects by VNC or SPICE. */

import type { HostFacts } from '../facts/host_facts.ts';
import { bracketed, plainAddress } from '../facts/network.ts';
import { inputFileNeeds } from '../needs/kinds/input_file.ts';
import { isLoopback } from '../needs/kinds/port.ts';
import { absolutePath, type NamedPath, namedPath } from '../needs/named_path.ts';
import type { Need } from '../needs/need.ts';
import { count, flag, path, table, text, word } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { optionValue } from '../qemu/escape.ts';
import { jsonOption } from '../qemu/json_option.ts';
import { ADDRESS_MISTAKE, ADDRESS_PATTERN, LOOPBACK } from './ip_address.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { pathWhy } from './path_why.ts';
import type { Draft, Issues, Profile, ProfilePath } from './profile.ts';
import type { Topic } from './topic.ts';

export const DISPLAY_MODES = ['none', 'vnc', 'spice', 'gtk', 'sdl', 'cocoa'] as const;
type DisplayMode = (typeof DISPLAY_MODES)[number];

/** The port of VNC's display 0. */
const FIRST_PORT = 5900;

/** How many USB devices of whoever is connected a guest can have. */
const MOST_REDIRECTED = 4;

export const DISPLAY = table(
  'Where the picture of the guest goes, and its keyboard and mouse come from.',
  {
    mode: word(
      DISPLAY_MODES,
      '`vnc` and `spice` wait for a viewer; `gtk`, `sdl` and `cocoa` open a window on the host; `none` shows nothing.',
      { default: 'none' },
    ),
    address: text('The IP address that a viewer connects to, with `port`.', {
      default: LOOPBACK,
      pattern: ADDRESS_PATTERN,
      mistake: ADDRESS_MISTAKE,
      lowerCase: true,
      examples: [LOOPBACK, '::1'],
    }),
    port: count('The TCP port of `vnc` and `spice`; they have it or `socket`.', {
      minimum: FIRST_PORT,
      maximum: 65535,
      hint: displayHint,
    }),
    socket: path(
      'The unix socket of `vnc` and `spice` in place of a port, in the project root, at most 107 bytes once resolved.',
      {},
    ),
    websocket_port: count('A further TCP port of `vnc`, for viewers in a browser; with `port` only.', {
      minimum: 1024,
      maximum: 65535,
    }),
    password_file: path(
      'The file whose bytes are the password of `vnc` or `spice`, a closing line feed too. VNC reads 8 bytes of it, SPICE takes at most 59.',
      {},
    ),
    agent: flag(
      'Whether `spice` has a channel for its agent in the guest, for the clipboard and the size of the screen.',
      { default: false },
    ),
    usb_redirection: count('How many USB devices of the viewer’s machine `spice` can hand the guest.', {
      default: 0,
      minimum: 0,
      maximum: MOST_REDIRECTED,
    }),
  },
  { main: 'mode', since: 2 },
);

/** Others count displays from 0. */
function displayHint(number: number): string {
  return number < 0 ? '' : `; QEMU's display :${number} is port ${FIRST_PORT + number}`;
}

/** Whether the guest has somebody to show a picture to. */
export function isShown({ display: { mode } }: Draft): boolean {
  return mode !== undefined && mode !== 'none';
}

/** Modes for which somebody connects to QEMU. */
function isRemote(mode: DisplayMode | undefined): mode is 'vnc' | 'spice' {
  return mode === 'vnc' || mode === 'spice';
}

/** Modes for which QEMU opens a window by itself. */
export function isWindow(mode: DisplayMode | undefined): mode is 'gtk' | 'sdl' | 'cocoa' {
  return mode === 'gtk' || mode === 'sdl' || mode === 'cocoa';
}

/** The word for `-display`: nobody but a window is told of there. */
export function displayOption({ display: { mode } }: Profile): string {
  return isWindow(mode) ? mode : 'none';
}

export const display: Topic = {
  checkProfile: (draft, issues) => {
    if (!isShown(draft)) return;
    modeRules(draft, issues);
    if (isRemote(draft.display.mode)) remoteRules(draft, issues);
  },
  checkOnHost: ({ display: { mode } }, { facts: { os } }, issues) => {
    if (mode !== 'cocoa') return;
    checkOnlyFor(
      ['display', 'mode'],
      '"cocoa"',
      [
        {
          on: 'os',
          is: os,
          allowed: ['darwin'],
          instead: 'Write "gtk" or "sdl", or "vnc" with a port.',
        },
      ],
      issues,
    );
  },
  needs: (draft, facts) => {
    const { mode, password_file, websocket_port, port } = draft.display;
    const at = ['display', 'mode'] as const;
    if (mode === 'gtk' || mode === 'sdl') {
      return [
        { kind: 'window', at, by: mode },
        { kind: 'qemu-module', at, module: `ui-${mode}` },
      ];
    }
    if (mode === 'cocoa') return [{ kind: 'qemu-backend', at, option: 'display', name: mode }];
    if (!isRemote(mode)) return [];
    const address = plainAddress(draft.display.address ?? LOOPBACK);
    const socket = namedSocket(draft, facts);
    const needs: Need[] = [
      { kind: 'screen', at, hasPassword: password_file !== undefined },
      ...inputFileNeeds(facts, ['display', 'password_file'], password_file, 'display-password', {
        secretOf: mode,
      }),
    ];
    if (mode === 'spice') needs.push({ kind: 'qemu-module', at, module: 'ui-spice-core' });
    if (socket !== null) needs.push({ kind: 'socket', ...socket, of: mode, mayBeInTmp: false });
    if (port !== undefined)
      needs.push({ kind: 'port', at: ['display', 'port'], protocol: 'tcp', address, port });
    if (mode === 'vnc' && websocket_port !== undefined)
      needs.push({
        kind: 'port',
        at: ['display', 'websocket_port'],
        protocol: 'tcp',
        address,
        port: websocket_port,
      });
    return needs;
  },
  args: (profile, { facts }) => {
    const { mode } = profile.display;
    return isRemote(mode) ? [...passwordParts(profile, facts), remotePart(profile, mode, facts)] : [];
  },
};

/** Keys that the mode has no use for. */
function modeRules({ display }: Draft, issues: Issues): void {
  const { mode, port, socket, websocket_port, password_file, agent, usb_redirection, address } = display;
  const remote: readonly DisplayMode[] = ['vnc', 'spice'];
  const onlyForMode = (
    at: ProfilePath,
    value: string | number | boolean,
    allowed: readonly DisplayMode[],
  ): void => {
    const instead = `Remove it, or write display.mode = ${show(allowed[0] as string)}.`;
    const condition = { on: 'type', is: mode, allowed, called: 'the mode of the display', instead } as const;
    checkOnlyFor(at, typeof value === 'string' ? show(value) : String(value), [condition], issues);
  };
  if (address !== undefined && address !== LOOPBACK) onlyForMode(['display', 'address'], address, remote);
  if (port !== undefined) onlyForMode(['display', 'port'], port, remote);
  if (socket !== undefined) onlyForMode(['display', 'socket'], socket, remote);
  if (websocket_port !== undefined) onlyForMode(['display', 'websocket_port'], websocket_port, ['vnc']);
  if (password_file !== undefined) onlyForMode(['display', 'password_file'], password_file, remote);
  if (agent === true) onlyForMode(['display', 'agent'], true, ['spice']);
  if (usb_redirection !== undefined && usb_redirection > 0)
    onlyForMode(['display', 'usb_redirection'], usb_redirection, ['spice']);
}

function remoteRules({ display }: Draft, issues: Issues): void {
  const { mode, port, socket, websocket_port, address } = display;
  const { error, isRefused } = issues;
  if (port === undefined && socket === undefined) {
    if (isRefused(['display', 'port']) || isRefused(['display', 'socket'])) return;
    error(
      ['display', 'port'],
      'display-address-missing',
      (field) => `${field} or display.socket is required when display.mode is ${show(mode as string)}.`,
    );
    return;
  }
  if (port !== undefined) reachRules(display, issues);
  if (socket === undefined) return;
  if (port !== undefined) {
    error(
      ['display', 'port'],
      'display-address-twice',
      (field) => `${field} is ${port}, and display.socket is set too; a display waits in one place.`,
    );
  } else if (address !== undefined && address !== LOOPBACK) {
    error(
      ['display', 'address'],
      'display-address-twice',
      (field) => `${field} is ${show(address)}, and display.socket is set; a socket has no such address.`,
    );
  }
  if (mode === 'vnc' && websocket_port !== undefined) {
    error(
      ['display', 'websocket_port'],
      'websocket-needs-tcp',
      (field) => `${field} is ${websocket_port}, and display.socket is set; QEMU would open it to everybody.`,
    );
  }
}

/** Who can connect, and with what in hand. */
function reachRules(
  { address = LOOPBACK, password_file, mode }: Draft['display'],
  { error, warning, info, isRefused }: Issues,
): void {
  const isLocal = isLoopback(plainAddress(address));
  const hasPassword = password_file !== undefined || isRefused(['display', 'password_file']);
  if (!isLocal && !hasPassword) {
    error(
      ['display', 'address'],
      'display-open-to-network',
      (field) =>
        `${field} is ${show(address)}, and there is no password: whoever reaches the host has the guest's screen and keyboard.`,
    );
  } else if (!isLocal) {
    warning(
      ['display', 'address'],
      'display-not-loopback',
      (field) =>
        `${field} is ${show(address)}; other machines can connect, and nothing but the password keeps them out.`,
    );
  } else if (!hasPassword) {
    warning(
      ['display', 'port'],
      'display-without-password',
      (field) => `${field} is open to every user of the host, and there is no password.`,
    );
  }
  if (mode !== 'vnc' || password_file === undefined) return;
  info(
    ['display', 'password_file'],
    'vnc-password-8-characters',
    (field) => `${field} is a password for VNC, which takes only the first 8 bytes of the file.`,
  );
}

function namedSocket({ display: { socket } }: Draft, facts: HostFacts): NamedPath | null {
  return socket === undefined ? null : namedPath(facts, ['display', 'socket'], socket);
}

function passwordParts({ display: { mode, password_file } }: Profile, facts: HostFacts): Part[] {
  if (password_file === undefined) return [];
  const file = absolutePath(facts, password_file);
  const object = { file, format: 'raw', id: `${mode}-password`, 'qom-type': 'secret' };
  return [
    part('display', ['/display/password_file', '/display/mode'], ['-object', jsonOption(object)], {
      why: pathWhy(file, password_file),
    }),
  ];
}

function remotePart(profile: Profile, mode: 'vnc' | 'spice', facts: HostFacts): Part {
  const { address, port, password_file, websocket_port } = profile.display;
  const socket = namedSocket(profile, facts);
  const [place, key] = socket === null ? [port as number, 'port'] : [socket.path, 'socket'];
  const pointers = ['/display/mode', `/display/${key}`, ...(socket === null ? ['/display/address'] : [])];
  const text = mode === 'vnc' ? vncPlace(address, place) : spicePlace(address, place);
  const options = [text];
  if (password_file !== undefined) {
    options.push(`password-secret=${mode}-password`);
    pointers.push('/display/password_file');
  } else if (mode === 'spice') options.push('disable-ticketing=on');
  if (mode === 'vnc' && websocket_port !== undefined) {
    options.push(`websocket=${bracketed(address)}:${websocket_port}`);
    pointers.push('/display/websocket_port');
  }
  return part('display', pointers, [`-${mode}`, options.join(',')], {
    mayBeDefault: true,
    why: socket === null ? null : pathWhy(socket.path, socket.text),
    decidedBy: ['/display/password_file'],
  });
}

/** `place` is a port, or the absolute path of a socket. */
function vncPlace(address: string, place: number | string): string {
  return typeof place === 'number'
    ? `${bracketed(address)}:${place - FIRST_PORT}`
    : `vnc=unix:${optionValue(place)}`;
}

/** Without an address SPICE would listen on every one that the host has. */
function spicePlace(address: string, place: number | string): string {
  return typeof place === 'number' ? `port=${place},addr=${address}` : `unix=on,addr=${optionValue(place)}`;
}
