/** Does the comparison notice? An argv with one fault of each kind has to differ from its profile in the right field. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { compareWithQemu } from '../compare/compare.ts';
import { intentOf } from '../compare/intent.ts';
import type { Field } from '../compare/machine.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { replaced, unchanged, withValue } from '../refused/refused_case.ts';
import { small } from '../small_profile.ts';
import { consoleCanaries } from './console_canaries.ts';
import { driveCanaries } from './drive_canaries.ts';
import { helperCanaries } from './helper_canaries.ts';
import { machineCanaries } from './machine_canaries.ts';
import { networkCanaries } from './network_canaries.ts';
import { processCanaries } from './process_canaries.ts';
import { screenCanaries } from './screen_canaries.ts';

export interface Canary {
  readonly name: string;
  readonly profile: ProfileDocument;
  /** Changes files before the start. */
  readonly spoil?: (lane: Lane) => void;
  readonly edit: (argv: readonly string[], lane: Lane) => string[];
  /** The same for the programs that run beside QEMU. */
  readonly editHelper?: (argv: readonly string[]) => readonly string[];
  /** The field that has to differ; `start`: QEMU has to refuse. */
  readonly field: Field | 'start';
  readonly lane?: number;
}

export interface CheckedCanary {
  readonly name: string;
  readonly isNoticed: boolean;
  readonly words: string;
}

const PROFILE: ProfileDocument = small('x86_64', {
  vm: { name: 'canary' },
  hardware: { cpu: 'max,-avx2', cores: 2 },
  storage: {
    disks: [
      { name: 'a', path: 'i/a,1.img', format: 'qcow2', readonly: true },
      { name: 'b', path: 'i/b.img', format: 'raw', boot: true },
      { name: 's', path: 's/s', format: 'host-path' },
    ],
  },
  network: {
    interfaces: [
      { name: 'n', type: 'user', hostfwd: ['tcp:127.0.0.1:24000-:22'], mac: '02:00:00:00:00:01' },
      { name: 'm', type: 'user' },
    ],
  },
  serial: { enabled: true, mode: 'socket', device: 'r/s' },
  qmp: { socket: 'r/q' },
  kernel: { enabled: true, bzimage: 'b/k', append: 'x' },
});

const OF_VERSION_1: readonly Omit<Canary, 'profile'>[] = [
  { name: 'another name', field: 'name', edit: (argv) => withValue(argv, '-name', 'other') },
  { name: 'another number of CPUs', field: 'cpus', edit: (argv) => withValue(argv, '-smp', '3') },
  { name: 'another CPU', field: 'cpu model', edit: (argv) => withValue(argv, '-cpu', 'qemu64,-avx2') },
  { name: 'a feature less', field: 'cpu features', edit: (argv) => withValue(argv, '-cpu', 'max') },
  { name: 'more memory', field: 'memory', edit: (argv) => withValue(argv, '-m', '513M') },
  { name: 'a disk not read-only', field: 'disks', edit: (argv) => replaced(argv, ',readonly=on', '') },
  {
    name: 'a disk opened for writing',
    field: 'open files',
    edit: (argv) => replaced(argv, ',readonly=on', ''),
  },
  { name: 'another format', field: 'disks', edit: (argv) => replaced(argv, 'format=qcow2', 'format=raw') },
  { name: 'a comma not doubled', field: 'start', edit: (argv) => replaced(argv, 'a,,1', 'a,1') },
  { name: 'disks in another order', field: 'disks', edit: disksSwapped },
  { name: 'no boot index', field: 'boot index', edit: (argv) => replaced(argv, ',bootindex=1', '') },
  { name: 'another tag', field: 'shares', edit: (argv) => replaced(argv, 'mount_tag=s', 'mount_tag=t') },
  { name: 'another directory', field: 'shares', edit: (argv) => replaced(argv, '/s/s', '/s') },
  {
    name: 'another address',
    field: 'network cards',
    edit: (argv) => replaced(argv, ',mac=02:00:00:00:00:01', ''),
  },
  {
    name: 'another interface name',
    field: 'network cards',
    edit: (argv) => replaced(argv, 'm', 'mm').map(restored),
  },
  { name: 'another guest port', field: 'forwards', edit: (argv) => replaced(argv, '-:22', '-:23') },
  {
    name: 'a forward more',
    field: 'open ports',
    edit: (argv) => replaced(argv, '-:22', '-:22,hostfwd=tcp::24001-:22'),
  },
  { name: 'another QMP socket', field: 'QMP socket', edit: (argv) => replaced(argv, '/r/q,', '/r/p,') },
  { name: 'another serial socket', field: 'serial port', edit: (argv) => replaced(argv, '/r/s,', '/r/t,') },
  { name: 'a serial terminal', field: 'serial port', edit: (argv) => withValue(argv, '-serial', 'pty') },
  { name: 'another command line', field: 'append', edit: (argv) => withValue(argv, '-append', 'x,,') },
  {
    name: 'no kernel',
    field: 'kernel',
    edit: (argv) => argv.slice(0, argv.indexOf('-kernel')).concat(argv.slice(-2)),
  },
  { name: 'a device more', field: 'added devices', edit: (argv) => [...argv, '-device', 'virtio-rng-pci'] },
  {
    name: 'what QEMU adds by itself',
    field: 'added devices',
    edit: (argv) => argv.filter((element) => element !== '-nodefaults'),
  },
  {
    name: 'a monitor on the network',
    field: 'open ports',
    edit: (argv) => [...argv, '-monitor', 'tcp:127.0.0.1:24444,server=on,wait=off'],
  },
  {
    name: 'a display on the network',
    field: 'open ports',
    edit: (argv) => withValue(argv, '-display', 'vnc=127.0.0.1:9'),
  },
];

export const CANARIES: readonly Canary[] = [
  ...OF_VERSION_1.map((each) => ({ ...each, profile: PROFILE })),
  ...machineCanaries(),
  ...driveCanaries(),
  ...consoleCanaries(),
  ...networkCanaries(),
  ...processCanaries(),
  ...screenCanaries(),
  ...helperCanaries(),
];

/** The two disks stand at `-drive -device -drive -device`; their devices swap. */
function disksSwapped(argv: readonly string[]): string[] {
  const devices = argv.flatMap((element, index) => (element.startsWith('virtio-blk-pci') ? [index] : []));
  const [first = 0, second = 0] = devices;
  return argv.map(
    (element, index) => argv[index === first ? second : index === second ? first : index] ?? element,
  );
}

/** Only the names of the interface stay doubled. */
function restored(element: string): string {
  return /^(?:user,id=mm|virtio-net-pci,netdev=mm)$/.test(element) ? element : element.replaceAll('mm', 'm');
}

export async function checkCanary(
  { name, profile, spoil, edit, editHelper = unchanged, field }: Canary,
  lane: Lane,
): Promise<CheckedCanary> {
  lane.empty();
  const intent = intentOf(profile, lane.root);
  makeFiles(intent, lane);
  spoil?.(lane);
  const [argv, plan] = await Promise.all([
    lane.service.argv({ profile }, lane.facts),
    lane.service.plan({ profile }, lane.facts),
  ]);
  if ('refusal' in argv || 'refusal' in plan)
    return { name, isNoticed: false, words: 'the service refuses the profile' };
  const edited = edit([lane.program(intent.arch), ...argv.body.argv.slice(1)], lane);
  const commands = plan.body.commands.map((step) => ({ ...step, argv: editHelper(step.argv) }));
  const comparison = await compareWithQemu(intent, edited, { ...plan.body, commands }, lane);
  if (!comparison.isStarted) return { name, isNoticed: field === 'start', words: comparison.words };
  const differing = comparison.mismatches.map((mismatch) => mismatch.field);
  return {
    name,
    isNoticed: differing.some((each) => each === field),
    words: differing.length === 0 ? 'nothing differs' : `differs: ${differing.join(', ')}`,
  };
}
