/** What crosses topics: names, slots for devices, backends of a system, sections that are disabled or need one another. */
import t from 'tap';
import { CARD, DISK, disk, LOG, share, user, withKernel } from '../help/changes.ts';
import { ABSENT, type Change, changed, type Document } from '../help/documents.ts';
import { DARWIN_INTEL, FREEBSD, given, type HostSystem, LINUX, WINDOWS } from '../help/hosts.ts';
import { issuesOf, outcomeOf } from '../help/plans.ts';
import { checkIssues, checkRows, type Row } from '../help/rows.ts';

t.test('names', (t) => {
  const vm = (name: string, ...issues: string[]): Row => [`vm ${name}`, { 'vm.name': name }, ...issues];
  const of = (name: string, ...issues: string[]): Row => [
    `disk ${name}`,
    { [`${DISK}.name`]: name },
    ...issues,
  ];
  const card = (name: string, ...issues: string[]): Row => [
    `card ${name}`,
    { [CARD]: user(name) },
    ...issues,
  ];
  checkRows(t, [
    vm('a'),
    vm('_'),
    vm('0-VM_x'),
    vm('x'.repeat(64)),
    vm('x'.repeat(65), 'error invalid-name vm.name'),
    vm('', 'error invalid-name vm.name'),
    vm(' ', 'error invalid-name vm.name'),
    vm('-x', 'error invalid-name vm.name'),
    vm('a b', 'error invalid-name vm.name'),
    vm('a.b', 'error invalid-name vm.name'),
    vm('a,b', 'error invalid-name vm.name'),
    vm('ä', 'error invalid-name vm.name'),
    vm('../a', 'error invalid-name vm.name'),
    of('r'),
    of('R0-_'),
    of('x'.repeat(31)),
    of('x'.repeat(32), 'error invalid-name storage.disks[0].name'),
    of('', 'error invalid-name storage.disks[0].name'),
    of('0a', 'error invalid-name storage.disks[0].name'),
    of('_a', 'error invalid-name storage.disks[0].name'),
    of('a.b', 'error invalid-name storage.disks[0].name'),
    of('a,readonly=on', 'error invalid-name storage.disks[0].name'),
    card('net0'),
    card('x'.repeat(31)),
    card('x'.repeat(32), 'error invalid-name network.interfaces[0].name'),
    card('0net', 'error invalid-name network.interfaces[0].name'),
    card('n=1', 'error invalid-name network.interfaces[0].name'),
    [
      'two disks of one name',
      { 'storage.disks.1': { ...disk('root'), path: 'images/b.qcow2' } },
      'error duplicate-name storage.disks[1].name',
    ],
    ['names that differ in case', { 'storage.disks.1': disk('Root') }],
    [
      'three interfaces of one name',
      { 'network.interfaces': [user('a'), user('a'), user('b'), user('a')] },
      'error duplicate-name network.interfaces[1].name',
      'error duplicate-name network.interfaces[3].name',
    ],
    ['a disk and an interface of one name', { [CARD]: user('root') }],
  ]);
});

t.test('devices fit into the slots of the machine', (t) => {
  const tcg = { 'hardware.acceleration': 'tcg' };
  const disks = (count: number) => Array.from({ length: count }, (_, index) => disk(`d${index}`));
  const slots = { x86_64: 30, aarch64: 31, riscv64: 31, ppc64le: 32 };
  const full = (arch: keyof typeof slots, more: number): Document => ({
    ...tcg,
    ...withKernel({ append: `console=${{ aarch64: 'ttyAMA0', ppc64le: 'hvc0' }[String(arch)] ?? 'ttyS0'}` }),
    'hardware.arch': arch,
    'storage.disks': [
      ...disks(slots[arch] - 3 + more),
      { name: 'share', path: 'shares/a', format: 'host-path' },
    ],
    'network.interfaces': [user('a'), { name: 'off', type: 'none' }, user('b')],
  });
  for (const arch of Object.keys(slots) as (keyof typeof slots)[]) {
    checkIssues(t, changed(full(arch, 0)), [], `${arch} full`);
    checkIssues(t, changed(full(arch, 1)), ['error too-many-devices storage.disks'], `${arch} over`);
  }
  t.end();
});

t.test('sections that depend on one another', (t) => {
  const arm = { 'hardware.arch': 'aarch64', 'hardware.acceleration': 'tcg' };
  const firmware = 'warning disk-boot-needs-firmware hardware.arch';
  checkRows(t, [
    ['a disk on Arm', arm, firmware],
    ['a disk on RISC-V', { ...arm, 'hardware.arch': 'riscv64' }, firmware],
    ['a disk on POWER', { ...arm, 'hardware.arch': 'ppc64le' }],
    ['a kernel on Arm', { ...arm, ...withKernel({ append: 'quiet' }) }],
    ['no port at all', { serial: ABSENT }, 'info no-console serial.enabled'],
    ['an interface alone', { serial: ABSENT, [CARD]: user('a') }, 'info no-console serial.enabled'],
    ['a forwarded port', { serial: ABSENT, [CARD]: user('a', 'tcp:127.0.0.1:2222-:22') }],
  ]);
});

t.test('a disabled section is still checked for type, pattern and secrets', (t) =>
  checkRows(t, [
    ['type', { kernel: { bzimage: 3 } }, 'error wrong-type kernel.bzimage'],
    ['blank', { qmp: { enabled: false, socket: ' ' } }, 'error empty-value qmp.socket'],
    ['characters', { kernel: { append: 'a\nb' } }, 'error control-character kernel.append'],
    [
      'a secret reaches nothing',
      { kernel: { append: 'password=x' } },
      'info section-off kernel.enabled',
      'warning secret-like-value kernel.append',
    ],
    [
      'a serial port',
      { serial: { device: 'run/token=abc' } },
      'info no-console serial.enabled',
      'info section-off serial.enabled',
      'warning secret-like-value serial.device',
    ],
    [
      'a socket',
      { qmp: { enabled: false, socket: 'run/token=abc' } },
      'warning secret-like-value qmp.socket',
    ],
    ['an unknown key', { kernel: { cmdline: 'x' } }, 'warning unknown-field kernel.cmdline'],
  ]),
);

t.test('a section without the key that switches it on', (t) => {
  const serial = { 'serial.mode': 'none' };
  const row = (about: string, change: Change, ...issues: string[]) =>
    [about, { schema_version: 2, ...serial, ...change }, ...issues] as const;
  const off = (field: string) => `info section-off ${field}`;
  checkRows(t, [
    row('a kernel', { kernel: { bzimage: 'boot/a' } }, off('kernel.enabled')),
    row('a kernel that is off', { kernel: { enabled: false, bzimage: 'boot/a' } }),
    row('a section without keys', { kernel: {} }),
    row('a TPM', { tpm: { state_dir: 'tpm' } }, off('tpm.enabled')),
    row('an agent', { guest_agent: { socket: 'run/a' } }, off('guest_agent.enabled')),
    row('a monitor', { monitor: { socket: 'run/a' } }, off('monitor.enabled')),
    row('QMP is on when it is there', { qmp: { socket: 'run/a' } }),
    row('a display', { display: { port: 5901 } }, off('display.mode')),
    row('a display that is off', { display: { mode: 'none', port: 5901 } }),
    row('sound', { audio: { microphone: true } }, off('audio.backend')),
    row('the size of a card', { gpu: { width: 800, height: 600 } }, off('gpu.model')),
    row('the height of one', { gpu: { height: 600 } }, off('gpu.model')),
    row('an error is enough', { tpm: { state_dir: '' } }, 'error empty-value tpm.state_dir'),
    row('an error elsewhere too', { gpu: { model: 'x', width: 800 } }, 'error not-allowed gpu.model'),
    row(
      'a display that nobody knows',
      { gpu: { width: 800, height: 600 }, 'display.mode': 'x' },
      'error not-allowed display.mode',
    ),
    row(
      'a machine that nobody knows',
      { gpu: { width: 800, height: 600 }, 'hardware.arch': 'x' },
      'error not-allowed hardware.arch',
    ),
  ]);
});

t.test('what is suggested for one', (t) => {
  const suggested = (change: Change) =>
    issuesOf(outcomeOf(changed({ schema_version: 2, ...change }))).find(({ code }) => code === 'section-off')
      ?.suggestion;
  t.equal(
    suggested({ tpm: { state_dir: 'tpm' } }),
    'Add enabled = true, or enabled = false where it is meant to be off.',
  );
  t.match(suggested({ display: { port: 5901 } }), /^Add it, one of "none", "vnc",/);
  t.end();
});

t.test('backends that a system has not', (t) => {
  const lacking: Readonly<Record<HostSystem, readonly string[]>> = {
    linux: [],
    darwin: ['tap', 'bridge'],
    windows: ['bridge', 'host-path', 'pty'],
    freebsd: ['bridge', 'host-path'],
  };
  const backends: Readonly<Record<string, readonly [Change, string, ...string[]]>> = {
    tap: [
      { 'network.interfaces.0': { name: 'a', type: 'tap' } },
      'network.interfaces[0].type',
      'warning host-network-setup network.interfaces[0].type',
    ],
    bridge: [
      { 'network.interfaces.0': { name: 'a', type: 'bridge' } },
      'network.interfaces[0].type',
      'warning host-network-setup network.interfaces[0].type',
    ],
    user: [{ 'network.interfaces.0': { name: 'a', type: 'user' } }, 'network.interfaces[0].type'],
    'host-path': [share('shares/a'), 'storage.disks[1].format'],
    pty: [{ serial: { enabled: true } }, 'serial.mode'],
    none: [{ serial: { enabled: true, mode: 'none' } }, 'serial.mode'],
    socket: [{ serial: { enabled: true, mode: 'socket' } }, 'serial.mode'],
  };
  for (const facts of [LINUX, DARWIN_INTEL, WINDOWS, FREEBSD]) {
    for (const [backend, [change, field, ...issues]] of Object.entries(backends)) {
      const lacks = lacking[facts.os].includes(backend);
      checkIssues(
        t,
        changed({ ...LOG, ...change }),
        [...(lacks ? [`error host-lacks-backend ${field}`] : []), ...issues],
        `${backend} on ${facts.os}`,
        given(facts),
      );
    }
  }
  checkIssues(
    t,
    changed({ serial: { enabled: false, mode: 'pty' } }),
    ['info no-console serial.enabled'],
    'a pty that is disabled',
    given(WINDOWS),
  );
  t.end();
});
