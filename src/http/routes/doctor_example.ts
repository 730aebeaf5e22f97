/** Examples of the doctor's report and of a plan that prepares, as the service makes them for a host like this. */

import { diagnose, inCategories } from '../../doctor/diagnose.ts';
import { type PrepareMetadata, prepare } from '../../doctor/prepare.ts';
import { DEVICES_UNSEEN } from '../../facts/devices.ts';
import type { Host, ProbedDirectory, ProbedNetwork, ProbedPath } from '../../facts/host.ts';
import type { HostFacts } from '../../facts/host_facts.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import { MEMORY_UNSEEN } from '../../facts/memory.ts';
import { isPathNeed } from '../../needs/need.ts';
import type { SealedPlan } from '../../planning/command_plan.ts';
import { parseProfile } from '../../planning/parse_profile.ts';
import { planProfile } from '../../planning/plan_profile.ts';
import { needsOf } from '../../topics/index.ts';
import { answersIn, documentOf, type OperationExamples, oneAnswer } from '../openapi/examples.ts';
import type { Forms } from '../request/media_type.ts';

const FACTS: HostFacts = { accelerators: [], arch: 'x86_64', os: 'linux', project_root: '/srv/lab' };

/** A host without kvm, where the directory of profiles has to be made. */
const MACHINE: ProbedMachine = {
  facts: FACTS,
  user: 'dev',
  distribution: ['debian'],
  release: '13',
  binaries: { x86_64: '/usr/bin/qemu-system-x86_64', aarch64: null, riscv64: null, ppc64le: null },
  packages: {
    x86_64: { name: 'qemu-system-x86', version: '1:7.2+dfsg-7+deb12u18', qemuVersion: '7.2' },
    aarch64: null,
    riscv64: null,
    ppc64le: null,
  },
  imageTool: '/usr/bin/qemu-img',
  seedTool: null,
  kvm: { device: '/dev/kvm', state: 'missing', group: null, membership: 'none', isDoubtful: false },
  projectRoot: writable('/srv/lab'),
  profileDirectories: [
    {
      scope: 'profiles',
      directory: {
        ...writable('/srv/lab/profiles'),
        state: 'missing',
        existing: '/srv/lab',
        canBeMade: true,
      },
      profiles: 0,
      problems: [{ file: null, reason: 'is not there' }],
    },
  ],
  profileConflicts: [],
  logs: { directory: writable('/srv/lab/logs/vmlab'), realRoot: '/srv/lab/logs', failure: null },
};

function writable(path: string): ProbedDirectory {
  return {
    path,
    realPath: path,
    state: 'writable',
    existing: path,
    canBeMade: false,
    isOnReadOnlyMount: false,
  };
}

export function exampleReport(): OperationExamples {
  const report = inCategories(diagnose(MACHINE, null), ['acceleration', 'profiles']);
  return oneAnswer(
    'acceleration-and-profiles',
    'category=acceleration,profiles: there is no kvm, and a directory is missing that a plan would make',
    // As it is sent: YAML would write what two places share as a reference.
    JSON.parse(JSON.stringify(report)),
  );
}

/** Nobody asked what other processes have. */
const UNKNOWN: ProbedNetwork = {
  boundPorts: null,
  portRules: null,
  addresses: null,
  ipv6Addresses: null,
  unixSockets: null,
  links: null,
  bridgeHelper: null,
  tunDevice: null,
  rights: null,
  bridgeRules: null,
  imageLocks: null,
  vsockDevice: null,
  vhostNetDevice: null,
};

const PROFILE = `schema_version = 2

[vm]
name = "guarded"

[hardware]
arch = "x86_64"
cores = 2
memory_mb = 2048

[storage]
disks = [{ name = "root", path = "images/guarded.qcow2", format = "qcow2", size_gb = 20 }]

[tpm]
enabled = true
state_dir = "tpm/guarded"
`;

/** What is at a path on a host where nothing has been made. */
function nothingAt(path: string): ProbedPath {
  const above = path.slice(0, path.lastIndexOf('/'));
  return {
    kind: 'missing',
    realPath: path,
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
    directory: { ...writable(above), state: 'missing', existing: FACTS.project_root, canBeMade: true },
    space: null,
  };
}

export function examplePreparation(forms: Forms<SealedPlan<PrepareMetadata>>): OperationExamples {
  const parsed = parseProfile(documentOf(PROFILE));
  const { draft } = parsed;
  const paths = needsOf(draft, FACTS).filter(isPathNeed);
  const host: Host = {
    facts: FACTS,
    probed: {
      binary: '/usr/bin/qemu-system-x86_64',
      helpers: new Map([['swtpm', '/usr/bin/swtpm']]),
      modules: null,
      realRoot: FACTS.project_root,
      paths: new Map(paths.map(({ path }) => [path, nothingAt(path)])),
      capacity: { cpus: null, memoryMb: null, commitLimitMb: null },
      devices: DEVICES_UNSEEN,
      memory: MEMORY_UNSEEN,
      hasIoUring: null,
    },
    strictPaths: false,
  };
  const outcome = planProfile(parsed, host);
  const sealed = prepare(MACHINE, {
    draft,
    host,
    network: UNKNOWN,
    outcome,
  }) as SealedPlan<PrepareMetadata>;
  const summary = 'A disk and a TPM in a project folder with nothing in it';
  return {
    answers: answersIn(forms, (write) => ({ 'new-project': { summary, value: write(sealed) } })),
  };
}
