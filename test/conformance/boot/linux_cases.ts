/**
 * What a Linux guest calls its cards and disks, in version 1, in version 2, and in version 2 with all that can be added; and what it
 * makes of programs beside QEMU.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { intentOf } from '../compare/intent.ts';
import { startHelpers } from '../helpers/run_helpers.ts';
import { type Lane, PLAIN_LANE } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { small } from '../small_profile.ts';
import { type CheckedBoot, serialOutput } from './boot_cases.ts';
import { DONE, linuxGuest, SHARED_FILE, WRITTEN_FILE } from './linux_guest.ts';

export interface LinuxCase {
  readonly name: string;
  readonly lane: number;
  readonly type: 'q35' | 'pc';
}

/** An initrd has no comma in its path. */
export const LINUX_CASES: readonly LinuxCase[] = (['q35', 'pc'] as const).map((type) => ({
  name: `a Linux guest of ${type} names its cards and disks alike in both versions, with and without all devices`,
  lane: PLAIN_LANE,
  type,
}));

const VERSION_1: ProfileDocument = small('x86_64', {
  vm: { name: 'linux' },
  storage: {
    disks: [
      { name: 'first', path: 'i/first.img', format: 'raw' },
      { name: 'second', path: 'i/second.img', format: 'qcow2' },
      { name: 'shared', path: 's/shared', format: 'host-path' },
    ],
  },
  network: {
    interfaces: [
      { name: 'n0', type: 'user' },
      { name: 'n1', type: 'user', mac: '52:54:00:00:00:99' },
    ],
  },
  serial: { enabled: true, mode: 'file', logfile: 'l/serial.log' },
  kernel: { enabled: true, bzimage: 'b/vmlinuz', initrd: 'b/initrd', append: 'console=ttyS0 quiet panic=-1' },
});

/** Each new device, after the disks and cards of version 1. */
const ADDED: Partial<ProfileDocument> = {
  devices: { rng: true, balloon: true, free_page_reporting: true, panic: true, watchdog: 'pause' },
  consoles: [
    { name: 'a', mode: 'none' },
    { name: 'b', mode: 'socket' },
  ],
  channels: [{ name: 'org.example.0' }],
  guest_agent: { enabled: true },
  monitor: { enabled: true },
  display: { mode: 'vnc', socket: 'l/vnc' },
  gpu: { model: 'VGA' },
  input: { type: 'virtio' },
  audio: { backend: 'none' },
};

/** What the devices that were added are to the guest, which shows that it has them. */
const SEES = [
  /^port vport\d+p1 console-b$|^port vport\d+p1 $/m,
  /^port vport\d+p2 org\.example\.0$/m,
  /^port vport\d+p3 org\.qemu\.guest_agent\.0$/m,
  /^random virtio_rng/m,
];

export async function checkLinux({ name, type }: LinuxCase, lane: Lane): Promise<CheckedBoot> {
  const machine = { type };
  // Version 1 has no machine but the first.
  const version2: ProfileDocument = { ...VERSION_1, schema_version: 2, machine };
  const profiles = [...(type === 'q35' ? [VERSION_1] : []), version2, { ...version2, ...ADDED }];
  const texts: string[] = [];
  for (const profile of profiles) texts.push(await boot(profile, lane));
  const [first, ...others] = texts.map(namesIn) as [string[], ...string[][]];
  const isAlike = others.every((each) => isDeepStrictEqual(each, first));
  const hasAll = first.length === 4 && SEES.every((pattern) => pattern.test(texts.at(-1) ?? ''));
  return {
    name,
    isRight: isAlike && hasAll,
    words: texts.map((text) => text.slice(-1500)).join('\n---\n'),
  };
}

/** The command line tells the guest which shares there are. */
const BESIDE: ProfileDocument = {
  ...VERSION_1,
  schema_version: 2,
  shares: [
    { name: 'work', path: 's/work', type: 'virtiofs' },
    { name: 'look', path: 's/look', type: 'virtiofs', readonly: true },
  ],
  tpm: { enabled: true, state_dir: 't/linux' },
  kernel: { ...VERSION_1.kernel, append: 'console=ttyS0 quiet panic=-1 shares=work,look' },
};

export const BESIDE_CASES = [
  {
    name: 'a Linux guest reads and writes what virtiofsd shares, unless it is read-only, and has its TPM',
    lane: PLAIN_LANE,
  },
] as const;

export async function checkBeside({ name }: (typeof BESIDE_CASES)[number], lane: Lane): Promise<CheckedBoot> {
  lane.empty();
  for (const share of ['work', 'look']) {
    mkdirSync(join(lane.root, 's', share), { recursive: true });
    writeFileSync(join(lane.root, 's', share, SHARED_FILE), `what ${share} holds`);
  }
  const text = await bootIn(BESIDE, lane);
  const right = [
    /^share work shows what work holds\r?$/m,
    /^share work takes what is written\r?$/m,
    /^share look shows what look holds\r?$/m,
    /^TPM tpm0 2\r?$/m,
  ];
  const written = ['work', 'look'].map((share) => existsSync(join(lane.root, 's', share, WRITTEN_FILE)));
  const isRight =
    right.every((pattern) => pattern.test(text)) &&
    !text.includes('share look takes') &&
    isDeepStrictEqual(written, [true, false]);
  return { name, isRight, words: text.slice(-1500) };
}

async function boot(profile: ProfileDocument, lane: Lane): Promise<string> {
  lane.empty();
  return bootIn(profile, lane);
}

async function bootIn(profile: ProfileDocument, lane: Lane): Promise<string> {
  makeFiles(intentOf(profile, lane.root), lane);
  const { kernel, initrd } = linuxGuest();
  writeFileSync(join(lane.root, 'b/vmlinuz'), kernel);
  writeFileSync(join(lane.root, 'b/initrd'), initrd);
  const answer = await lane.service.plan({ profile }, lane.facts);
  if ('refusal' in answer) return answer.refusal.errors.map(({ code }) => code).join(' ');
  const { commands } = answer.body;
  const argv = [lane.program('x86_64'), ...(commands.at(-1)?.argv.slice(1) ?? [])];
  const helpers = await startHelpers(commands, lane.sandbox);
  try {
    if (helpers.fault !== null) return helpers.fault;
    return await serialOutput(argv, [new RegExp(DONE)], join(lane.root, 'l/serial.log'), lane);
  } finally {
    await helpers.stop();
  }
}

/** The lines about cards and disks. */
function namesIn(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => /^(?:card|disk) /.test(line));
}
