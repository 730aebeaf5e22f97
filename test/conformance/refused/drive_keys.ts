import { type Disk, small2 } from '../small_profile.ts';
import { DEVICE, disk, joined, NODE, type Values, withDisks } from './drive_profiles.ts';
import { type Expectation, type RefusedCase, replaced, unchanged } from './refused_case.ts';

export function refusedDriveKeys(): RefusedCase[] {
  const key = (
    rule: string,
    name: string,
    near: Partial<Disk>,
    bad: Partial<Disk>,
    at: Values,
    more: Values,
    expect: Expectation,
  ): RefusedCase => ({
    rule,
    name,
    near: withDisks(disk(near)),
    bad: withDisks(disk({ ...near, ...bad })),
    edit: (argv) => joined(argv, at, more),
    expect,
  });
  const noProperty: Expectation = { refuses: /Property '[^']*' not found/ };
  const onBus = (
    name: string,
    bus: NonNullable<Disk['bus']>,
    bad: Partial<Disk>,
    more: Values,
  ): RefusedCase => key('not-for-bus', name, { bus }, bad, DEVICE, more, noProperty);
  const direct = { cache: { direct: false, 'no-flush': false } };
  return [
    key(
      'aio-native-needs-direct',
      'aio native through the cache',
      { aio: 'native', cache: 'none' },
      { cache: 'writeback' },
      NODE,
      direct,
      { refuses: /aio=native was specified, but it requires cache.direct=on/ },
    ),
    key(
      'detect-zeroes-needs-discard',
      'zeroes that nothing frees',
      { discard: 'unmap', detect_zeroes: 'unmap' },
      { discard: 'ignore' },
      NODE,
      { discard: 'ignore' },
      { refuses: /setting detect-zeroes to unmap is not allowed/ },
    ),
    key(
      'not-for-bus',
      'a read-only disk on sata',
      { bus: 'sata' },
      { readonly: true },
      NODE,
      { 'read-only': true },
      { refuses: /read-only/ },
    ),
    key(
      'not-for-bus',
      'large sectors on sata',
      { bus: 'sata' },
      { block_size: 4096 },
      DEVICE,
      { logical_block_size: 4096, physical_block_size: 4096 },
      { refuses: /logical_block_size must be 512|discard_granularity must be/ },
    ),
    onBus('a thread for nvme', 'nvme', { iothread: true }, { iothread: 'x' }),
    onBus('a thread for usb', 'usb', { iothread: true }, { iothread: 'x' }),
    onBus('queues on sata', 'sata', { queues: 1 }, { 'num-queues': 1 }),
    onBus('a virtio disk that does not turn', 'virtio', { ssd: true }, { rotation_rate: 1 }),
    onBus('an nvme disk that does not turn', 'nvme', { ssd: true }, { rotation_rate: 1 }),
    onBus('write errors on nvme', 'nvme', { on_write_error: 'stop' }, { werror: 'stop' }),
    onBus('read errors on nvme', 'nvme', { on_read_error: 'stop' }, { rerror: 'stop' }),
    key(
      'out-of-range',
      'more queues than QEMU survives',
      {},
      { queues: 1025 },
      DEVICE,
      { 'num-queues': 1025 },
      { refuses: /SIGABRT/ },
    ),
    key(
      'out-of-range',
      'sectors of 1000 bytes',
      { bus: 'scsi' },
      { block_size: 1000 as 512 },
      DEVICE,
      { logical_block_size: 1000 },
      { refuses: /block_size/ },
    ),
    key(
      'queues-over-cores',
      'two queues for one core',
      {},
      { queues: 2 },
      DEVICE,
      { 'num-queues': 2 },
      { accepts: 'a queue without a core of its own is of no use' },
    ),
    key(
      'invalid-serial',
      'a serial number of 21 characters',
      {},
      { serial: 's'.repeat(21) },
      DEVICE,
      { serial: 's'.repeat(21) },
      { accepts: 'the guest sees 20 of them; on scsi and usb QEMU 10 refuses more' },
    ),
    key(
      'not-allowed',
      'a bus that does not exist',
      {},
      { bus: 'floppy' as 'usb' },
      DEVICE,
      { bus: 'floppy' },
      { refuses: /Bus 'floppy' not found/ },
    ),
    key(
      'not-allowed',
      'a cache that does not exist',
      {},
      { cache: 'some' as 'none' },
      NODE,
      { cache: 'some' },
      { refuses: /Invalid parameter type for 'cache'/ },
    ),
    key(
      'not-allowed',
      'another way to read and write',
      {},
      { aio: 'posix' as 'native' },
      NODE,
      { file: { driver: 'file', filename: '/x', aio: 'posix' } },
      { refuses: /does not accept value 'posix'|Invalid parameter/ },
    ),
    {
      rule: 'duplicate-name',
      name: 'a thread with the name of the controller’s',
      near: small2('x86_64', {
        storage: { disks: [disk({ iothread: true }, 'a'), disk({ bus: 'scsi', iothread: true }, 'b')] },
      }),
      bad: small2('x86_64', {
        storage: { disks: [disk({ iothread: true }, 'scsi0'), disk({ bus: 'scsi', iothread: true }, 'b')] },
      }),
      edit: (argv) => replaced(argv, 'iothread-a', 'iothread-scsi0'),
      expect: { refuses: /duplicate property|already exists|Duplicate ID/ },
    },
    {
      rule: 'queues-differ',
      name: 'two numbers of queues on one controller',
      near: small2('x86_64', {
        hardware: { cores: 2 },
        storage: { disks: [disk({ bus: 'scsi', queues: 2 }), disk({ bus: 'scsi' }, 'b')] },
      }),
      bad: small2('x86_64', {
        hardware: { cores: 2 },
        storage: { disks: [disk({ bus: 'scsi', queues: 2 }), disk({ bus: 'scsi', queues: 1 }, 'b')] },
      }),
      edit: unchanged,
      expect: {
        accepts: 'the controller has one number of queues, and one of the disks would not get its own',
      },
    },
  ];
}
