/** CPU, cores, memory and acceleration: what may be written, and what each host makes of it. */
import t from 'tap';
import { argvOf, valuesOf } from '../help/argv.ts';
import { LOG, TCG } from '../help/changes.ts';
import { ABSENT, type Change, changed } from '../help/documents.ts';
import {
  DARWIN,
  DARWIN_INTEL,
  FREEBSD,
  given,
  type Host,
  LINUX,
  LINUX_ARM,
  LINUX_WITHOUT_KVM,
  probed,
  WINDOWS,
} from '../help/hosts.ts';
import { issuesOf, outcomeOf, plannedOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

t.test('acceleration', (t) => {
  const unavailable = 'error acceleration-unavailable hardware.acceleration';
  const fallback = 'warning acceleration-fallback hardware.acceleration';
  const cases: readonly (readonly [Host['facts'], string, string, string])[] = [
    [LINUX, 'x86_64', 'auto', 'kvm'],
    [LINUX, 'x86_64', 'kvm', 'kvm'],
    [LINUX, 'x86_64', 'tcg', 'tcg'],
    [LINUX, 'x86_64', 'hvf', unavailable],
    [LINUX, 'x86_64', 'whpx', unavailable],
    [LINUX, 'ppc64le', 'auto', fallback],
    [LINUX, 'ppc64le', 'kvm', unavailable],
    [LINUX, 'ppc64le', 'tcg', 'tcg'],
    [LINUX_WITHOUT_KVM, 'x86_64', 'auto', fallback],
    [LINUX_WITHOUT_KVM, 'x86_64', 'kvm', unavailable],
    [LINUX_ARM, 'x86_64', 'auto', fallback],
    [DARWIN_INTEL, 'x86_64', 'auto', 'hvf'],
    [DARWIN_INTEL, 'x86_64', 'hvf', 'hvf'],
    [DARWIN_INTEL, 'x86_64', 'kvm', unavailable],
    [DARWIN, 'x86_64', 'auto', fallback],
    [DARWIN, 'x86_64', 'hvf', unavailable],
    [{ ...DARWIN_INTEL, accelerators: [] }, 'x86_64', 'auto', fallback],
    [WINDOWS, 'x86_64', 'auto', 'whpx'],
    [WINDOWS, 'x86_64', 'whpx', 'whpx'],
    [WINDOWS, 'x86_64', 'kvm', unavailable],
    [{ ...WINDOWS, accelerators: [] }, 'x86_64', 'auto', fallback],
    [FREEBSD, 'x86_64', 'auto', 'tcg'],
    [FREEBSD, 'ppc64le', 'auto', 'tcg'],
    [FREEBSD, 'x86_64', 'tcg', 'tcg'],
    [FREEBSD, 'x86_64', 'kvm', unavailable],
  ];
  for (const [facts, arch, acceleration, expected] of cases) {
    const document = changed({ ...LOG, 'hardware.arch': arch, 'hardware.acceleration': acceleration });
    const about = `${acceleration} for ${arch} on ${facts.os} ${facts.arch} with ${facts.accelerators}`;
    checkIssues(t, document, expected.includes(' ') ? [expected] : [], about, given(facts));
    if (expected.startsWith('error')) continue;
    const planned = plannedOf(document, given(facts));
    t.equal(planned.acceleration, expected.includes(' ') ? 'tcg' : expected, about);
    t.equal(planned.profile.hardware.acceleration, acceleration);
  }
  t.end();
});

t.test('why an accelerator is not used', (t) => {
  const why = (host: Host, acceleration: string) =>
    issuesOf(outcomeOf(changed({ 'hardware.acceleration': acceleration }), host)).find(({ field }) =>
      field.startsWith('hardware'),
    )?.message;
  for (const wanted of ['auto', 'kvm']) {
    t.match(why(given(LINUX_WITHOUT_KVM), wanted), /the linux host does not have it\.$/);
    t.match(why(probed(LINUX_WITHOUT_KVM), wanted), /this host has no \/dev\/kvm that this user may open\.$/);
  }
  t.match(why(probed(LINUX), 'hvf'), /the linux host does not have it\.$/);
  t.end();
});

t.test('accelerators in argv', (t) => {
  const log = { 'serial.mode': 'none' };
  t.strictSame(argvOf(log).slice(7, 10), ['-enable-kvm', '-cpu', 'host']);
  t.strictSame(argvOf(log, given(DARWIN_INTEL)).slice(7, 11), ['-accel', 'hvf', '-cpu', 'host']);
  t.strictSame(argvOf(log, given(WINDOWS)).slice(7, 11), ['-accel', 'whpx', '-cpu', 'max']);
  t.strictSame(argvOf(log, given(FREEBSD)).slice(7, 11), ['-accel', 'tcg', '-cpu', 'max']);
  t.strictSame(argvOf(log, given(LINUX_WITHOUT_KVM)).slice(7, 11), ['-accel', 'tcg', '-cpu', 'max']);
  t.end();
});

t.test('cpu', (t) => {
  const of = (cpu: string, ...issues: string[]): Row => [
    cpu.slice(0, 40),
    { 'hardware.cpu': cpu },
    ...issues,
  ];
  const invalid = 'error invalid-cpu hardware.cpu';
  checkRows(t, [
    of('max'),
    of('Skylake-Client-v4'),
    of('host,pmu=off,+avx,-sse4.1,x2apic,level=0xd'),
    of('486'),
    of(`max${',pmu=off'.repeat(127)},pm=o`, 'warning cpu-feature-repeated hardware.cpu'),
    of(`max${',pmu=off'.repeat(127)},pm=of`, invalid),
    of('', 'error empty-value hardware.cpu'),
    of('  ', 'error empty-value hardware.cpu'),
    of('help', invalid),
    of('?', invalid),
    of('-max', invalid),
    of('max,', invalid),
    of(',max', invalid),
    of('max,,pmu=off', invalid),
    of('max, pmu=off', invalid),
    of('max,pmu=', invalid),
    of('max,=off', invalid),
    of('max,pmu=a=b', invalid),
    of('max,+', invalid),
    of('max,+-x', invalid),
    of('max,_x=1', invalid),
    of('max,+x=1', invalid),
    of('max,x=ü', invalid),
    of('max;x', invalid),
  ]);
});

t.test('cpu features without a value are for x86_64', (t) => {
  const of = (cpu: string, ...issues: string[]): Row => [
    cpu,
    { 'hardware.arch': 'aarch64', 'hardware.cpu': cpu },
    ...issues,
    'warning disk-boot-needs-firmware hardware.arch',
  ];
  checkRows(
    t,
    [
      of('cortex-a72'),
      of('host,pmu=off'),
      of('host,+pmu', 'error invalid-cpu hardware.cpu'),
      of('host,-pmu', 'error invalid-cpu hardware.cpu'),
      of('host,pmu', 'error invalid-cpu hardware.cpu'),
      of('host,sve=on,pmu', 'error invalid-cpu hardware.cpu'),
      of('max,a_b=on,a-b=on'),
      of('help', 'error invalid-cpu hardware.cpu'),
    ],
    given(LINUX_ARM),
  );
});

t.test('a dash and an underline are one in names of x86 only', (t) => {
  const warned = (arch: string, cpu: string) =>
    outcomeOf(changed({ ...TCG, 'hardware.arch': arch, 'hardware.cpu': cpu })).warnings.some(
      ({ code }) => code === 'cpu-feature-repeated',
    );
  t.equal(warned('x86_64', 'max,a_b=on,a-b=on'), true);
  t.equal(warned('aarch64', 'max,a_b=on,a-b=on'), false);
  t.equal(warned('aarch64', 'max,a-b=on,a-b=off'), true);
  t.end();
});

t.test('the CPU that each host gives', (t) => {
  const needs = 'error cpu-host-needs-hardware-acceleration hardware.cpu';
  const replaced = 'warning cpu-host-replaced hardware.cpu';
  const fallback = 'warning acceleration-fallback hardware.acceleration';
  const cases: readonly (readonly [Host['facts'], Change, string, ...string[]])[] = [
    [LINUX, {}, 'host'],
    [LINUX, { 'hardware.cpu': 'host' }, 'host'],
    [LINUX, { 'hardware.cpu': 'host,pmu=off' }, 'host,pmu=off'],
    [LINUX, { 'hardware.cpu': 'max' }, 'max'],
    [LINUX, TCG, 'max'],
    [LINUX, { ...TCG, 'hardware.cpu': 'qemu64,+avx' }, 'qemu64,+avx'],
    [LINUX, { ...TCG, 'hardware.cpu': 'host' }, '', needs],
    [LINUX, { ...TCG, 'hardware.cpu': 'host,pmu=off' }, '', needs],
    [LINUX, { ...TCG, 'hardware.cpu': 'hostile' }, 'hostile', 'warning cpu-unknown-to-qemu hardware.cpu'],
    [LINUX, { ...TCG, 'hardware.arch': 'ppc64le' }, 'max'],
    [LINUX, { ...TCG, 'hardware.arch': 'aarch64' }, 'max', 'warning disk-boot-needs-firmware hardware.arch'],
    [LINUX, { ...TCG, 'hardware.arch': 'riscv64' }, 'rv64', 'warning disk-boot-needs-firmware hardware.arch'],
    [LINUX_WITHOUT_KVM, {}, 'max', fallback],
    [LINUX_WITHOUT_KVM, { 'hardware.cpu': 'host' }, 'max', replaced, fallback],
    [LINUX_WITHOUT_KVM, { 'hardware.cpu': 'host,pmu=off' }, '', needs, fallback],
    [DARWIN_INTEL, {}, 'host'],
    [DARWIN_INTEL, { 'hardware.cpu': 'host' }, 'host'],
    [WINDOWS, {}, 'max'],
    [WINDOWS, { 'hardware.cpu': 'host' }, 'max', replaced],
    [WINDOWS, { 'hardware.acceleration': 'whpx', 'hardware.cpu': 'host' }, '', needs],
    [FREEBSD, {}, 'max'],
    [FREEBSD, { 'hardware.cpu': 'host' }, 'max', replaced],
  ];
  for (const [facts, change, cpu, ...issues] of cases) {
    const document = changed({ ...LOG, ...change });
    const about = `${JSON.stringify(change)} on ${facts.os} with ${facts.accelerators}`;
    checkIssues(t, document, issues, about, given(facts));
    if (cpu !== '') t.strictSame(valuesOf(plannedOf(document, given(facts)).argv, '-cpu'), [cpu], about);
  }
  t.end();
});

t.test('the 256th core of x86_64 needs kvm', (t) => {
  const need = 'error cores-need-kvm hardware.cores';
  const of = (cores: number, more: Change, ...issues: string[]): Row => [
    `${cores} ${JSON.stringify(more)}`,
    { 'hardware.cores': cores, ...more },
    ...issues,
  ];
  checkRows(t, [
    of(256, {}),
    of(256, { 'hardware.acceleration': 'kvm' }),
    of(256, TCG, need),
    of(255, TCG),
    of(256, { ...TCG, 'hardware.arch': 'ppc64le' }),
  ]);
});

t.test('the 256th core on a host without kvm', (t) =>
  checkRows(
    t,
    [
      [
        'falls back',
        { 'hardware.cores': 256 },
        'error cores-need-kvm hardware.cores',
        'warning acceleration-fallback hardware.acceleration',
      ],
      ['255', { 'hardware.cores': 255 }, 'warning acceleration-fallback hardware.acceleration'],
    ],
    given(LINUX_WITHOUT_KVM),
  ),
);

t.test('memory comes in blocks', (t) =>
  checkRows(t, [
    ['odd', { 'hardware.memory_mb': 1000 }, 'warning memory-not-aligned hardware.memory_mb'],
    ['257', { 'hardware.memory_mb': 257 }, 'warning memory-not-aligned hardware.memory_mb'],
    ['even', { 'hardware.memory_mb': 1280 }],
    [
      'odd on POWER',
      { 'hardware.arch': 'ppc64le', 'hardware.memory_mb': 1000, 'hardware.acceleration': 'tcg' },
      'error memory-not-aligned hardware.memory_mb',
    ],
    [
      'even on POWER',
      { 'hardware.arch': 'ppc64le', 'hardware.memory_mb': 1280, 'hardware.acceleration': 'tcg' },
    ],
  ]),
);

t.test('memory beyond the address bits of x86_64', (t) => {
  const over = 'error memory-over-address-space hardware.memory_mb';
  const of = (cpu: string | symbol, memory: number, more: Change, ...issues: string[]): Row => [
    `${String(cpu)} ${memory}`,
    { 'hardware.cpu': cpu, 'hardware.memory_mb': memory, ...more },
    ...issues,
  ];
  checkRows(t, [
    of(ABSENT, 1001472, TCG),
    of(ABSENT, 1001728, TCG, over),
    of('max', 1001728, TCG, over),
    of('max', 16777216, {}),
    of('qemu64', 1001728, {}, over),
    of('max,phys-bits=46', 1001728, {}),
    of('max,host-phys-bits=on', 1001728, {}),
    of('max,+host-phys-bits', 1001728, {}),
    of('max,host-phys-bits', 1001728, {}),
    of('max,host-phys-bits=true', 16777216, {}),
    of('max,host-phys-bits=yes', 16777216, {}),
    of('max,host-phys-bits-limit=46', 1001728, {}),
    of('qemu64,host-phys-bits-limit=46', 1001728, {}, over),
    of('EPYC,host_phys_bits=true', 1099776, {}),
    of('EPYC,host-phys-bits=true', 1099776, {}),
    of('EPYC,host_phys_bits=off', 1099776, {}, over),
    of('max,host-phys-bits=off', 1001728, {}, over),
    of('max,-host-phys-bits', 1001728, {}, over),
    of('host,host-phys-bits=off', 1001728, {}, over),
    of('host,host_phys_bits=off,phys_bits=46', 1099776, {}),
    of('max,host-phys-bits=on', 1001728, TCG, over),
    of('max,phys-bits=0', 1001472, TCG),
    of('max,phys-bits=0', 1001728, TCG, over),
    of('max,phys-bits=35', 512, TCG, over),
    of('max,phys-bits=36', 30720, TCG),
    of('max,phys-bits=36', 30976, TCG, over),
    of('max,phys-bits=36', 30976, {}),
    of('qemu64,phys_bits=46', 1099776, TCG),
    of('qemu64,phys_bits=36', 30976, TCG, over),
    of('qemu64,phys-bits=46,phys_bits=40', 1099776, TCG, over, 'warning cpu-feature-repeated hardware.cpu'),
    of('qemu64,phys_bits=40,phys-bits=46', 1099776, TCG, 'warning cpu-feature-repeated hardware.cpu'),
    of('max,+lahf_lm,lahf-lm=off', 512, TCG, 'warning cpu-feature-repeated hardware.cpu'),
    of('max,phys-bits=0x29', 1017856, TCG),
    of('max,phys-bits=41', 1018112, TCG, over),
    of('max,phys-bits=41,phys-bits=46', 1018112, TCG, 'warning cpu-feature-repeated hardware.cpu'),
    of('max,+aes,aes=off', 512, TCG, 'warning cpu-feature-repeated hardware.cpu'),
    of('max,+aes,-avx', 512, TCG),
    of('max,phys-bits=45', 16777216, TCG),
    of('max,phys-bits=44', 16777216, TCG, over),
    of('max,phys-bits=32', 256, TCG, over),
    of('max,phys-bits=52', 512, TCG),
    of('max,phys-bits=31', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('max,phys-bits=53', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('max,phys_bits=31', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('qemu64,phys_bits=53', 512, {}, 'error invalid-cpu hardware.cpu'),
    of('max,phys-bits=31', 512, {}),
    of('max,phys-bits=046', 119808, TCG),
    of('max,phys-bits=046', 250112, TCG, over),
    of('max,phys-bits=048', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('max,host-phys-bits-limit=36', 30720, {}),
    of('max,host_phys_bits_limit=36', 30976, {}, over),
    of('EPYC,host-phys-bits=on,host-phys-bits-limit=36,phys-bits=46', 30976, {}, over),
    of('EPYC,host-phys-bits-limit=36,phys-bits=46', 30976, {}),
    of('max,host-phys-bits-limit=0', 16777216, {}),
    of('max,host-phys-bits-limit=255', 16777216, {}),
    of('max,host-phys-bits-limit=31', 512, {}, 'error invalid-cpu hardware.cpu'),
    of('max,host-phys-bits-limit=31', 512, TCG),
    of('max,host-phys-bits-limit=256', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('max,phys-bits=on', 512, TCG, 'error invalid-cpu hardware.cpu'),
    of('host', 16777216, {}),
    of('host,pmu=off', 16777216, {}),
    of(ABSENT, 16777216, {}),
    of('hostile', 1001728, {}, over, 'warning cpu-unknown-to-qemu hardware.cpu'),
    of('?', 1001728, {}, 'error invalid-cpu hardware.cpu'),
    of(ABSENT, 16777216, { ...TCG, 'hardware.arch': 'ppc64le' }),
  ]);
});

t.test('host without kvm: the CPU that is used decides', (t) => {
  checkIssues(
    t,
    changed({ 'hardware.memory_mb': 16777216, 'hardware.cpu': 'host' }),
    [
      'error memory-over-address-space hardware.memory_mb',
      'warning cpu-host-replaced hardware.cpu',
      'warning acceleration-fallback hardware.acceleration',
    ],
    'host becomes max',
    given(LINUX_WITHOUT_KVM),
  );
  t.end();
});

const hyperv = (cpu: string, change: Change, ...issues: string[]): Row => [
  cpu,
  { ...change, 'hardware.cpu': cpu },
  ...issues,
];
const NEEDS_KVM = 'warning hyperv-needs-kvm hardware.cpu';

t.test('Hyper-V features', (t) =>
  checkRows(t, [
    hyperv('host,hv_relaxed,hv_vpindex', {}),
    hyperv('max,hv_relaxed', TCG, NEEDS_KVM),
    hyperv('max,x2apic=on,+hv-time', TCG, NEEDS_KVM),
    hyperv('max,hv_spinlocks=0x1fff', TCG, NEEDS_KVM),
    hyperv('max,hv-time=off', TCG),
    hyperv('max,hv_time=n', TCG),
    hyperv('max,-hv-time', TCG),
    hyperv('max,x2apic', TCG),
  ]),
);

t.test('max has the bits of the host under hvf too, and of nobody under whpx', (t) => {
  const of = (facts: Host['facts'], ...issues: string[]) =>
    checkIssues(
      t,
      changed({ ...LOG, 'hardware.cpu': 'max', 'hardware.memory_mb': 1099776 }),
      issues,
      facts.os,
      given(facts),
    );
  of(DARWIN_INTEL);
  of(WINDOWS, 'error memory-over-address-space hardware.memory_mb');
  t.end();
});

t.test('the machine of aarch64 under hvf is one that QEMU before 8.0 has, as long as that serves', (t) => {
  const question = 'Is this QEMU 8.0 or later? hvf has no GICv3 before.';
  const rows: readonly (readonly [
    cores: number,
    change: Change,
    facts: Host['facts'],
    machine: string,
    asks: boolean,
  ])[] = [
    [1, {}, DARWIN, 'virt', false],
    [8, {}, DARWIN, 'virt', false],
    [8, { 'hardware.acceleration': 'hvf' }, DARWIN, 'virt', false],
    [9, {}, DARWIN, 'virt,gic-version=max', true],
    [256, { 'hardware.acceleration': 'hvf' }, DARWIN, 'virt,gic-version=max', true],
    [8, TCG, DARWIN, 'virt,gic-version=max', false],
    [9, TCG, DARWIN, 'virt,gic-version=max', false],
    [8, {}, LINUX_ARM, 'virt,gic-version=max', false],
    [9, {}, LINUX_ARM, 'virt,gic-version=max', false],
    [9, { 'hardware.arch': 'x86_64' }, DARWIN_INTEL, 'q35', false],
  ];
  for (const [cores, change, facts, machine, asks] of rows) {
    const about = `${cores} ${JSON.stringify(change)} on ${facts.os}`;
    const document = changed({ ...LOG, 'hardware.arch': 'aarch64', 'hardware.cores': cores, ...change });
    const { argv, unknowns } = plannedOf(document, given(facts));
    t.strictSame(valuesOf(argv, '-machine'), [machine], about);
    const asked = unknowns.filter((unknown) => unknown.question === question);
    t.strictSame(
      asked.map(({ subject }) => subject),
      asks ? ['binary:qemu-system-aarch64'] : [],
      about,
    );
  }
  t.end();
});
