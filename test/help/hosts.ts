/** Hosts that tests plan for, and what a look at their files would have shown. */
import type { Host, HostFacts, PathSight } from '../../src/context/host_facts.ts';

export const LINUX: HostFacts = {
  accelerators: ['kvm'],
  arch: 'x86_64',
  os: 'linux',
  project_root: '/srv/lab',
};
export const LINUX_WITHOUT_KVM: HostFacts = { ...LINUX, accelerators: [] };
export const LINUX_ARM: HostFacts = { ...LINUX, arch: 'aarch64' };
export const DARWIN: HostFacts = {
  accelerators: ['hvf'],
  arch: 'aarch64',
  os: 'darwin',
  project_root: '/Users/dev/lab',
};
export const DARWIN_INTEL: HostFacts = { ...DARWIN, arch: 'x86_64' };
export const WINDOWS: HostFacts = {
  accelerators: ['whpx'],
  arch: 'x86_64',
  os: 'windows',
  project_root: 'C:\\lab',
};
export const FREEBSD: HostFacts = {
  accelerators: [],
  arch: 'x86_64',
  os: 'freebsd',
  project_root: '/usr/home/lab',
};

/** A host whose facts came with the request. */
export function given(facts: HostFacts, strictPaths = false): Host {
  return { facts, sight: null, strictPaths };
}

export const ON_LINUX = given(LINUX);

interface Look {
  readonly paths?: Readonly<Record<string, Partial<PathSight>>>;
  readonly binary?: string | null;
  readonly realRoot?: string;
  readonly strictPaths?: boolean;
}

/** A host that was looked at; what is not said of a path is the ordinary: a file that is where it seems to be. */
export function probed(facts: HostFacts, look: Look = {}): Host {
  const paths = Object.entries(look.paths ?? {}).map(([path, seen]): [string, PathSight] => [
    path,
    { kind: 'file', realPath: path, header: null, parent: 'writable', ...seen },
  ]);
  return {
    facts,
    sight: {
      binary: look.binary === undefined ? '/usr/bin/qemu-system-x86_64' : look.binary,
      realRoot: look.realRoot ?? facts.project_root,
      paths: new Map(paths),
    },
    strictPaths: look.strictPaths ?? false,
  };
}
