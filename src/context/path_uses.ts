/** Which paths a profile names, what each is for, and where it leads on the host. */
import type { Path } from '../profile/field_path.ts';
import type { Draft, DraftDisk } from '../profile/profile.ts';
import { isImage, isShare } from '../profile/rules/storage_rules.ts';
import type { HostFacts } from './host_facts.ts';
import { isAbsolute, isInside, resolvePath } from './host_paths.ts';
import { isOrdinaryPath } from './ordinary_path.ts';

export type Purpose =
  | 'binary'
  | 'image'
  | 'share'
  | 'serial-socket'
  | 'serial-log'
  | 'qmp-socket'
  | 'kernel'
  | 'initrd'
  /** Checked as text, but of no effect: a disabled section, a value that another one overrides, a refused format. */
  | 'unused';

export interface PathUse {
  readonly at: Path;
  readonly purpose: Purpose;
  /** As written in the profile, or as a default would be. */
  readonly text: string;
  /** Absolute and normalised. */
  readonly absolute: string;
  readonly isInsideRoot: boolean;
  /** Whether no rule about texts has anything to say of it, but for the one that it should be in the project root. */
  readonly isOrdinary: boolean;
}

/** All paths of a draft, in the order of the profile's tables. A binary is a path only when it is absolute. */
export function pathUses(draft: Draft, facts: HostFacts): PathUse[] {
  const { vm, storage, serial, qmp, kernel } = draft;
  const uses: PathUse[] = [];
  const add = (at: Path, purpose: Purpose, text: string | undefined): void => {
    if (text !== undefined) uses.push(pathUse(facts, at, purpose, text));
  };
  if (vm.qemu_binary !== undefined && isAbsolute(facts.os, vm.qemu_binary))
    add(['vm', 'qemu_binary'], 'binary', vm.qemu_binary);
  storage.disks?.forEach((disk, index) => {
    add(['storage', 'disks', index, 'path'], diskPurpose(disk), disk.path);
  });
  const { device, devicePurpose, logfilePurpose } = serialPaths(draft);
  add(['serial', 'device'], devicePurpose, device);
  add(['serial', 'logfile'], logfilePurpose, serial.logfile);
  add(['qmp', 'socket'], qmp.enabled ? 'qmp-socket' : 'unused', qmp.socket);
  add(['kernel', 'bzimage'], kernel.enabled ? 'kernel' : 'unused', kernel.bzimage);
  add(['kernel', 'initrd'], kernel.enabled ? 'initrd' : 'unused', kernel.initrd);
  return uses;
}

function pathUse(facts: HostFacts, at: Path, purpose: Purpose, text: string): PathUse {
  const { os, project_root } = facts;
  const absolute = resolvePath(os, project_root, text);
  const isInsideRoot = isInside(os, project_root, absolute);
  const isAsWritten = absolute === text || absolute.endsWith(`/${text.replace(STEPS_UP, '')}`);
  const isOrdinary = isAsWritten && absolute !== project_root && isOrdinaryPath(absolute);
  return { at, purpose, text, absolute, isInsideRoot, isOrdinary };
}

function diskPurpose(disk: DraftDisk): Purpose {
  if (isShare(disk)) return 'share';
  return isImage(disk) ? 'image' : 'unused';
}

/** What a path may start with and still be as written where it ends. */
const STEPS_UP = /^(?:\.\.\/)+/;

interface SerialPaths {
  readonly device: string | undefined;
  readonly devicePurpose: Purpose;
  readonly logfilePurpose: Purpose;
}

function serialPaths({ vm, serial }: Draft): SerialPaths {
  const { enabled, mode, device, logfile } = serial;
  if (enabled && mode === 'socket') {
    const socket = device ?? (vm.name === undefined ? undefined : defaultSerialSocket(vm.name));
    return { device: socket, devicePurpose: 'serial-socket', logfilePurpose: 'unused' };
  }
  if (enabled && mode === 'file') {
    return {
      device,
      devicePurpose: logfile === undefined ? 'serial-log' : 'unused',
      logfilePurpose: 'serial-log',
    };
  }
  return { device, devicePurpose: 'unused', logfilePurpose: 'unused' };
}

/** The socket of serial mode `socket` when the profile names none. */
export function defaultSerialSocket(vmName: string): string {
  return `run/${vmName}.serial.sock`;
}

/** Whether QEMU creates or replaces the file when it starts. */
export function isWrittenByQemu({ purpose }: PathUse): boolean {
  return purpose === 'serial-socket' || purpose === 'serial-log' || purpose === 'qmp-socket';
}

export function isSocket({ purpose }: PathUse): boolean {
  return purpose === 'serial-socket' || purpose === 'qmp-socket';
}
