/** The environment: every variable, its default, and the one line that a bad value is answered with. */
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import t from 'tap';
import { type Configuration, ConfigurationError, readConfiguration } from '../src/configuration.ts';
import { checkLogDirectory } from '../src/log_directory.ts';

const SURROUNDINGS = {
  workingDirectory: '/srv/work',
  serviceRoot: '/opt/planner',
  machine: { os: 'linux', arch: 'x86_64' },
} as const;

const DEFAULTS: Configuration = {
  listenHost: '127.0.0.1',
  port: 3000,
  host: {
    machine: SURROUNDINGS.machine,
    projectRoot: '/srv/work',
    strictPaths: false,
    searchPath: [],
    kvmDevice: '/dev/kvm',
  },
  profileDirectories: [{ scope: 'profiles', path: '/srv/work/profiles' }],
  logDirectory: '/opt/planner/logs/vmlab',
  logLevel: 'info',
  logToStdout: false,
  bodyLimit: 262144,
  fleetBodyLimit: 16777216,
  tokens: [],
  rateLimit: 0,
  corsOrigins: [],
  shutdownDelay: 0,
  notes: [],
};

type Environment = Record<string, string>;

t.test('good values', (t) => {
  const directories = ['a', '/b', '', './a/', 'c/../a'].join(delimiter);
  const rows: [environment: Environment, change: Partial<Configuration>][] = [
    [{}, {}],
    [{ HOST: '', PORT: '', VMLAB_PROJECT_ROOT: '', VMLAB_API_TOKENS: '', LOG_LEVEL: '' }, {}],
    [{ UNRELATED: 'x', VMLAB_PLANNER_SERVICE_HOST: 'x', XVMLAB_A: 'x' }, {}],
    [
      { VMLAB_PROJECT_ROOOT: 'secret', VMLAB_COLOUR_OF_THE_SKY: 'x', VMLAB_PORT: '1', VMLAB_LOG_LEVEL: 'x' },
      {
        notes: [
          'The variable VMLAB_COLOUR_OF_THE_SKY is not known and has no effect.',
          'The variable VMLAB_LOG_LEVEL is not known and has no effect; is LOG_LEVEL meant?',
          'The variable VMLAB_PORT is not known and has no effect; is PORT meant?',
          'The variable VMLAB_PROJECT_ROOOT is not known and has no effect; is VMLAB_PROJECT_ROOT meant?',
        ],
      },
    ],
    [{ HOST: '0.0.0.0' }, { listenHost: '0.0.0.0' }],
    [{ HOST: '::1' }, { listenHost: '::1' }],
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: '65535' }, { port: 65535 }],
    [{ VMLAB_PROJECT_ROOT: '/srv//lab/' }, { host: { ...DEFAULTS.host, projectRoot: '/srv/lab' } }],
    [{ VMLAB_PROJECT_ROOT: 'lab, ü' }, { host: { ...DEFAULTS.host, projectRoot: '/srv/work/lab, ü' } }],
    [{ VMLAB_PROJECT_ROOT: '..' }, { host: { ...DEFAULTS.host, projectRoot: '/srv' } }],
    [{ VMLAB_PATH_POLICY: 'permissive' }, {}],
    [{ VMLAB_PATH_POLICY: 'strict' }, { host: { ...DEFAULTS.host, strictPaths: true } }],
    [
      { PATH: ['/usr/bin', '', '/bin'].join(delimiter) },
      { host: { ...DEFAULTS.host, searchPath: ['/usr/bin', '/bin'] } },
    ],
    [
      { VMLAB_PROFILE_DIRS: directories },
      {
        profileDirectories: [
          { scope: 'a', path: '/srv/work/a' },
          { scope: '/b', path: '/b' },
        ],
      },
    ],
    [{ VMLAB_LOG_DIR: 'logs/other' }, { logDirectory: '/opt/planner/logs/other' }],
    [{ VMLAB_LOG_DIR: '/elsewhere' }, { logDirectory: '/elsewhere' }],
    [{ VMLAB_LOG_STDOUT: 'true' }, { logToStdout: true }],
    [{ VMLAB_LOG_STDOUT: 'false' }, {}],
    ...['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'].map(
      (logLevel): [Environment, Partial<Configuration>] => [{ LOG_LEVEL: logLevel }, { logLevel }],
    ),
    [{ VMLAB_API_TOKENS: 'one' }, { tokens: ['one'] }],
    [{ VMLAB_API_TOKENS: ' a.b-c_d~e+f/g== , 2,,' }, { tokens: ['a.b-c_d~e+f/g==', '2'] }],
    [{ VMLAB_BODY_LIMIT: '1' }, { bodyLimit: 1 }],
    [{ VMLAB_BODY_LIMIT: '67108864' }, { bodyLimit: 67108864 }],
    [{ VMLAB_FLEET_BODY_LIMIT: '1' }, { fleetBodyLimit: 1 }],
    [{ VMLAB_FLEET_BODY_LIMIT: '67108864' }, { fleetBodyLimit: 67108864 }],
    [{ VMLAB_RATE_LIMIT: '60' }, { rateLimit: 60 }],
    [
      { VMLAB_CORS_ORIGINS: 'https://lab.example:8443 ,, http://127.0.0.1:5173' },
      { corsOrigins: ['https://lab.example:8443', 'http://127.0.0.1:5173'] },
    ],
    [{ VMLAB_SHUTDOWN_DELAY: '5' }, { shutdownDelay: 5000 }],
  ];
  for (const [environment, change] of rows) {
    const configuration = readConfiguration(environment, SURROUNDINGS);
    t.strictSame(configuration, { ...DEFAULTS, ...change }, JSON.stringify(environment));
  }
  t.end();
});

t.test('bad values', (t) => {
  const rows: [variable: string, ...values: string[]][] = [
    ['PORT', '65536', '-1', '3000 ', ' 3000', '0x10', '1e3', '3000.0', 'http', '9'.repeat(400)],
    ['VMLAB_BODY_LIMIT', '0', '67108865', '1k', '-5', 'Infinity'],
    ['VMLAB_RATE_LIMIT', '-1', '1000001', '1.5', 'off'],
    ['VMLAB_SHUTDOWN_DELAY', '-1', '301', '0.5', '5s'],
    ['VMLAB_PATH_POLICY', 'STRICT', 'lax'],
    ['VMLAB_LOG_STDOUT', 'yes', '1', 'TRUE'],
    ['LOG_LEVEL', 'INFO', 'verbose', '30'],
    [
      'VMLAB_PROJECT_ROOT',
      '/proc/self',
      '../../dev',
      '/srv/$USER',
      '/srv/`x`',
      '/srv/\u0001',
      '/home/x/.ssh',
      '/x'.repeat(2100),
    ],
    [
      'VMLAB_CORS_ORIGINS',
      '*',
      'null',
      'lab.example',
      'https://lab.example/',
      'https://lab.example/x',
      'https://lab.example:443',
      'https://LAB.example',
      'https://me@lab.example',
      'data:text/plain,x',
      'https://a https://b',
      'https://a,b',
    ],
    ['VMLAB_API_TOKENS', 'two words', 'tab\there', 'ünsäfe', 'a,b c', '=', 'a=b', '"quoted"'],
  ];
  for (const [variable, ...values] of rows) {
    for (const value of values) {
      const about = `${variable}=${JSON.stringify(value).slice(0, 40)}`;
      const message = refusalOf(() => readConfiguration({ [variable]: value }, SURROUNDINGS));
      t.match(message, new RegExp(`^${variable} [^\\n]+\\.$`), `${about}: one line that names the variable`);
      if (variable === 'VMLAB_API_TOKENS')
        t.notOk(message.includes(value), `${about}: a token is not repeated`);
    }
  }
  const elsewhere = { ...SURROUNDINGS, workingDirectory: '/proc/1/cwd' };
  t.match(
    refusalOf(() => readConfiguration({}, elsewhere)),
    /^VMLAB_PROJECT_ROOT /,
    'the default is checked like any value',
  );
  const unknown = { ...SURROUNDINGS, machine: null };
  t.match(
    refusalOf(() => readConfiguration({}, unknown)),
    /^This system or CPU /,
    'no machine to plan for',
  );
  t.end();
});

/** The message that the service would print and end with. */
function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return 'taken';
}

t.test('the log directory is under logs/, also when links are followed', async (t) => {
  const outside = realpathSync(t.testdir({ service: { logs: { there: {} } }, elsewhere: {} }));
  const root = join(outside, 'service');
  const logs = join(root, 'logs');
  symlinkSync(join(outside, 'elsewhere'), join(logs, 'out'));
  symlinkSync('../../elsewhere', join(logs, 'out-relative'));
  symlinkSync(join(outside, 'not-there'), join(logs, 'dangling'));
  symlinkSync('there', join(logs, 'in'));
  symlinkSync('loop', join(logs, 'loop'));
  symlinkSync(root, join(outside, 'linked-service'));
  mkdirSync(join(logs, 'planted'));
  symlinkSync(join(outside, 'elsewhere', 'x'), join(logs, 'planted', 'requests.1.ndjson'));
  const rows: [path: string, isTaken: boolean][] = [
    ['logs/there', true],
    ['logs/vmlab', true],
    ['logs/a/b/c', true],
    ['logs/in', true],
    ['logs/in/x', true],
    ['logs/..x', true],
    ['logs', false],
    ['logs/.', false],
    ['logs/..', false],
    ['.', false],
    ['src', false],
    ['logs-2/x', false],
    ['../elsewhere', false],
    ['../service/logs/there', true],
    ['logs/../src', false],
    ['logs/out', false],
    ['logs/out/vmlab', false],
    ['logs/out-relative', false],
    ['logs/dangling', false],
    ['logs/dangling/vmlab', false],
    ['logs/loop', false],
    ['logs/loop/vmlab', false],
  ];
  for (const [path, isTaken] of rows) {
    t.match(await logRefusalOf(root, join(root, path)), isTaken ? 'taken' : /^VMLAB_LOG_DIR [^\n]+\.$/, path);
  }
  t.match(await logRefusalOf(root, '/tmp'), /^VMLAB_LOG_DIR /, 'an absolute path');
  t.match(
    await logRefusalOf(root, join(logs, 'planted')),
    /requests\.1\.ndjson is a symbolic link/,
    'a link among the files',
  );
  const linked = join(outside, 'linked-service');
  t.equal(
    await logRefusalOf(linked, join(linked, 'logs', 'vmlab')),
    'taken',
    'a service that is reached by a link',
  );
  t.match(await logRefusalOf(linked, join(linked, 'logs', 'out')), /^VMLAB_LOG_DIR /);
});

t.test('logs/ itself is no link', async (t) => {
  const outside = realpathSync(t.testdir({ service: {}, elsewhere: { vmlab: {} } }));
  const root = join(outside, 'service');
  symlinkSync(join(outside, 'elsewhere'), join(root, 'logs'));
  t.match(await logRefusalOf(root, join(root, 'logs', 'vmlab')), /^VMLAB_LOG_DIR /);
});

async function logRefusalOf(root: string, directory: string): Promise<string> {
  const problem = await checkLogDirectory(root, directory).catch((error: unknown) => error);
  return refusalOf(() => {
    if (problem !== undefined) throw problem;
  });
}
