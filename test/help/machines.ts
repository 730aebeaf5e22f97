/** Machines that tests diagnose, and what a profile finds on them: what is not said is as it should be. */

import { type DoctorReport, diagnose } from '../../src/doctor/diagnose.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import type { HostDevices } from '../../src/facts/devices.ts';
import type { ProbedCapacity, ProbedNetwork, ProbedPath, UnixSocket } from '../../src/facts/host.ts';
import type { ProbedMachine } from '../../src/facts/machine.ts';
import type { HostMemory } from '../../src/facts/memory.ts';
import type { BoundPort, BridgeRules, Link, TapLink } from '../../src/facts/network.ts';
import { isPathNeed, type PathNeed } from '../../src/needs/need.ts';
import { planProfile } from '../../src/planning/plan_profile.ts';
import { needsOf } from '../../src/topics/index.ts';
import { type Change, changed } from './documents.ts';
import { directoryAt, type HostFacts, LINUX, probed } from './hosts.ts';
import { headerOf } from './images.ts';
import { parsedOf } from './plans.ts';

/** For tests that name their types. */
export type { BoundPort, BridgeRules, Link, ProbedMachine, ProbedNetwork, TapLink, UnixSocket };

/** A device that this user may open. */
export const KVM = {
  device: '/dev/kvm',
  state: 'ready',
  group: 'kvm',
  membership: 'none',
  isDoubtful: false,
} as const;

/** A Debian machine with everything installed, used by `dev`. */
export function machineWith(changes: Partial<ProbedMachine> = {}): ProbedMachine {
  const facts = changes.facts ?? LINUX;
  return {
    facts,
    user: 'dev',
    distribution: ['debian'],
    release: '13',
    binaries: {
      x86_64: '/usr/bin/qemu-system-x86_64',
      aarch64: '/usr/bin/qemu-system-aarch64',
      riscv64: '/usr/bin/qemu-system-riscv64',
      ppc64le: '/usr/bin/qemu-system-ppc64',
    },
    packages: {
      x86_64: { name: 'qemu-system-x86', version: '1:7.2+dfsg-7+deb12u18', qemuVersion: '7.2' },
      aarch64: { name: 'qemu-system-arm', version: '1:7.2+dfsg-7+deb12u18', qemuVersion: '7.2' },
      riscv64: null,
      ppc64le: { name: 'qemu-system-ppc', version: 'local', qemuVersion: null },
    },
    imageTool: '/usr/bin/qemu-img',
    seedTool: '/usr/bin/cloud-localds',
    kvm: facts.os === 'linux' ? KVM : null,
    projectRoot: directoryAt(facts.project_root),
    profileDirectories: [
      { scope: 'profiles', directory: directoryAt('/srv/profiles'), profiles: 2, problems: [] },
    ],
    profileConflicts: [],
    logs:
      facts.os === 'windows'
        ? { directory: directoryAt('C:\\planner\\logs\\vmlab'), realRoot: 'C:\\planner\\logs', failure: null }
        : { directory: directoryAt('/opt/planner/logs/vmlab'), realRoot: '/opt/planner/logs', failure: null },
    ...changes,
  };
}

/** What is at a path. */
export type Seen = Partial<ProbedPath>;

/** Something of this kind. */
export const at = (kind: ProbedPath['kind']): Seen => ({ kind });

/** A socket that some process listens on, by its name; nothing is there unless something is said of it. */
export function socketBy(name: string, changes: Partial<UnixSocket> = {}): UnixSocket {
  return { name, id: null, directory: null, isListening: true, ...changes };
}

/** A host on which no port is taken, no process listens on a socket, and there is no network device and no list of bridges. */
export const QUIET: ProbedNetwork = {
  boundPorts: [],
  portRules: { ephemeral: { first: 32768, last: 60999 }, reserved: [], firstUnprivileged: 1024 },
  addresses: [
    { address: '0.0.0.0', bits: 32 },
    { address: '127.0.0.0', bits: 8 },
  ],
  ipv6Addresses: ['::1'],
  unixSockets: [],
  links: new Map(),
  bridgeHelper: { path: '/usr/lib/qemu/qemu-bridge-helper', isSetuidRoot: true, mayRun: true },
  tunDevice: 'ready',
  vsockDevice: 'ready',
  vhostNetDevice: 'ready',
  rights: { user: 1000, groups: [1000, 27], mayAdministrate: false, mayBindAnyPort: false },
  bridgeRules: { state: 'missing', rules: [], fault: null },
  imageLocks: [],
};

export interface Look extends Partial<ProbedNetwork> {
  readonly facts?: HostFacts;
  readonly machine?: Partial<ProbedMachine>;
  readonly binary?: string | null;
  /** Programs beside QEMU; those that are not named are where they are wanted. */
  readonly helpers?: Readonly<Record<string, string | null>>;
  /**
   * By path as in the profile, or absolute for what an image names; what is not named is a file of the right format, or a
   * socket that is not there yet.
   */
  readonly files?: Readonly<Record<string, Seen>>;
  /** Paths that were not looked at. */
  readonly unseen?: readonly string[];
  readonly strictPaths?: boolean;
  readonly modules?: readonly string[];
  readonly capacity?: Partial<ProbedCapacity>;
  readonly devices?: Partial<HostDevices>;
  readonly memory?: Partial<HostMemory>;
  readonly hasIoUring?: boolean;
}

/** The report on the base profile, changed, on a host where this was seen. */
export function reportOn(change: Change, look: Look = {}): DoctorReport {
  const {
    facts = LINUX,
    machine,
    binary,
    helpers,
    modules,
    files = {},
    unseen = [],
    strictPaths = false,
    ...rest
  } = look;
  const { capacity = {}, devices = {}, memory = {}, hasIoUring, ...network } = rest;
  const parsed = parsedOf(changed(change));
  const { draft } = parsed;
  const wanted = needsOf(draft, facts)
    .filter(isPathNeed)
    .filter(({ text }) => !unseen.includes(text));
  const paths = wanted.map((need) => [need.path, { ...asItShouldBe(need), ...files[need.text] }] as const);
  const behind = Object.entries(files).filter(([name]) => name.startsWith('/'));
  const host = probed(facts, {
    paths: Object.fromEntries([...behind, ...paths]),
    ...(binary !== undefined && { binary }),
    ...(helpers !== undefined && { helpers }),
    ...(modules !== undefined && { modules }),
    strictPaths,
    capacity,
    devices,
    memory,
    ...(hasIoUring !== undefined && { hasIoUring }),
  });
  const outcome = planProfile(parsed, host);
  return diagnose(machineWith({ facts, ...machine }), {
    name: 'lab',
    draft,
    host,
    outcome,
    network: { ...QUIET, ...network },
  });
}

function asItShouldBe({ kind, path }: PathNeed): Seen {
  if (kind === 'directory' || kind === 'tpm-state') return at('directory');
  if (kind === 'socket' || kind === 'log' || kind === 'pidfile' || kind === 'helper-file')
    return at('missing');
  return { kind: 'file', header: headerOf(path.endsWith('.qcow2') ? 'qcow2' : 'unknown') };
}

/** `severity category finding_id`, and ` +` when there is a remedy. */
export function findingLine({ severity, category, finding_id, remediation_available }: Finding): string {
  return `${severity} ${category} ${finding_id}${remediation_available ? ' +' : ''}`;
}

export function findingOf(report: DoctorReport, id: string): Finding {
  const found = report.findings.find(({ finding_id }) => finding_id === id);
  if (found === undefined) throw new Error(`no ${id} in ${report.findings.map(findingLine).join(', ')}`);
  return found;
}
