/** Bodies that are hostile or no profile at all. */
import { HOSTS, PLANNING_ROUTES, postJson, postToml } from './make.js';

export function hostileToml() {
  const valid =
    'schema_version = 1\n[vm]\nname = "a"\n[hardware]\narch = "x86_64"\ncores = 1\nmemory_mb = 512\n';
  const texts = [
    ...[
      '',
      ' ',
      '\0',
      '\ufeff',
      '[',
      '=',
      'a',
      'a =',
      'a = "',
      "a = '''",
      '[[a]]\n[a]',
      'a = 1\na = 2',
      '#'.repeat(100_000),
    ],
    ...[
      'a = 1979-05-27T07:32:00Z',
      'a = inf',
      'a = -nan',
      'a = 1e400',
      'a = 9223372036854775808',
      'a = 0x7fffffffffffffff',
    ],
    `a${'.a'.repeat(5000)} = 1`,
    `a = ${'['.repeat(5000)}`,
    `a = ${'{a='.repeat(5000)}`,
    '[__proto__]\npolluted = true\n[constructor.prototype]\npolluted = true',
    `${valid}password = "hunter2hunter2"\n`,
    `${valid}[storage]\ndisks = [${'{},'.repeat(10_000)}]\n`,
    `${valid}[storage]\ndisks = "x"\n[network]\ninterfaces = 1979-05-27\n`,
    `${valid}[kernel]\nenabled = true\nbzimage = "k"\nappend = "token=ghp_${'a'.repeat(36)}"\n`,
    ...[
      'cores = 0',
      'cores = 1.5',
      'cores = inf',
      'cores = 99999999999',
      'cpu = "help"',
      'cpu = "host,,x"',
      'cpu = ""',
    ].map((line) => `${valid}${line}\n`),
    ...[
      '\\u0000',
      '\\u202e',
      '\\u001b[31m',
      '\\ud800',
      '$(reboot)',
      '-snapshot',
      'a,b=c',
      "'",
      'a"b',
      '\\\\',
    ].map((text) => `schema_version = 1\n[vm]\nname = "${text.replaceAll('"', '\\"')}"\n`),
    Array.from({ length: 2000 }, (_, index) => `key_${index} = ${index}`).join('\n'),
    Buffer.from([0xff, 0xfe, 0x61, 0x00]),
    Buffer.from('name = "\xc3\x28"', 'latin1'),
    Buffer.concat([Buffer.from('\ufeff'), Buffer.from(valid)]),
    'x = 1\n'.repeat(60_000),
  ];
  return texts.flatMap((text) => PLANNING_ROUTES.map((path) => postToml(path, text)));
}

export function hostileJson() {
  const values = [
    ...[
      '',
      '{',
      '[]',
      'null',
      '1',
      '"x"',
      '{}',
      '{"profile":{},"profile":{}}',
      '{"profile":{},}',
      "{'profile':{}}",
      'NaN',
    ],
    ...['{"profile":null}', '{"profile":[]}', '{"profile":{},"extra":1}', '{"profile":{},"profile_toml":""}'],
    ...[
      '{"profile":{"__proto__":{"polluted":1}}}',
      '{"constructor":{"prototype":{}}}',
      '{"__proto__":{"profile":{}}}',
    ],
    ...[
      '{"profile":{"schema_version":1e400}}',
      '{"profile":{"vm":{"name":"\\ud800"}}}',
      '{"profile_toml":"\\u0000"}',
    ],
    '['.repeat(100_000),
    `{"profile":${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`,
    { profile: Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`k${index}`, index])) },
    ...[
      {},
      { os: 'plan9' },
      { ...HOSTS[0], project_root: '../x' },
      { ...HOSTS[0], accelerators: ['hvf'] },
    ].map((host) => ({
      profile: {},
      host,
    })),
    ...[
      { ...HOSTS[0], project_root: '/proc/self' },
      { ...HOSTS[0], project_root: '/$(id)' },
      'x',
      [],
      1,
      null,
    ].map((host) => ({
      profile: {},
      host,
    })),
    ...[
      '../../etc/passwd',
      '/etc/passwd',
      '..',
      '.',
      '',
      '.hidden',
      'a\0b',
      'broken',
      'empty',
      'not-utf8',
      'folder',
      'fifo',
    ].map((profile_name) => ({ profile_name })),
    ...[
      'loop',
      'dangling',
      'zero',
      'huge',
      'no-such',
      'x'.repeat(1000),
      '__proto__',
      'a name, with = signs',
    ].map((profile_name) => ({ profile_name, host: HOSTS[0] })),
    { profile_name: ['minimal'] },
    { profile_name: 'minimal', dry_run: 'false' },
    { profile: { password: 'hunter2hunter2', token: `ghp_${'a'.repeat(36)}` } },
  ];
  return values.flatMap((value) => [postJson('/plans/start', value), postJson('/profiles/validate', value)]);
}

export function diffs() {
  const hash = `sha256:${'0'.repeat(64)}`;
  const before = { profile_name: 'minimal', host: HOSTS[0] };
  return [
    { before, after: before },
    { before, after: { profile_name: 'web-server', host: HOSTS[1] } },
    { before: { profile_name: 'minimal' }, after: { profile_name: 'minimal', host: HOSTS[0] } },
    { before },
    { before: { profile_hash: 'x' }, after: before },
    { before: { profile_hash: hash, argv_hash: hash, plan_hash: hash, host: HOSTS[0] }, after: before },
    [],
  ].map((value) => postJson('/plans/diff', value));
}
