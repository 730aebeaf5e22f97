/**
 * Which package brought a QEMU, and which version that is, as the files of package managers say; nothing is run. A file that
 * no package has, such as one in /usr/local, has none.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { QemuPackage } from '../facts/host.ts';
import { realPathOf, textOf } from './files.ts';
import { newKeptFiles } from './kept_files.ts';
import type { SystemFiles } from './system_files.ts';

interface Found {
  readonly name: string;
  /** As the package manager writes it. */
  readonly version: string;
}

/** `binary` is the absolute path of a program that is there; links lead to the file that a package brought. */
export async function readQemuPackage(binary: string, system: SystemFiles): Promise<QemuPackage | null> {
  const { path } = await realPathOf(binary);
  const found =
    packageInPath(path) ??
    (await dpkgPackage(path, system)) ??
    (await apkPackage(path, system)) ??
    (await pacmanPackage(path, system));
  return found === null ? null : { ...found, qemuVersion: qemuVersionIn(found.version) };
}

/**
 * Of a release after an epoch. Its third number is left out: a distribution mends a release and goes on calling it by the
 * number that it began with. What comes before a release has not all of it.
 */
function qemuVersionIn(version: string): string | null {
  const release = /^(?:\d+:)?(\d{1,4}[.]\d{1,4})(?!\d)(?!.*rc)/.exec(version);
  return release?.[1] ?? null;
}

/** Homebrew and Nix have a directory for each version of a package. */
const IN_PATH: readonly RegExp[] = [
  /\/Cellar\/(?<name>qemu[^/]*)\/(?<version>\d[^/]*)\/bin\/[^/]+$/,
  /^\/nix\/store\/[0-9a-z]{32}-(?<name>qemu[^/]*?)-(?<version>\d[^/]*)\/bin\/[^/]+$/,
];

function packageInPath(path: string): Found | null {
  for (const pattern of IN_PATH) {
    const { name, version } = pattern.exec(path)?.groups ?? {};
    if (name !== undefined && version !== undefined) return { name, version };
  }
  return null;
}

/** The entries about QEMU's packages, of a file with an empty line after each entry. Such a file has megabytes. */
const entries = newKeptFiles(
  (bytes) =>
    bytes
      .toString('utf8')
      .split('\n\n')
      .filter((entry) => OF_QEMU.test(entry)),
  { entries: 4, bytes: 256 * 1024 * 1024, bytesOfFile: 64 * 1024 * 1024 },
);

/** dpkg's package, or what it was built from; apk's origin. */
const OF_QEMU = /^(?:Package|Source|o):\s?(?:pve-)?qemu(?:-kvm)?(?: .*)?$/m;

async function entriesIn(file: string): Promise<readonly string[]> {
  return entries.read(file).catch(() => []);
}

/** The text after `Key:` or `K:` at the start of a line; empty where there is none. */
function fieldIn(entry: string, key: string): string {
  return new RegExp(`^${key}:(.*)$`, 'm').exec(entry)?.[1]?.trim() ?? '';
}

/** Debian and its relatives: one file says what is installed, and each package has a list of its files. */
async function dpkgPackage(path: string, { dpkg }: SystemFiles): Promise<Found | null> {
  const installed = await dpkgInstalled(dpkg);
  if (installed.length === 0) return null;
  const diversions = diversionsIn(await linesOf(join(dpkg, 'diversions')));
  for (const entry of installed) {
    const name = fieldIn(entry, 'Package');
    const files = await dpkgFiles(dpkg, name);
    if (files.some((file) => placeOf(file, name, diversions) === path))
      return { name, version: fieldIn(entry, 'Version') };
  }
  return null;
}

async function dpkgInstalled(dpkg: string): Promise<string[]> {
  const all = await entriesIn(join(dpkg, 'status'));
  return all.filter((entry) => fieldIn(entry, 'Status') === 'install ok installed');
}

function dpkgFiles(dpkg: string, name: string): Promise<string[]> {
  return linesOf(join(dpkg, 'info', `${name}.list`));
}

const MODULE = /^\/usr\/lib\/[^/]+\/qemu\/(?<name>[^/]+)[.]so$/;

/**
 * The modules of the QEMU of Debian and Ubuntu that are installed, by the names of their files without an ending; `null` on
 * other systems, where nobody knows which modules a QEMU has, and where it looks for them.
 */
export async function readQemuModules({ dpkg }: SystemFiles): Promise<ReadonlySet<string> | null> {
  const names = (await dpkgInstalled(dpkg)).map((entry) => fieldIn(entry, 'Package'));
  const files = (await Promise.all(names.map((name) => dpkgFiles(dpkg, name)))).flat();
  const modules = files.map((file) => MODULE.exec(file)?.groups?.name).filter((name) => name !== undefined);
  return modules.length === 0 ? null : new Set(modules);
}

/** A file of all packages but one lies elsewhere. */
interface Diversion {
  readonly from: string;
  readonly to: string;
  /** The package whose own file is not moved; `:` for none. */
  readonly by: string;
}

/** Three lines each. */
function diversionsIn(lines: readonly string[]): Diversion[] {
  return lines.flatMap((from, index) =>
    index % 3 === 0 ? [{ from, to: lines[index + 1] ?? '', by: lines[index + 2] ?? '' }] : [],
  );
}

function placeOf(file: string, name: string, diversions: readonly Diversion[]): string {
  return diversions.find(({ from, by }) => from === file && by !== name)?.to ?? file;
}

/** Alpine: one file with everything, in which `F:` is a directory and each `R:` after it a file in it. */
async function apkPackage(path: string, { apk }: SystemFiles): Promise<Found | null> {
  for (const database of apk) {
    for (const entry of await entriesIn(database)) {
      let directory = '';
      for (const line of entry.split('\n')) {
        if (line.startsWith('F:')) directory = line.slice(2);
        if (line.startsWith('R:') && `/${directory}/${line.slice(2)}` === path)
          return { name: fieldIn(entry, 'P'), version: fieldIn(entry, 'V') };
      }
    }
  }
  return null;
}

/** Arch: a directory for each package, with a list of its files. */
async function pacmanPackage(path: string, { pacman }: SystemFiles): Promise<Found | null> {
  const directories = (await readdir(pacman).catch(() => [])).filter((name) => name.startsWith('qemu'));
  for (const directory of directories) {
    const files = await linesOf(join(pacman, directory, 'files'));
    if (!files.includes(path.slice(1))) continue;
    const [name, version, base] = valuesIn(await linesOf(join(pacman, directory, 'desc')), [
      '%NAME%',
      '%VERSION%',
      '%BASE%',
    ]);
    return name === undefined || version === undefined || base !== 'qemu' ? null : { name, version };
  }
  return null;
}

/** Each value is on the line after its key. */
function valuesIn(lines: readonly string[], keys: readonly string[]): (string | undefined)[] {
  return keys.map((key) => (lines.includes(key) ? lines[lines.indexOf(key) + 1] : undefined));
}

async function linesOf(path: string): Promise<string[]> {
  return (await textOf(path)).split('\n').filter((line) => line !== '');
}
