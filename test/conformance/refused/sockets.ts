/** Rules about the paths of sockets and serial logs. */
import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { COMMA_LANE, type Lane } from '../lane.ts';
import { ROOT_DISK, type Serial, small } from '../small_profile.ts';
import { type Expectation, type RefusedCase, replaced, unchanged, withValue } from './refused_case.ts';

const SERIAL_LOG: Serial = { enabled: true, mode: 'file', logfile: 'l/log' };
const SERIAL_SOCKET: Serial = { enabled: true, mode: 'socket', device: 'r/serial' };

export function refusedSockets({ root }: Lane): RefusedCase[] {
  const nameFor = (bytes: number): string => 'q'.repeat(bytes - Buffer.byteLength(root) - '/r/'.length);
  const long = (bytes: number, kind: 'qmp' | 'serial', expect: Expectation): RefusedCase => {
    const sectionFor = (length: number): Partial<ProfileDocument> =>
      kind === 'qmp'
        ? { qmp: { socket: `r/${nameFor(length)}` } }
        : { serial: { ...SERIAL_SOCKET, device: `r/${nameFor(length)}` } };
    return {
      lane: COMMA_LANE,
      rule: 'socket-path-too-long',
      name: `a ${kind} socket of ${bytes} bytes`,
      near: small('x86_64', sectionFor(107)),
      bad: small('x86_64', sectionFor(bytes)),
      edit: (argv) => replaced(argv, nameFor(107), nameFor(bytes)),
      expect,
    };
  };
  const tooLong = { refuses: /too long/ };
  const outside = (name: string, rule: string, bad: ProfileDocument, path: string): RefusedCase => ({
    rule,
    name,
    near: small('x86_64', { qmp: { socket: 'r/qmp' } }),
    bad,
    edit: (argv) => replaced(argv, '/r/qmp', path),
    expect: { refuses: /[Ff]ailed to|bind|directory/ },
  });
  const occupied = (
    name: string,
    profile: ProfileDocument,
    spoil: (root: string) => void,
    expect: Expectation,
  ): RefusedCase => ({
    rule: 'path-occupied',
    name,
    isProbed: true,
    near: profile,
    bad: profile,
    spoil: (lane) => spoil(lane.root),
    edit: unchanged,
    expect,
  });
  const qmp = small('x86_64', { qmp: { socket: 'r/qmp' } });
  return [
    occupied('a directory in the place of the QMP socket', qmp, (root) => mkdirSync(join(root, 'r/qmp')), {
      refuses: /Is a directory/,
    }),
    occupied('a file in the place of the QMP socket', qmp, (root) => writeFileSync(join(root, 'r/qmp'), ''), {
      harms: (_, lane) =>
        lstatSync(join(lane.root, 'r/qmp')).isSocket() ? 'QEMU has removed the file' : null,
    }),
    occupied(
      'a directory in the place of the serial log',
      small('x86_64', { serial: SERIAL_LOG }),
      (root) => mkdirSync(join(root, 'l/log')),
      { refuses: /Is a directory/ },
    ),
    long(109, 'qmp', tooLong),
    long(109, 'serial', tooLong),
    long(200, 'qmp', tooLong),
    long(108, 'qmp', {
      accepts: 'the 108th byte is for the closing NUL, without which many clients refuse the name',
    }),
    outside(
      'the project root as QMP socket',
      'path-not-a-file',
      small('x86_64', { qmp: { socket: '.' } }),
      '',
    ),
    outside('a directory as QMP socket', 'path-not-a-file', small('x86_64', { qmp: { socket: 'i/' } }), '/i'),
    {
      rule: 'path-not-a-file',
      name: 'a directory as disk',
      near: small('x86_64'),
      bad: small('x86_64', { storage: { disks: [{ ...ROOT_DISK, path: 'i/' }] } }),
      edit: (argv) => replaced(argv, '/i/root.img', '/i/'),
      expect: { refuses: /directory|regular file/ },
    },
    {
      rule: 'missing-field',
      name: 'a serial log without a name',
      near: small('x86_64', { serial: SERIAL_LOG }),
      bad: small('x86_64', { serial: { enabled: true, mode: 'file' } }),
      edit: (argv) => withValue(argv, '-serial', 'file:'),
      expect: { refuses: /No such file|path|file/ },
    },
    {
      rule: 'not-allowed',
      name: 'a serial mode that does not exist',
      near: small('x86_64', { serial: { enabled: true } }),
      bad: small('x86_64', { serial: { enabled: true, mode: 'tty' as 'pty' } }),
      edit: (argv) => withValue(argv, '-serial', 'tty'),
      expect: { refuses: /tty|serial/ },
    },
  ];
}
