/** The service as it is built: a process of its own, asked over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { HostFacts } from '../../src/facts/host_facts.ts';
import { LOGS, PROJECT } from './settings.ts';

export interface Issue {
  readonly code: string;
  readonly severity: string;
  readonly field: string;
}

/** What a plan request says of the profile: its JSON, or the name of one of the service's own. */
export type Source = { readonly profile: object } | { readonly profile_name: string };

export interface ArgvAnswer {
  readonly argv: readonly string[];
  readonly warnings: readonly Issue[];
  readonly unknowns: readonly { readonly subject: string }[];
}

export interface PlanStep {
  readonly step_id: string;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly metadata: { readonly ready_when?: string };
}

export interface PlanAnswer {
  readonly affected_resources: readonly string[];
  readonly commands: readonly PlanStep[];
}

export interface PreparePlan {
  readonly status: string;
  readonly commands: readonly { readonly argv: readonly string[]; readonly cwd: string }[];
}

export interface Validation {
  readonly errors: readonly Issue[];
  readonly warnings: readonly Issue[];
}

export interface Refusal {
  readonly status: number;
  readonly errors: readonly Issue[];
}

export type Answer<Body> = { readonly body: Body } | { readonly refusal: Refusal };

export interface Service {
  /** Without facts the service probes this host. */
  readonly argv: (source: Source, facts: HostFacts | null) => Promise<Answer<ArgvAnswer>>;
  readonly plan: (source: Source, facts: HostFacts | null) => Promise<Answer<PlanAnswer>>;
  /** The plan as a script to run; without facts for this host. */
  readonly script: (source: Source, facts: HostFacts | null) => Promise<string>;
  /** What has to be made on this host. */
  readonly prepare: (source: Source) => Promise<PreparePlan>;
  /** Of this host. */
  readonly validate: (source: Source) => Promise<Validation>;
  readonly stop: () => void;
}

const START_TIMEOUT = 60_000;

export async function startService(name: string, projectRoot: string, path: string): Promise<Service> {
  const child = spawn(process.execPath, [join(PROJECT, 'dist/server.js')], {
    cwd: PROJECT,
    env: {
      PATH: path,
      PORT: '0',
      VMLAB_PROJECT_ROOT: projectRoot,
      VMLAB_LOG_DIR: join(LOGS, `service-${name}`),
      VMLAB_BODY_LIMIT: '4194304',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.on('exit', () => child.kill('SIGKILL'));
  const address = await listening(child);
  const post = async <Body>(
    route: string,
    source: Source,
    facts: HostFacts | null,
  ): Promise<Answer<Body>> => {
    const body = JSON.stringify({ ...source, ...(facts && { host: facts }) });
    const response = await asked(`${address}${route}`, 'application/json', body);
    const answer = await response.json();
    if (response.ok) return { body: answer as Body };
    const { errors = [] } = answer as Partial<Refusal>;
    return { refusal: { status: response.status, errors } };
  };
  const textOf = async (route: string, source: Source, accept: string): Promise<string> => {
    const response = await asked(`${address}${route}`, accept, JSON.stringify(source));
    const text = await response.text();
    if (!response.ok) throw new Error(`${route} is refused: ${text}`);
    return text;
  };
  return {
    prepare: async (source) => JSON.parse(await textOf('/plans/prepare', source, 'application/json')),
    argv: (source, facts) => post('/argv', source, facts),
    plan: (source, facts) => post('/plans/start', source, facts),
    script: (source, facts) =>
      textOf('/plans/start', { ...source, ...(facts && { host: facts }) }, 'text/x-shellscript'),
    validate: async (source) => {
      const answer = await post<Validation>('/profiles/validate', source, null);
      if ('refusal' in answer) throw new Error(`validation fails with ${answer.refusal.status}`);
      return answer.body;
    },
    stop: () => child.kill('SIGTERM'),
  };
}

const BUSY = 503;
const MOST_TRIES = 60;

/** Where this machine does so much else that the service asks to come again, it is asked again. */
async function asked(url: string, accept: string, body: string): Promise<Response> {
  for (let tries = 1; ; tries++) {
    // The suite may be busy for longer than the service keeps a connection that nobody uses.
    const headers = { 'content-type': 'application/json', accept, connection: 'close' };
    const response = await fetch(url, { method: 'POST', headers, body });
    if (response.status !== BUSY || tries === MOST_TRIES) return response;
    await response.body?.cancel();
    await wait(1000);
  }
}

/** The address that the service prints once it listens. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const timeout = setTimeout(() => reject(new Error('the service does not start')), START_TIMEOUT);
    const found = (address: string): void => {
      clearTimeout(timeout);
      resolve(address);
    };
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const address = /listens on (http:\S+)/.exec(text)?.[1];
      if (address !== undefined) found(address);
    });
    child.on('exit', (code) => {
      clearTimeout(timeout);
      reject(new Error(`the service ended with exit code ${code}`));
    });
  });
}
