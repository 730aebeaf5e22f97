/** What the cases make images with: qemu-img, and bytes of their own. */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Lane } from '../lane.ts';

export class ImageTools {
  readonly #lane: Lane;
  readonly #folder: string;

  constructor(lane: Lane) {
    this.#lane = lane;
    this.#folder = join(lane.root, 'i');
    mkdirSync(this.#folder, { recursive: true });
  }

  get root(): string {
    return this.#lane.root;
  }

  /** Where QEMU runs, and data files are looked for. */
  inRoot(...args: string[]): string {
    return this.#run(args, this.root);
  }

  /** qemu-img among the images. */
  img(...args: string[]): string {
    return this.#run(args, this.#folder);
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  write(name: string, content: string | Buffer): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  /** Other bytes at an offset. */
  patch(name: string, offset: number, bytes: readonly number[]): void {
    const file = openSync(this.path(name), 'r+');
    writeSync(file, Buffer.from(bytes), 0, bytes.length, offset);
    closeSync(file);
  }

  /** Keeps the first bytes. */
  cut(name: string, length: number): void {
    this.write(name, readFileSync(this.path(name)).subarray(0, length));
  }

  replace(name: string, from: string | RegExp, to: string): void {
    this.write(name, readFileSync(this.path(name), 'latin1').replace(from, to));
  }

  #run(args: readonly string[], cwd: string): string {
    const { status, stdout, stderr } = spawnSync('qemu-img', args, {
      cwd,
      env: { PATH: this.#lane.path, LC_ALL: 'C.UTF-8' },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`qemu-img ${args.join(' ')}: ${stderr}`);
    return stdout;
  }
}
