/** What is asked of the service, and of the ceiling beside it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { templateOf } from './body_text.js';
import { REPOSITORY } from './server_process.js';

const JSON_TYPE = 'application/json';
export const HOST = { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/srv/lab' };

/** The profile kernel-dev as it is measured, without comments, and the shipped one of that name, which is full of them. */
export const PLAIN_TOML = readFileSync(join(REPOSITORY, 'test/golden/kernel-dev.toml'), 'utf8').replace(
  /^#.*\n/gm,
  '',
);
export const ANNOTATED_TOML = readFileSync(join(REPOSITORY, 'profiles/kernel-dev.toml'), 'utf8');
export const PROFILE = parse(PLAIN_TOML);

/**
 * @typedef {object} Asked
 * @property {string} type Media type.
 * @property {string} template
 */

/**
 * @typedef {object} Work
 * @property {string} name
 * @property {string} path Of the service's route.
 * @property {Asked} service
 * @property {Asked} ceiling The same bytes, unless the framework alone could not read them.
 */

/** Those of the last lines; the only ones of a quick run. */
export const MAIN_WORKS = [
  work('plans_start_json', '/plans/start', { profile: PROFILE, host: HOST }),
  work('argv_json', '/argv', { profile: PROFILE, host: HOST }),
  work('plans_start_toml', '/plans/start', { profile_toml: PLAIN_TOML, host: HOST }),
];

/** @type {readonly Work[]} */
export const WORKS = [
  ...MAIN_WORKS,
  // The same machine.
  work('plans_start_version_2', '/plans/start', { profile: { ...PROFILE, schema_version: 2 }, host: HOST }),
  work('validate_json', '/profiles/validate', { profile: PROFILE, host: HOST }),
  work('plans_start_annotated', '/plans/start', { profile_toml: ANNOTATED_TOML, host: HOST }),
  // The profile alone, as application/toml: this host is probed for every one.
  {
    ...work('plans_start_probed', '/plans/start', { profile_toml: PLAIN_TOML }),
    service: { type: 'application/toml', template: templateOf(PLAIN_TOML) },
  },
];

/**
 * @param {string} name
 * @param {string} path
 * @param {object} envelope
 * @returns {Work}
 */
function work(name, path, envelope) {
  const asked = { type: JSON_TYPE, template: templateOf(JSON.stringify(envelope)) };
  return { name, path, service: asked, ceiling: asked };
}
