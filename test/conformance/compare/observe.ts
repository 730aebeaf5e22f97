/** Asks a paused QEMU what it has made of an argv. */

import { type OpenThings, openThings } from '../qemu/proc.ts';
import { type Qmp, QmpError } from '../qemu/qmp.ts';
import type { Sandbox } from '../qemu/sandbox.ts';
import { type Running, startPaused } from '../qemu/start_paused.ts';
import type { Intent } from './intent.ts';
import { type Machine, propertyOf, serialText, sortedById, sortedFiles } from './machine.ts';
import { moreMonitors } from './topics/character_devices.ts';
import { topicsOf } from './topics/index.ts';
import { bareMachine } from './topics/machine_type.ts';

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
  const machineProperty = (property: string): Promise<string> => get(qmp, '/machine', property);
  return {
    name: (await qmp.ask<{ name?: string }>('query-name')).name ?? '',
    ...(await cpusOf(qmp, intent, stderr())),
    memory: (await qmp.ask<{ 'base-memory': number }>('query-memory-size-summary'))['base-memory'],
    accelerator: await acceleratorOf(qmp),
    'network cards': await cardsOf(qmp),
    forwards: forwardsOf(await qmp.human('info usernet'), intent),
    'serial port': await serialPortOf(qmp, things, intent),
    'QMP socket': await qmpSocketOf(qmp, intent),
    kernel: await machineProperty('kernel'),
    initrd: await machineProperty('initrd'),
    append: await machineProperty('append'),
    'added devices': difference(countDevices(tree), ownDevices),
    objects: await objectsOf(qmp),
    'open files': sortedFiles(things.files.filter(({ path }) => path.startsWith(`${folder}/`))),
    'open ports': things.listeners,
    'tap devices': things.taps.filter((name) => intent.cards.some(({ tap }) => tap === name)),
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

/** `NIC: …model=M,macaddr=A` and below it `\\ ID: …type=T,details`, once for each queue; in a hub ` \\ ID: NIC: …`. */
async function cardsOf(qmp: Qmp): Promise<Machine['network cards']> {
  const text = await qmp.human('info network');
  const cards = new Map<string, Machine['network cards'][number]>();
  let hub = '';
  let nic = '';
  for (const line of text.split(/\r?\n/)) {
    hub = /^hub \d+$/.exec(line)?.[0] ?? (line.startsWith(' ') ? hub : '');
    const [, inHub, ofNic] = /^ \\ (\S+): (\S+: index=\d+,type=nic,.*)$/.exec(line) ?? [];
    if (/^\S+: index=\d+,type=nic,/.test(line)) nic = line;
    const [, id, type = '', details = ''] = /^ \\ (\S+): index=\d+,type=(\w+),(.*)$/.exec(line) ?? [];
    const name = inHub ?? id;
    if (name === undefined) continue;
    const known = cards.get(name);
    const [, model = '', mac = ''] = /,model=([^,]*),macaddr=(\S*)/.exec(ofNic ?? nic) ?? [];
    cards.set(
      name,
      known === undefined
        ? { id: name, backend: hub || backendOf(type, details), model, mac, queues: 1 }
        : { ...known, queues: known.queues + 1 },
    );
  }
  return sortedById([...cards.values()]);
}

function backendOf(type: string, details: string): string {
  const option = (name: string): string => new RegExp(`(?:^|,)${name}=([^,]*)`).exec(details)?.[1] ?? '';
  if (type === 'user') return `user ${option('net')} restrict=${option('restrict')}`;
  if (type !== 'tap') return type;
  return option('br') === '' ? `tap ${option('ifname')}` : `bridge ${option('br')}`;
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

async function serialPortOf(qmp: Qmp, { files }: OpenThings, { asked }: Intent): Promise<string> {
  const chardevs = await qmp.ask<Chardev[]>('query-chardev');
  const port = chardevs.find(({ label }) => label === 'serial0' || label === 'serial-main');
  if (port === undefined) return 'none';
  if (!port['frontend-open']) return `${port.filename}, which no port is connected to`;
  if (port.filename.startsWith('pty:/dev/pts/')) return 'pty';
  const socket = unixPath(port.filename);
  if (socket !== null) return serialText('socket', socket);
  // QEMU does not name the file of a log; it is the one open for writing that is nothing else.
  const others = topicsOf(asked.profile).flatMap((topic) => topic.files?.(asked) ?? []);
  const isOther = (path: string): boolean =>
    path.startsWith('/memfd:') || others.some((file) => file.path === path);
  const log = files.find(({ path, use }) => use === 'write' && !isOther(path));
  if (port.filename === 'file') return serialText('file', log?.path ?? null);
  return /^disconnected:(?:tcp|telnet):/.test(port.filename) ? 'tcp' : port.filename;
}

async function qmpSocketOf(qmp: Qmp, { asked }: Intent): Promise<string> {
  const others = moreMonitors(asked);
  const chardevs = await qmp.ask<Chardev[]>('query-chardev');
  const monitors = chardevs.filter(
    ({ label, filename }) => label.startsWith('compat_monitor') && filename !== 'stdio',
  );
  const paths = monitors.map(({ filename }) => unixPath(filename) ?? filename);
  return paths.filter((path) => !others.includes(path)).join(' ') || 'none';
}

/** The machine's own memory, and what the suite adds by itself when that is much. */
const NOT_ASKED_FOR = /[.]ram$|^conformance-ram$/;

async function objectsOf(qmp: Qmp): Promise<Machine['objects']> {
  const members = await qmp.ask<{ name: string; type: string }[]>('qom-list', { path: '/objects' });
  const objects: [string, string][] = [];
  for (const { name, type } of members) {
    const what = /^child<(.*)>$/.exec(type)?.[1];
    if (what === undefined || NOT_ASKED_FOR.test(name)) continue;
    const file = what === 'secret' ? ` of ${await get(qmp, `/objects/${name}`, 'file')}` : '';
    objects.push([name, what + file]);
  }
  return Object.fromEntries(objects.sort());
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

/** The devices of the machine itself; a CPU brings its interrupt controller. Asked once for each machine and CPU. */
export function ownDevices({ asked, cpu }: Intent, binary: string, sandbox: Sandbox): Promise<Devices> {
  const machine = bareMachine(asked);
  const key = `${asked.arch} ${machine} ${cpu}`;
  const devices = known.get(key) ?? bareDevices(machine, cpu, binary, sandbox);
  known.set(key, devices);
  return devices;
}

const NOTHING_ELSE = ['-nodefaults', '-no-user-config', '-display', 'none', '-accel', 'tcg', '-m', '512M'];

async function bareDevices(machine: string, cpu: string, binary: string, sandbox: Sandbox): Promise<Devices> {
  const qemu = await startPaused([binary, '-machine', machine, ...NOTHING_ELSE, '-cpu', cpu], sandbox);
  if (!qemu.isRunning) return {};
  const devices = countDevices(await qemu.qmp.human('info qtree'));
  await qemu.stop();
  return devices;
}
