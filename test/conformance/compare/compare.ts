/** The profile and QEMU side by side. */
import { isDeepStrictEqual } from 'node:util';
import type { Lane } from '../lane.ts';
import { networkFor } from '../qemu/sandbox.ts';
import { startPaused } from '../qemu/start_paused.ts';
import type { Intent } from './intent.ts';
import { type Field, intendedMachine } from './machine.ts';
import { observedMachine, ownDevices } from './observe.ts';

export interface Mismatch {
  readonly field: Field | 'argv';
  readonly profile: unknown;
  readonly qemu: unknown;
}

export type Comparison =
  | { readonly isStarted: false; readonly words: string }
  | {
      readonly isStarted: true;
      readonly agreed: readonly Field[];
      readonly mismatches: readonly Mismatch[];
      readonly words: string;
      readonly version: string;
    };

/** Starts QEMU with `argv` and compares what it has made with what the profile asks for. */
export async function compareWithQemu(
  intent: Intent,
  argv: readonly string[],
  resources: readonly string[],
  lane: Lane,
): Promise<Comparison> {
  const own = await ownDevices(intent, argv[0] as string, lane.sandbox);
  const qemu = await startPaused(argv, lane.sandbox, networkFor(intent));
  if (!qemu.isRunning) return { isStarted: false, words: qemu.words };
  try {
    const intended = intendedMachine(intent, resources);
    const observed = await observedMachine(qemu, intent, lane.folder, own);
    const fields = Object.keys(intended) as Field[];
    const differing = fields.filter((field) => !isDeepStrictEqual(intended[field], observed[field]));
    return {
      isStarted: true,
      agreed: fields.filter((field) => !differing.includes(field)),
      mismatches: differing.map((field) => ({ field, profile: intended[field], qemu: observed[field] })),
      words: qemu.stderr(),
      version: qemu.qmp.version,
    };
  } finally {
    await qemu.stop();
  }
}
