/** The first serial port. */

import type { HostFacts } from '../facts/host_facts.ts';
import { type NamedPath, namedPath } from '../needs/named_path.ts';
import { flag, path, table, word } from '../profile/key.ts';
import { unixSocket } from '../qemu/escape.ts';
import { checkBackend } from './host_backends.ts';
import { part } from './part.ts';
import { defaultablePathWhy, pathWhy } from './path_why.ts';
import type { Draft, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

export const SERIAL_MODES = ['pty', 'file', 'socket', 'none'] as const;

export const SERIAL = table(
  'The first serial port.',
  {
    enabled: flag('Whether the VM has a serial port.', { default: false }),
    mode: word(SERIAL_MODES, 'Where the serial port leads to.', { default: 'pty' }),
    device: path(
      'The socket of mode `socket` (default `run/<vm.name>.serial.sock`, at most 107 bytes once resolved) or the file of mode `file`.',
      {},
    ),
    logfile: path('The file of mode `file`; wins over `device`. QEMU truncates it at start.', {}),
  },
  { switch: 'enabled' },
);

function defaultSocket(vmName: string): string {
  return `run/${vmName}.serial.sock`;
}

export const serial: Topic = {
  checkProfile: ({ serial: { enabled, mode, device, logfile } }, { error, warning, isRefused }) => {
    if (enabled !== true || mode === undefined) return;
    if ((mode === 'pty' || mode === 'none') && device !== undefined) {
      error(
        ['serial', 'device'],
        'serial-device-not-used',
        `serial.device is set and serial.mode is "${mode}"; only the modes "socket" and "file" have a device.`,
      );
    }
    if (mode !== 'file' && logfile !== undefined) {
      warning(
        ['serial', 'logfile'],
        'serial-logfile-ignored',
        `serial.logfile is set and serial.mode is "${mode}"; only the mode "file" writes one.`,
      );
    }
    const isMissing =
      logfile === undefined &&
      device === undefined &&
      !isRefused(['serial', 'logfile']) &&
      !isRefused(['serial', 'device']);
    if (mode === 'file' && isMissing) {
      error(
        ['serial', 'logfile'],
        'missing-field',
        'serial.logfile is required when serial.mode is "file" and is not there.',
        'Add a path such as serial.logfile = "logs/serial.log".',
      );
    }
    if (mode === 'file' && logfile !== undefined && device !== undefined) {
      warning(
        ['serial', 'logfile'],
        'serial-logfile-wins',
        'serial.logfile and serial.device are both set; in the mode "file" the serial port is written to serial.logfile.',
      );
    }
  },
  checkOnHost: ({ serial: { enabled, mode } }, { facts: { os } }, issues) => {
    if (enabled === true) checkBackend(['serial', 'mode'], mode, os, issues);
  },
  needs: (draft, facts) => {
    const target = targetOf(draft, facts);
    if (target === null) return [];
    const { isSocket, ...named } = target;
    return [
      isSocket
        ? { kind: 'socket', ...named, of: 'serial', mayBeInTmp: false }
        : { kind: 'log', ...named, of: 'serial' },
    ];
  },
  args: (profile, { facts }) => {
    const { enabled, mode, device } = profile.serial;
    if (!enabled) return [];
    const target = targetOf(profile, facts);
    if (target === null)
      return [
        part('serial', ['/serial/mode'], ['-serial', mode], {
          mayBeDefault: true,
          decidedBy: ['/serial/enabled'],
        }),
      ];
    const { isSocket, path, text, at } = target;
    // QEMU takes everything after `file:` as the name, so a comma is not doubled there.
    const value = isSocket ? unixSocket(path) : `file:${path}`;
    const isDefault = isSocket && device === undefined;
    return [
      part('serial', ['/serial/mode', `/${at.join('/')}`], ['-serial', value], {
        mayBeDefault: true,
        why: isSocket ? defaultablePathWhy(path, text, defaultSocket(profile.vm.name)) : pathWhy(path, text),
        decidedBy: isDefault ? ['/serial/enabled', '/vm/name'] : ['/serial/enabled'],
      }),
    ];
  },
};

/** Where a port leads to that is a socket or a file; `null` for any other, and while that is not known. */
function targetOf(
  { vm, serial }: Draft,
  facts: HostFacts,
): (NamedPath & { readonly isSocket: boolean }) | null {
  const { enabled, mode, device, logfile } = serial;
  if (enabled !== true || (mode !== 'socket' && mode !== 'file')) return null;
  const isSocket = mode === 'socket';
  const fallback = isSocket && vm.name !== undefined ? defaultSocket(vm.name) : undefined;
  const text = isSocket ? (device ?? fallback) : (logfile ?? device);
  if (text === undefined) return null;
  const key = isSocket || logfile === undefined ? 'device' : 'logfile';
  return { ...namedPath(facts, ['serial', key], text), isSocket };
}

/** In a few words, such as `pty`, `file:/srv/lab/logs/a.log` or `disabled`. */
export function serialSummary(profile: Profile, facts: HostFacts): string {
  const { enabled, mode } = profile.serial;
  if (!enabled) return 'disabled';
  const target = targetOf(profile, facts);
  return target === null ? mode : `${mode}:${target.path}`;
}
