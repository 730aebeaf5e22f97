/** The requests that all proofs send: valid, invalid and hostile ones, to every route, in both media types. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { REPOSITORY } from './service.js';

/** @typedef {import('./http.js').Request} Request */

export const TOML = { 'content-type': 'application/toml' };
export const JSON_TYPE = { 'content-type': 'application/json' };
export const HOSTS = [
  { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/srv/lab' },
  { os: 'linux', arch: 'aarch64', accelerators: ['kvm'], project_root: '/srv/lab' },
  { os: 'darwin', arch: 'aarch64', accelerators: ['hvf'], project_root: '/Users/dev/lab' },
  { os: 'windows', arch: 'x86_64', accelerators: ['whpx'], project_root: 'C:\\lab' },
  { os: 'freebsd', arch: 'ppc64le', accelerators: [], project_root: '/home/dev/lab' },
];
const PLANNING_ROUTES = ['/argv', '/plans/start', '/profiles/validate'];
const CATEGORIES = [
  'host',
  'acceleration',
  'storage',
  'logs',
  'nonsense',
  '',
  'storage,logs',
  'storage,nonsense',
];

/**
 * A few hundred requests, always the same ones.
 * @param {number} takenPort A TCP port of this host that something listens on.
 * @returns {Request[]}
 */
export function allRequests(takenPort) {
  return [
    ...shippedProfiles(),
    ...goldenProfiles(),
    ...oddPlaces(takenPort),
    ...hostileToml(),
    ...hostileJson(),
    ...diffs(),
    ...lookUps(),
    ...wrongMethods(),
    ...wrongMedia(),
    ...wrongHttp(),
  ];
}

/** @param {string} folder */
function textsOf(folder) {
  return readdirSync(join(REPOSITORY, folder))
    .filter((name) => name.endsWith('.toml'))
    .map((name) => ({
      name: name.slice(0, -'.toml'.length),
      text: readFileSync(join(REPOSITORY, folder, name), 'utf8'),
    }));
}

/**
 * @param {string} path
 * @param {string | Buffer} body
 * @param {Record<string, string>} [headers]
 * @returns {Request}
 */
function postToml(path, body, headers = {}) {
  return { name: `TOML to ${path}`, method: 'POST', path, headers: { ...TOML, ...headers }, body };
}

/**
 * @param {string} path
 * @param {unknown} value
 * @returns {Request}
 */
function postJson(path, value) {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { name: `JSON to ${path}`, method: 'POST', path, headers: JSON_TYPE, body };
}

/**
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Request}
 */
function get(path, headers = {}) {
  return { name: `GET ${path.slice(0, 60)}`, method: 'GET', path, headers };
}

/** Every shipped profile: on this host and on a given one, by text and by name, and diagnosed. */
function shippedProfiles() {
  return textsOf('profiles').flatMap(({ name, text }, index) => {
    const host = HOSTS[index % HOSTS.length];
    return [
      ...PLANNING_ROUTES.flatMap((path) => [
        postToml(path, text),
        postJson(path, { profile_toml: text, host }),
        postJson(path, { profile_name: name }),
        postJson(path, { profile_name: name, host, dry_run: true }),
      ]),
      postToml('/argv', text, { accept: 'text/plain' }),
      postToml('/plans/start', text, { accept: 'text/x-shellscript' }),
      postToml('/plans/start', text, { accept: 'text/markdown' }),
      postJson('/plans/start', { profile_name: name, dry_run: false }),
      get(`/profiles/${name}`),
      get(`/doctor?profile=${name}`),
      get(`/doctor?profile=${name}&category=storage,logs`),
    ];
  });
}

function goldenProfiles() {
  return textsOf('test/golden').flatMap(({ text }, index) => [
    postToml('/plans/start', text),
    postJson('/plans/start', { profile_toml: text, host: HOSTS[index % HOSTS.length] }),
  ]);
}

/** @param {string} path */
function oneDisk(path, format = 'raw') {
  return {
    schema_version: 1,
    vm: { name: 'odd' },
    hardware: { arch: 'x86_64', cores: 1, memory_mb: 512 },
    storage: { disks: [{ name: 'root', path, format, ...(format === 'host-path' ? {} : { boot: true }) }] },
  };
}

/**
 * Profiles that point at files and sockets of this host which must not be touched.
 * @param {number} takenPort
 */
function oddPlaces(takenPort) {
  const paths = [
    ...[
      'images/root.qcow2',
      'images/disguised.img',
      'images/plain.img',
      'images/locked.img',
      'images/fifo.img',
    ],
    ...[
      'images/escape.img',
      'images/loop.img',
      'images/zero.img',
      'images',
      'run/live.qmp.sock',
      'run/outside/x',
    ],
    ...[
      '/dev/kvm',
      '/dev/null',
      '/dev/tty',
      '/dev/fdset/1',
      '/proc/self/mem',
      '/proc/self/fd/1',
      '/sys/power/state',
    ],
    ...[
      '/etc/shadow',
      '/etc/hostname',
      '/root/.ssh/id_rsa',
      '../../../../etc/passwd',
      '~/x',
      '$HOME/x',
      '`id`',
      '.',
    ],
    ...[
      'nbd:127.0.0.1:1',
      'json:{}',
      'fat:rw:.',
      'file:x',
      'x,snapshot=on',
      'x,,y',
      'images/größe 1.img',
      'x'.repeat(5000),
    ],
  ];
  const sockets = {
    ...oneDisk('images/plain.img'),
    qmp: { socket: 'run/live.qmp.sock' },
    serial: { enabled: true, mode: 'file', logfile: 'logs/serial.log' },
    kernel: { enabled: true, bzimage: 'kernel/bzImage', initrd: 'kernel/missing', append: 'root=/dev/vda' },
    network: {
      interfaces: [
        { name: 'net0', type: 'user', hostfwd: [`tcp:127.0.0.1:${takenPort}-:22`] },
        { name: 'tap0', type: 'tap' },
        { name: 'br', type: 'bridge' },
      ],
    },
  };
  return [
    ...paths.flatMap((path) => [
      postJson('/plans/start', { profile: oneDisk(path) }),
      postJson('/plans/start', { profile: oneDisk(path, 'host-path') }),
      postJson('/argv', { profile: oneDisk(path), host: HOSTS[0] }),
      postJson('/argv', { profile: { ...oneDisk('images/plain.img'), qmp: { socket: path } } }),
    ]),
    ...PLANNING_ROUTES.map((path) => postJson(path, { profile: sockets })),
  ];
}

function hostileToml() {
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

function hostileJson() {
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

function diffs() {
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

function lookUps() {
  const names = [
    '..',
    '%2e%2e',
    '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '%00',
    '%c0%ae',
    '%',
    '%zz',
    'fifo',
    'huge',
    'zero',
    'loop',
  ];
  const odd = [
    'broken',
    'empty',
    'not-utf8',
    'folder',
    'dangling',
    '.hidden',
    'a%20name%2C%20with%20%3D%20signs',
    'x'.repeat(999),
  ];
  return [
    ...[
      '/livez',
      '/readyz',
      '/metrics',
      '/profiles',
      '/doctor',
      '/schemas/profile.json',
      '/openapi.json',
      '/openapi.yaml',
    ],
    ...[
      '/docs',
      '/docs/',
      '/docs/static/index.html',
      '/docs/static/swagger-ui-bundle.js',
      '/docs/static/swagger-ui.css',
    ],
    ...[
      '/docs/static/../../package.json',
      '/docs/static/%2e%2e/%2e%2e/package.json',
      '/docs/static/..%2f..%2fpackage.json',
    ],
    ...[
      '/docs/json',
      '/docs/yaml',
      '/problems/profile-invalid',
      '/problems/..',
      '/',
      '//',
      '/nothing',
      '/argv/',
      '/ARGV',
    ],
    ...[
      '/argv?x=1',
      '/profiles/',
      '/%',
      '/%00',
      '/..%2f',
      `/${'x'.repeat(5000)}`,
      '/livez?%zz',
      '/livez/../metrics',
    ],
    ...[...names, ...odd].flatMap((name) => [`/profiles/${name}`, `/doctor?profile=${name}`]),
    ...CATEGORIES.map((category) => `/doctor?category=${category}`),
    ...[
      '/doctor?profile=minimal&profile=web-server',
      '/doctor?category=storage&category=logs',
      '/doctor?__proto__[x]=1',
    ],
  ].map((path) => get(path));
}

function wrongMethods() {
  const methods = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  return ['/argv', '/plans/start', '/livez', '/profiles/minimal', '/docs/', '/nothing'].flatMap((path) =>
    methods.map((method) => ({ name: `${method} ${path}`, method, path })),
  );
}

function wrongMedia() {
  const text = readFileSync(join(REPOSITORY, 'profiles/minimal.toml'));
  const types = [
    'text/plain',
    'application/json5',
    'application/toml;charset=utf-16',
    'multipart/form-data; boundary=x',
    '',
  ];
  const spelled = [
    'application/toml ',
    ' application/toml',
    'application/toml\t;x=1',
    'APPLICATION/TOML',
    'application/toml;charset=utf-8',
  ];
  return [
    ...[...types, ...spelled].map((type) => postToml('/argv', text, { 'content-type': type })),
    ...['gzip', 'deflate', 'br', 'identity', 'x'].map((encoding) =>
      postToml('/argv', gzipSync(text), { 'content-encoding': encoding }),
    ),
    ...[
      '*/*',
      'text/html',
      'text/plain;q=0',
      'text/plain;q=0.5, application/json;q=0.1',
      ',,,',
      'x'.repeat(5000),
    ].map((accept) => postToml('/argv', text, { accept })),
    ...['fine-1', 'a b', '{"x":1}', 'x'.repeat(200), `ghp_${'a'.repeat(36)}`].map((id) =>
      get('/livez', { 'x-request-id': id }),
    ),
    get('/livez', { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }),
    get('/livez', { traceparent: 'ghp_not_a_trace' }),
    get('/argv', { origin: 'https://evil.example', 'access-control-request-method': 'POST' }),
    {
      name: 'preflight',
      method: 'OPTIONS',
      path: '/argv',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    },
    get('/livez', { authorization: 'Bearer x' }),
    get('/livez', { expect: '100-continue' }),
    get('/livez', { 'if-none-match': '*', range: 'bytes=0-1' }),
    get('/docs/static/swagger-ui.css', { range: 'bytes=99999999-' }),
    get('/docs/static/swagger-ui.css', { 'if-match': '"other"' }),
    postToml('/argv', Buffer.alloc(300_000, '#')),
    postToml('/argv', ''),
    { name: 'no type', method: 'POST', path: '/argv', body: text },
  ];
}

/** @returns {Request[]} */
function wrongHttp() {
  const post = 'POST /argv HTTP/1.1\r\nHost: x\r\nContent-Type: application/toml\r\n';
  return [
    ...[
      '',
      '\r\n',
      '\0\0\0\0',
      'GET',
      'GET /livez',
      'GET /livez HTTP/9.9\r\n\r\n',
      'GARBAGE\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01',
    ],
    'GET /livez HTTP/1.1\r\n\r\n',
    'GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
    'GET /livez HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n',
    'GET http://169.254.169.254/livez HTTP/1.1\r\nHost: x\r\n\r\n',
    'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET /livez HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
    'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    `GET /livez HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
    `GET /livez HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(3000)}\r\n`,
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `${post}Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef`,
    `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked, x\r\n\r\n0\r\n\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\n`,
    `${post}Transfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n\r\n`,
    `${post}Content-Length: -1\r\n\r\n`,
    `${post}Content-Length: 99999999999\r\n\r\n`,
    `${post}Content-Length: 50\r\n\r\nonly half of it`,
    `${post}Content-Length: 3\r\n\r\na=1GET /livez HTTP/1.1\r\nHost: x\r\n\r\n`,
    `${'GET /livez HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50)}`,
  ].map((raw) => ({ name: `raw ${JSON.stringify(raw.slice(0, 40))}`, raw }));
}
