/** What a run of the suite is: how many random cases, which QEMU, where its files are. */
import { accessSync, constants } from 'node:fs';
import { totalmem } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** The suite is started by npm, in the project's folder. */
export const PROJECT = process.cwd();
export const LOGS = join(PROJECT, 'logs/conformance');

export interface Settings {
  /** Random profiles. */
  readonly cases: number;
  readonly seed: number;
  /** Only cases whose name holds this text. */
  readonly only: string;
  /** An unpacked QEMU, `$QEMU_PREFIX/usr/bin/qemu-system-…`; empty for the installed one. */
  readonly prefix: string;
  /** Where binaries are looked for, by the service and by the suite. */
  readonly path: string;
}

export const ARCHITECTURES = ['x86_64', 'aarch64', 'riscv64', 'ppc64le'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

export const BINARIES: Readonly<Record<Architecture, string>> = {
  x86_64: 'qemu-system-x86_64',
  aarch64: 'qemu-system-aarch64',
  riscv64: 'qemu-system-riscv64',
  ppc64le: 'qemu-system-ppc64',
};

/**
 * Guest memory over this is backed without reservation, by two options after the argv under test, since Linux refuses
 * single mappings of more than the machine has. QEMU sees the same size.
 */
export const PLAIN_MEMORY_MB = Math.floor(totalmem() / 4 / 1024 / 1024);

/** pseries sets 1/128 of the guest's memory aside for its page table at once, and clears it. */
export const MOST_PSERIES_MB = 65536;

export function readSettings(args: string[], environment: NodeJS.ProcessEnv): Settings {
  const { values } = parseArgs({
    args,
    options: {
      cases: { type: 'string', default: '150' },
      seed: { type: 'string', default: '20260114' },
      only: { type: 'string', default: '' },
    },
  });
  const { QEMU_PREFIX = '' } = environment;
  const prefix = QEMU_PREFIX === '' ? '' : resolve(QEMU_PREFIX);
  const path = environment.PATH ?? '/usr/bin:/bin';
  return {
    cases: wholeNumber('--cases', values.cases),
    seed: wholeNumber('--seed', values.seed),
    only: values.only,
    prefix,
    path: prefix === '' ? path : [join(prefix, 'usr/bin'), path].join(delimiter),
  };
}

function wholeNumber(name: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) throw new Error(`${name} must be a whole number, not ${text}`);
  return Number(text);
}

/** The absolute path of a program, or `null`. */
export function findProgram(name: string, path: string): string | null {
  for (const directory of path.split(delimiter)) {
    const file = join(directory, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return null;
}
