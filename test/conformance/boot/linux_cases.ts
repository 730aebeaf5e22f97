/** What a Linux guest calls its cards and disks, in version 1, in version 2, and in version 2 with all that can be added. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { intentOf } from '../compare/intent.ts';
import { type Lane, PLAIN_LANE } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { small } from '../small_profile.ts';
import { type CheckedBoot, serialOutput } from './boot_cases.ts';
import { DONE, linuxGuest } from './linux_guest.ts';

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

async function boot(profile: ProfileDocument, lane: Lane): Promise<string> {
  lane.empty();
  makeFiles(intentOf(profile, lane.root), lane);
  const { kernel, initrd } = linuxGuest();
  writeFileSync(join(lane.root, 'b/vmlinuz'), kernel);
  writeFileSync(join(lane.root, 'b/initrd'), initrd);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer) return answer.refusal.errors.map(({ code }) => code).join(' ');
  const argv = [lane.program('x86_64'), ...answer.body.argv.slice(1)];
  return serialOutput(argv, [new RegExp(DONE)], join(lane.root, 'l/serial.log'), lane);
}

/** The lines about cards and disks. */
function namesIn(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => /^(?:card|disk) /.test(line));
}
