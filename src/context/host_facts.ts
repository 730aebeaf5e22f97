/** What is known of the machine that would run QEMU. */
import Type, { type Static } from 'typebox';
import { ARCHITECTURES, choice } from '../profile/schema.ts';

export const HOST_SYSTEMS = ['linux', 'darwin', 'windows', 'freebsd'] as const;
export const HOST_ACCELERATORS = ['kvm', 'hvf', 'whpx'] as const;

export type HostSystem = (typeof HOST_SYSTEMS)[number];
export type HostAccelerator = (typeof HOST_ACCELERATORS)[number];
export type Acceleration = HostAccelerator | 'tcg';

/** Host facts as a request gives them. */
export const HostFactsSchema = Type.Object(
  {
    os: choice(HOST_SYSTEMS, { description: 'Operating system of the host.' }),
    arch: choice(ARCHITECTURES, { description: 'Architecture of the host’s CPU.' }),
    accelerators: Type.Optional(
      Type.Array(
        choice(HOST_ACCELERATORS, { description: 'kvm on Linux, hvf on darwin, whpx on windows.' }),
        {
          default: [],
          description:
            'What the host has besides tcg, which is always there. One that its system cannot have is refused.',
        },
      ),
    ),
    project_root: Type.String({
      minLength: 1,
      description: 'Absolute path on that host; relative paths of a profile resolve against it.',
    }),
  },
  {
    additionalProperties: false,
    description: 'Facts about a host; with them a plan depends on nothing else.',
  },
);

export type HostFactsDocument = Static<typeof HostFactsSchema>;

/** Accelerators sorted and unique; the project root absolute and normalised. Members in the order of canonical JSON. */
export interface HostFacts {
  readonly accelerators: readonly HostAccelerator[];
  readonly arch: (typeof ARCHITECTURES)[number];
  readonly os: HostSystem;
  readonly project_root: string;
}

/** The accelerator of each system; `null` where QEMU has none. */
export const NATIVE_ACCELERATOR: Readonly<Record<HostSystem, HostAccelerator | null>> = {
  linux: 'kvm',
  darwin: 'hvf',
  windows: 'whpx',
  freebsd: null,
};

/** What the first bytes of a file, or its kind, tell. */
export interface PathSight {
  readonly kind: 'file' | 'directory' | 'other' | 'missing' | 'loop' | 'unreadable';
  /** Links followed, also dangling ones, as far as the path exists. */
  readonly realPath: string;
  /** The image format that the first bytes show, `unknown` for any other content; `null` when they were not read. */
  readonly header: string | null;
  /** The directory it is in; `null` when that was not looked at. */
  readonly parent: 'writable' | 'unwritable' | 'missing' | null;
}

/** What looking at the host's files showed; read-only, and only for the paths of one profile. */
export interface Sight {
  /** Where the QEMU binary is; `null` when it was not found. */
  readonly binary: string | null;
  readonly realRoot: string;
  readonly paths: ReadonlyMap<string, PathSight>;
}

/** The host of one request. Without a sight the facts were given and nothing was looked at. */
export interface Host {
  readonly facts: HostFacts;
  readonly sight: Sight | null;
  /** Whether a path outside the project root is an error. */
  readonly strictPaths: boolean;
}
