/** The files that a profile names, made before the start: images by qemu-img, kernels by hand, empty directories. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Intent } from './compare/intent.ts';
import { topicsOf } from './compare/topics/index.ts';
import { kernelImage } from './kernel_images.ts';
import type { Lane } from './lane.ts';
import type { Architecture } from './settings.ts';

/** Without a line feed, which would be part of it. */
const PASSWORD = 'conformance';

/** QEMU measures how fast a key is derived, and gives up on a machine that does much else. */
const BUSY = 'Unable to get accurate CPU usage';
const MOST_TRIES = 100;

/** What an image is besides its format. */
interface Special {
  /** What is under it; its header names that. */
  readonly under?: { readonly file: string; readonly format: string } | undefined;
  /** The file with the password that opens it. */
  readonly keyFile?: string | undefined;
}

/** One image of each format, made by qemu-img once and then copied: the key of one that is encrypted takes seconds to make. */
export class ImageTemplates {
  readonly #folder: string;
  readonly #path: string;

  constructor(folder: string, path: string) {
    this.#folder = folder;
    this.#path = path;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  make(format: string, file: string, { under, keyFile }: Special = {}): void {
    if (keyFile !== undefined) writeNew(keyFile, PASSWORD);
    mkdirSync(dirname(file), { recursive: true });
    if (keyFile === undefined && under !== undefined) {
      this.#run('create', ['-q', '-f', format, '-b', under.file, '-F', under.format, '--', file]);
      return;
    }
    const name = `${keyFile === undefined ? 'plain' : 'encrypted'}.${format}`;
    const options = keyFile === undefined ? ['-f', format] : encryptedOptions(format);
    const template = this.once(name, (made) => this.#run('create', ['-q', ...options, '--', made, '3M']));
    copyFileSync(template, file);
    if (under === undefined) return;
    const named = `driver=${format},encrypt.key-secret=s,file.filename=${file.replaceAll(',', ',,')}`;
    this.#run('rebase', ['-u', ...SECRET, '--image-opts', '-b', under.file, '-F', under.format, named]);
  }

  /** A file that is made once, however often it is copied. */
  once(name: string, make: (file: string) => void): string {
    const file = join(this.#folder, name);
    if (!existsSync(file)) make(file);
    return file;
  }

  #run(command: 'create' | 'rebase', args: string[]): void {
    const environment = { env: { PATH: this.#path }, encoding: 'utf8' } as const;
    for (let tries = 1; ; tries++) {
      const { status, stderr } = spawnSync('qemu-img', [command, ...args], environment);
      if (status === 0) return;
      if (tries === MOST_TRIES || !stderr.includes(BUSY))
        throw new Error(`qemu-img ${command} ${args.join(' ')}: ${stderr}`);
    }
  }
}

const SECRET = ['--object', `secret,id=s,data=${PASSWORD}`];

/** Few rounds of the key's derivation, which protect nothing here. */
function encryptedOptions(format: string): string[] {
  return format === 'raw'
    ? [...SECRET, '-f', 'luks', '-o', 'key-secret=s,iter-time=10']
    : [...SECRET, '-f', format, '-o', 'encrypt.format=luks,encrypt.key-secret=s,encrypt.iter-time=10'];
}

/** Makes all that the profile needs to be there before QEMU starts. */
export function makeFiles({ asked, arch, binary, qmpSocket, serial, kernel }: Intent, lane: Lane): void {
  for (const { make } of topicsOf(asked.profile)) make?.(asked, lane);
  for (const path of [qmpSocket, serial?.path]) {
    if (path != null) mkdirSync(dirname(path), { recursive: true });
  }
  if (kernel !== null) writeNew(kernel.image, kernelImage(arch));
  if (kernel?.initrd != null) writeNew(kernel.initrd, 'an initial RAM disk');
  if (binary.startsWith(lane.folder)) linkBinary(posix.normalize(binary), arch, lane);
}

function writeNew(file: string, content: string | Buffer): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** QEMU under another name; it finds its own files by the real one. */
function linkBinary(link: string, arch: Architecture, lane: Lane): void {
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(lane.program(arch), link);
}
