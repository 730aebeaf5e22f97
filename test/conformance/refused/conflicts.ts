/** Rules about a socket or a log at the path of something else, tried on real files. */
import { linkSync, lstatSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { openThings } from '../qemu/proc.ts';
import { type Disk, type Kernel, ROOT_DISK, type Serial, small } from '../small_profile.ts';
import { type Expectation, type RefusedCase, replaced, unchanged } from './refused_case.ts';

const SERIAL_LOG: Serial = { enabled: true, mode: 'file', logfile: 'l/log' };
const SERIAL_SOCKET: Serial = { enabled: true, mode: 'socket', device: 'r/serial' };
const OTHER_DISK: Disk = { name: 'other', path: 'i/other.img', format: 'raw' };
const KERNEL: Kernel = { enabled: true, bzimage: 'b/kernel' };

function unlinked(path: string, what: string): Expectation {
  return {
    harms: (_, { root }) => {
      const now = lstatSync(join(root, path), { throwIfNoEntry: false });
      return now?.isSocket() === true ? `QEMU has removed ${what} and put its socket there` : null;
    },
  };
}

function truncated(path: string, what: string): Expectation {
  return {
    harms: (_, { root }) => (statSync(join(root, path)).size === 0 ? `QEMU has emptied ${what}` : null),
  };
}

export function refusedConflicts(): RefusedCase[] {
  const conflict = (
    name: string,
    near: ProfileDocument,
    bad: ProfileDocument,
    from: string,
    to: string,
    expect: Expectation,
  ): RefusedCase => ({
    rule: 'path-conflict',
    name,
    near,
    bad,
    edit: (argv) => replaced(argv, from, to),
    expect,
  });
  const qmp = small('x86_64', { qmp: { socket: 'r/qmp' } });
  const log = small('x86_64', { serial: SERIAL_LOG });
  const socket = small('x86_64', { serial: SERIAL_SOCKET });
  const both = small('x86_64', { serial: SERIAL_SOCKET, qmp: { socket: 'r/qmp' } });
  const logAndQmp = small('x86_64', { serial: SERIAL_LOG, qmp: { socket: 'r/qmp' } });
  const kernelAndLog = small('x86_64', { serial: SERIAL_LOG, kernel: KERNEL });
  const kernelAndQmp = small('x86_64', { qmp: { socket: 'r/qmp' }, kernel: KERNEL });
  const twoDisks = small('x86_64', { storage: { disks: [ROOT_DISK, OTHER_DISK] } });
  const image = ROOT_DISK.path;
  return [
    conflict(
      'the QMP socket on a disk',
      qmp,
      { ...qmp, qmp: { socket: image } },
      'r/qmp',
      image,
      unlinked(image, 'the disk'),
    ),
    conflict(
      'the serial socket on a disk',
      socket,
      { ...socket, serial: { ...SERIAL_SOCKET, device: image } },
      'r/serial',
      image,
      unlinked(image, 'the disk'),
    ),
    conflict(
      'the serial log on a disk',
      log,
      { ...log, serial: { ...SERIAL_LOG, logfile: image } },
      'l/log',
      image,
      truncated(image, 'the disk'),
    ),
    conflict(
      'the serial log on the kernel',
      kernelAndLog,
      { ...kernelAndLog, serial: { ...SERIAL_LOG, logfile: 'b/kernel' } },
      'l/log',
      'b/kernel',
      truncated('b/kernel', 'the kernel'),
    ),
    conflict(
      'the QMP socket on the kernel',
      kernelAndQmp,
      { ...kernelAndQmp, qmp: { socket: 'b/kernel' } },
      'r/qmp',
      'b/kernel',
      unlinked('b/kernel', 'the kernel'),
    ),
    conflict(
      'the QMP socket on the serial socket',
      both,
      { ...both, qmp: { socket: 'r/serial' } },
      'r/qmp',
      'r/serial',
      {
        harms: (outcome, { root }) => {
          const here = `socket:unix:${join(root, 'r/serial')}`;
          const listeners = outcome.isRunning ? openThings(outcome.pid).listeners : [];
          return listeners.filter((listener) => listener === here).length === 2
            ? 'two sockets listen under one name, and only the later one can be reached'
            : null;
        },
      },
    ),
    conflict(
      'the QMP socket on the serial log',
      logAndQmp,
      { ...logAndQmp, qmp: { socket: 'l/log' } },
      'r/qmp',
      'l/log',
      { refuses: /No such device or address/ },
    ),
    conflict(
      'the serial log below the QMP socket',
      logAndQmp,
      { ...logAndQmp, serial: { ...SERIAL_LOG, logfile: 'r/qmp/log' } },
      'l/log',
      'r/qmp/log',
      { refuses: /Not a directory/ },
    ),
    conflict(
      'the QMP socket below a disk',
      qmp,
      { ...qmp, qmp: { socket: `${image}/q` } },
      'r/qmp',
      `${image}/q`,
      { refuses: /Not a directory/ },
    ),
    {
      rule: 'path-conflict',
      name: 'the serial log on another name of a disk',
      isProbed: true,
      near: log,
      bad: log,
      spoil: ({ root }) => linkSync(join(root, image), join(root, 'l/log')),
      edit: unchanged,
      expect: truncated(image, 'the disk'),
    },
    {
      rule: 'image-shared-writable',
      name: 'two names of one file as disks',
      isProbed: true,
      near: twoDisks,
      bad: twoDisks,
      spoil: ({ root }) => {
        rmSync(join(root, OTHER_DISK.path));
        linkSync(join(root, image), join(root, OTHER_DISK.path));
      },
      edit: unchanged,
      expect: { refuses: /lock/ },
    },
  ];
}
