/**
 * Golden cases: `NAME.toml` with its host on the second line, beside it `NAME.argv`, one element a line, and
 * `NAME.canonical`; of some the plan as a script, `NAME.sh`, and as a summary, `NAME.md`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readHostFacts } from '../../src/facts/read_host_facts.ts';
import type { HostFacts } from './hosts.ts';

export interface GoldenCase {
  readonly name: string;
  readonly toml: string;
  readonly facts: HostFacts;
  readonly argv: readonly string[];
  readonly canonical: string;
  /** `null` when there is no such file. */
  readonly script: string | null;
  readonly summary: string | null;
}

const FOLDER = new URL('../golden/', import.meta.url);

export function goldenCases(): GoldenCase[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.toml'))
    .sort()
    .map((file) => goldenCase(file.slice(0, -'.toml'.length)));
}

function goldenCase(name: string): GoldenCase {
  const toml = textOf(`${name}.toml`);
  return {
    name,
    toml,
    facts: hostOf(name, toml),
    argv: textOf(`${name}.argv`).replace(/\n$/, '').split('\n'),
    canonical: textOf(`${name}.canonical`),
    script: textIfThere(`${name}.sh`),
    summary: textIfThere(`${name}.md`),
  };
}

function textIfThere(file: string): string | null {
  return existsSync(new URL(file, FOLDER)) ? textOf(file) : null;
}

function hostOf(name: string, toml: string): HostFacts {
  const json = /^# host: (.*)$/.exec(toml.split('\n')[1] ?? '')?.[1];
  if (json === undefined) throw new Error(`${name}.toml has no host on its second line`);
  const host = readHostFacts(JSON.parse(json));
  if ('mistakes' in host) throw new Error(`${name}.toml: ${JSON.stringify(host.mistakes)}`);
  return host.facts;
}

function textOf(file: string): string {
  return readFileSync(new URL(file, FOLDER), 'utf8');
}
