/**
 * Random profiles of version 2: what lies between keys is settled where it is easy to say, and then what the service refuses is
 * taken away until nothing is. So every key that can be right in some profile is in many of them.
 */
import { parseProfile } from '../../src/planning/parse_profile.ts';
import { planProfile } from '../../src/planning/plan_profile.ts';
import type { Issue } from '../../src/profile/issue.ts';
import { pointerOf, sortedByPlace } from '../../src/profile/path.ts';
import { PROFILE, type ProfileDocument } from '../../src/topics/profile.ts';
import { ABSENT, setAt, valueAt } from '../help/documents.ts';
import { given, type HostFacts } from '../help/hosts.ts';

const ROUNDS = 200;

export function settledVersion2(document: ProfileDocument, facts: HostFacts): ProfileDocument {
  settleBootOrder(document);
  settleMemory(document);
  settleTopology(document);
  settleNodes(document);
  for (let round = 0; round < ROUNDS; round++) {
    const errors = errorsOf(document, facts);
    if (errors.length === 0) return document;
    // From the end, so that the places of what comes before stay what they are; and once where two rules refuse one value.
    const pointers = new Map([...errors].reverse().map(({ pointer, code }) => [pointer, code]));
    for (const [pointer, code] of pointers) mend(document, pointer, code === 'missing-field');
    if (pointers.has('/hardware/cores')) settleNodes(document);
  }
  throw new Error(
    `No end of mending: ${JSON.stringify(errorsOf(document, facts))} ${JSON.stringify(document)}`,
  );
}

/** What is wrong with the profile by itself, all of it, which is faster to ask; then what is on its host. */
function errorsOf(document: ProfileDocument, facts: HostFacts): readonly Pick<Issue, 'pointer' | 'code'>[] {
  const parsed = parseProfile(document);
  const errors = parsed.issues.all.filter(({ severity }) => severity === 'error');
  if (errors.length > 0)
    return sortedByPlace(errors, PROFILE).map(({ at, code }) => ({ pointer: pointerOf(at), code }));
  const outcome = planProfile(parsed, given(facts));
  return outcome.isValid ? [] : outcome.errors;
}

/** Names of what can be booted from, each once, as many as there were. */
function settleBootOrder(document: ProfileDocument): void {
  const { boot, storage = {}, network = {} } = document;
  if (boot?.order === undefined) return;
  const { disks = [], cdroms = [], floppies = [] } = storage;
  const cards = (network.interfaces ?? []).filter(({ type }) => type !== 'none');
  const images = disks.filter(({ format }) => format !== 'host-path');
  const names = [...floppies, ...cdroms, ...cards, ...images].map(({ name }) => name);
  const once = names.filter((name) => names.indexOf(name) === names.lastIndexOf(name));
  boot.order = once.slice(0, boot.order.length);
  if (boot.order.length > 0) for (const disk of disks) delete disk.boot;
}

/** Less than it can grow to. */
function settleMemory({ hardware, memory = {} }: ProfileDocument): void {
  const { max_mb } = memory;
  if (max_mb !== undefined) hardware.memory_mb = Math.min(hardware.memory_mb, max_mb - 1);
}

/** Of the levels one stays, and the virtual CPUs are as many as it makes. */
function settleTopology({ hardware }: ProfileDocument): void {
  const levels = Object.entries(hardware.topology ?? {});
  const level = levels[hardware.cores % levels.length];
  if (level === undefined) return;
  hardware.topology = Object.fromEntries([level]);
  hardware.cores = level[1];
}

/** All processors and all memory in the first node. */
function settleNodes({ hardware, numa = [] }: ProfileDocument): void {
  if (hardware.arch === 'riscv64') numa.splice(1);
  for (const [index, node] of numa.entries()) {
    if (index === 0) {
      node.cpus = Array.from({ length: hardware.cores }, (_, cpu) => cpu);
      node.memory_mb = hardware.memory_mb;
    } else {
      if (node.cpus !== undefined) node.cpus = [];
      if (node.memory_mb !== undefined) node.memory_mb = 0;
      delete node.host_node;
    }
  }
}

/** What is written where a key must be there. */
const SMALL: Readonly<Record<string, unknown>> = {
  '/hardware/cores': 1,
  '/hardware/memory_mb': 1024,
  '/hardware/cpu': ABSENT,
  '/input/type': 'none',
};

/** Takes away what an error is about: a key; an element whose key has to be there; half of a list that is too long. */
function mend(document: ProfileDocument, pointer: string, isMissing: boolean): void {
  const path = pointer
    .split('/')
    .slice(1)
    .map((step) => (/^[0-9]+$/.test(step) ? Number(step) : step));
  if (SMALL[pointer] !== undefined) {
    setAt(document, path, SMALL[pointer]);
    return;
  }
  const value = valueAt(document, path);
  if (Array.isArray(value) && !isMissing) {
    value.splice(Math.floor(value.length / 2));
    return;
  }
  const element = path.findLastIndex((step) => typeof step === 'number');
  const isNeeded = isMissing || ['name', 'path', 'format', 'type'].includes(String(path.at(-1)));
  if (element > 0 && (isNeeded || value === undefined || element === path.length - 1)) {
    setAt(document, path.slice(0, element + 1), ABSENT);
  } else if (value === undefined || isNeeded) setAt(document, path.slice(0, -1), ABSENT);
  else setAt(document, path, ABSENT);
}
