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

export const FLASH_FORMATS = ['raw', 'qcow2'] as const;

const flashFormat = enumSchema(FLASH_FORMATS, { description: 'Format of the file.' });

/** A UEFI firmware of a host: what QEMU reads, and what each VM gets a copy of. */
const FirmwareSchema = Type.Object(
  {
    arch: enumSchema(ARCHITECTURES, { description: 'Architecture of the guests that it is for.' }),
    code: Type.String({ minLength: 1, description: 'Absolute path of the firmware itself.' }),
    code_format: flashFormat,
    machines: Type.Optional(
      Type.Array(
        Type.String({
          pattern: '^[A-Za-z0-9._*-]{1,64}$',
          description: 'A machine type; `*` stands for any characters.',
        }),
        {
          maxItems: 64,
          description:
            'The machine types that it is for. Default: `pc-q35-*` for what has Secure Boot on x86_64, else all.',
        },
      ),
    ),
    secure_boot: Type.Boolean({
      description: 'Whether it is for Secure Boot, on x86_64 with system management mode.',
    }),
    vars_format: flashFormat,
    vars_template: Type.String({
      minLength: 1,
      description: 'Absolute path of the variables that each VM gets a copy of.',
    }),
  },
  { additionalProperties: false, description: 'A UEFI firmware.' },
);

export type HostFirmware = Readonly<Static<typeof FirmwareSchema>>;

const MOST_FIRMWARES = 256;

export const QEMU_VERSION_PATTERN = '^[0-9]{1,4}[.][0-9]{1,4}([.][0-9]{1,4})?$';

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
    cpus: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1048576, description: 'Processors that the host has.' }),
    ),
    firmware: Type.Optional(
      Type.Array(FirmwareSchema, {
        maxItems: MOST_FIRMWARES,
        description: 'UEFI firmware of the host; the first that fits a machine is taken.',
      }),
    ),
    memory_mb: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1073741824, description: 'Memory of the host in MiB.' }),
    ),
    name: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._-]{1,64}$',
        description: 'Tells hosts of equal facts apart.',
      }),
    ),
    qemu_version: Type.Optional(
      Type.String({
        pattern: QEMU_VERSION_PATTERN,
        description:
          'Version of the QEMU of the host, such as `7.2` or `10.0.2`. With it a plan is refused for a machine, a CPU model or a device that this QEMU lacks, and what it is known to have is not among the unknowns. Read from the package of QEMU where this host is looked at.',
      }),
    ),
    virtiofsd: Type.Optional(
      Type.String({
        minLength: 1,
        description: 'Absolute path of the program `virtiofsd` of the host, the one written in Rust.',
      }),
    ),
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

/** What every host has; a fact besides these may be unknown. */
const ALWAYS_KNOWN: readonly string[] = ['accelerators', 'arch', 'os', 'project_root'];

/** Host facts as answers show them, in the order of canonical JSON. */
export const UsedHostFactsSchema = Type.Object(usedProperties(HostFactsSchema.properties), {
  additionalProperties: false,
  description: 'The host facts that an answer was made from, given or probed.',
});

function usedProperties(properties: TProperties): TProperties {
  const used: TProperties = {};
  for (const name of Object.keys(properties).sort()) {
    const { default: _, ...schema } = properties[name] as TSchema & { default?: unknown };
    const description = USED_DESCRIPTIONS[name as keyof HostFactsDocument];
    const shown = { ...schema, ...(description && { description }) };
    used[name] = ALWAYS_KNOWN.includes(name) ? shown : Type.Optional(shown);
  }
  return used;
}

/** Accelerators sorted and unique; the project root absolute and normalised. Members in the order of canonical JSON. */
export type HostFacts = Readonly<Omit<HostFactsDocument, 'accelerators'>> & {
  readonly accelerators: readonly HostAccelerator[];
};

/** The same facts with their members in the order of canonical JSON. */
export function inOrder<Facts extends object>(facts: Facts): Facts {
  const names = Object.keys(facts).sort() as (keyof Facts)[];
  return Object.fromEntries(names.map((name) => [name, facts[name]])) as unknown as Facts;
}

/** What is known of every host, and no more. */
export function plainFacts({ accelerators, arch, os, project_root }: HostFacts): HostFacts {
  return { accelerators, arch, os, project_root };
}

/** The accelerator of each system; `null` where QEMU has none. */
export const NATIVE_ACCELERATOR: Readonly<Record<HostSystem, HostAccelerator | null>> = {
  linux: 'kvm',
  darwin: 'hvf',
  windows: 'whpx',
  freebsd: null,
};
