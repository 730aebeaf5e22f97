/** `process.daemonize`: QEMU goes to the background, and what is left of it there. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { intentOf } from '../compare/intent.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { openQmp } from '../qemu/qmp.ts';
import { NO_NETWORK } from '../qemu/sandbox.ts';
import { ARCHITECTURES, type Architecture } from '../settings.ts';
import { small2 } from '../small_profile.ts';

export interface DaemonCase {
  readonly name: string;
  readonly arch: Architecture;
  readonly startsPaused: boolean;
}

export interface CheckedDaemon {
  readonly name: string;
  readonly isRight: boolean;
  readonly words: string;
}

export const DAEMON_CASES: readonly DaemonCase[] = ARCHITECTURES.flatMap((arch) =>
  [false, true].map((startsPaused) => ({
    name: `${arch} in the background, ${startsPaused ? 'paused' : 'running'}`,
    arch,
    startsPaused,
  })),
);

/** How long it may take to end. */
const DEADLINE = 60_000;
const PAUSE = 50;

export async function checkDaemon(
  { name, arch, startsPaused }: DaemonCase,
  lane: Lane,
): Promise<CheckedDaemon> {
  lane.empty();
  const profile = small2(arch, {
    process: { daemonize: true, pidfile: 'r/pid', start_paused: startsPaused },
    qmp: { socket: 'r/q' },
    firmware: { type: arch === 'riscv64' ? 'none' : 'default' },
  });
  const intent = intentOf(profile, lane.root);
  makeFiles(intent, lane);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer) return { name, isRight: false, words: 'the service refuses it' };
  const argv = [lane.program(arch), ...answer.body.argv.slice(1)];
  const [program, ...args] = lane.sandbox.command(argv, NO_NETWORK);
  const child = spawn(program, args, { cwd: lane.root, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // Its standard error stays open for as long as somebody has it.
  const status = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  const pidfile = intent.asked.place('r/pid');
  if (status !== 0 || !existsSync(pidfile)) return { name, isRight: false, words: `${stderr} (${status})` };
  const pid = Number(readFileSync(pidfile, 'utf8'));
  try {
    const seen = { ...stateOf(pid), status: await endedOverQmp(String(intent.qmpSocket)) };
    const end = Date.now() + DEADLINE;
    while (existsSync(`/proc/${pid}`) && Date.now() < end) await sleep(PAUSE);
    const words = JSON.stringify({ ...seen, isPidfileThere: existsSync(pidfile) });
    const right = {
      folder: '/',
      input: '/dev/null',
      isOnItsOwn: true,
      status: startsPaused ? 'prelaunch' : 'running',
      isPidfileThere: false,
    };
    return { name, isRight: words === JSON.stringify(right), words };
  } finally {
    if (existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  }
}

/** Where it is, what it reads, and whether it is in a session of its own. */
function stateOf(pid: number): { folder: string; input: string; isOnItsOwn: boolean } {
  return {
    folder: readlinkSync(`/proc/${pid}/cwd`),
    input: readlinkSync(`/proc/${pid}/fd/0`),
    isOnItsOwn: sessionOf(pid) !== sessionOf('self'),
  };
}

function sessionOf(pid: number | 'self'): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')[3];
}

/** Whether the guest runs; then QEMU ends. */
async function endedOverQmp(socket: string): Promise<string> {
  const connection = connect(socket);
  try {
    const qmp = await openQmp(connection, connection);
    if (qmp === null) return 'no answer';
    await qmp.ask('qmp_capabilities');
    const { status } = await qmp.ask<{ status: string }>('query-status');
    await qmp.ask('quit').catch(() => {});
    return status;
  } finally {
    connection.destroy();
  }
}
