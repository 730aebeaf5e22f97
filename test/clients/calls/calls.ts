/** What each client is asked for, in words that none of the generators has made. */

/** Answers are hashes and names; a problem is its code. */
export interface Calls {
  readonly argvHash: () => Promise<string>;
  readonly planHash: () => Promise<string>;
  /** The command line of a profile in TOML for the service's own host, however the client sends that. */
  readonly argvHashOfToml: (toml: string) => Promise<string>;
  /** Of a profile without a processor. */
  readonly refusal: () => Promise<string>;
  readonly nameOfProfile: (name: string) => Promise<string>;
}

export type Connect = (baseUrl: string) => Calls;

const HOST = {
  os: 'linux' as const,
  arch: 'x86_64' as const,
  accelerators: ['kvm' as const],
  project_root: '/srv/lab',
};

/** A request with an object in it, which has to fit each generator's own types. */
export const REQUEST = {
  profile: {
    schema_version: 1 as const,
    vm: { name: 'small' },
    hardware: { arch: 'x86_64' as const, cores: 2, memory_mb: 1024 },
    storage: { disks: [{ name: 'root', path: 'images/small.qcow2', format: 'qcow2' as const, size_gb: 10 }] },
  },
  host: HOST,
};

export const REFUSED = { profile_toml: 'schema_version = 1' };

/** The part of an answer that is wanted, or the code of the problem that came instead. */
export function wanted<Data>(
  data: Data | undefined,
  problem: { readonly code: string } | undefined,
  part: (data: Data) => string | null,
): string {
  return data === undefined ? String(problem?.code) : String(part(data));
}
