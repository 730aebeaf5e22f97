/** Real balancers in front of the instances, on loopback; all that they write is in their folder. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../proof/http.js';
import { EVIDENCE, freePort } from './places.js';

/**
 * @typedef {object} Balancer
 * @property {string} name
 * @property {number} port
 * @property {() => Promise<void>} stop
 */

/** Says who has answered. */
export const SERVED_BY = 'x-served-by';
const START_TIMEOUT = 10_000;

/**
 * As a Service of Kubernetes: it asks /readyz and never tries a request twice.
 * @param {readonly import('./instances.js').Instance[]} instances
 */
export function startHaproxy(instances) {
  return startBalancer('haproxy', (port) => ({
    command: (file) => ['haproxy', '-db', '-f', file],
    text: `
global
  maxconn 1000
defaults
  mode http
  timeout connect 2s
  timeout client 30s
  timeout server 30s
  timeout check 5s
  retries 0
listen fleet
  bind 127.0.0.1:${port}
  balance roundrobin
  http-reuse always
  option httpchk GET /readyz
  http-check expect status 200
  http-response set-header ${SERVED_BY} %s
  default-server check inter 400ms fall 1 rise 1
${instances.map(({ name, port }) => `  server ${name} 127.0.0.1:${port}`).join('\n')}
`,
  }));
}

/**
 * It asks nobody: it learns that an instance is gone from a request that it then gives to another one.
 * @param {readonly import('./instances.js').Instance[]} instances
 */
export function startNginx(instances) {
  return startBalancer('nginx', (port, folder) => ({
    command: (file) => ['nginx', '-e', join(folder, 'error.log'), '-p', folder, '-c', file],
    text: `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log error;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  upstream fleet {
${instances.map(({ port }) => `    server 127.0.0.1:${port} max_fails=0;`).join('\n')}
    keepalive 32;
    keepalive_requests 1000000;
  }
  map $upstream_addr $served_by {
${instances.map(({ name, port }) => `    "~:${port}$" ${name};`).join('\n')}
  }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    client_body_buffer_size 1m;
    location / {
      proxy_pass http://fleet;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_next_upstream error timeout non_idempotent;
      add_header ${SERVED_BY} $served_by always;
    }
  }
}
`,
  }));
}

/**
 * @param {string} name
 * @param {(port: number, folder: string) => { command: (file: string) => string[], text: string }} configure
 * @returns {Promise<Balancer>}
 */
async function startBalancer(name, configure) {
  const folder = join(EVIDENCE, name);
  mkdirSync(folder, { recursive: true });
  const port = await freePort();
  const { command, text } = configure(port, folder);
  const file = join(folder, `${name}.conf`);
  writeFileSync(file, text);
  const [program = '', ...args] = command(file);
  const output = openSync(join(folder, 'output.log'), 'w');
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', output, output] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const ended = once(child, 'exit');
  await untilServing(name, port, ended);
  return {
    name,
    port,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      process.removeListener('exit', kill);
    },
  };
}

/**
 * @param {string} name
 * @param {number} port
 * @param {Promise<unknown>} ended
 */
async function untilServing(name, port, ended) {
  let hasEnded = false;
  ended.then(
    () => (hasEnded = true),
    () => (hasEnded = true),
  );
  const deadline = Date.now() + START_TIMEOUT;
  for (;;) {
    const { status } = await send(port, { name: '', method: 'GET', path: '/readyz' }).catch(() => ({
      status: 0,
    }));
    if (status === 200) return;
    if (hasEnded || Date.now() > deadline) throw new Error(`${name} did not start: see logs/fleet/${name}`);
    await sleep(20);
  }
}
