/** What requests are made of. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../service.js';

/** @typedef {import('../http.js').Request} Request */

export const TOML = { 'content-type': 'application/toml' };
export const JSON_TYPE = { 'content-type': 'application/json' };
export const HOSTS = [
  { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/srv/lab' },
  { os: 'linux', arch: 'aarch64', accelerators: ['kvm'], project_root: '/srv/lab' },
  { os: 'darwin', arch: 'aarch64', accelerators: ['hvf'], project_root: '/Users/dev/lab' },
  { os: 'windows', arch: 'x86_64', accelerators: ['whpx'], project_root: 'C:\\lab' },
  { os: 'freebsd', arch: 'ppc64le', accelerators: [], project_root: '/home/dev/lab' },
];
export const PLANNING_ROUTES = ['/argv', '/plans/start', '/profiles/validate'];
/** They look at the host of the service, and refuse another one. */
export const LOOKING_ROUTES = ['/plans/prepare', '/doctor'];

/** @param {string} folder */
export function textsOf(folder) {
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
export function postToml(path, body, headers = {}) {
  return { name: `TOML to ${path}`, method: 'POST', path, headers: { ...TOML, ...headers }, body };
}

/**
 * @param {string} path
 * @param {unknown} value
 * @returns {Request}
 */
export function postJson(path, value) {
  const body = typeof value === 'string' ? value : JSON.stringify(value);
  return { name: `JSON to ${path}`, method: 'POST', path, headers: JSON_TYPE, body };
}

/**
 * A fleet as a stream.
 * @param {readonly unknown[]} lines Texts go as they are.
 * @param {string} [query]
 * @returns {Request}
 */
export function postLines(lines, query = '') {
  const body = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  return {
    name: `${lines.length} lines`,
    method: 'POST',
    path: `/plans/fleet${query}`,
    headers: { 'content-type': 'application/x-ndjson' },
    body,
  };
}

/**
 * @param {string} path
 * @param {Record<string, string>} [headers]
 * @returns {Request}
 */
export function get(path, headers = {}) {
  return { name: `GET ${path.slice(0, 60)}`, method: 'GET', path, headers };
}
