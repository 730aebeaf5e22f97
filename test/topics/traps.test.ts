/** What QEMU starts without a word, or with a warning that nobody reads, and the guest does not get as the profile says. */
import t from 'tap';
import { disk, TCG } from '../help/changes.ts';
import type { Change } from '../help/documents.ts';
import { FIRMWARE, given, LINUX } from '../help/hosts.ts';
import { checkRows, type Row } from '../help/rows.ts';

const V2: Change = { schema_version: 2 };
const ARM: Change = { ...V2, ...TCG, 'hardware.arch': 'aarch64' };
const DARK = 'warning disk-boot-needs-firmware hardware.arch';

function disks(...all: object[]): Change {
  return { ...V2, 'storage.disks': all };
}

t.test('serial numbers that the guest would see twice', (t) => {
  const long = 'x'.repeat(21);
  checkRows(t, [
    [
      'that of a name',
      disks(disk('data'), disk('b', { serial: 'data' })),
      'warning serial-duplicate storage.disks[1].serial',
    ],
    [
      'a name that is one',
      disks(disk('a', { serial: 'data' }), disk('data')),
      'warning serial-duplicate storage.disks[1].name',
    ],
    ['a name that is too long for one', disks(disk('a', { serial: 'x'.repeat(20) }), disk(long))],
    ['two that have none', disks(disk(long), disk(`${long}y`))],
    [
      'that of the seed',
      { ...disks(disk('a', { serial: 'cidata' })), 'storage.seed.path': 's.iso' },
      'warning serial-duplicate storage.disks[0].serial',
    ],
    ['a share has none', disks(disk('a', { serial: 'b' }), disk('b', { format: 'host-path', path: 'b' }))],
  ]);
});

t.test('large sectors, which only SeaBIOS does not boot', (t) => {
  const large = disks(disk('a', { block_size: 4096 }));
  const uefi = { firmware: { type: 'uefi', code: 'code.fd' } };
  const at = 'storage.disks[0].block_size';
  checkRows(t, [
    ['SeaBIOS', large, `warning firmware-cannot-boot-block-size ${at}`],
    ['UEFI', { ...large, ...uefi }],
    ['another firmware', { ...large, 'firmware.bios': 'bios.bin' }],
  ]);
});

t.test('a balloon that gives nothing back', (t) => {
  const lock = { ...V2, 'memory.lock': true };
  checkRows(t, [
    ['locked', { ...lock, 'devices.balloon': true }, 'warning balloon-with-locked-memory devices.balloon'],
    ['no balloon', lock],
  ]);
});

t.test('memory that cannot be plugged in', (t) => {
  const slots: Change = { ...V2, memory: { max_mb: 4096, slots: 2 } };
  const none = { 'machine.acpi': false };
  checkRows(t, [
    ['with ACPI', slots],
    ['without', { ...slots, ...none }, 'warning memory-slots-need-acpi memory.slots'],
    ['aarch64', { ...slots, ...ARM, ...none }, DARK, 'warning memory-slots-need-acpi memory.slots'],
  ]);
});

t.test('threads of CPUs that have none', (t) => {
  const of = (cpu: string | undefined, more: Change, ...issues: string[]): Row => [
    `${cpu} ${JSON.stringify(more)}`,
    {
      ...V2,
      ...(cpu !== undefined && { 'hardware.cpu': cpu }),
      'hardware.topology': { threads: 2 },
      ...more,
    },
    ...issues,
  ];
  const warned = 'warning threads-not-on-amd hardware.topology.threads';
  const incomplete = 'warning cpu-model-incomplete-on-tcg hardware.cpu';
  checkRows(
    t,
    [
      of(undefined, TCG, warned),
      of('qemu64', TCG, warned),
      of('max,vendor=GenuineIntel', TCG),
      of('Westmere', TCG),
      of('EPYC', TCG, incomplete, warned),
      of('EPYC', {}),
      of(undefined, { ...ARM }, DARK),
    ],
    given({ ...LINUX, qemu_version: '7.2' }),
  );
});

t.test('nodes that split what lies near together', (t) => {
  const nodes = (topology: object, first: number[], second: number[]): Change => ({
    ...ARM,
    'hardware.cores': 4,
    'hardware.topology': topology,
    numa: [
      { cpus: first, memory_mb: 512 },
      { cpus: second, memory_mb: 512 },
    ],
  });
  const split = 'warning numa-splits-cluster numa[1].cpus';
  checkRows(t, [
    ['one socket', nodes({}, [0, 1], [2, 3]), DARK, split],
    ['a socket for each', nodes({ sockets: 2, cores: 2 }, [0, 1], [2, 3]), DARK],
    ['sockets of one', nodes({ sockets: 4 }, [0, 1], [2, 3]), DARK],
    ['a cluster for each', nodes({ clusters: 2, cores: 2 }, [0, 1], [2, 3]), DARK],
    ['threads of a core', nodes({ cores: 2, threads: 2 }, [0, 1, 2], [3]), DARK, split],
    ['sockets of two, crossed', nodes({ sockets: 2, cores: 2 }, [0, 2], [1, 3]), DARK, split],
    ['on x86_64 nobody minds', { ...nodes({}, [0, 1], [2, 3]), 'hardware.arch': 'x86_64' }],
    [
      'what was refused',
      { ...nodes({}, [0, 1], [2, 3]), 'hardware.cores': 0 },
      'error out-of-range hardware.cores',
      DARK,
    ],
  ]);
});

t.test('firmware that is known to be another one', (t) => {
  const own = (code: string | undefined, more: Change, ...issues: string[]): Row => [
    `${code} ${JSON.stringify(more)}`,
    { ...V2, 'firmware.type': 'uefi', ...(code !== undefined && { 'firmware.code': code }), ...more },
    ...issues,
  ];
  const secure = { 'firmware.secure_boot': true };
  const [ms, plain, arm] = FIRMWARE.map(({ code }) => code);
  const at = 'firmware-unfit firmware.code';
  checkRows(
    t,
    [
      own(plain, {}),
      own(ms, secure),
      own(ms, {}, `warning ${at}`),
      own(ms, { 'machine.type': 'pc' }, `error ${at}`),
      own(plain, secure, `error ${at}`),
      own(arm, {}, `error ${at}`),
      own(arm, { ...ARM, ...secure }, 'warning secure-boot-unprotected firmware.secure_boot'),
      own(undefined, secure),
      own('other.fd', secure),
    ],
    given({ ...LINUX, firmware: FIRMWARE }),
  );
});
