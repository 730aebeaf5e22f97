/** The service as it is built, sealed by Node's permission model, with this checkout as its project. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Test } from 'tap';
import { REPOSITORY } from '../help/service.ts';
import { until } from '../help/until.ts';

/** All that the suite leaves behind. */
export const EVIDENCE = join(REPOSITORY, 'logs', 'browser');

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly mediaType?: string;
  readonly accept?: string;
  readonly body?: string;
}

export interface Service {
  readonly port: number;
  /** Asks it directly; the body of the answer as it came. */
  readonly ask: (request: Asked) => Promise<string>;
}

/** Starts it on a free port, with more in its environment; it ends with the test. */
export async function startSealed(t: Test, more: readonly string[] = []): Promise<Service> {
  const environment = [
    ...more,
    `PATH=${process.env.PATH}`,
    'PORT=0',
    `VMLAB_LOG_DIR=${join(EVIDENCE, 'service')}`,
  ];
  // tap adds an environment that loads its own code into every Node, and sealed that code fails.
  const child = spawn('env', ['-i', ...environment, 'sh', 'src/start.sh', '--sealed'], {
    cwd: REPOSITORY,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  // Also when there is no browser, and the tests never begin.
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await until('the service listens', () => {
    if (child.exitCode !== null) throw new Error('the service ended');
    return output.includes('request log');
  });
  const port = Number(/http:\/\/127\.0\.0\.1:([0-9]+)/.exec(output)?.[1]);
  const ask = async (request: Asked): Promise<string> => {
    const { method, path, mediaType, accept, body } = request;
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(mediaType === undefined ? {} : { 'content-type': mediaType }),
        ...(accept === undefined ? {} : { accept }),
      },
      ...(body === undefined ? {} : { body }),
    });
    // A machine that is busy with other things holds the service up; it then asks to be asked again.
    return answer.status === 503 ? ask(request) : answer.text();
  };
  return { port, ask };
}
