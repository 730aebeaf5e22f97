/**
 * A key, a need or a topic that is added and forgotten somewhere must fail here: each key is hashed and planned for, each
 * path is looked at, each need is said, each topic stands in its place.
 */
import { readdirSync, readFileSync } from 'node:fs';
import t from 'tap';
import { subjectsIn } from '../../src/doctor/subjects.ts';
import type { Host, ProbedPath } from '../../src/facts/host.ts';
import { MEMORY_UNSEEN } from '../../src/facts/memory.ts';
import { collisionsBetween } from '../../src/needs/collisions.ts';
import {
  affectedResources,
  isPathNeed,
  knownOf,
  NEED_KINDS,
  type Need,
  riskOf,
  unknownsOf,
  verdictsOn,
  wantOf,
} from '../../src/needs/need.ts';
import type { Planned } from '../../src/planning/plan_profile.ts';
import { startPlan } from '../../src/planning/start_plan.ts';
import { ISSUE_CODES } from '../../src/profile/codes.ts';
import { NOT_BLANK } from '../../src/profile/key.ts';
import { pointerOf } from '../../src/profile/path.ts';
import { versionsWith } from '../../src/qemu/capabilities.ts';
import { GROUPS, TOPICS } from '../../src/topics/index.ts';
import { deviceNeeds } from '../../src/topics/used_devices.ts';
import { valueAt } from '../help/documents.ts';
import { changedBy, LEAVES, type Path, PLANNED } from '../help/every_key.ts';
import { ROOMY } from '../help/hosts.ts';
import { QUIET } from '../help/machines.ts';

/** Keys whose value changes neither argv nor what a plan says besides the hash of the profile. */
const PREPARED = 'what the image of the seed is made of';

const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  schema_version: 'what it changes are the other keys',
  'vm.depends_on': 'for whoever starts several VMs',
  'vm.description': 'for people who read the profile',
  'storage.disks.size_gb': 'only where an image is missing, which only a look at the host shows',
  'storage.disks.preallocation': 'only where an image is missing, which only a look at the host shows',
  'storage.seed.user_data': PREPARED,
  'storage.seed.meta_data': PREPARED,
  'storage.seed.network_config': PREPARED,
};

/** What a plan says, without what follows from the text of the profile. */
function saidBy(planned: Planned): string {
  const { plan_hash: _, plan_id: __, metadata, ...said } = startPlan(planned).plan;
  return JSON.stringify({ ...said, metadata: { ...metadata, profile_hash: null } });
}

t.test('every key changes the hash of a profile, and argv or the plan', (t) => {
  t.ok(LEAVES.length > 25, 'the keys were found');
  for (const leaf of LEAVES) {
    // A key with a single word has no other value.
    const isSingle = leaf.key.kind === 'word' && leaf.key.words.length === 1;
    let isHashed = leaf.name === 'schema_version' || isSingle;
    let hasEffect = WITHOUT_EFFECT[leaf.name] !== undefined || isSingle;
    for (const { before, after } of changedBy(leaf)) {
      isHashed ||= before.profileHash !== after.profileHash;
      hasEffect ||= saidBy(before) !== saidBy(after);
      if (isHashed && hasEffect) break;
    }
    t.ok(isHashed, `${leaf.name} is in the canonical text`);
    t.ok(hasEffect, `${leaf.name} is in argv or in the plan`);
  }
  t.end();
});

t.test('every key has a text, and every pattern a sentence for what does not match', (t) => {
  for (const { name, key } of LEAVES) {
    const isElement = key.description === null;
    if (!isElement && key.description === '') t.fail(`${name} says nothing in the documents`);
    if (key.kind !== 'text' || key.source === '') continue;
    const asksForMore =
      new RegExp(key.source).test('x') === false || key.maxLength < Number.POSITIVE_INFINITY;
    if (!key.isPath) t.ok(key.mistake !== null || key.source === NOT_BLANK, `${name} says what it must be`);
    else t.notOk(asksForMore, `${name} is a path that has no pattern`);
  }
  t.end();
});

t.test('every path is for something: a need stands for it in some profile', (t) => {
  const needed = new Set(
    PLANNED.flatMap(({ needs }) => needs.filter(isPathNeed).map(({ at }) => nameOf(at))),
  );
  for (const { name, key } of LEAVES) {
    if (key.kind === 'text' && key.isPath && WITHOUT_EFFECT[name] !== PREPARED)
      t.ok(needed.has(name), `${name} is needed`);
  }
  t.end();
});

function nameOf(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

/** What is there when nothing is. */
const MISSING: ProbedPath = {
  kind: 'missing',
  realPath: '/srv/lab/x',
  id: null,
  bytes: null,
  mode: null,
  link: null,
  header: null,
  isMultiboot: null,
  isLongEnough: null,
  isDeviceTree: null,
  medium: null,
  flash: null,
  isSocket: false,
  mayHaveMoved: false,
  isReadable: false,
  isWritable: false,
  isOnReadOnlyMount: false,
  isImmutable: false,
  isRemovable: true,
  directory: {
    path: '/srv/lab',
    realPath: '/srv/lab',
    state: 'writable',
    existing: '/srv/lab',
    canBeMade: false,
    isOnReadOnlyMount: false,
  },
  space: null,
};

const BEHIND_AN_IMAGE = {
  at: ['storage', 'disks', 0, 'path'],
  role: 'backing',
  text: 'base.qcow2',
  format: 'qcow2',
  path: '/srv/lab/images/base.qcow2',
  mentions: [],
  namedBy: '/srv/lab/images/root.qcow2',
  isInsideRoot: true,
  access: 'read',
  place: 1,
  end: null,
  isRefused: false,
} as const;

t.test(
  'every need is seen by somebody: a resource, a question, a check, a risk, what two VMs cannot both have, or what one wants of another',
  (t) => {
    const [{ host }] = PLANNED as [Planned];
    const needs = PLANNED.flatMap((planned) => planned.needs);
    // No golden case has so many cores that they are a risk.
    needs.push({ kind: 'cores', at: ['hardware', 'cores'], cores: 256 });
    // Nor has one an image that was looked at.
    needs.push({ ...BEHIND_AN_IMAGE, kind: 'image-file' });
    // Nor is one for a QEMU without a device.
    needs.push({
      kind: 'qemu-device',
      at: ['storage', 'disks', 0],
      arch: 'x86_64',
      driver: 'no-such-device',
    });
    t.ok(NEED_KINDS.length >= 13, 'the kinds were found');
    for (const kind of NEED_KINDS) {
      const ofKind = needs.filter((need) => need.kind === kind);
      t.ok(ofKind.length > 0, `a golden case needs a ${kind}`);
      t.ok(
        ofKind.some((need) => riskOf([need], 1) !== 'low' || isSaid(need, host)),
        `${kind} is said`,
      );
    }
    t.end();
  },
);

function isSaid(need: Need, host: Host): boolean {
  const facts = { ...host.facts, qemu_version: '7.2' };
  const seen = {
    facts,
    files: {
      binary: null,
      helpers: new Map(),
      modules: null,
      realRoot: '/srv/lab',
      paths: new Map(isPathNeed(need) ? [[need.path, MISSING]] : []),
      capacity: ROOMY,
      devices: { usb: [], pci: new Map(), blocks: null },
      memory: MEMORY_UNSEEN,
      hasIoUring: null,
    },
    network: QUIET,
    subject: 'x',
  };
  const both = ['a', 'b'].map((name) => ({ name, profileHash: name, needs: [need], places: new Map() }));
  return [
    affectedResources([need], 1),
    unknownsOf([need], host, 1),
    unknownsOf([need], { ...host, facts }, 1),
    knownOf(need, facts),
    verdictsOn(need, seen),
    collisionsBetween(both, host.facts.os),
    [wantOf(need)].filter((want) => want !== null),
  ].some((list) => list.length > 0);
}

t.test('every device that a plan makes is one that recorded builds of QEMU have', (t) => {
  const drivers = new Set<string>();
  for (const { parts, profile } of PLANNED) {
    const { arch } = profile.hardware;
    for (const need of deviceNeeds(parts, profile)) {
      const { driver, at } = need;
      drivers.add(driver);
      t.not(valueAt(profile, at), undefined, `${driver} at ${pointerOf(at)}`);
      t.type(subjectsIn(profile)(need), 'string', `the subject of ${driver} at ${pointerOf(at)}`);
      t.ok(versionsWith({ is: 'device', arch, name: driver }).length > 0, `${driver} of ${arch}`);
    }
  }
  t.ok(drivers.size > 5, 'the devices were found');
  t.end();
});

t.test('every topic of the folder is in the list, and the list is in the order of argv', async (t) => {
  const folder = new URL('../../src/topics/', import.meta.url);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts'))) {
    for (const [name, value] of Object.entries(await import(new URL(file, folder).href))) {
      const isTopic = ['checkProfile', 'checkOnHost', 'needs', 'args'].some(
        (part) => typeof Object(value)[part] === 'function',
      );
      if (isTopic) t.ok(TOPICS.includes(value as (typeof TOPICS)[number]), `${name} of ${file}`);
    }
  }
  for (const { parts } of PLANNED) {
    const places = parts.map(({ group }) => GROUPS.indexOf(group));
    t.strictSame(
      places,
      [...places].sort((left, right) => left - right),
    );
  }
});

t.test('every code of an issue is said somewhere', (t) => {
  const folder = new URL('../../src/', import.meta.url);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('codes.ts'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n');
  for (const code of Object.keys(ISSUE_CODES)) {
    const isSaid = sources.includes(`'${code}'`) || /^(?:kernel|initrd)-missing$/.test(code);
    t.ok(isSaid, code);
  }
  t.end();
});
