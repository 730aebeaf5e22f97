/** What is known of the machine that would run QEMU: given with a request, or probed. */
import Type, { type Static, type TProperties, type TSchema } from 'typebox';
import { enumSchema } from '../profile/json_schema.ts';

export const ARCHITECTURES = ['x86_64', 'aarch64', 'riscv64', 'ppc64le'] as const;
export const HOST_SYSTEMS = ['linux', 'darwin', 'windows', 'freebsd'] as const;
export const HOST_ACCELERATORS = ['kvm', 'hvf', 'whpx'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];
export type HostSystem = (typeof HOST_SYSTEMS)[number];
export type HostAccelerator = (typeof HOST_ACCELERATORS)[number];
export type Acceleration = HostAccelerator | 'tcg';

const accelerator = enumSchema(HOST_ACCELERATORS, {
  description: 'kvm on Linux, hvf on darwin, whpx on windows.',
});

/** Host facts as a request gives them. */
export const HostFactsSchema = Type.Object(
  {
    os: enumSchema(HOST_SYSTEMS, { description: 'Operating system of the host.' }),
    arch: enumSchema(ARCHITECTURES, { description: 'Architecture of the host’s CPU.' }),
    accelerators: Type.Optional(
      Type.Array(accelerator, {
        default: [],
        description:
          'What the host has besides tcg, which is always there. One that its system cannot have is refused.',
      }),
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

/** What is said of a fact in an answer where that is not what is said of it in a request. */
const USED_DESCRIPTIONS: Readonly<Partial<Record<keyof HostFactsDocument, string>>> = {
  accelerators: 'What the host has besides tcg, sorted and unique.',
  project_root: 'Absolute and normalised; relative paths of a profile resolve against it.',
};

/** Host facts as answers show them: all of them are there, in the order of canonical JSON. */
export const UsedHostFactsSchema = Type.Object(usedProperties(HostFactsSchema.properties), {
  additionalProperties: false,
  description: 'The host facts that an answer was made from, given or probed.',
});

function usedProperties(properties: TProperties): TProperties {
  const used: TProperties = {};
  for (const name of Object.keys(properties).sort()) {
    const { default: _, ...schema } = properties[name] as TSchema & { default?: unknown };
    const description = USED_DESCRIPTIONS[name as keyof HostFactsDocument];
    used[name] = { ...schema, ...(description && { description }) };
  }
  return used;
}

/** Accelerators sorted and unique; the project root absolute and normalised. Members in the order of canonical JSON. */
export type HostFacts = Readonly<Omit<HostFactsDocument, 'accelerators'>> & {
  readonly accelerators: readonly HostAccelerator[];
};

/** The accelerator of each system; `null` where QEMU has none. */
export const NATIVE_ACCELERATOR: Readonly<Record<HostSystem, HostAccelerator | null>> = {
  linux: 'kvm',
  darwin: 'hvf',
  windows: 'whpx',
  freebsd: null,
};
