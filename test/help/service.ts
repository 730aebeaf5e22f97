/** The service as a process of its own, from its sources. */
import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';
import type { Files } from './app.ts';
import { until } from './until.ts';

export interface Service {
  readonly child: ChildProcess;
  /** What was printed so far. */
  readonly printed: { stdout: string; stderr: string };
  readonly exit: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  readonly logDirectory: string;
}

export interface Listening extends Service {
  readonly address: string;
  readonly port: number;
}

interface Start {
  readonly environment?: Readonly<Record<string, string>>;
  /** What is in the directory of the test, where the log goes to `log`. */
  readonly files?: Files;
  /** JavaScript that runs in the process before the service. */
  readonly planted?: string;
}

export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** A test that is killed has no teardown; then the pipe to the process breaks. */
const ENDS_WITH_PARENT = "process.stdin.on('end', () => process.exit()).resume().unref();";

/** Starts the service on a port that is free; it ends with the test. */
export function startService(t: Test, { environment = {}, files = {}, planted = '' }: Start = {}): Service {
  const logDirectory = join(realpathSync(t.testdir(files)), 'log');
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VMLAB_.*|HOST|PORT|LOG_LEVEL)$/.test(name),
  );
  const script = encodeURIComponent(`${ENDS_WITH_PARENT} ${planted}`);
  const imports = ['--import', `data:text/javascript,${script}`];
  const child = spawn(process.execPath, [...process.execArgv, ...imports, 'src/server.ts'], {
    cwd: REPOSITORY,
    env: { ...Object.fromEntries(inherited), PORT: '0', VMLAB_LOG_DIR: logDirectory, ...environment },
    stdio: 'pipe',
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  return { child, printed, exit, logDirectory };
}

/** The same, once it listens. */
export async function startListening(t: Test, start: Start = {}): Promise<Listening> {
  const service = startService(t, start);
  const { child, printed } = service;
  await until('the service listens', () => {
    if (child.exitCode !== null) throw new Error(`it ended: ${printed.stderr}`);
    return printed.stdout.includes('request log');
  });
  const [address = '', port = ''] = /http:\/\/127\.0\.0\.1:([0-9]+)/.exec(printed.stdout) ?? [];
  return { ...service, address, port: Number(port) };
}

/** A connection to it, and what came back so far. */
export interface Caller {
  readonly socket: Socket;
  readonly received: { text: string; isClosed: boolean };
}

export async function callerOf({ port }: Listening): Promise<Caller> {
  const socket = connect(port, '127.0.0.1');
  const received = { text: '', isClosed: false };
  socket.setEncoding('utf8').on('data', (text: string) => {
    received.text += text;
  });
  socket.on('close', () => {
    received.isClosed = true;
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  // From here on a connection that is cut is no surprise.
  socket.on('error', () => {});
  return { socket, received };
}
