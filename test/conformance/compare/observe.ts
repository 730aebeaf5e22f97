/** Asks a paused QEMU what it has made of an argv. */

import { type OpenThings, openThings } from '../qemu/proc.ts';
import { type Qmp, QmpError } from '../qemu/qmp.ts';
import type { Sandbox } from '../qemu/sandbox.ts';
import { type Running, startPaused } from '../qemu/start_paused.ts';
import type { Architecture } from '../settings.ts';
import type { Intent } from './intent.ts';
import { type Machine, propertyOf, serialText, sortedFiles } from './machine.ts';

interface Block {
  readonly qdev?: string;
  readonly inserted?: { readonly file: string; readonly drv: string; readonly ro: boolean };
}

interface Chardev {
  readonly label: string;
  readonly filename: string;
  readonly 'frontend-open': boolean;
}

type Devices = Readonly<Record<string, number>>;

/** `folder` holds all files of the case; what is open elsewhere is firmware. `ownDevices` are the machine's. */
export async function observedMachine(
  { qmp, pid, stderr }: Running,
  intent: Intent,
  folder: string,
  ownDevices: Devices,
): Promise<Machine> {
  const things = openThings(pid);
  const tree = await qmp.human('info qtree');
  const { disks, bootIndices } = await disksOf(qmp);
  const machineProperty = (property: string): Promise<string> => get(qmp, '/machine', property);
  return {
    name: (await qmp.ask<{ name?: string }>('query-name')).name ?? '',
    ...(await cpusOf(qmp, intent, stderr())),
    memory: (await qmp.ask<{ 'base-memory': number }>('query-memory-size-summary'))['base-memory'],
    accelerator: await acceleratorOf(qmp),
    disks,
    'boot index': bootIndices,
    shares: sharesOf(tree, things),
    'network cards': await cardsOf(qmp),
    forwards: forwardsOf(await qmp.human('info usernet'), intent),
    'serial port': await serialPortOf(qmp, things, disks),
    'QMP socket': await qmpSocketOf(qmp),
    kernel: await machineProperty('kernel'),
    initrd: await machineProperty('initrd'),
    append: await machineProperty('append'),
    'added devices': difference(countDevices(tree), ownDevices),
    'open files': sortedFiles(things.files.filter(({ path }) => path.startsWith(`${folder}/`))),
    'open ports': things.listeners,
    'tap devices': things.taps.filter((name) => intent.cards.some((card) => card.name === name)),
  };
}

async function get<Value>(qmp: Qmp, path: string, property: string): Promise<Value> {
  return qmp.ask<Value>('qom-get', { path, property });
}

type Cpus = Pick<Machine, 'cpus' | 'cpu model' | 'cpu features'>;

/** POWER's models have a version in their names. */
const MODEL_TYPES: Readonly<Record<string, RegExp>> = {
  'ppc64le max': /^power[0-9]+_/,
};

async function cpusOf(qmp: Qmp, { arch, cpu }: Intent, stderr: string): Promise<Cpus> {
  const cpus = await qmp.ask<{ 'qom-path': string }[]>('query-cpus-fast');
  const paths = cpus.map((each) => each['qom-path']);
  const types = new Set<string>();
  for (const path of paths) types.add(await get(qmp, path, 'type'));
  const [model = ''] = cpu.split(',');
  const expected = MODEL_TYPES[`${arch} ${model}`];
  const isOfModel = (type: string): boolean =>
    expected?.test(type) ?? new RegExp(`^${model}(?:_v[0-9.]+)?-[a-z0-9_]+-cpu$`, 'i').test(type);
  const features: Record<string, unknown> = {};
  for (const feature of cpu.split(',').slice(1)) {
    features[propertyOf(feature)] = await featureOf(qmp, paths[0] ?? '', feature, stderr);
  }
  return {
    cpus: cpus.length,
    'cpu model': [...types].every(isOfModel) ? model : [...types].join(' '),
    'cpu features': features,
  };
}

/** A feature that tcg has not is off with a warning; asking for it has then been heard. */
async function featureOf(qmp: Qmp, path: string, feature: string, stderr: string): Promise<unknown> {
  const name = propertyOf(feature);
  const value = await get<unknown>(qmp, path, name);
  const isRefused = new RegExp(`TCG doesn't support requested feature: .*\\.${name}\\b`).test(stderr);
  return isRefused && value === false ? !feature.startsWith('-') : value;
}

async function acceleratorOf(qmp: Qmp): Promise<string> {
  try {
    return (await qmp.human('info jit')).includes('Translation buffer') ? 'tcg' : 'another';
  } catch (error) {
    if (error instanceof QmpError) return 'another';
    throw error;
  }
}

async function disksOf(qmp: Qmp): Promise<{ disks: Machine['disks']; bootIndices: number[] }> {
  const blocks = await qmp.ask<Block[]>('query-block');
  const found = [];
  for (const { qdev, inserted } of blocks) {
    if (inserted === undefined) continue;
    const device = String(qdev).replace(/\/virtio-backend$/, '');
    found.push({
      slot: await get<number>(qmp, device, 'addr'),
      bootIndex: await get<number>(qmp, device, 'bootindex'),
      disk: { file: inserted.file, format: inserted.drv, readonly: inserted.ro },
    });
  }
  found.sort((left, right) => left.slot - right.slot);
  return { disks: found.map(({ disk }) => disk), bootIndices: found.map(({ bootIndex }) => bootIndex) };
}

/** The tree has the tags but no paths; Linux has the directories, opened in the order of the devices. */
function sharesOf(tree: string, { directories }: OpenThings): Machine['shares'] {
  const slots = [...tree.matchAll(/dev: virtio-9p-pci,.*?addr = ([0-9a-f.]+).*?mount_tag = "([^"]*)"/gs)];
  const tags = slots
    .sort(([, left = ''], [, right = '']) => (left < right ? -1 : 1))
    .map(([, , tag = '']) => tag);
  return tags.map((tag, index) => ({ tag, directory: directories[index] ?? '' }));
}

async function cardsOf(qmp: Qmp): Promise<Machine['network cards']> {
  const filters = await qmp.ask<{ name: string; 'main-mac': string }[]>('query-rx-filter');
  const macs = new Map(filters.map((filter) => [filter.name, filter['main-mac']]));
  const text = await qmp.human('info network');
  return [...text.matchAll(/^(\S+): index=\d+,type=nic,.*\r?\n \\ (\S+): index=\d+,type=(\w+),(.*)$/gm)].map(
    ([, nic = '', id = '', type = '', details = '']) => ({
      id,
      backend: details.includes('br=br0') ? 'bridge' : type,
      mac: macs.get(nic) ?? 'none',
    }),
  );
}

function forwardsOf(text: string, { cards }: Intent): Machine['forwards'] {
  const forwards: Record<string, string[]> = {};
  for (const { name, type } of cards) if (type === 'user') forwards[name] = [];
  let current = '';
  for (const line of text.split('\r\n')) {
    current = /^Hub -?\d+ \((.*)\):$/.exec(line)?.[1] ?? current;
    const [, protocol, from, port, to, guestPort] =
      /^ +(TCP|UDP)\[HOST_FORWARD\] +\d+ +(\S+) +(\d+) +(\S+) +(\d+)/.exec(line) ?? [];
    if (protocol === undefined) continue;
    const list = forwards[current] ?? [];
    forwards[current] = [...list, `${protocol} ${from}:${port} ${to}:${guestPort}`].sort();
  }
  return forwards;
}

async function serialPortOf(qmp: Qmp, { files }: OpenThings, disks: Machine['disks']): Promise<string> {
  const chardevs = await qmp.ask<Chardev[]>('query-chardev');
  const port = chardevs.find(({ label }) => label === 'serial0');
  if (port === undefined) return 'none';
  if (!port['frontend-open']) return `${port.filename}, which no port is connected to`;
  if (port.filename.startsWith('pty:/dev/pts/')) return 'pty';
  const socket = unixPath(port.filename);
  if (socket !== null) return serialText('socket', socket);
  // QEMU does not name the file of a log; it is the one open for writing that is no disk.
  const log = files.find(({ path, use }) => use === 'write' && !disks.some(({ file }) => file === path));
  return port.filename === 'file' ? serialText('file', log?.path ?? null) : port.filename;
}

async function qmpSocketOf(qmp: Qmp): Promise<string> {
  const chardevs = await qmp.ask<Chardev[]>('query-chardev');
  const monitors = chardevs.filter(
    ({ label, filename }) => label.startsWith('compat_monitor') && filename !== 'stdio',
  );
  return monitors.map(({ filename }) => unixPath(filename) ?? filename).join(' ') || 'none';
}

/** The path of a server that nobody is connected to yet, and that started without waiting for somebody. */
function unixPath(filename: string): string | null {
  return /^disconnected:unix:(.*),server=on$/s.exec(filename)?.[1] ?? null;
}

export function countDevices(tree: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [, name = ''] of tree.matchAll(/^ *dev: ([^,]+), id /gm)) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function difference(counts: Devices, own: Devices): Record<string, number> {
  const names = [...new Set([...Object.keys(counts), ...Object.keys(own)])].sort();
  const added = names.map((name): [string, number] => [name, (counts[name] ?? 0) - (own[name] ?? 0)]);
  return Object.fromEntries(added.filter(([, count]) => count !== 0));
}

const known = new Map<string, Promise<Devices>>();

/** The devices of the machine itself; a CPU brings its interrupt controller. Asked once for each CPU. */
export function ownDevices({ arch, cpu }: Intent, binary: string, sandbox: Sandbox): Promise<Devices> {
  const key = `${arch} ${cpu}`;
  const devices = known.get(key) ?? bareDevices(arch, cpu, binary, sandbox);
  known.set(key, devices);
  return devices;
}

const MACHINES: Readonly<Record<Architecture, string>> = {
  x86_64: 'q35',
  aarch64: 'virt,gic-version=max',
  riscv64: 'virt',
  ppc64le: 'pseries',
};

async function bareDevices(
  arch: Architecture,
  cpu: string,
  binary: string,
  sandbox: Sandbox,
): Promise<Devices> {
  const machine = [
    '-machine',
    MACHINES[arch],
    '-nodefaults',
    '-no-user-config',
    '-display',
    'none',
    '-accel',
    'tcg',
  ];
  const qemu = await startPaused([binary, ...machine, '-cpu', cpu, '-m', '512M'], sandbox);
  if (!qemu.isRunning) return {};
  const devices = countDevices(await qemu.qmp.human('info qtree'));
  await qemu.stop();
  return devices;
}
