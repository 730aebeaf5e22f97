/** Starts QEMU with an argv of the service, paused before the first instruction, and makes sure that it ends. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { PLAIN_MEMORY_MB } from '../settings.ts';
import { openQmp, type Qmp } from './qmp.ts';
import { openQtest, type Qtest } from './qtest.ts';
import { type HostNetwork, NO_NETWORK, type Sandbox } from './sandbox.ts';

export interface Running {
  readonly isRunning: true;
  readonly pid: number;
  readonly qmp: Qmp;
  /** `null` where it was not asked for. */
  readonly qtest: Qtest | null;
  /** What QEMU has printed as warnings. */
  readonly stderr: () => string;
  /** How it has ended. */
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

export interface Ended {
  readonly isRunning: false;
  /** Why, in QEMU's or the system's own words. */
  readonly words: string;
  readonly timedOut: boolean;
}

/** From the start to the end of one QEMU, on a machine that has much else to do. */
const DEADLINE = 300_000;
const QUIT_TIMEOUT = 60_000;

export interface StartOptions {
  readonly network?: HostNetwork;
  readonly cwd?: string;
  /** Whether argv itself has to hold the guest. */
  readonly holdsItself?: boolean;
  /** Whether the guest's memory and ports are to be reached. */
  readonly hasQtest?: boolean;
}

/** A socket that is open already, so that none is listened on. */
const QTEST = ['-chardev', 'socket,id=qtest,fd=3', '-qtest', 'chardev:qtest', '-qtest-log', 'none'];

/** East of Greenwich, so that local time is another than UTC; QEMU reads it. */
export const ZONE = { name: 'TST-05:45', seconds: (5 * 60 + 45) * 60 } as const;

/** What the suite adds after the argv under test: pause, a monitor on standard input, and room for much memory. */
export function addedOptions(argv: readonly string[], { holdsItself = false }: StartOptions = {}): string[] {
  const [size = ''] = /[0-9]+M/.exec(argv[argv.indexOf('-m') + 1] ?? '') ?? [];
  const unreserved =
    Number.parseInt(size, 10) > PLAIN_MEMORY_MB
      ? [
          '-object',
          `memory-backend-ram,id=conformance-ram,size=${size},reserve=off`,
          '-machine',
          'memory-backend=conformance-ram',
        ]
      : [];
  return [...(holdsItself ? [] : ['-S']), '-qmp', 'stdio', ...unreserved];
}

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export async function startPaused(
  argv: readonly string[],
  sandbox: Sandbox,
  options: StartOptions = {},
): Promise<Running | Ended> {
  const { network = NO_NETWORK, cwd = process.cwd(), hasQtest = false } = options;
  const added = [...addedOptions(argv, options), ...(hasQtest ? QTEST : [])];
  const [program, ...args] = sandbox.command([...argv, ...added], network);
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', TZ: ZONE.name };
  const child = ((): ChildProcessWithoutNullStreams | Error => {
    try {
      return spawn(program, args, { cwd, env: environment, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    } catch (error) {
      return error as Error;
    }
  })();
  if (child instanceof Error) return { isRunning: false, words: child.message, timedOut: false };

  let stderr = '';
  let timedOut = false;
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      children.delete(child);
      resolve(signal ?? `exit code ${code}`);
    });
  });
  children.add(child);
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  let stdout = '';
  child.stdout.on('data', (text) => {
    if (stdout.length < 400) stdout += String(text);
  });
  const deadline = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, DEADLINE);

  const endedWith = async (): Promise<Ended> => {
    const end = await ended;
    clearTimeout(deadline);
    const words = stderr.trim() || stdout.split('\n').slice(0, 3).join(' ');
    return { isRunning: false, words: `${words}${words === '' ? '' : ' '}(${end})`, timedOut };
  };
  const qmp = await openQmp(child.stdin, child.stdout);
  if (qmp === null || child.pid === undefined) return endedWith();
  try {
    await qmp.ask('qmp_capabilities');
  } catch {
    return endedWith();
  }
  return {
    isRunning: true,
    pid: child.pid,
    qmp,
    qtest: hasQtest ? openQtest(child.stdio[3] as Duplex) : null,
    stderr: () => stderr.trim(),
    ended,
    stop: async () => {
      const kill = setTimeout(() => child.kill('SIGKILL'), QUIT_TIMEOUT);
      await qmp.ask('quit').catch(() => {});
      await ended;
      clearTimeout(kill);
      clearTimeout(deadline);
    },
  };
}
