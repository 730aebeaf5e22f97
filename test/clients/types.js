/**
 * Types that quicktype makes of the profile's schema for other languages: each shipped profile is read into them and written
 * again, and is the same profile for the service.
 */

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { EVIDENCE, MADE, OWN, PROFILE_SCHEMA, PROFILES } from './places.js';
import { ask } from './service.js';
import { run, tool } from './tools.js';

/** Where Debian puts the sources of Rust's libraries. */
const CRATES = '/usr/share/cargo/registry';

/**
 * By language: the file of types, how the program that uses them is built, and how it is started.
 * @type {Readonly<Record<string, { types: string, build: string[], start: string[] }>>}
 */
const LANGUAGES = {
  python: {
    types: 'profile.py',
    build: ['python3', '-m', 'compileall', '-q', '.'],
    start: ['python3', 'round_trip.py'],
  },
  go: {
    types: 'profile.go',
    build: ['go', 'build', '-o', 'round_trip', 'profile.go', 'round_trip.go'],
    start: ['./round_trip'],
  },
  rust: {
    types: 'profile.rs',
    build: [
      ...['cargo', 'build', '--quiet', '--offline'],
      ...['--config', 'source.crates-io.replace-with="debian"'],
      ...['--config', `source.debian.directory="${CRATES}"`],
    ],
    start: [join(EVIDENCE, 'cargo/debug/round_trip')],
  },
};

export const LANGUAGE_NAMES = Object.keys(LANGUAGES);

/** @param {string} baseUrl @param {string} language */
export async function tryTypes(baseUrl, language) {
  const { types, build, start } = /** @type {typeof LANGUAGES[string]} */ (LANGUAGES[language]);
  const files = readdirSync(PROFILES).filter((file) => file.endsWith('.toml'));
  const profiles = files.map((file) => parse(readFileSync(join(PROFILES, file), 'utf8')));
  const directory = join(MADE, language);
  mkdirSync(directory, { recursive: true });
  for (const file of readdirSync(join(OWN, 'round_trip')))
    copyFileSync(join(OWN, 'round_trip', file), join(directory, file));
  const options = ['--src-lang', 'schema', '--lang', language, '--top-level', 'Profile'];
  run([tool('quicktype'), PROFILE_SCHEMA, ...options, '--out', join(directory, types)]);
  if (language === 'rust') mendRust(join(directory, types));
  run(build, { directory });
  const input = profiles.map((profile) => `${JSON.stringify(profile)}\n`).join('');
  const written = run(start, { directory, input })
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const named = (/** @type {readonly (string | null)[]} */ hashes) =>
    hashes.map((hash, index) => [files[index], hash]);
  assert.deepEqual(named(await hashesOf(baseUrl, written)), named(await hashesOf(baseUrl, profiles)));
  return `${files.length} profiles`;
}

/** quicktype calls all members of an enum by its rule for names, such as `ppc64_le`, where these have to keep their own. */
const OWN_NAMES = { Ppc64Le: 'ppc64le', E1000E: 'e1000e' };

/** @param {string} file */
function mendRust(file) {
  let types = readFileSync(file, 'utf8');
  for (const [member, name] of Object.entries(OWN_NAMES))
    types = types.replace(new RegExp(`^ +${member},$`, 'm'), `#[serde(rename = "${name}")] ${member},`);
  writeFileSync(file, types);
}

/** @param {string} baseUrl @param {readonly object[]} profiles */
function hashesOf(baseUrl, profiles) {
  return Promise.all(
    profiles.map(async (profile) => (await ask(baseUrl, '/profiles/validate', { profile })).profile_hash),
  );
}
