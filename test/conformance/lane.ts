/** A place to work in: its own project root, emptied before each case, and its own service. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { HostFacts } from '../../src/facts/host_facts.ts';
import { HOST_FIRMWARE } from './firmware_files.ts';
import { VIRTIOFSD } from './helpers/virtiofsd.ts';
import type { ImageTemplates } from './make_files.ts';
import type { Sandbox } from './qemu/sandbox.ts';
import { type Service, startService } from './service.ts';
import { type Architecture, BINARIES, findProgram, LOGS, type Settings } from './settings.ts';

export interface Lane {
  readonly name: string;
  /** Everything that a case touches is in here. */
  readonly folder: string;
  readonly root: string;
  /** For absolute paths of profiles: outside the project root, and without a comma. */
  readonly outside: string;
  /** For `qemu-kvm` and other names of QEMU. */
  readonly binaries: string;
  /** This host, as far as random profiles are concerned: tcg only, and which QEMU it has is known. */
  readonly facts: HostFacts;
  readonly images: ImageTemplates;
  readonly sandbox: Sandbox;
  readonly service: Service;
  readonly path: string;
  /** The QEMU of an architecture. */
  readonly program: (arch: Architecture) => string;
  /** Where that QEMU is unpacked; empty for the installed one. */
  readonly prefix: string;
  /** Its bridge helper. */
  readonly helper: string;
  /** The version of the QEMU that is tried: its major and minor number. */
  readonly qemuVersion: string;
  readonly qemuMajor: number;
  readonly empty: () => void;
}

/** Short, since a socket's path has 107 bytes. Only the second can have an initrd in it. */
const ROOTS = ['p=1,r', 'ü x'];
export const COMMA_LANE = 0;
export const PLAIN_LANE = 1;

const NODE_ARCHITECTURES: Readonly<Record<string, HostFacts['arch']>> = {
  x64: 'x86_64',
  arm64: 'aarch64',
  riscv64: 'riscv64',
  ppc64: 'ppc64le',
};

export async function openLane(
  index: number,
  settings: Settings,
  sandbox: Sandbox,
  images: ImageTemplates,
): Promise<Lane> {
  const name = String.fromCharCode('a'.charCodeAt(0) + index);
  const folder = join(LOGS, name);
  const root = join(folder, ROOTS[index] as string);
  const empty = (): void => {
    rmSync(folder, { recursive: true, force: true });
    for (const directory of [root, join(folder, 'o'), join(folder, 'bin')])
      mkdirSync(directory, { recursive: true });
  };
  empty();
  const qemuVersion = versionOf(settings.path);
  return {
    name,
    folder,
    root,
    outside: join(folder, 'o'),
    binaries: join(folder, 'bin'),
    facts: {
      accelerators: [],
      arch: NODE_ARCHITECTURES[process.arch] ?? 'x86_64',
      os: 'linux',
      project_root: root,
      firmware: [...HOST_FIRMWARE],
      qemu_version: qemuVersion,
      virtiofsd: VIRTIOFSD,
    },
    images,
    sandbox,
    service: await startService(name, root, settings.path),
    path: settings.path,
    program: (arch) => findProgram(BINARIES[arch], settings.path) as string,
    prefix: settings.prefix,
    helper: join(settings.prefix, '/usr/lib/qemu/qemu-bridge-helper'),
    qemuVersion,
    qemuMajor: Number.parseInt(qemuVersion, 10),
    empty,
  };
}

function versionOf(path: string): string {
  const { stdout } = spawnSync(BINARIES.x86_64, ['--version'], { env: { PATH: path }, encoding: 'utf8' });
  return String(/version ([0-9]+[.][0-9]+)/.exec(stdout)?.[1]);
}
