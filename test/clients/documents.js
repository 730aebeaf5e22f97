/** What neutral tools say of the documents: the OpenAPI document, and issues as SARIF. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOCUMENT, EVIDENCE } from './places.js';
import { run, tool } from './tools.js';

const RULES = join(EVIDENCE, 'spectral.json');
const SARIF_TOOL = join(EVIDENCE, 'node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
/** A profile with errors, warnings and an info. */
const MISTAKEN = `schema_version = 1
[vm]
name = "mistaken"
[hardware]
arch = "x86_64"
cores = 0
memory = 2048
[[storage.disks]]
name = "root"
path = "images/mistaken.qcow2"
format = "qcow2"
`;
/** The project has no address on the web to name. */
const NOT_THERE = /warning SARIF2005:/;

export function tryDocument() {
  writeFileSync(RULES, '{ "extends": ["spectral:oas"] }');
  return run([tool('spectral'), 'lint', DOCUMENT, '--ruleset', RULES, '--fail-severity', 'hint']).trim();
}

/** @param {string} baseUrl */
export async function trySarif(baseUrl) {
  const answer = await fetch(`${baseUrl}/profiles/validate?file=${encodeURIComponent('profiles/a b.toml')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/toml', accept: 'application/sarif+json' },
    body: MISTAKEN,
  });
  const file = join(EVIDENCE, 'mistaken.sarif');
  const text = await answer.text();
  writeFileSync(file, text);
  // npm has packed it as a file that is only read.
  chmodSync(SARIF_TOOL, 0o755);
  const said = run([SARIF_TOOL, 'validate', file, '--rule-kind', 'Sarif;Ghas']);
  const complaints = said.split('\n').filter((line) => /: (error|warning|note) /.test(line));
  const found = complaints.filter((line) => !NOT_THERE.test(line));
  if (found.length > 0) throw new Error(found.join('\n'));
  const levels = JSON.parse(text).runs[0].results.map((/** @type {{ level: string }} */ { level }) => level);
  return `${levels.length} results: ${[...new Set(levels)].join(', ')}`;
}
