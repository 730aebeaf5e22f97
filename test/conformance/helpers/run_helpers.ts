/** The programs that a plan starts before QEMU, as its steps have them. They end with QEMU, or here. */
import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { attempt } from '../qemu/proc.ts';
import { type HostNetwork, NO_NETWORK, type Sandbox } from '../qemu/sandbox.ts';
import type { PlanStep } from '../service.ts';

export interface Helpers {
  /** Why one is not ready; `null` when all are. */
  readonly fault: string | null;
  /** The process that listens on a socket, by its path. */
  readonly pids: ReadonlyMap<string, number>;
  readonly stop: () => Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const BETWEEN_LOOKS_MS = 20;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) end(child);
});

/** What they fork ends with them. */
function end({ pid }: ChildProcess): void {
  if (pid !== undefined) attempt(() => process.kill(-pid, 'SIGKILL'));
}

/** Looks for an interface that leads somewhere, and opens ports, in a network of its own. */
const PASST = 'passt';
const ITS_NETWORK: HostNetwork = { ...NO_NETWORK, hasWayOut: true };

/** Without networks of their own passt has cases of its own only: a card without it is the same card. */
export function isStarted(program: string, { isPrivate }: Sandbox): boolean {
  return program !== PASST || isPrivate;
}

export async function startHelpers(steps: readonly PlanStep[], sandbox: Sandbox): Promise<Helpers> {
  const pids = new Map<string, number>();
  const ends: Promise<void>[] = [];
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    children.forEach(end);
    await Promise.all(ends);
  };
  for (const { argv, cwd, metadata } of steps) {
    const socket = metadata.ready_when?.slice('socket:unix:'.length);
    if (socket === undefined || !isStarted(String(argv[0]), sandbox)) continue;
    const [program = '', ...args] = argv[0] === PASST ? sandbox.command(argv, ITS_NETWORK) : argv;
    const child = spawn(program, args, { cwd, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
    let words = '';
    let hasEnded = false;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      words += text;
    });
    running.add(child);
    children.push(child);
    ends.push(
      new Promise((resolve) => {
        const ended = (): void => {
          hasEnded = true;
          running.delete(child);
          resolve();
        };
        child.on('error', (error) => {
          words += error.message;
          ended();
        });
        child.on('exit', ended);
      }),
    );
    const isReady = (): boolean => attempt(() => lstatSync(socket).isSocket()) === true;
    for (let ms = 0; !isReady() && !hasEnded && ms < READY_TIMEOUT_MS; ms += BETWEEN_LOOKS_MS)
      await wait(BETWEEN_LOOKS_MS);
    if (hasEnded || !isReady()) {
      await stop();
      return { fault: `${argv.join(' ')}: ${words || 'no socket'}`, pids, stop };
    }
    pids.set(socket, child.pid as number);
  }
  return { fault: null, pids, stop };
}
