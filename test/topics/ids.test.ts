/** The ids that QEMU is told: none twice among things of one kind, whatever the profile calls what it has. */
import t from 'tap';
import { subjectOf } from '../../src/planning/argv_changes.ts';
import { argvOf } from '../help/argv.ts';
import { disk } from '../help/changes.ts';
import type { Change } from '../help/documents.ts';
import { changed } from '../help/documents.ts';
import { plannedOf } from '../help/plans.ts';
import { checkIssues, checkRows } from '../help/rows.ts';

/** Ids of things that no profile names, beginnings of those of things that it does, and names that QEMU gives itself. */
const NAMES = [
  ...['scsi0', 'sata0', 'fdc0', 'usb', 'seed', 'vser0', 'guest-agent', 'spice-agent', 'usb-redir-0', 'rng0'],
  ...[
    'balloon0',
    'vsock0',
    'panic0',
    'watchdog0',
    'gpu0',
    'keyboard0',
    'tablet0',
    'hda0',
    'sound0',
    'audio0',
  ],
  ...['tpm0', 'usb-host-0', 'rp0', 'ram0', 'iothread-scsi0', 'vnc-password', 'spice-password', 'serial-main'],
  ...[
    'disk-a',
    'cd-a',
    'bot-a',
    'floppy-a',
    'share-a',
    'virtiofs-a',
    'console-a',
    'channel-a',
    'port-a',
    'pci-a',
  ],
  ...[
    'secret-a',
    'iothread-a',
    'serial0',
    'compat_monitor0',
    'gdb',
    'hub0port0',
    'a',
    'A',
    'firmware',
    'ide',
  ],
];

/** A profile with one of everything that has a name, called by the names from a place on. */
function profileOf(place: number): Change {
  const name = (step: number): string => NAMES[(place + step) % NAMES.length] as string;
  const disks = ['virtio', 'scsi', 'sata', 'usb', 'nvme'].map((bus, index) =>
    disk(name(index), {
      bus,
      iothread: bus === 'virtio',
      encryption: { key_file: `${bus}.key` },
    }),
  );
  return {
    schema_version: 2,
    'storage.disks': disks,
    'storage.cdroms': ['scsi', 'sata', 'usb'].map((bus, index) => ({ name: name(5 + index), bus })),
    'storage.floppies': [{ name: name(8), path: 'a.img' }],
    'storage.seed': { path: 'seed.iso' },
    shares: [
      { name: name(9), path: 'a' },
      { name: name(10), path: 'b', type: 'virtiofs' },
    ],
    network: {
      interfaces: [
        { name: name(0), type: 'user' },
        { name: name(1), type: 'isolated' },
        { name: name(2), type: 'passt' },
      ],
    },
    'serial.ports': [{ name: name(0) }, { name: name(1) }],
    consoles: [{ name: name(0) }, { name: name(2) }],
    channels: [{ name: name(0) }, { name: name(3) }],
    passthrough: [{ name: name(0), address: '0000:01:00.0' }],
    usb: [{ vendor_id: '046d', product_id: 'c52b' }],
    'guest_agent.enabled': true,
    'monitor.enabled': true,
    devices: { rng: true, balloon: true, panic: true, watchdog: 'reset', vsock_cid: 3 },
    display: { mode: 'spice', port: 5930, agent: true, usb_redirection: 2, password_file: 'spice.key' },
    audio: { backend: 'spice' },
    tpm: { enabled: true, state_dir: 'tpm' },
    firmware: { type: 'uefi', code: 'code.fd' },
  };
}

/** QEMU keeps nodes and drives together, and each other kind by itself. */
function idsOf(argv: readonly string[]): string[] {
  return argv.flatMap((option, index) => {
    const value = argv[index + 1] ?? '';
    const kind = option === '-drive' ? '-blockdev' : option;
    const ids: unknown[] = value.startsWith('{')
      ? [JSON.parse(value).id, JSON.parse(value)['node-name']]
      : [/(?:^|,)id=([^,]+)/.exec(value)?.[1]];
    const isNamed = /^-(?:device|object|chardev|netdev|fsdev|audiodev|tpmdev|blockdev|drive)$/.test(option);
    return isNamed ? ids.filter((id) => id !== undefined).map((id) => `${kind} ${id}`) : [];
  });
}

t.test('no id is there twice, whatever things are called', (t) => {
  for (const place of NAMES.keys()) {
    const ids = idsOf(argvOf(profileOf(place)));
    t.ok(ids.length > 60, `${ids.length} ids`);
    t.strictSame(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
      `from ${NAMES[place]} on`,
    );
  }
  t.end();
});

t.test('no two parts of argv are taken for one thing by a diff', (t) => {
  for (const place of NAMES.keys()) {
    const subjects = plannedOf(changed(profileOf(place))).parts.map(subjectOf);
    t.strictSame(
      subjects.filter((subject, index) => subjects.indexOf(subject) !== index),
      [],
      `from ${NAMES[place]} on`,
    );
  }
  t.end();
});

t.test('the one name that can collide', (t) => {
  const scsi = disk('b', { bus: 'scsi', iothread: true });
  const own = disk('scsi0', { iothread: true });
  const of = (...disks: object[]): Change => ({ schema_version: 2, 'storage.disks': disks });
  const [issue] = checkIssues(
    t,
    changed(of(own, scsi)),
    ['error duplicate-name storage.disks[0].name'],
    'both threads',
  );
  t.equal(
    issue?.message,
    'storage.disks[0].name is "scsi0", and its thread would be called as that of the SCSI controller, which storage.disks[1] asks for.',
  );
  checkRows(t, [
    ['no thread of its own', of(disk('scsi0'), scsi)],
    ['no thread of the controller', of(own, disk('b', { bus: 'scsi' }))],
    ['on the controller', of({ ...own, bus: 'scsi' }, scsi)],
  ]);
});
