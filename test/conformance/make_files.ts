/** The files that a profile names, made before the start: images by qemu-img, kernels by hand, empty directories. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import type { Intent } from './compare/intent.ts';
import { kernelImage } from './kernel_images.ts';
import type { Lane } from './lane.ts';
import type { Architecture } from './settings.ts';

/** One image of each format, made by qemu-img once and then copied. */
export class ImageTemplates {
  readonly #folder: string;
  readonly #path: string;

  constructor(folder: string, path: string) {
    this.#folder = folder;
    this.#path = path;
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }

  make(format: string, file: string): void {
    const template = join(this.#folder, `template.${format}`);
    if (!existsSync(template)) {
      const { status, stderr } = spawnSync('qemu-img', ['create', '-q', '-f', format, template, '3M'], {
        env: { PATH: this.#path },
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`qemu-img cannot make an image of format ${format}: ${stderr}`);
    }
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(template, file);
  }
}

/** Makes all that the profile needs to be there before QEMU starts. */
export function makeFiles(
  { arch, binary, disks, shares, qmpSocket, serial, kernel }: Intent,
  lane: Lane,
): void {
  for (const { path, format } of disks) lane.images.make(format, path);
  for (const { path } of shares) mkdirSync(path, { recursive: true });
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
