/** Two Linux guests that are joined as profiles say, and reach each other. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { intentOf } from '../compare/intent.ts';
import { type Lane, PLAIN_LANE } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { attempt } from '../qemu/proc.ts';
import { type HostNetwork, NO_NETWORK, quoted } from '../qemu/sandbox.ts';
import { type Interface, small2 } from '../small_profile.ts';
import type { CheckedBoot } from './boot_cases.ts';
import { linuxGuest, REACHED } from './linux_guest.ts';

export interface PairCase {
  readonly name: string;
  readonly lane: number;
  readonly cards: readonly [Interface, Interface];
  readonly network: HostNetwork;
  /** What is done in the network before the VMs start. */
  readonly setup: readonly string[];
}

const LINK: Interface = { name: 'n', type: 'socket', socket_path: 'run/link', socket_role: 'listen' };

export const PAIR_CASES: readonly PairCase[] = [
  {
    name: 'two guests reach each other over a socket',
    lane: PLAIN_LANE,
    cards: [LINK, { ...LINK, socket_role: 'connect' }],
    network: NO_NETWORK,
    setup: [],
  },
  {
    name: 'two guests reach each other over a bridge',
    lane: PLAIN_LANE,
    cards: [
      { name: 'n', type: 'bridge' },
      { name: 'n', type: 'bridge' },
    ],
    network: { taps: [], bridges: ['br0'] },
    setup: ['ip link set br0 up'],
  },
  {
    name: 'two guests reach each other over taps in one bridge',
    lane: PLAIN_LANE,
    cards: [
      { name: 'n', type: 'tap', ifname: 't0' },
      { name: 'n', type: 'tap', ifname: 't1' },
    ],
    network: { taps: ['t0', 't1'], bridges: ['br0'] },
    setup: ['br0', 't0 master br0', 't1 master br0'].map((device) => `ip link set ${device} up`),
  },
];

const DEADLINE_MS = 240_000;
const BETWEEN_LOOKS_MS = 200;

export async function checkPair({ name, cards, network, setup }: PairCase, lane: Lane): Promise<CheckedBoot> {
  lane.empty();
  mkdirSync(join(lane.root, 'run'), { recursive: true });
  const commands: string[] = [];
  for (const [index, card] of cards.entries()) {
    const argv = await argvOf(index, card, lane);
    commands.push(`setpriv --pdeathsig KILL ${argv.map(quoted).join(' ')} &`);
  }
  const isLinked = cards.some(({ type }) => type === 'socket');
  const wait = isLinked ? [`until [ -S ${quoted(join(lane.root, 'run/link'))} ]; do sleep 0.1; done`] : [];
  const [first = '', second = ''] = commands;
  const script = [...setup, first, ...wait, second, 'wait'].join('\n');
  const [program, ...args] = lane.sandbox.command(['sh', '-e', '-c', script], network);
  const child = spawn(program, args, {
    cwd: lane.root,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const texts = (): string[] => cards.map((_, index) => textOf(join(lane.root, logOf(index))));
  const isDone = (): boolean => texts().every((text) => text.includes(REACHED));
  for (let ms = 0; ms < DEADLINE_MS && child.exitCode === null && !isDone(); ms += BETWEEN_LOOKS_MS)
    await sleep(BETWEEN_LOOKS_MS);
  const isRight = isDone();
  attempt(() => process.kill(-(child.pid as number), 'SIGKILL'));
  await ended;
  return {
    name,
    isRight,
    words: [...texts(), stderr].map((text) => text.slice(-500)).join('\n---\n'),
  };
}

function logOf(index: number): string {
  return `l/serial-${index}.log`;
}

function textOf(file: string): string {
  return existsSync(file) ? readFileSync(file, 'latin1') : '';
}

async function argvOf(index: number, card: Interface, lane: Lane): Promise<string[]> {
  const { kernel, initrd } = linuxGuest();
  const profile: ProfileDocument = small2('x86_64', {
    vm: { name: `vm${index}` },
    storage: { disks: [] },
    network: { interfaces: [card] },
    serial: { enabled: true, mode: 'file', logfile: logOf(index) },
    kernel: {
      enabled: true,
      bzimage: 'b/vmlinuz',
      initrd: 'b/initrd',
      append: `console=ttyS0 quiet panic=-1 address=10.9.0.${index + 1} other=10.9.0.${2 - index}`,
    },
  });
  makeFiles(intentOf(profile, lane.root), lane);
  writeFileSync(join(lane.root, 'b/vmlinuz'), kernel);
  writeFileSync(join(lane.root, 'b/initrd'), initrd);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer)
    throw new Error(`the service refuses it: ${JSON.stringify(answer.refusal.errors)}`);
  return [lane.program('x86_64'), ...answer.body.argv.slice(1)];
}
