/** Programs of the names that plans call, which note how they were called and do nothing else. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StartPlan } from '../../src/planning/start_plan.ts';

const PROGRAMS = [
  'test',
  'qemu-kvm',
  'qemu-kvm.exe',
  ...['x86_64', 'aarch64', 'riscv64', 'ppc64'].flatMap((arch) => [
    `qemu-system-${arch}`,
    `qemu-system-${arch}.exe`,
  ]),
];

/** A call: the path of the program, its arguments, and the directory in which it ran. */
export interface Call {
  readonly argv: readonly string[];
  readonly cwd: string;
}

export interface Run {
  readonly status: number | null;
  readonly stderr: string;
  readonly calls: readonly Call[];
}

/** A directory with the programs in it. */
export interface StandIns {
  readonly folder: string;
  /** Runs a script with the programs first in PATH. */
  readonly run: (script: string) => Run;
  /** The same plan in the directory `cwd`, so that no program of the host is called. */
  readonly stage: (plan: StartPlan, cwd: string) => StartPlan;
  /** What `run` reports of a plan in which nothing fails. */
  readonly callsOf: (plan: StartPlan) => Call[];
}

/** Makes the programs; those of `failing` exit with a status other than 0. */
export function makeStandIns(folder: string, failing: Readonly<Record<string, number>> = {}): StandIns {
  const record = join(folder, 'record');
  const script = join(folder, 'plan.sh');
  mkdirSync(folder, { recursive: true });
  for (const program of PROGRAMS) {
    const note = `printf '%s\\0' "$0" "$PWD" "$#" "$@" >>"$STAND_IN_RECORD"`;
    write(program, `#!/bin/sh\n${note}\nexit ${failing[program] ?? 0}\n`);
  }
  // Not every system has this one.
  write('timeout', '#!/bin/sh\n[ "$1" = 5 ] && shift && exec "$@"\n');

  function write(program: string, text: string): void {
    writeFileSync(join(folder, program), text);
    chmodSync(join(folder, program), 0o755);
  }

  function run(text: string): Run {
    rmSync(record, { force: true });
    writeFileSync(record, '');
    writeFileSync(script, text);
    const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, STAND_IN_RECORD: record };
    const { status, stderr, error } = spawnSync('bash', [script], { env, encoding: 'utf8' });
    if (error !== undefined) throw error;
    return { status, stderr, calls: callsIn(readFileSync(record, 'utf8')) };
  }

  function stage(plan: StartPlan, cwd: string): StartPlan {
    const commands = plan.commands.map((step) => {
      const [program = '', ...rest] = step.argv;
      const name = program.replace(/^.*[/\\]/, '');
      if (!PROGRAMS.includes(name)) throw new Error(`nothing stands in for ${program}`);
      return { ...step, cwd, argv: [name === program ? name : join(folder, name), ...rest] };
    });
    return { ...plan, commands };
  }

  function callsOf({ commands }: StartPlan): Call[] {
    return commands.map(({ argv: [program = '', ...rest], cwd }) => ({
      argv: [program.startsWith('/') ? program : join(folder, program), ...rest],
      cwd,
    }));
  }

  return { folder, run, stage, callsOf };
}

function callsIn(record: string): Call[] {
  const fields = record.split('\0').slice(0, -1);
  const calls: Call[] = [];
  while (fields.length > 0) {
    const [program = '', cwd = '', count = '0'] = fields.splice(0, 3);
    calls.push({ argv: [program, ...fields.splice(0, Number(count))], cwd });
  }
  return calls;
}
