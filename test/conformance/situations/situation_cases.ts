/**
 * Random situations: something is wrong, or odd, with a file that a profile names. Where the doctor has no word of warning,
 * or the plan has none and asks nothing of files, QEMU has to start. Nobody reads what its mode forbids, not even root.
 */
import { execFile, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { BIOS_FILES } from '../firmware_files.ts';
import { kernelImage } from '../kernel_images.ts';
import type { Lane } from '../lane.ts';
import { LOGS } from '../settings.ts';
import { type Disk, small2 } from '../small_profile.ts';
import type { Examined } from './examine.ts';

type Sections = Partial<ProfileDocument>;

/** A file or directory that a profile names, and what is at its place before the start. */
interface Thing {
  readonly what: string;
  readonly path: string;
  readonly sections: (path: string) => Sections;
  /** `null` for what QEMU makes. */
  readonly make: ((file: string, lane: Lane) => void) | null;
}

type Spoil = (file: string) => void;

const SPOILS: Readonly<Record<string, Spoil>> = {
  'in order': () => {},
  missing: (file) => rmSync(file, { recursive: true }),
  closed: (file) => chmodSync(file, 0),
  'not writable': (file) => chmodSync(file, 0o444),
  'a directory': (file) => replace(file, () => mkdirSync(file)),
  'a pipe': (file) => replace(file, () => spawnSync('mkfifo', [file])),
  'a link': (file) => {
    renameSync(file, `${file}.real`);
    symlinkSync(`${basename(file)}.real`, file);
  },
  'a link to nothing': (file) => replace(file, () => symlinkSync('nothing', file)),
  'a link to itself': (file) => replace(file, () => symlinkSync(basename(file), file)),
  empty: (file) => replace(file, () => writeFileSync(file, '')),
  'cut off': (file) => replace(file, (was) => writeFileSync(file, was.subarray(0, 300))),
  'without a directory': (file) => renameSync(dirname(file), `${dirname(file)}.gone`),
};

const PLACES: Readonly<Record<string, Spoil>> = {
  'nothing there': () => {},
  'a file': (file) => writeFileSync(file, ''),
  'a file that is not writable': (file) => writeFileSync(file, '', { mode: 0o444 }),
  'a directory': (file) => mkdirSync(file),
  'a link to nothing': (file) => symlinkSync('nothing', file),
  'a link to a directory that is not there': (file) => symlinkSync('no/where', file),
  'a directory that is not writable': (file) => chmodSync(dirname(file), 0o555),
  'without a directory': (file) => renameSync(dirname(file), `${dirname(file)}.gone`),
};

function replace(file: string, make: (was: Buffer) => void): void {
  const was = isDirectory(file) ? Buffer.alloc(0) : readFileSync(file);
  rmSync(file, { recursive: true });
  make(was);
}

function isDirectory(file: string): boolean {
  return spawnSync('test', ['-d', file]).status === 0;
}

const IMAGE_FORMATS = ['raw', 'qcow2', 'vdi', 'vmdk'] as const;
const BUSES = ['virtio', 'scsi', 'nvme', 'usb', 'sata'] as const;

function diskThing(more: Partial<Disk>): Thing {
  const format = more.format ?? 'qcow2';
  return {
    what: `a disk ${JSON.stringify(more)}`,
    path: 'i/more',
    sections: (path) => ({ storage: { disks: [{ name: 'more', path, format, ...more }] } }),
    make: (file, { images }) => images.make(format, file),
  };
}

/** Of an ISO image the label of its volume. */
function makeIso(file: string, label: string): void {
  const image = Buffer.alloc(40 * 1024);
  image.write('\x01CD001', 32768, 'latin1');
  image.write(label, 32808, 'latin1');
  writeFileSync(file, image);
}

const APPEND = 'console=ttyS0 root=/dev/vda';
const text = (file: string): void => writeFileSync(file, 'conformance', { mode: 0o600 });
const socket = (what: string, sections: (path: string) => Sections): Thing => ({
  what,
  path: 'r/made',
  sections,
  make: null,
});

const THINGS: readonly Thing[] = [
  ...IMAGE_FORMATS.flatMap((format) => [diskThing({ format }), diskThing({ format, readonly: true })]),
  ...BUSES.map((bus) => diskThing({ bus })),
  {
    what: 'a base',
    path: 'b/base',
    sections: (path) => ({
      storage: {
        disks: [{ name: 'over', path: 'i/over', format: 'qcow2', base: { path, format: 'qcow2' } }],
      },
    }),
    make: (file, { images, root }) => {
      images.make('qcow2', file);
      images.make('qcow2', join(root, 'i/over'), { under: { file, format: 'qcow2' } });
    },
  },
  {
    what: 'a CD-ROM',
    path: 'c/cd',
    sections: (path) => ({ storage: { cdroms: [{ name: 'cd', path }] } }),
    make: (file) => makeIso(file, 'CONFORMANCE'),
  },
  {
    what: 'a floppy',
    path: 'c/floppy',
    sections: (path) => ({ storage: { floppies: [{ name: 'floppy', path }] } }),
    make: (file) => {
      writeFileSync(file, '');
      truncateSync(file, 1474560);
    },
  },
  {
    what: 'a seed',
    path: 'c/seed',
    sections: (path) => ({ storage: { seed: { path } } }),
    make: (file) => makeIso(file, 'cidata'),
  },
  {
    what: 'a file for the guest',
    path: 'f/file',
    sections: (path) => ({ fw_cfg: [{ name: 'opt/conformance', file: path }] }),
    make: text,
  },
  {
    what: 'a password file',
    path: 'f/password',
    sections: (path) => ({ display: { mode: 'vnc', socket: 'r/vnc', password_file: path } }),
    make: text,
  },
  {
    what: 'a kernel',
    path: 'k/kernel',
    sections: (bzimage) => ({ kernel: { enabled: true, bzimage, append: APPEND } }),
    make: (file) => writeFileSync(file, kernelImage('x86_64')),
  },
  {
    what: 'an initrd',
    path: 'k/initrd',
    sections: (initrd) => ({ kernel: { enabled: true, bzimage: 'i/kernel', initrd, append: APPEND } }),
    make: (file, { root }) => {
      writeFileSync(join(root, 'i/kernel'), kernelImage('x86_64'));
      writeFileSync(file, 'x');
    },
  },
  {
    what: 'a firmware',
    path: 'f/bios',
    sections: (bios) => ({ firmware: { bios } }),
    make: (file) => copyFileSync(BIOS_FILES.x86_64, file),
  },
  {
    what: 'a share',
    path: 's/share',
    sections: (path) => ({ shares: [{ name: 'share', path }] }),
    make: (file) => mkdirSync(file),
  },
  {
    what: 'a serial log',
    path: 'l/serial',
    sections: (logfile) => ({ serial: { enabled: true, mode: 'file', logfile } }),
    make: null,
  },
  {
    what: 'a log of the emulation',
    path: 'l/debug',
    sections: (log_file) => ({ debug: { log_file, log_items: ['unimp'] } }),
    make: null,
  },
  { what: 'a pidfile', path: 'r/pid', sections: (pidfile) => ({ process: { pidfile } }), make: null },
  socket('a QMP socket', (path) => ({ qmp: { enabled: true, socket: path } })),
  socket('a monitor', (path) => ({ monitor: { enabled: true, socket: path } })),
  socket('a display', (path) => ({ display: { mode: 'vnc', socket: path } })),
  socket('a guest agent', (path) => ({ guest_agent: { enabled: true, socket: path } })),
  socket('a console', (path) => ({ consoles: [{ name: 'c', mode: 'socket', device: path }] })),
  socket('a link', (path) => ({
    network: { interfaces: [{ name: 'n', type: 'socket', socket_path: path, socket_role: 'listen' }] },
  })),
];

export interface SituationCase {
  readonly name: string;
  readonly thing: Thing;
  readonly spoil: Spoil;
}

export interface CheckedSituation {
  readonly name: string;
  readonly isRight: boolean;
  readonly words: string;
  /** Whether the doctor finds nothing wrong. */
  readonly isFine: boolean;
}

const ALL: readonly SituationCase[] = THINGS.flatMap((thing) =>
  Object.entries(thing.make === null ? PLACES : SPOILS).map(([how, spoil]) => ({
    name: `${thing.what}: ${how}`,
    thing,
    spoil,
  })),
);

export function situationCases(count: number, seed: number): SituationCase[] {
  return fc
    .sample(fc.shuffledSubarray([...ALL], { minLength: 1, maxLength: ALL.length }), {
      seed,
      numRuns: 1,
    })[0]
    ?.slice(0, count) as SituationCase[];
}

const EXAMINE = join(LOGS, 'build/test/conformance/situations/examine.js');
const QUIT = '{"execute":"qmp_capabilities"}{"execute":"quit"}';
const DEADLINE = 180_000;
/** QEMU waits at a pipe for somebody who writes. */
const WAIT = 5_000;
/** Root reads and writes what it likes but for these. */
const AS_OTHERS_DO = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];

export async function checkSituation(
  { name, thing, spoil }: SituationCase,
  lane: Lane,
): Promise<CheckedSituation> {
  lane.empty();
  const file = join(lane.root, thing.path);
  for (const directory of [dirname(file), join(lane.root, 'i'), join(lane.root, 'r')])
    mkdirSync(directory, { recursive: true });
  lane.images.make('raw', join(lane.root, 'i/root'));
  thing.make?.(file, lane);
  spoil(file);
  const { storage = {}, ...sections } = thing.sections(thing.path);
  const disks: Disk[] = [{ name: 'root', path: 'i/root', format: 'raw' }, ...(storage.disks ?? [])];
  const profile = small2('x86_64', {
    serial: { enabled: true, mode: 'pty' },
    ...sections,
    storage: { ...storage, disks },
  });
  const document = join(lane.folder, 'profile.json');
  writeFileSync(document, JSON.stringify(profile));
  const examined = await run(lane, ['node', EXAMINE, document, lane.root], '', DEADLINE);
  const { findings, said, argv } = JSON.parse(examined.stdout) as Examined;
  const isFine = findings.length === 0;
  const isSilent = isFine || said.length === 0;
  // What is refused wherever it is looked at has no argv.
  const { status, stderr } =
    argv.length === 0
      ? { status: null, stderr: '' }
      : await run(lane, [...argv, '-S', '-qmp', 'stdio'], QUIT, isSilent ? DEADLINE : WAIT);
  const isRight = status === 0 || !isSilent;
  const words = `the doctor says ${findings}; the plan ${said}; QEMU ends with ${status}: ${stderr.trim()}`;
  return { name, isRight, words, isFine };
}

/** What it prints, and its exit status. */
async function run(
  lane: Lane,
  argv: readonly string[],
  input: string,
  timeout: number,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const options = [...lane.sandbox.namespaces, '--pid', '--fork', '--kill-child'];
  const env = { PATH: `${dirname(process.execPath)}:${lane.path}:/usr/sbin:/sbin` };
  return new Promise((resolve) => {
    const child = execFile(
      'unshare',
      [...options, ...AS_OTHERS_DO, ...argv],
      { env, timeout, killSignal: 'SIGKILL' },
      (_error, stdout, stderr) => resolve({ status: child.exitCode, stdout, stderr }),
    );
    child.stdin?.on('error', () => {}).end(input);
  });
}
