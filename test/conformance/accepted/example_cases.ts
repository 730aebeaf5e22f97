/** Profiles that the service accepts and QEMU has to accept too: the examples, the golden cases, and the edges of the schema. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import type { HostFacts } from '../../../src/facts/host_facts.ts';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { COMMA_LANE, type Lane, PLAIN_LANE } from '../lane.ts';
import { PROJECT } from '../settings.ts';
import { fit } from './fit.ts';

export interface AcceptedCase {
  readonly name: string;
  readonly kind: 'example' | 'golden' | 'edge' | 'random';
  readonly profile: ProfileDocument;
  /** The name of a profile that the service has itself, when nothing in it had to be changed. */
  readonly discovered?: string;
  /** Whether it is valid only where the service has looked at the files. */
  readonly isProbed?: true;
  /** Index of the lane to run it in. */
  readonly lane: number;
}

/** A case that another host would be needed for. */
export interface NotHad {
  readonly name: string;
  readonly why: string;
}

/** What is for a Mac. */
const FOR_MACOS = ['macos-shared'];
export const NO_MAC = { name: `profiles/${FOR_MACOS.join()}`, why: 'it is for macOS' };

/** `profiles/`, as the service finds them. */
export function exampleCases(lanes: readonly Lane[]): AcceptedCase[] {
  const files = tomlFiles('profiles').filter(({ stem }) => !FOR_MACOS.includes(stem));
  return files.map(({ stem, text }) => {
    const { profile, fitted, lane } = fitToLane(text, lanes);
    const isUnchanged = JSON.stringify(profile) === JSON.stringify(fitted);
    return {
      name: `profiles/${stem}`,
      kind: 'example',
      profile: fitted,
      ...(isUnchanged && { discovered: stem }),
      lane,
    };
  });
}

/** The golden cases for Linux hosts. Their hosts' architecture does not matter under tcg. */
export function goldenCases(lanes: readonly Lane[]): { cases: AcceptedCase[]; notHad: NotHad[] } {
  const cases: AcceptedCase[] = [];
  const notHad: NotHad[] = [];
  for (const { stem, text } of tomlFiles('test/golden')) {
    const name = `golden/${stem}`;
    const facts = JSON.parse(/^# host: (.*)$/m.exec(text)?.[1] ?? '{}') as HostFacts;
    if (facts.os !== 'linux') {
      notHad.push({ name, why: `its host is ${facts.os}` });
      continue;
    }
    if (facts.qemu_version !== undefined) {
      notHad.push({
        name,
        why: `its host has QEMU ${facts.qemu_version}; the capability cases ask about each version`,
      });
      continue;
    }
    const { fitted, lane } = fitToLane(text, lanes, facts.project_root);
    cases.push({ name, kind: 'golden', profile: fitted, lane });
  }
  return { cases, notHad };
}

function tomlFiles(folder: string): { stem: string; text: string }[] {
  return readdirSync(join(PROJECT, folder))
    .filter((file) => file.endsWith('.toml'))
    .sort()
    .map((file) => ({
      stem: file.slice(0, -'.toml'.length),
      text: readFileSync(join(PROJECT, folder, file), 'utf8'),
    }));
}

interface Fitted {
  readonly profile: ProfileDocument;
  readonly fitted: ProfileDocument;
  readonly lane: number;
}

/** A path in the comma lane's root holds a comma, which an initrd and a TPM may not. */
function fitToLane(text: string, lanes: readonly Lane[], root?: string): Fitted {
  const profile = plain(parse(text)) as ProfileDocument;
  const hasInitrd = profile.kernel?.enabled === true && profile.kernel.initrd?.startsWith('/') === false;
  const lane = hasInitrd || profile.tpm?.enabled === true ? PLAIN_LANE : COMMA_LANE;
  return { profile, fitted: fit(profile, lanes[lane] as Lane, root), lane };
}

/** TOML tables have no prototype. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
