/** Odd paths, methods, media types and headers, and what is no HTTP. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { REPOSITORY } from '../service.js';
import { get, postToml } from './make.js';

/** @typedef {import('../http.js').Request} Request */

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

export function lookUps() {
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
      '/profiles?limit=1&after=minimal',
      '/profiles?limit=0',
      '/profiles?page=2',
    ],
  ].map((path) => get(path));
}

export function wrongMethods() {
  const methods = ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
  return ['/argv', '/plans/start', '/livez', '/profiles/minimal', '/docs/', '/nothing'].flatMap((path) =>
    methods.map((method) => ({ name: `${method} ${path}`, method, path })),
  );
}

export function wrongMedia() {
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
export function wrongHttp() {
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
