/** Every key of the schema, and profiles in which only one key has another value: golden cases, each changed in one place. */
import type { Host } from '../../src/facts/host.ts';
import { parseProfile } from '../../src/planning/parse_profile.ts';
import { type Planned, planProfile } from '../../src/planning/plan_profile.ts';
import type { AnyKey } from '../../src/profile/key.ts';
import { PROFILE } from '../../src/topics/profile.ts';
import { setAt, valueAt } from './documents.ts';
import { goldenCases } from './golden.ts';
import { fromToml } from './plans.ts';

export type Path = readonly (string | number)[];

/** Texts to try that fit the pattern of their key. */
const OTHER_TEXTS: Readonly<Record<string, readonly string[]>> = {
  'hardware.cpu': ['qemu64', 'cortex-a72'],
  'network.interfaces.hostfwd': ['tcp:127.0.0.1:4321-:21'],
  'network.interfaces.mac': ['52:54:00:0f:0e:0d'],
  'console.escape_sequence': ['ctrl+a'],
  'display.address': ['127.0.0.2'],
  'usb.vendor_id': ['1d6b'],
  'usb.product_id': ['0002'],
  'vm.qemu_binary': ['/opt/qemu/bin/qemu-system-x86_64', 'qemu-kvm'],
};

/** Keys that cannot change alone: other values of the list that they are in, for a profile that has such a list. */
const OTHER_LISTS: Readonly<Record<string, { readonly at: Path; readonly value: unknown }>> = {
  'numa.cpus': {
    at: ['numa'],
    value: [
      { cpus: [0, 1], memory_mb: 256 },
      { cpus: [2], memory_mb: 256 },
    ],
  },
  'numa.memory_mb': {
    at: ['numa'],
    value: [{ cpus: [0], memory_mb: 512 }, { cpus: [1, 2] }],
  },
};

export interface Leaf {
  /** Without indexes, such as `storage.disks.path`. */
  readonly name: string;
  readonly key: AnyKey;
}

/** All keys that hold no table. */
function leavesOf(key: AnyKey, name: string): Leaf[] {
  if (key.kind === 'list') return leavesOf(key.element, name);
  if (key.kind !== 'table') return [{ name, key }];
  return Object.entries(key.keys).flatMap(([step, below]) =>
    leavesOf(below, name === '' ? step : `${name}.${step}`),
  );
}

export const LEAVES = leavesOf(PROFILE, '');

/** Where a document has a key, or could have it. */
function placesOf(document: unknown, name: string): Path[] {
  let places: Path[] = [[]];
  for (const step of name.split('.')) {
    places = places.flatMap((path) => {
      const value = valueAt(document, path);
      return Array.isArray(value) ? value.map((_, index) => [...path, index, step]) : [[...path, step]];
    });
  }
  return places;
}

function otherValues({ name, key }: Leaf): readonly unknown[] {
  switch (key.kind) {
    case 'flag':
      return [true, false];
    case 'word':
      return key.words;
    case 'count':
      return [key.minimum, key.minimum + 1, key.minimum + 256];
    case 'text':
      if (key.isPath && OTHER_TEXTS[name] === undefined) return ['other/place'];
      return OTHER_TEXTS[name] ?? [...key.examples, 'other'];
    default:
      return [];
  }
}

export const CASES = goldenCases().map(({ toml, facts }) => ({
  document: fromToml(toml),
  host: { facts, probed: null, strictPaths: false } satisfies Host,
}));

function plan(document: unknown, host: Host): Planned | null {
  const outcome = planProfile(parseProfile(document), host);
  return outcome.isValid ? outcome : null;
}

export const PLANNED = CASES.map(({ document, host }) => plan(document, host) as Planned);

/** The valid profiles that come of another value of a key, in any case, beside what they came from. */
export function* changedBy(
  leaf: Leaf,
): Generator<{ readonly before: Planned; readonly after: Planned; readonly at: Path }> {
  const list = OTHER_LISTS[leaf.name];
  for (const [index, { document, host }] of CASES.entries()) {
    if (list !== undefined && valueAt(document, list.at) !== undefined) {
      const other = structuredClone(document);
      setAt(other, list.at, list.value);
      const after = plan(other, host);
      if (after !== null) yield { before: PLANNED[index] as Planned, after, at: list.at };
    }
    for (const path of placesOf(document, leaf.name)) {
      for (const value of otherValues(leaf)) {
        const other = structuredClone(document);
        const isInList = Array.isArray(valueAt(document, path));
        setAt(other, path, isInList ? [value] : value);
        const after = plan(other, host);
        if (after !== null) yield { before: PLANNED[index] as Planned, after, at: path };
      }
    }
  }
}
