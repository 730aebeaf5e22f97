/** The app as a caller sees it: on a project root of its own, with a log that is kept in memory. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import type { Test } from 'tap';
import { buildApp } from '../../src/app.ts';
import type { LogHealth, PlannerOptions } from '../../src/http/options.ts';
import { type Answer, checkAnswer, complaintAbout } from './answers.ts';

export interface Lab {
  readonly app: FastifyInstance;
  /** Real path of the project root; `profiles/` in it is the only directory of profiles. */
  readonly root: string;
  readonly health: LogHealth;
  /** Everything that was logged. */
  readonly log: { text: string };
  /** Asks, and checks what holds for every answer. */
  readonly ask: (request: InjectOptions) => Promise<Answer>;
  /** The same without an assertion for each answer: throws for one that may not be. */
  readonly askOrThrow: (request: InjectOptions) => Promise<Answer>;
  readonly get: (url: string, headers?: Headers) => Promise<Answer>;
  /** Sends a text or bytes as they are, by default as a JSON envelope; an object as JSON. */
  readonly post: (url: string, body: Body, mediaType?: string, headers?: Headers) => Promise<Answer>;
}

type Headers = Record<string, string>;
type Body = string | Buffer | object;

/** Files by name, folders as objects. */
export type Files = NonNullable<Parameters<Test['testdir']>[0]>;

export const PLANNING_ROUTES = ['/argv', '/plans/start', '/profiles/validate'];
export const TOML_TYPE = 'application/toml';
export const JSON_TYPE = 'application/json';

/** Builds the app; it ends with the test. Its host is a Linux without kvm and without QEMU. */
export async function newLab(
  t: Test,
  files: Files = { profiles: {} },
  options: Partial<PlannerOptions> | ((root: string) => Partial<PlannerOptions>) = {},
): Promise<Lab> {
  const root = realpathSync(t.testdir(files));
  const log = { text: '' };
  const logs = join(root, 'logs');
  const health: LogHealth = { directory: join(logs, 'vmlab'), root: logs, failure: null, linesLost: 0 };
  const app = await buildApp({
    host: {
      machine: { os: 'linux', arch: 'x86_64' },
      projectRoot: root,
      strictPaths: false,
      searchPath: [],
      kvmDevice: join(root, 'kvm'),
    },
    profileDirectories: [{ scope: 'profiles', path: join(root, 'profiles') }],
    bodyLimit: 262144,
    fleetBodyLimit: 16777216,
    tokens: [],
    rateLimit: 0,
    corsOrigins: [],
    logger: pino(
      { level: 'trace', base: null },
      {
        write(line: string): void {
          log.text += line;
        },
      },
    ),
    logHealth: health,
    ...(typeof options === 'function' ? options(root) : options),
  });
  t.teardown(() => app.close());

  const ask = async (request: InjectOptions): Promise<Answer> => {
    const answer = await app.inject(request);
    checkAnswer(t, request, answer);
    return answer;
  };
  const askOrThrow = async (request: InjectOptions): Promise<Answer> => {
    const answer = await app.inject(request);
    const complaint = complaintAbout(request, answer);
    if (complaint !== null) throw new Error(complaint);
    return answer;
  };
  const get = (url: string, headers: Headers = {}): Promise<Answer> => ask({ url, headers });
  const post = (url: string, body: Body, mediaType = JSON_TYPE, headers: Headers = {}): Promise<Answer> =>
    ask({ method: 'POST', url, payload: body, headers: { 'content-type': mediaType, ...headers } });
  return { app, root, health, log, ask, askOrThrow, get, post };
}

interface LogLine {
  readonly level: number;
  readonly [member: string]: unknown;
}

export function logLines({ log }: Lab): LogLine[] {
  return log.text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LogLine);
}
