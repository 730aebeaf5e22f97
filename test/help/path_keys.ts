/** Every key that is a path: its name in issues, and the change that sets it where it has an effect. */
import { DISK_PATH, share, withKernel } from './changes.ts';
import type { Change } from './documents.ts';

export const PATH_KEYS: readonly (readonly [string, (path: string) => Change])[] = [
  ['storage.disks[0].path', (path) => ({ [DISK_PATH]: path })],
  ['storage.disks[1].path', share],
  ['serial.device', (path) => ({ serial: { enabled: true, mode: 'socket', device: path } })],
  ['serial.device', (path) => ({ serial: { enabled: true, mode: 'file', device: path } })],
  ['serial.logfile', (path) => ({ serial: { enabled: true, mode: 'file', logfile: path } })],
  ['qmp.socket', (path) => ({ qmp: { socket: path } })],
  ['kernel.bzimage', (path) => withKernel({ bzimage: path })],
  ['kernel.initrd', (path) => withKernel({ initrd: path })],
];
