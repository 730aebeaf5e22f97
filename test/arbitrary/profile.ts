/**
 * Random profiles without errors, over the whole range of the schema, and the hosts they are for. Warnings are welcome:
 * what is legal has to be planned, however odd.
 */
import fc from 'fast-check';
import type { HostAccelerator, HostFacts, HostSystem } from '../../src/context/host_facts.ts';
import type { Architecture, ProfileDocument } from '../../src/profile/schema.ts';
import { fileName, lineOfText } from './nasty.ts';

type Section<Name extends keyof ProfileDocument> = NonNullable<ProfileDocument[Name]>;
type Disk = NonNullable<Section<'storage'>['disks']>[number];
type Interface = NonNullable<Section<'network'>['interfaces']>[number];
type Acceleration = NonNullable<Section<'hardware'>['acceleration']>;

/** A profile, and a host that can run it. */
export interface ValidCase {
  readonly document: ProfileDocument;
  readonly facts: HostFacts;
}

const ROOTS: Readonly<Record<HostSystem, readonly string[]>> = {
  linux: ['/srv/lab', '/srv/a=b,c', '/', '/tmp/ü 🐧', '/srv/a,,b'],
  darwin: ['/Users/dev/lab', '/Users/a, b=c'],
  windows: ['C:\\lab', 'D:\\a b,c=d', 'C:\\'],
  freebsd: ['/usr/home/lab', '/home/l,b'],
};
const NATIVE: Readonly<Record<HostSystem, readonly HostAccelerator[]>> = {
  linux: ['kvm'],
  darwin: ['hvf'],
  windows: ['whpx'],
  freebsd: [],
};
const ARCHITECTURES = ['x86_64', 'aarch64', 'riscv64', 'ppc64le'] as const;
const SLOTS: Readonly<Record<Architecture, number>> = { x86_64: 30, aarch64: 31, riscv64: 31, ppc64le: 32 };
const BINARIES: Readonly<Record<Architecture, string>> = {
  x86_64: 'qemu-system-x86_64',
  aarch64: 'qemu-system-aarch64',
  riscv64: 'qemu-system-riscv64',
  ppc64le: 'qemu-system-ppc64',
};

export function hostFacts(): fc.Arbitrary<HostFacts> {
  return fc.constantFrom<HostSystem>('linux', 'linux', 'darwin', 'windows', 'freebsd').chain((os) =>
    fc.record({
      accelerators: fc.subarray([...NATIVE[os]]),
      arch: fc.constantFrom(...ARCHITECTURES),
      os: fc.constant(os),
      project_root: fc.constantFrom(...ROOTS[os]),
    }),
  );
}

export function validCase(): fc.Arbitrary<ValidCase> {
  return hostFacts().chain((facts) => validProfile(facts).map((document) => ({ document, facts })));
}

/** Profiles without errors on this host. */
export function validProfile(facts: HostFacts): fc.Arbitrary<ProfileDocument> {
  return fc
    .record({ arch: fc.constantFrom(...ARCHITECTURES), vmName: VM_NAME, kernelEnabled: fc.boolean() })
    .chain(({ arch, vmName, kernelEnabled }) =>
      fc
        .record({
          hardware: hardware(arch, facts),
          storage: storage(arch, facts.os, kernelEnabled),
          network: network(facts.os),
        })
        .chain(({ hardware, storage, network }) =>
          fc.record(
            {
              schema_version: fc.constant(1),
              vm: vm(vmName, arch, facts.os),
              hardware: fc.constant(hardware),
              storage: fc.constant(storage),
              network: fc.constant(network),
              serial: serial(facts),
              qmp: qmp(facts),
              console: consoleHints(),
              kernel: kernel(kernelEnabled, facts),
            },
            {
              requiredKeys: [
                'schema_version',
                'vm',
                'hardware',
                ...(kernelEnabled ? (['kernel'] as const) : (['storage'] as const)),
              ],
            },
          ),
        ),
    );
}

const LETTERS = 'ABCXYZabcxyz';
const DIGITS = '0189';

/** Text of `min` to `max` of these characters. */
function wordOf(characters: string, min: number, max: number): fc.Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...characters), minLength: min, maxLength: max });
}

/** A word that starts with one of `first` and goes on with up to `more` of `rest`. */
function nameOf(first: string, rest: string, more: number): fc.Arbitrary<string> {
  return fc.tuple(wordOf(first, 1, 1), wordOf(rest, 0, more)).map((parts) => parts.join(''));
}

// At most 24 characters, so that the default sockets fit under every project root.
const VM_NAME = nameOf(`${LETTERS}${DIGITS}_`, `${LETTERS}${DIGITS}_-`, 23);
const DISK_NAME = nameOf(LETTERS, `${LETTERS}${DIGITS}_-`, 30);
/** At most 15 characters, which a tap device may have. */
const INTERFACE_NAME = nameOf(LETTERS, `${LETTERS}${DIGITS}_-`, 14);
const FEATURE_NAME = nameOf(`abx${DIGITS}`, `abx${DIGITS}._-`, 8);
const FEATURE_VALUE = wordOf(`${LETTERS}${DIGITS}._-`, 1, 5);

function vm(name: string, arch: Architecture, os: HostSystem): fc.Arbitrary<Section<'vm'>> {
  const binary = BINARIES[arch];
  const places =
    os === 'windows' ? ['C:\\qemu\\', '\\\\server\\x\\'] : ['/usr/bin/', '/opt/a,b=c/../qemu/', '//opt/'];
  return fc.record(
    {
      name: fc.constant(name),
      description: fc.oneof(lineOfText(), fc.constantFrom('', 'a\nb\tc\n', '"\\"', 'x'.repeat(300))),
      qemu_binary: fc.constantFrom(
        binary,
        'qemu-kvm',
        `${binary}.exe`,
        ...places.map((place) => place + binary),
      ),
    },
    { requiredKeys: ['name'] },
  );
}

function hardware(arch: Architecture, facts: HostFacts): fc.Arbitrary<Section<'hardware'>> {
  const canAccelerate = facts.arch === arch ? facts.accelerators : [];
  return fc
    .constantFrom<Acceleration | undefined>(undefined, 'auto', 'tcg', ...canAccelerate)
    .chain((requested) => {
      const wanted = requested ?? 'auto';
      const resolved = wanted === 'auto' ? (canAccelerate[0] ?? 'tcg') : wanted;
      const isNative = resolved === 'kvm' || resolved === 'hvf';
      return cpu(arch, isNative)
        .chain((cpu) =>
          fc.record({
            arch: fc.constant(arch),
            cpu: fc.constant(cpu),
            cores: fc.integer({ min: 1, max: arch === 'x86_64' && resolved !== 'kvm' ? 255 : 256 }),
            memory_mb: memory(arch, isNative && (cpu === undefined || /^host(?:,|$)/.test(cpu)), cpu ?? ''),
            acceleration: fc.constant(requested),
          }),
        )
        .map((section) => withoutAbsent(section) as Section<'hardware'>);
    });
}

/** A record in which `undefined` stands for an absent key, without that key. */
function withoutAbsent(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function cpu(arch: Architecture, isNative: boolean): fc.Arbitrary<string | undefined> {
  const assignment = fc.tuple(FEATURE_NAME, FEATURE_VALUE).map(([key, text]) => `${key}=${text}`);
  const flag = fc.tuple(fc.constantFrom('+', '-', ''), FEATURE_NAME).map((parts) => parts.join(''));
  const model = fc.constantFrom(
    'max',
    'Skylake-Client-v4',
    'cortex-a72',
    '486',
    'POWER9_v2.0',
    ...(isNative ? ['host'] : []),
  );
  const features = fc.array(arch === 'x86_64' ? fc.oneof(assignment, flag) : assignment, { maxLength: 4 });
  const written = fc.tuple(model, features).map(([first, rest]) => [first, ...rest].join(','));
  return fc.oneof(fc.constant(undefined), written, written, fc.constant('max,phys-bits=46'));
}

function memory(arch: Architecture, isHost: boolean, cpu: string): fc.Arbitrary<number> {
  const isBounded = arch === 'x86_64' && !isHost && !cpu.includes(',phys-bits=');
  const max = isBounded ? 1001472 : 16777216;
  const blocks = fc.integer({ min: 1, max: max / 256 }).map((count) => count * 256);
  return arch === 'ppc64le'
    ? blocks
    : fc.oneof(blocks, fc.integer({ min: 256, max }), fc.constantFrom(256, 257, max));
}

/** Paths that lead to a file of this stem, each in its own way; no two stems ever name one file. */
function path(os: HostSystem, stem: string, outside = true): fc.Arbitrary<string> {
  const name = fileName(os === 'windows' ? '\\:?*"<>|' : '').map((nasty) => `${stem}-${nasty}.x`);
  const inside = [
    '',
    './',
    'images/',
    'a/../',
    'a,b=c/',
    ...(os === 'windows' ? ['.\\', 'a b\\'] : ['a\\b/', '-/', 'nbd:x/']),
  ];
  const elsewhere =
    os === 'windows'
      ? ['D:\\images\\', 'C:/x/', '..\\', '/other/', '\\\\server\\x\\']
      : ['/var/lib/', '../', '/srv/./x//', '/mnt/a,b=c/'];
  const folders = outside ? [...inside, ...inside, ...elsewhere] : inside;
  return fc.tuple(fc.constantFrom(...folders), name).map((parts) => parts.join(''));
}

function storage(
  arch: Architecture,
  os: HostSystem,
  kernelEnabled: boolean,
): fc.Arbitrary<Section<'storage'>> {
  const hasShares = os === 'linux' || os === 'darwin';
  // Four slots are left to network cards.
  const count = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: kernelEnabled ? 0 : 1, max: 5 }) },
    { weight: 1, arbitrary: fc.constant(SLOTS[arch] - 4) },
  );
  const names = count.chain((length) => fc.uniqueArray(DISK_NAME, { minLength: length, maxLength: length }));
  return names.chain((names) =>
    fc
      .tuple(
        fc.tuple(
          ...names.map((name, index) =>
            disk(name, `disk${index}`, os, hasShares && (index > 0 || kernelEnabled)),
          ),
        ),
        fc.option(fc.nat({ max: Math.max(0, names.length - 1) })),
      )
      .map(([disks, boot]) => ({
        disks: disks.map((disk, index) =>
          index === boot && disk.format !== 'host-path' ? { ...disk, boot: true } : disk,
        ),
      })),
  );
}

function disk(name: string, stem: string, os: HostSystem, mayBeShare: boolean): fc.Arbitrary<Disk> {
  const image = fc.record(
    {
      name: fc.constant(name),
      path: path(os, stem),
      format: fc.constantFrom('qcow2', 'raw', 'vdi', 'vmdk'),
      size_gb: fc.integer({ min: 1, max: 65536 }),
      boot: fc.constant(false),
      readonly: fc.boolean(),
    },
    { requiredKeys: ['name', 'path', 'format'] },
  );
  const share = fc.record(
    {
      name: fc.constant(name),
      path: path(os, stem),
      format: fc.constant('host-path' as const),
      readonly: fc.boolean(),
    },
    { requiredKeys: ['name', 'path', 'format'] },
  );
  return (mayBeShare ? fc.oneof(image, share) : image) as fc.Arbitrary<Disk>;
}

function network(os: HostSystem): fc.Arbitrary<Section<'network'>> {
  const types: Interface['type'][] = [
    'user',
    'none',
    ...(os === 'darwin' ? [] : (['tap'] as const)),
    ...(os === 'linux' ? (['bridge'] as const) : []),
  ];
  const names = fc.uniqueArray(INTERFACE_NAME, { maxLength: 4 });
  const ports = fc.uniqueArray(fc.integer({ min: 1, max: 65535 }), { minLength: 12, maxLength: 12 });
  return fc
    .tuple(names, ports)
    .chain(([names, ports]) =>
      fc
        .tuple(
          ...names.map((name, index) =>
            networkInterface(name, index, types, ports.slice(index * 3, index * 3 + 3)),
          ),
        )
        .map((interfaces) => ({ interfaces })),
    );
}

function networkInterface(
  name: string,
  index: number,
  types: readonly Interface['type'][],
  ports: readonly number[],
): fc.Arbitrary<Interface> {
  return fc.constantFrom(...types).chain((type) =>
    fc.record(
      {
        name: fc.constant(name),
        type: fc.constant(type),
        hostfwd: type === 'user' ? forwards(ports) : fc.constant([]),
        mac: mac(index),
      },
      { requiredKeys: ['name', 'type'] },
    ),
  ) as fc.Arbitrary<Interface>;
}

/** Forwards of host ports that nobody else forwards. */
function forwards(ports: readonly number[]): fc.Arbitrary<string[]> {
  const protocol = fc.constantFrom('tcp', 'udp');
  const address = fc.oneof(fc.constantFrom('', '127.0.0.1', '0.0.0.0', '255.255.255.255'), fc.ipV4());
  const port = fc.integer({ min: 1, max: 65535 });
  return fc
    .tuple(
      fc.subarray([...ports]),
      fc.tuple(protocol, address, address, port),
      fc.tuple(protocol, address, address, port),
    )
    .map(([hostPorts, ...ends]) =>
      hostPorts.map((hostPort, index) => {
        const [kind, host, guest, guestPort] = ends[index % 2] as [string, string, string, number];
        return `${kind}:${host}:${hostPort}-${guest}:${guestPort}`;
      }),
    );
}

/** A unicast address that ends in the interface's index, in neither of the ranges that are handed out. */
function mac(index: number): fc.Arbitrary<string> {
  const octet = fc.integer({ min: 0, max: 255 }).map((value) => value.toString(16).padStart(2, '0'));
  return fc
    .tuple(
      fc.constantFrom('02', '0a', 'FE', '52:55', 'ac'),
      fc.array(octet, { minLength: 4, maxLength: 4 }),
      fc.boolean(),
    )
    .map(([start, middle, isUpper]) => {
      const text = [...`${start}:${middle.join(':')}`.split(':').slice(0, 5), `0${index}`].join(':');
      return isUpper ? text.toUpperCase() : text;
    });
}

function serial(facts: HostFacts): fc.Arbitrary<Section<'serial'>> {
  const socket = path(facts.os, 'ser', false);
  const enabled = fc.constant(true);
  const mode = <const Mode extends string>(mode: Mode) => fc.constant(mode);
  return fc.oneof(
    fc.record(
      { enabled: fc.constant(false), mode: fc.constantFrom('pty', 'file', 'socket', 'none'), device: socket },
      { requiredKeys: [] },
    ),
    fc.record({ enabled, mode: mode('none'), logfile: socket }, { requiredKeys: ['enabled', 'mode'] }),
    ...(facts.os === 'windows'
      ? []
      : [fc.record({ enabled, mode: mode('pty') }, { requiredKeys: ['enabled'] })]),
    fc.record({ enabled, mode: mode('socket'), device: socket }, { requiredKeys: ['enabled', 'mode'] }),
    fc.record(
      {
        enabled,
        mode: mode('file'),
        device: path(facts.os, 'ser', false),
        logfile: path(facts.os, 'log', false),
      },
      { requiredKeys: ['enabled', 'mode', 'logfile'] },
    ),
    fc.record({ enabled, mode: mode('file'), device: path(facts.os, 'dev', false) }),
  ) as fc.Arbitrary<Section<'serial'>>;
}

function qmp({ os }: HostFacts): fc.Arbitrary<Section<'qmp'>> {
  const inside = path(os, 'qmp', false);
  const socket =
    os === 'windows'
      ? inside
      : fc.oneof(
          inside,
          fileName().map((nasty) => `/tmp/qmp-${nasty}`),
        );
  return fc.record({ enabled: fc.boolean(), socket }, { requiredKeys: [] });
}

function consoleHints(): fc.Arbitrary<Section<'console'>> {
  return fc.record(
    {
      auto_attach: fc.boolean(),
      escape_sequence: fc.constantFrom('ctrl+]', 'ctrl+alt+shift+F12', 'ctrl+c', 'alt+"', 'shift+\\'),
    },
    { requiredKeys: [] },
  );
}

function kernel(enabled: boolean, { os, project_root }: HostFacts): fc.Arbitrary<Section<'kernel'>> {
  const initrd = project_root.includes(',')
    ? fc.constant(os === 'windows' ? 'D:\\initrd.img' : '/boot/initrd.img')
    : path(os, 'initrd').map((text) => text.replaceAll(',', ''));
  return fc.record(
    {
      enabled: fc.constant(enabled),
      bzimage: path(os, 'kernel'),
      initrd,
      append: fc.oneof(
        lineOfText(),
        fc.constantFrom('', 'console=ttyS0,115200 root=/dev/vda', 'init=/bin/sh', 'x'.repeat(3000)),
      ),
    },
    { requiredKeys: enabled ? ['enabled', 'bzimage'] : [] },
  ) as fc.Arbitrary<Section<'kernel'>>;
}
