/** Which paths a profile names, what each is for, and where it leads on the host. */
import type { Path } from '../profile/field_path.ts';
import type { Draft } from '../profile/profile.ts';
import { isImage, isShare } from '../profile/rules/storage_rules.ts';
import type { HostFacts } from './host_facts.ts';
import { isAbsolute, isInside, resolvePath } from './host_paths.ts';

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
}

/** All paths of a draft, in the order of the profile's tables. A binary is a path only when it is absolute. */
export function pathUses(draft: Draft, facts: HostFacts): PathUse[] {
  const uses: PathUse[] = [];
  const add = (at: Path, purpose: Purpose, text: string | undefined): void => {
    if (text === undefined) return;
    const absolute = resolvePath(facts.os, facts.project_root, text);
    uses.push({
      at,
      purpose,
      text,
      absolute,
      isInsideRoot: isInside(facts.os, facts.project_root, absolute),
    });
  };
  const binary = draft.vm.qemu_binary;
  if (binary !== undefined && isAbsolute(facts.os, binary)) add(['vm', 'qemu_binary'], 'binary', binary);
  for (const [index, disk] of (draft.storage.disks ?? []).entries()) {
    add(
      ['storage', 'disks', index, 'path'],
      isShare(disk) ? 'share' : isImage(disk) ? 'image' : 'unused',
      disk.path,
    );
  }
  const serial = serialPaths(draft);
  add(['serial', 'device'], serial.devicePurpose, serial.device);
  add(['serial', 'logfile'], serial.logfilePurpose, draft.serial.logfile);
  add(['qmp', 'socket'], draft.qmp.enabled ? 'qmp-socket' : 'unused', draft.qmp.socket);
  add(['kernel', 'bzimage'], draft.kernel.enabled ? 'kernel' : 'unused', draft.kernel.bzimage);
  add(['kernel', 'initrd'], draft.kernel.enabled ? 'initrd' : 'unused', draft.kernel.initrd);
  return uses;
}

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
