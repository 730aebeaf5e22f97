/** What memory is made of, how it grows, and how processors and memory are spread, in version 2. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { ROOT_IMAGE, TCG } from '../help/changes.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import { DARWIN_INTEL, given, LINUX, LINUX_ARM, seeing } from '../help/hosts.ts';
import { headerOf } from '../help/images.ts';
import { plannedOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

const V2 = { schema_version: 2 };
const ARM = { ...V2, 'hardware.arch': 'aarch64' };
const NO_FIRMWARE = 'warning disk-boot-needs-firmware hardware.arch';
const RISCV = { ...V2, ...TCG, 'hardware.arch': 'riscv64' };
const POWER = { ...V2, ...TCG, 'hardware.arch': 'ppc64le' };

function smp(change: Change): string {
  return valuesOf(argvOf({ ...V2, ...change }), '-smp').join(' ');
}

t.test('virtual CPUs are arranged as the profile says, the other levels are worked out', (t) => {
  const four = (topology: object): string => smp({ 'hardware.cores': 4, 'hardware.topology': topology });
  t.equal(four({}), '4', 'QEMU makes one socket of them');
  const sockets = 'cpus=4,sockets=4,cores=1,threads=1,maxcpus=4';
  t.equal(four({ threads: 1 }), sockets, 'one virtual CPU a socket');
  t.equal(four({ cores: 1, threads: 1 }), sockets);
  t.equal(smp({ 'hardware.cores': 1, 'hardware.topology': { cores: 1 } }), sockets.replaceAll('4', '1'));
  t.equal(four({ sockets: 4 }), sockets);
  const canonical = (topology: object): string =>
    plannedOf(changed({ ...V2, 'hardware.cores': 4, 'hardware.topology': topology })).canonical;
  t.equal(canonical({ cores: 1 }), canonical({ sockets: 4 }), 'and it is one profile');
  t.equal(canonical({ sockets: 4, dies: 1 }), canonical({ sockets: 4 }));
  t.equal(four({ threads: 2 }), 'cpus=4,sockets=2,cores=1,threads=2,maxcpus=4');
  t.equal(four({ dies: 2, cores: 2 }), 'cpus=4,sockets=1,dies=2,cores=2,threads=1,maxcpus=4');
  const one = 'cpus=2,sockets=1,cores=2,threads=1,maxcpus=2';
  for (const [type, expected] of [
    ['pc-q35-6.1', one],
    ['pc-i440fx-5.2', one],
    ['pc-q35-6.2', '2'],
    ['pc-q35-10.0', '2'],
  ] as const)
    t.equal(smp({ 'machine.type': type }), expected, type);
  t.end();
});

t.test('topology', (t) => {
  const of = (topology: object, base: Change, ...issues: string[]): Row => [
    JSON.stringify(topology),
    { ...base, 'hardware.cores': 8, 'hardware.topology': topology },
    ...issues,
  ];
  const product = 'error topology-product hardware.topology';
  const threads = 'hardware.topology.threads';
  checkRows(t, [
    of({ sockets: 2, cores: 2, threads: 2 }, V2),
    of({ sockets: 2, cores: 2 }, V2, product),
    of({ cores: 3 }, V2, product),
    of({ cores: 0 }, V2, 'error out-of-range hardware.topology.cores'),
    of({ sockets: 0, cores: 2 }, V2, 'error out-of-range hardware.topology.sockets'),
    of({ clusters: 2 }, V2, 'error not-for-machine hardware.topology.clusters'),
    of({ dies: 2 }, { ...ARM, ...TCG }, 'error not-for-machine hardware.topology.dies', NO_FIRMWARE),
    of({ clusters: 2 }, { ...ARM, ...TCG }, NO_FIRMWARE),
    of({ clusters: 2 }, RISCV, 'error not-for-machine hardware.topology.clusters', NO_FIRMWARE),
    of({ threads: 2 }, POWER, `error not-for-accelerator ${threads}`),
    of(
      { threads: 3, sockets: 1 },
      { ...POWER, 'hardware.cores': 3 },
      product,
      ...[`error not-for-accelerator ${threads}`, `error threads-need-power-of-two ${threads}`],
    ),
    ['in version 1', { 'hardware.topology': { cores: 2 } }, 'warning unknown-field hardware.topology'],
    [
      'unknown',
      { ...V2, 'hardware.arch': ABSENT, 'hardware.topology': { dies: 2 } },
      'error missing-field hardware.arch',
    ],
    [
      'no cores',
      { ...V2, 'hardware.cores': ABSENT, 'hardware.topology': { dies: 2 } },
      'error missing-field hardware.cores',
    ],
  ]);
});

t.test('threads of ppc64le under kvm', (t) => {
  const power = { ...LINUX, arch: 'ppc64le' } as const;
  const change = { ...V2, 'hardware.arch': 'ppc64le', 'hardware.topology': { threads: 2 } };
  checkRows(t, [['threads', change]], given(power));
});

t.test('the bound of the machine pc', (t) => {
  checkRows(t, [
    ['q35', { ...V2, 'hardware.cores': 256 }],
    ['pc', { ...V2, 'machine.type': 'pc', 'hardware.cores': 255 }],
    ['pc', { ...V2, 'machine.type': 'pc', 'hardware.cores': 256 }, 'error not-for-machine hardware.cores'],
    ['refused', { ...V2, 'machine.type': 'pc', 'hardware.cores': 257 }, 'error out-of-range hardware.cores'],
    [
      'no acceleration',
      { ...POWER, 'hardware.acceleration': 'x', 'hardware.topology': { threads: 2 } },
      'error not-allowed hardware.acceleration',
    ],
  ]);
});

t.test('how much memory', (t) => {
  const of = (memory_mb: number, base: Change, ...issues: string[]): Row => [
    String(memory_mb),
    { ...base, 'hardware.memory_mb': memory_mb },
    ...issues,
  ];
  const at = 'hardware.memory_mb';
  checkRows(t, [
    of(16, V2, `warning memory-small ${at}`),
    of(15, V2, `error out-of-range ${at}`),
    of(255, V2, `warning memory-small ${at}`),
    of(255, {}, `error out-of-range ${at}`),
    of(256, V2),
    of(300, V2, `warning memory-not-aligned ${at}`),
    of(128, POWER, `error memory-not-aligned ${at}`),
    of(300, POWER, `error memory-not-aligned ${at}`),
  ]);
});

t.test('memory that is plugged in', (t) => {
  const of = (memory: object, base: Change, ...issues: string[]): Row => [
    JSON.stringify(memory),
    { ...base, memory },
    ...issues,
  ];
  checkRows(t, [
    of({ max_mb: 2048, slots: 256 }, V2),
    of({ max_mb: 2048 }, V2, 'error missing-field memory.slots'),
    of({ slots: 2 }, V2, 'error missing-field memory.max_mb'),
    of({ max_mb: 2048, slots: 257 }, V2, 'error out-of-range memory.slots'),
    of({ max_mb: 1024, slots: 1 }, V2, 'error max-memory-too-small memory.max_mb'),
    of({ max_mb: 2048, slots: 32 }, POWER),
    of(
      { max_mb: 2000, slots: 33 },
      POWER,
      'error memory-not-aligned memory.max_mb',
      'error out-of-range memory.slots',
    ),
    of({ slots: 3 }, POWER, 'error missing-field memory.max_mb'),
    of(
      { max_mb: 2048, slots: 1 },
      RISCV,
      'error not-for-arch memory.max_mb',
      'error not-for-arch memory.slots',
      NO_FIRMWARE,
    ),
    of(
      { max_mb: 2048, slots: 1 },
      { ...ARM, ...TCG },
      NO_FIRMWARE,
      'warning memory-slots-need-uefi memory.slots',
    ),
    // The end of what 40 bits reach, as QEMU 7.2 works it out.
    of({ max_mb: 976 * 1024, slots: 1 }, { ...V2, ...TCG }),
    of({ max_mb: 977 * 1024, slots: 1 }, { ...V2, ...TCG }, 'error memory-over-address-space memory.max_mb'),
    of({ max_mb: 877 * 1024, slots: 100 }, { ...V2, ...TCG }),
    of(
      { max_mb: 878 * 1024, slots: 100 },
      { ...V2, ...TCG },
      'error memory-over-address-space memory.max_mb',
    ),
    of({ max_mb: 977 * 1024, slots: 1 }, { ...V2, ...TCG, 'hardware.memory_mb': 8192 }),
    of(
      { max_mb: 978 * 1024, slots: 1 },
      { ...V2, ...TCG, 'hardware.memory_mb': 8192 },
      'error memory-over-address-space memory.max_mb',
    ),
    of({ max_mb: 978 * 1024, slots: 1 }, { ...V2, ...TCG, 'hardware.cpu': 'max,phys-bits=41' }),
  ]);
});

t.test('what only some hosts have', (t) => {
  const memory = { shared: true, hugepages_kb: 2048, lock: true };
  const all = { ...V2, memory, numa: [{ cpus: [0, 1], memory_mb: 1024, host_node: 0 }] };
  checkIssues(t, changed(all), [], 'linux');
  checkIssues(
    t,
    changed(all),
    [],
    'a host that was looked at',
    seeing({ [ROOT_IMAGE]: { header: headerOf('qcow2') } }),
  );
  checkRows(
    t,
    [
      [
        'darwin',
        all,
        'error not-for-os memory.shared',
        'error not-for-os memory.hugepages_kb',
        'error not-for-os memory.lock',
        'error not-for-os numa[0].host_node',
      ],
      ['what every host has', { ...V2, memory: { shared: false, prealloc: true } }],
    ],
    given(DARWIN_INTEL),
  );
});

t.test('huge pages', (t) => {
  checkRows(t, [
    [
      'pages',
      { ...V2, memory: { hugepages_kb: 2048 }, 'hardware.memory_mb': 1025 },
      ...[
        'error memory-not-hugepage-multiple hardware.memory_mb',
        'warning memory-not-aligned hardware.memory_mb',
      ],
    ],
    ['size of a page', { ...V2, memory: { hugepages_kb: 4 } }, 'error out-of-range memory.hugepages_kb'],
    [
      'without a size',
      { ...V2, memory: { hugepages_kb: 2048, lock: true }, 'hardware.memory_mb': ABSENT },
      'error missing-field hardware.memory_mb',
    ],
  ]);
});

t.test('nodes', (t) => {
  const of = (numa: object[], base: Change, ...issues: string[]): Row => [
    JSON.stringify(numa),
    { ...V2, ...base, numa },
    ...issues,
  ];
  const both = (first: object, second: object): object[] => [
    { cpus: [0], memory_mb: 512, ...first },
    { cpus: [1], memory_mb: 512, ...second },
  ];
  const missing = 'error numa-cpu-missing numa';
  checkRows(t, [
    of([], {}),
    of(both({}, {}), {}),
    of(both({ cpus: [1, 0] }, { cpus: [] }), {}),
    of(both({ cpus: [] }, {}), {}, missing),
    of(both({}, { cpus: [0] }), {}, missing, 'error numa-cpu-twice numa[1].cpus[0]'),
    of(both({}, { cpus: [1, 2] }), {}, 'error numa-cpu-range numa[1].cpus[1]'),
    of(both({}, { cpus: [256] }), {}, 'error out-of-range numa[1].cpus[0]'),
    of(both({}, { cpus: 1 }), {}, 'error wrong-type numa[1].cpus'),
    of(both({}, { memory_mb: 256 }), {}, 'error numa-memory-sum numa'),
    of(both({}, { memory_mb: -1 }), {}, 'error out-of-range numa[1].memory_mb'),
    of(both({ memory_mb: 1024 }, { memory_mb: 0 }), {}),
    of(
      both({ memory_mb: 1024 }, { memory_mb: 0, host_node: 1 }),
      {},
      'error numa-node-without-memory numa[1].host_node',
    ),
    of(
      both({}, { memory_mb: 513 }),
      { memory: { hugepages_kb: 2048 } },
      ...['error numa-memory-sum numa', 'error memory-not-hugepage-multiple numa[1].memory_mb'],
    ),
    of(
      both({}, { memory_mb: 'x' }),
      { memory: { hugepages_kb: 2048 }, ...POWER },
      'error wrong-type numa[1].memory_mb',
    ),
    of(
      both({ memory_mb: 500 }, { memory_mb: 524 }),
      POWER,
      ...['error memory-not-aligned numa[0].memory_mb', 'error memory-not-aligned numa[1].memory_mb'],
    ),
    of(both({}, {}), RISCV, NO_FIRMWARE),
    of(both({ cpus: [1] }, { cpus: [0] }), RISCV, 'error numa-cpu-gap numa[0].cpus', NO_FIRMWARE),
    of(both({ cpus: [0, 1] }, { cpus: [] }), RISCV, 'error numa-cpu-gap numa[1].cpus', NO_FIRMWARE),
    of(
      both({ cpus: ['x'] }, { cpus: 0 }),
      RISCV,
      ...['error wrong-type numa[0].cpus[0]', 'error wrong-type numa[1].cpus', NO_FIRMWARE],
    ),
    [
      'without a size',
      { ...V2, numa: both({}, {}), 'hardware.cores': ABSENT, 'hardware.memory_mb': ABSENT },
      'error missing-field hardware.cores',
      'error missing-field hardware.memory_mb',
    ],
  ]);
});

t.test('what a host has, where it is known', (t) => {
  const host = given({ ...LINUX, cpus: 2, memory_mb: 1024 });
  const over = ['warning cores-over-host hardware.cores', 'warning memory-over-host hardware.memory_mb'];
  const rows = [1, 2].flatMap((version): Row[] => [
    ['as much', { schema_version: version }],
    ['more', { schema_version: version, 'hardware.cores': 3, 'hardware.memory_mb': 1280 }, ...over],
    [
      'unknown',
      { schema_version: version, 'hardware.cores': ABSENT, 'hardware.memory_mb': ABSENT },
      'error missing-field hardware.cores',
      'error missing-field hardware.memory_mb',
    ],
  ]);
  checkRows(t, rows, host);
});

t.test('a machine with a version is a question', (t) => {
  checkRows(t, [['aarch64', { ...ARM, 'machine.type': 'virt-7.2' }, NO_FIRMWARE]], given(LINUX_ARM));
});
