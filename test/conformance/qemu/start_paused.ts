/** Starts QEMU with an argv of the service, paused before the first instruction, and makes sure that it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { PLAIN_MEMORY_MB } from '../settings.ts';
import { openQmp, type Qmp } from './qmp.ts';
import { type HostNetwork, NO_NETWORK, type Sandbox } from './sandbox.ts';

export interface Running {
  readonly isRunning: true;
  readonly pid: number;
  readonly qmp: Qmp;
  /** What QEMU has printed as warnings. */
  readonly stderr: () => string;
  readonly stop: () => Promise<void>;
}

export interface Ended {
  readonly isRunning: false;
  /** Why, in QEMU's or the system's own words. */
  readonly words: string;
  readonly timedOut: boolean;
}

/** From the start to the end of one QEMU. */
const DEADLINE = 90_000;
const QUIT_TIMEOUT = 5_000;

/** What the suite adds after the argv under test: pause, a monitor on standard input, and room for much memory. */
export function addedOptions(argv: readonly string[]): string[] {
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
  return ['-S', '-qmp', 'stdio', ...unreserved];
}

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

export async function startPaused(
  argv: readonly string[],
  sandbox: Sandbox,
  network: HostNetwork = NO_NETWORK,
  cwd = process.cwd(),
): Promise<Running | Ended> {
  const [program, ...args] = sandbox.command([...argv, ...addedOptions(argv)], network);
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };
  const child = (() => {
    try {
      return spawn(program, args, { cwd, env: environment, stdio: 'pipe' });
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
    stderr: () => stderr.trim(),
    stop: async () => {
      const kill = setTimeout(() => child.kill('SIGKILL'), QUIT_TIMEOUT);
      await qmp.ask('quit').catch(() => {});
      await ended;
      clearTimeout(kill);
      clearTimeout(deadline);
    },
  };
}
