/** Prints what the doctor says of the network that this process is in: `node say.js PROFILE ROOT USER`. */

import { readFileSync } from 'node:fs';
import { DEVICES_UNSEEN } from '../../../src/facts/devices.ts';
import type { HostFacts } from '../../../src/facts/host_facts.ts';
import { MEMORY_UNSEEN } from '../../../src/facts/memory.ts';
import { probeNetwork } from '../../../src/host/probe_network.ts';
import { verdictsOn } from '../../../src/needs/need.ts';
import { parseProfile } from '../../../src/planning/parse_profile.ts';
import { needsOf } from '../../../src/topics/index.ts';

const [profile = '', root = '', user] = process.argv.slice(2);
const { draft } = parseProfile(JSON.parse(readFileSync(profile, 'utf8')));
const facts: HostFacts = { os: 'linux', arch: 'x86_64', accelerators: [], project_root: root };

if (user !== '0') {
  process.setgroups?.([]);
  process.setgid?.(Number(user));
  process.setuid?.(Number(user));
}
const network = await probeNetwork(facts);
const capacity = { cpus: null, memoryMb: null, commitLimitMb: null };
const files = {
  binary: null,
  devices: DEVICES_UNSEEN,
  memory: MEMORY_UNSEEN,
  hasIoUring: null,
  helpers: new Map(),
  modules: null,
  realRoot: root,
  paths: new Map(),
  capacity,
};
const lines = needsOf(draft, facts)
  .filter(({ kind }) => ['port', 'tap', 'bridge'].includes(kind))
  .flatMap((need) => verdictsOn(need, { facts, files, network, subject: '' }))
  .map(({ severity, id }) => `${severity} ${id}`);
process.stdout.write(JSON.stringify(lines.sort()));
