/** How QEMU is installed on each system: argv of the package manager, and the names of its packages. */

import { ARCHITECTURES, type Architecture } from '../../facts/host_facts.ts';
import type { ProbedMachine } from '../../facts/machine.ts';

export interface Installer {
  /** Brings the lists of packages up to date; `null` where that is not needed. */
  readonly refresh: readonly string[] | null;
  /** argv to which the packages are appended. */
  readonly install: readonly string[];
  readonly requiresPrivilege: boolean;
  readonly packages: Readonly<Record<Architecture, string>>;
  /** The package of qemu-img. */
  readonly imageTool: string;
  /** The programs beside QEMU of which there are packages, which have their names. */
  readonly helpers: readonly string[];
  /** The first releases of distributions that have them, where they came after the oldest that is still kept up. */
  readonly since?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** The same package whatever is wanted of it. */
function single(name: string): Pick<Installer, 'packages' | 'imageTool'> {
  const packages = Object.fromEntries(ARCHITECTURES.map((arch) => [arch, name]));
  return { packages: packages as Record<Architecture, string>, imageTool: name };
}

export const APT: Installer = {
  refresh: ['apt-get', 'update'],
  install: ['apt-get', 'install', '-y'],
  requiresPrivilege: true,
  packages: {
    x86_64: 'qemu-system-x86',
    aarch64: 'qemu-system-arm',
    // In some releases a package, in others provided by qemu-system-misc.
    riscv64: 'qemu-system-riscv64',
    ppc64le: 'qemu-system-ppc',
  },
  imageTool: 'qemu-utils',
  helpers: ['swtpm', 'passt', 'virtiofsd'],
  since: {
    debian: { swtpm: 12, passt: 12, virtiofsd: 13 },
    ubuntu: { swtpm: 22.04, passt: 23.04, virtiofsd: 24.04 },
  },
};
const DNF: Installer = {
  refresh: null,
  install: ['dnf', 'install', '-y'],
  requiresPrivilege: true,
  packages: {
    x86_64: 'qemu-system-x86',
    aarch64: 'qemu-system-aarch64',
    riscv64: 'qemu-system-riscv',
    ppc64le: 'qemu-system-ppc',
  },
  imageTool: 'qemu-img',
  helpers: ['swtpm', 'passt', 'virtiofsd'],
};
const APK: Installer = {
  refresh: null,
  install: ['apk', 'add', '--update-cache'],
  requiresPrivilege: true,
  packages: {
    x86_64: 'qemu-system-x86_64',
    aarch64: 'qemu-system-aarch64',
    riscv64: 'qemu-system-riscv64',
    ppc64le: 'qemu-system-ppc64',
  },
  imageTool: 'qemu-img',
  helpers: ['swtpm', 'passt', 'virtiofsd'],
};
/** Its packages have the names of Fedora's. */
const PACMAN: Installer = { ...DNF, install: ['pacman', '-S', '--needed', '--noconfirm'] };
const BREW: Installer = {
  refresh: null,
  install: ['brew', 'install'],
  requiresPrivilege: false,
  ...single('qemu'),
  helpers: ['swtpm'],
};
const PKG: Installer = {
  refresh: null,
  install: ['pkg', 'install', '-y'],
  requiresPrivilege: true,
  ...single('qemu'),
  helpers: ['swtpm'],
};
const WINGET: Installer = {
  refresh: null,
  install: ['winget', 'install', '--exact', '--id'],
  requiresPrivilege: true,
  ...single('SoftwareFreedomConservancy.QEMU'),
  helpers: [],
};

/** By `ID` or `ID_LIKE` of os-release(5); `null` for relatives of Fedora whose QEMU has another name or is not there. */
const ON_LINUX: ReadonlyMap<string, Installer | null> = new Map([
  ['debian', APT],
  ['ubuntu', APT],
  ['fedora', DNF],
  ['rhel', null],
  ['centos', null],
  ['amzn', null],
  ['alpine', APK],
  ['arch', PACMAN],
]);

/** The package manager of a host; `null` when it is not known. The more exact name of a distribution comes first. */
export function installerOf({ facts, distribution }: ProbedMachine): Installer | null {
  switch (facts.os) {
    case 'linux':
      return ON_LINUX.get(distribution.find((id) => ON_LINUX.has(id)) ?? '') ?? null;
    case 'darwin':
      return BREW;
    case 'windows':
      return WINGET;
    case 'freebsd':
      return PKG;
  }
}

/** Whether a package of this host brings the program, as far as is known: relatives of a distribution count their own releases. */
export function bringsHelper(
  { helpers, since = {} }: Installer,
  program: string,
  { distribution: [id = ''], release }: ProbedMachine,
): boolean {
  const first = since[id]?.[program];
  return helpers.includes(program) && !(first !== undefined && release !== null && Number(release) < first);
}
