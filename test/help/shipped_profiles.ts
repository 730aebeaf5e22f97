/** The profiles that people start from, and the hosts that they are for. */
import { readdirSync, readFileSync } from 'node:fs';
import type { HostFacts } from '../../src/facts/host_facts.ts';
import { DARWIN, FIRMWARE, LINUX } from './hosts.ts';

const FOLDER = new URL('../../profiles/', import.meta.url);

/** By name. */
export const SHIPPED: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.toml'))
  .map((file) => file.slice(0, -'.toml'.length))
  .sort();

export function shippedText(name: string): string {
  return readFileSync(new URL(`${name}.toml`, FOLDER), 'utf8');
}

/** It has firmware, which some of them ask for. */
export function hostOfShipped(name: string): HostFacts {
  return { ...(name.startsWith('macos-') ? DARWIN : LINUX), firmware: FIRMWARE };
}
