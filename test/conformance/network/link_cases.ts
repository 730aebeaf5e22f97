/**
 * Plans that are run as they stand, by their script, in a network that is made for the case: what the VMs are linked to, and
 * that QEMU and its helpers listen where the plan says and nowhere else.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { intentOf } from '../compare/intent.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { openThings } from '../qemu/proc.ts';
import { openQmp, type Qmp } from '../qemu/qmp.ts';
import { WAY_OUT } from '../qemu/sandbox.ts';
import { type Interface, ROOT_DISK, small2 } from '../small_profile.ts';
import type { CheckedNetwork } from './network_cases.ts';

export interface LinkCase {
  readonly name: string;
  /** The cards of each VM; the VMs start one after the other. */
  readonly vms: readonly Interface[];
  /** What `info network` says of the card of each once all run. */
  readonly says: readonly RegExp[];
}

const LISTENS: Interface = { name: 'n', type: 'socket', socket_path: 'run/l,=', socket_role: 'listen' };
const CONNECTS: Interface = { ...LISTENS, socket_role: 'connect' };
const DEAD = /type=stream,.*(?:connection error|Failed to connect)/;
const LINKED = /type=stream,(?:unix:|fd=|connected)/;

export const LINK_CASES: readonly LinkCase[] = [
  { name: 'passt', vms: [{ name: 'n', type: 'passt' }], says: [LINKED] },
  {
    name: 'passt and ports',
    vms: [
      {
        name: 'n',
        type: 'passt',
        hostfwd: [
          'udp:127.0.0.1:5353-:53',
          'tcp:127.0.0.1:2222-:22',
          'tcp::8080-:80',
          'tcp:127.0.0.2:2223-:23',
        ],
      },
    ],
    says: [LINKED],
  },
  { name: 'a link between two VMs', vms: [LISTENS, CONNECTS], says: [LINKED, LINKED] },
  { name: 'a link that is started the wrong way round', vms: [CONNECTS, LISTENS], says: [DEAD, /./] },
];

/** passt looks for an interface that leads somewhere. */
const NETWORK = ['ip link set lo up', ...WAY_OUT, 'exec bash "$1"'].join('\n');
const DEADLINE = 180_000;

export async function checkLink({ name, vms, says }: LinkCase, lane: Lane): Promise<CheckedNetwork> {
  lane.empty();
  // passt of root is nobody, who makes its socket.
  mkdirSync(join(lane.root, 'run'), { recursive: true });
  chmodSync(join(lane.root, 'run'), 0o777);
  const started: Started[] = [];
  const troubles: string[] = [];
  try {
    for (const [index, card] of vms.entries()) {
      const vm = await start(index, card, lane);
      started.push(vm);
      const plan = vm.resources.filter((resource) => /^(?:port|socket):/.test(resource));
      const others = card.socket_role === 'connect' ? ['run/l,='] : [];
      const expected = plan.filter((resource) => !others.some((other) => resource.endsWith(other))).sort();
      const listeners = vm
        .pids()
        .flatMap((pid) => openThings(pid).listeners)
        .sort();
      if (JSON.stringify(listeners) !== JSON.stringify(expected))
        troubles.push(`the plan has ${expected}, and ${listeners} listen`);
    }
    for (const [index, { qmp }] of started.entries()) {
      const text = await qmp.human('info network');
      if (!says[index]?.test(text)) troubles.push(`info network says ${JSON.stringify(text)}`);
    }
    for (const { qmp } of started) await qmp.ask('quit').catch(() => {});
    for (const [index, { ended, pids }] of started.entries()) {
      const status = await ended;
      if (status !== 0) troubles.push(`the script of VM ${index} ends with ${status}`);
      const left = pids();
      if (left.length > 0) troubles.push(`${left.length} processes go on`);
    }
  } catch (error) {
    troubles.push(`${(error as Error).message}; ${started.map(({ words }) => words()).join(' ')}`);
  } finally {
    for (const { stop } of started) stop();
  }
  return { name, isRight: troubles.length === 0, words: troubles.join('; ') };
}

interface Started {
  readonly qmp: Qmp;
  readonly resources: readonly string[];
  /** QEMU and the programs beside it. */
  readonly pids: () => number[];
  readonly ended: Promise<number | null>;
  readonly words: () => string;
  readonly stop: () => void;
}

async function start(index: number, card: Interface, lane: Lane): Promise<Started> {
  const disks = [{ ...ROOT_DISK, readonly: true }];
  const profile = small2('x86_64', {
    vm: { name: `vm${index}` },
    storage: { disks },
    network: { interfaces: [card] },
    qmp: { enabled: true, socket: `run/q${index}` },
    process: { start_paused: true },
  });
  makeFiles(intentOf(profile, lane.root), lane);
  const plan = await lane.service.plan({ profile }, lane.facts);
  if ('refusal' in plan) throw new Error(`the service refuses it: ${JSON.stringify(plan.refusal.errors)}`);
  const script = join(lane.folder, `start-${index}.sh`);
  writeFileSync(script, await lane.service.script({ profile }, lane.facts));
  const child = spawn(
    'unshare',
    [...lane.sandbox.namespaces, '--kill-child', '--fork', 'sh', '-e', '-c', NETWORK, 'sh', script],
    { env: { PATH: `${lane.path}:/usr/sbin:/sbin` }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const root = child.pid as number;
  const isOurs = (pid: number): boolean => /qemu-system|passt/.test(commandOf(pid));
  const pids = (): number[] => childrenOf(root).filter(isOurs);
  const qmp = await connected(join(lane.root, 'run', `q${index}`), () => words);
  return {
    qmp,
    resources: plan.body.affected_resources,
    pids,
    ended,
    words: () => words,
    stop: () => child.kill('SIGKILL'),
  };
}

async function connected(socket: string, words: () => string): Promise<Qmp> {
  const end = Date.now() + DEADLINE;
  while (Date.now() < end) {
    const stream = connect(socket);
    const isOpen = await new Promise<boolean>((resolve) => {
      stream.once('connect', () => resolve(true));
      stream.once('error', () => resolve(false));
    });
    const qmp = isOpen ? await openQmp(stream, stream) : null;
    if (qmp !== null) {
      await qmp.ask('qmp_capabilities');
      return qmp;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`nobody listens on ${socket}: ${words()}`);
}

/** All processes below one. */
function childrenOf(root: number): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
    const [, parent] = /\) \S (\d+)/.exec(read(`/proc/${entry}/stat`)) ?? [];
    if (parent !== undefined) parents.set(Number(entry), Number(parent));
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid);
    return parent !== undefined && (parent === root || isBelow(parent));
  };
  return [...parents.keys()].filter(isBelow);
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`).split('\0')[0] as string;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
