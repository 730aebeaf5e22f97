/** A profile of version 1 with the number 2 in it: its guest finds every device where it was. */
import { isDeepStrictEqual } from 'node:util';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { intentOf } from '../compare/intent.ts';
import { devicesOf } from '../compare/qtree.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { networkFor } from '../qemu/sandbox.ts';
import { type Running, startPaused } from '../qemu/start_paused.ts';
import type { AcceptedCase } from './example_cases.ts';

export interface CheckedMigration {
  readonly name: string;
  readonly isSame: boolean;
  readonly words: string;
}

/** Those of which it is promised: where another disk than the first boots, disks move, and a migration says so. */
export function migratedCases(cases: readonly AcceptedCase[]): AcceptedCase[] {
  return cases.filter(({ profile }) => profile.schema_version === 1 && !bootsAnother(profile));
}

function bootsAnother({ storage }: ProfileDocument): boolean {
  const images = (storage?.disks ?? []).filter(({ format }) => format !== 'host-path');
  return images.findIndex(({ boot }) => boot === true) > 0;
}

export async function checkMigrated({ name, profile }: AcceptedCase, lane: Lane): Promise<CheckedMigration> {
  const first = await slotsOf(profile, lane);
  const second = await slotsOf({ ...profile, schema_version: 2 }, lane);
  const isSame = typeof first !== 'string' && isDeepStrictEqual(first, second);
  return { name, isSame, words: `version 1: ${text(first)}\nversion 2: ${text(second)}` };
}

function text(slots: readonly string[] | string): string {
  return typeof slots === 'string' ? slots : slots.join(', ');
}

/** Each device with its address and what it is for, or why there is none. */
async function slotsOf(profile: ProfileDocument, lane: Lane): Promise<string[] | string> {
  lane.empty();
  const intent = intentOf(profile, lane.root);
  makeFiles(intent, lane);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in answer)
    return `the service refuses it: ${answer.refusal.errors.map(({ code }) => code).join(', ')}`;
  const argv = [lane.program(intent.arch), ...answer.body.argv.slice(1)];
  const qemu = await startPaused(argv, lane.sandbox, { network: networkFor(intent) });
  if (!qemu.isRunning) return `QEMU refuses it: ${qemu.words}`;
  try {
    return await slotsIn(qemu);
  } finally {
    await qemu.stop();
  }
}

interface Block {
  readonly device: string;
  readonly inserted?: { readonly file: string; readonly 'node-name': string };
}

async function slotsIn({ qmp }: Running): Promise<string[]> {
  const blocks = await qmp.ask<Block[]>('query-block');
  const fileOf = (drive: string | undefined): string | undefined =>
    blocks.find(({ device, inserted }) => device === drive || inserted?.['node-name'] === drive)?.inserted
      ?.file;
  return devicesOf(await qmp.human('info qtree'))
    .filter(({ properties, bus }) => properties.addr !== undefined && /^pcie?\.0$/.test(bus))
    .map(({ type, properties, children: [inner] }) => {
      const own = { ...properties, ...inner?.properties };
      const what = own.drive === undefined ? (own.mount_tag ?? own.netdev ?? '') : fileOf(own.drive);
      return `${properties.addr} ${type} ${what}`.trim();
    })
    .sort();
}
