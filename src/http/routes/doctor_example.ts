/** An example of the doctor's report, as the service makes it for a host like this. */

import { diagnose, inCategories } from '../../doctor/diagnose.ts';
import type { ProbedDirectory } from '../../facts/host.ts';
import type { HostFacts } from '../../facts/host_facts.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import { type OperationExamples, oneAnswer } from '../openapi/examples.ts';

const FACTS: HostFacts = { accelerators: [], arch: 'x86_64', os: 'linux', project_root: '/srv/lab' };

/** A host without kvm, where the directory of profiles has to be made. */
const MACHINE: ProbedMachine = {
  facts: FACTS,
  user: 'dev',
  distribution: ['debian'],
  binaries: { x86_64: '/usr/bin/qemu-system-x86_64', aarch64: null, riscv64: null, ppc64le: null },
  imageTool: '/usr/bin/qemu-img',
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
