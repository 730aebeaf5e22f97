/** Programs of the names that plans call, which note how they were called and do nothing else, or listen on their socket. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readySocket } from '../../src/planning/command_plan.ts';
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

/** Those that run beside QEMU. */
const HELPERS = ['swtpm', 'passt', 'virtiofsd'];

/** The path of a socket has to be short. */
const SOCKET_DIGITS = 8;

/** Listens until whoever started it has ended, and notes it where it is told to end before, which is heard a little later. */
const HELPER = `
const { appendFileSync } = require('node:fs');
const { ppid } = process;
process.on('SIGTERM', () => {
  appendFileSync(process.env.STAND_IN_RECORD, [process.argv[2], process.cwd(), 1, 'SIGTERM', ''].join('\\0'));
  process.exit();
});
setInterval(() => process.ppid === ppid || setTimeout(() => process.exit(), 500), 20);
require('node:net').createServer().listen(process.env.STAND_IN_SOCKET);
`;

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
  /** The same plan in the directory `cwd`, so that no program of the host is called and sockets are in `folder`. */
  readonly stage: (plan: StartPlan, cwd: string) => StartPlan;
  /** What `run` reports of a plan in which nothing fails. */
  readonly callsOf: (plan: StartPlan) => Call[];
}

/** Makes the programs; those of `failing` exit with a status other than 0. */
export function makeStandIns(folder: string, failing: Readonly<Record<string, number>> = {}): StandIns {
  const record = join(folder, 'record');
  const script = join(folder, 'plan.sh');
  mkdirSync(folder, { recursive: true });
  const note = `printf '%s\\0' "$0" "$PWD" "$#" "$@" >>"$STAND_IN_RECORD"`;
  for (const program of PROGRAMS) write(program, `#!/bin/sh\n${note}\nexit ${failing[program] ?? 0}\n`);
  writeFileSync(join(folder, 'helper.cjs'), HELPER);
  for (const program of HELPERS) {
    const listen = `STAND_IN_SOCKET="$socket" exec '${process.execPath}' '${join(folder, 'helper.cjs')}' "$0"`;
    const end = failing[program] === undefined ? listen : `exit ${failing[program]}`;
    // What follows its options tells where it is to listen.
    write(program, `#!/bin/sh\nfor socket; do :; done\n${note}\n${end}\n`);
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
      if (![...PROGRAMS, ...HELPERS].includes(name)) throw new Error(`nothing stands in for ${program}`);
      const argv = [name === program ? name : join(folder, name), ...rest];
      const socket = readySocket(step);
      if (socket === null) return { ...step, cwd, argv };
      const here = join(folder, createHash('sha256').update(socket).digest('hex').slice(0, SOCKET_DIGITS));
      const metadata = { background: true, ready_when: `socket:unix:${here}` } as const;
      return { ...step, cwd, argv: [...argv, here], metadata };
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
