/**
 * The profile, schema version 1: one TypeBox const per section. Types, validation, the JSON Schema for editors
 * and the OpenAPI text all come from here; the order of the keys is the order in which problems are reported.
 */
import Type, { type Static } from 'typebox';

const closed = { additionalProperties: false } as const;

/** Letters, digits, `_` and `-`, at most 31 characters: what is safe as a QEMU id, a 9p mount tag and a host device name. */
const NAME_PATTERN = '^[A-Za-z][A-Za-z0-9_-]{0,30}$';
const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const QUAD = `${OCTET}(?:\\.${OCTET}){3}`;
const PORT = '(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})';
const CPU_NAME = '[A-Za-z0-9][A-Za-z0-9._-]*';
const NOT_BLANK = '[^\\s]';

/** Far more than any machine has slots for; bounds the work that one request can cause. */
export const MOST_DEVICES = 256;
/** More rules than fit into the longest argument that a process can get. */
export const MOST_FORWARDS = 8192;

export const ARCHITECTURES = ['x86_64', 'aarch64', 'riscv64', 'ppc64le'] as const;
export const ACCELERATIONS = ['auto', 'kvm', 'hvf', 'whpx', 'tcg'] as const;
export const DISK_FORMATS = ['qcow2', 'raw', 'vdi', 'vmdk', 'host-path'] as const;
export const INTERFACE_TYPES = ['user', 'tap', 'bridge', 'none'] as const;
export const SERIAL_MODES = ['pty', 'file', 'socket', 'none'] as const;

export type Architecture = (typeof ARCHITECTURES)[number];
export type AccelerationRequest = (typeof ACCELERATIONS)[number];
export type DiskFormat = (typeof DISK_FORMATS)[number];
export type ImageFormat = Exclude<DiskFormat, 'host-path'>;

const pathText = (description: string) =>
  Type.String({
    pattern: NOT_BLANK,
    description: `${description} Relative paths resolve against the project root; \`~\`, \`$\` and backquotes are refused.`,
  });

/** A string that is one of these; an enum, which generators and editors read better than a union of constants. */
export const choice = <const Value extends string>(values: readonly Value[], options: object) =>
  Type.Unsafe<Value>({ type: 'string', enum: [...values], ...options });

export const VmSchema = Type.Object(
  {
    name: Type.String({
      pattern: '^[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$',
      description: 'Name of the VM, passed to `-name` and used in default socket paths.',
      examples: ['kernel-dev'],
    }),
    description: Type.Optional(
      Type.String({
        default: '',
        description: 'Free text for people; line feeds and tabs allowed. Over 200 characters: a warning.',
      }),
    ),
    qemu_binary: Type.Optional(
      Type.String({
        pattern: NOT_BLANK,
        description:
          'An absolute path or a bare name; the file name is `qemu-system-…` or `qemu-kvm`, with `.exe` if need be. Default: by `hardware.arch`.',
        examples: ['/usr/bin/qemu-system-x86_64'],
      }),
    ),
  },
  { ...closed, description: 'What the VM is called.' },
);

export const HardwareSchema = Type.Object(
  {
    arch: choice(ARCHITECTURES, { description: 'Architecture of the guest.' }),
    cpu: Type.Optional(
      Type.String({
        maxLength: 1024,
        pattern: `^${CPU_NAME}(?:,(?:${CPU_NAME}=[A-Za-z0-9._-]+|[+-]?${CPU_NAME}))*$`,
        description:
          'CPU model, then features: `,name=value`; on x86_64 also `,+name`, `,-name` and `,name`. Default: `host` under kvm and hvf, else `max` (`rv64` on riscv64 under tcg).',
        examples: ['host', 'max,pmu=off'],
      }),
    ),
    cores: Type.Integer({ minimum: 1, maximum: 256, description: 'Virtual CPUs.' }),
    memory_mb: Type.Integer({ minimum: 256, maximum: 16777216, description: 'Memory in MiB.' }),
    acceleration: Type.Optional(
      choice(ACCELERATIONS, {
        default: 'auto',
        description:
          '`auto` takes what the host has and says so when that is slow emulation; a named accelerator is never replaced.',
      }),
    ),
  },
  { ...closed, description: 'Machine, CPU and memory.' },
);

export const DiskSchema = Type.Object(
  {
    name: Type.String({
      pattern: NAME_PATTERN,
      description: 'Unique among the disks; the mount tag of a share.',
      examples: ['root'],
    }),
    path: pathText('The image file, or the directory that a `host-path` shares.'),
    format: choice(DISK_FORMATS, {
      description: 'Format of the image; `host-path` shares a host directory over 9p.',
    }),
    size_gb: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 65536,
        description: 'Size in GiB to create a missing image with; not on `host-path`.',
      }),
    ),
    boot: Type.Optional(
      Type.Boolean({ default: false, description: 'Boot from this disk; at most one, not on `host-path`.' }),
    ),
    readonly: Type.Optional(Type.Boolean({ default: false, description: 'The guest cannot write to it.' })),
  },
  { ...closed, description: 'A disk image or a shared directory.' },
);

export const StorageSchema = Type.Object(
  {
    disks: Type.Optional(
      Type.Array(DiskSchema, {
        default: [],
        maxItems: MOST_DEVICES,
        description: 'Disks and shares, in the order in which the guest sees them.',
      }),
    ),
  },
  { ...closed, description: 'Disk images and shares.' },
);

export const InterfaceSchema = Type.Object(
  {
    name: Type.String({
      pattern: NAME_PATTERN,
      description:
        'Unique among the interfaces. For `tap` the name of the host device, at most 15 characters.',
      examples: ['net0'],
    }),
    type: choice(INTERFACE_TYPES, {
      description:
        '`user` needs nothing of the host, `tap` a device of that name, `bridge` the bridge `br0`; `none` adds no card.',
    }),
    hostfwd: Type.Optional(
      Type.Array(
        Type.String({
          pattern: `^(?:tcp|udp):(?:${QUAD})?:${PORT}-(?:${QUAD})?:${PORT}$`,
          examples: ['tcp:127.0.0.1:2222-:22'],
        }),
        {
          default: [],
          maxItems: MOST_FORWARDS,
          description:
            'Port forwards `(tcp|udp):[hostaddr]:hostport-[guestaddr]:guestport`, IPv4; only on `user`.',
        },
      ),
    ),
    mac: Type.Optional(
      Type.String({
        pattern: '^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$',
        description:
          'Unicast, not all zero. Default: QEMU’s own for `user`, a stable one made from the names for `tap` and `bridge`.',
        examples: ['52:54:00:0a:0b:0c'],
      }),
    ),
  },
  { ...closed, description: 'A network interface.' },
);

export const NetworkSchema = Type.Object(
  {
    interfaces: Type.Optional(
      Type.Array(InterfaceSchema, {
        default: [],
        maxItems: MOST_DEVICES,
        description: 'Network interfaces, in order.',
      }),
    ),
  },
  { ...closed, description: 'Network interfaces; none means no network card.' },
);

export const SerialSchema = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({ default: false, description: 'Whether the VM has a serial port.' }),
    ),
    mode: Type.Optional(
      choice(SERIAL_MODES, { default: 'pty', description: 'Where the serial port leads to.' }),
    ),
    device: Type.Optional(
      pathText(
        'The socket of mode `socket` (default `run/<vm.name>.serial.sock`, at most 107 bytes once resolved) or the file of mode `file`.',
      ),
    ),
    logfile: Type.Optional(
      pathText('The file of mode `file`; wins over `device`. QEMU truncates it at start.'),
    ),
  },
  { ...closed, description: 'The first serial port.' },
);

export const QmpSchema = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({ description: 'Default: `true` when the section is there, else `false`.' }),
    ),
    socket: Type.Optional(
      pathText(
        'The unix socket that QEMU listens on, at most 107 bytes once resolved. Default `run/<vm.name>.qmp.sock`.',
      ),
    ),
  },
  { ...closed, description: 'The QEMU machine protocol.' },
);

export const ConsoleSchema = Type.Object(
  {
    auto_attach: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Hint for tools that attach to the console after the start.',
      }),
    ),
    escape_sequence: Type.Optional(
      Type.String({
        default: 'ctrl+]',
        pattern: '^(?:(?:ctrl|alt|shift)\\+)+(?:[!-~]|[A-Za-z][A-Za-z0-9]+)$',
        description:
          'Keys that leave the console: `modifier+…+key` with the modifiers `ctrl`, `alt`, `shift`.',
      }),
    ),
  },
  { ...closed, description: 'Hints for console tools; no effect on argv.' },
);

export const KernelSchema = Type.Object(
  {
    enabled: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Boot a kernel directly instead of the firmware’s boot order.',
      }),
    ),
    bzimage: Type.Optional(pathText('The kernel image; required when enabled.')),
    initrd: Type.Optional(pathText('The initial RAM disk; no comma in it.')),
    append: Type.Optional(
      Type.String({ default: '', description: 'The kernel command line, passed on byte for byte.' }),
    ),
  },
  { ...closed, description: 'Direct kernel boot.' },
);

export const ProfileSchema = Type.Object(
  {
    schema_version: Type.Integer({ minimum: 1, maximum: 1, description: 'Version of this schema: 1.' }),
    vm: VmSchema,
    hardware: HardwareSchema,
    storage: Type.Optional(StorageSchema),
    network: Type.Optional(NetworkSchema),
    serial: Type.Optional(SerialSchema),
    qmp: Type.Optional(QmpSchema),
    console: Type.Optional(ConsoleSchema),
    kernel: Type.Optional(KernelSchema),
  },
  { ...closed, title: 'VM profile', description: 'One virtual machine.' },
);

/** The profile as it is written: optional values may be absent. */
export type ProfileDocument = Static<typeof ProfileSchema>;
