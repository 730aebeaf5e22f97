/** The profile and QEMU side by side. */
import { isDeepStrictEqual } from 'node:util';
import { startHelpers } from '../helpers/run_helpers.ts';
import type { Lane } from '../lane.ts';
import { openThings } from '../qemu/proc.ts';
import { networkFor } from '../qemu/sandbox.ts';
import { startPaused } from '../qemu/start_paused.ts';
import type { PlanAnswer } from '../service.ts';
import type { Intent } from './intent.ts';
import { type Field, intendedMachine } from './machine.ts';
import { observedMachine, ownDevices } from './observe.ts';
import { devicesOf } from './qtree.ts';
import { topicsOf } from './topics/index.ts';

export interface Mismatch {
  readonly field: Field;
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

/** Starts what the plan starts before QEMU, then QEMU with `argv`, and compares what it has made with what the profile asks for. */
export async function compareWithQemu(
  intent: Intent,
  argv: readonly string[],
  plan: PlanAnswer,
  lane: Lane,
): Promise<Comparison> {
  const helpers = await startHelpers(plan.commands, lane.sandbox);
  try {
    if (helpers.fault !== null) return { isStarted: false, words: helpers.fault };
    return await compared(intent, argv, plan.affected_resources, helpers.pids, lane);
  } finally {
    await helpers.stop();
  }
}

async function compared(
  intent: Intent,
  argv: readonly string[],
  resources: readonly string[],
  helpers: ReadonlyMap<string, number>,
  lane: Lane,
): Promise<Comparison> {
  const own = await ownDevices(intent, argv[0] as string, lane.sandbox);
  const qemu = await startPaused(argv, lane.sandbox, {
    network: networkFor(intent),
    holdsItself: intent.asked.profile.process?.start_paused === true,
    hasQtest: true,
  });
  if (!qemu.isRunning) return { isStarted: false, words: qemu.words };
  try {
    const { asked } = intent;
    const topics = topicsOf(asked.profile);
    const intended: Record<Field, unknown> = { ...intendedMachine(intent, resources) };
    for (const { means } of topics) Object.assign(intended, means(asked));
    const observed: Record<Field, unknown> = { ...(await observedMachine(qemu, intent, lane.folder, own)) };
    const tree = await qemu.qmp.human('info qtree');
    const { qmp, qtest, pid } = qemu;
    if (qtest === null) throw new Error('the guest cannot be reached');
    const seen = {
      ...{ qmp, qtest, pid, devices: devicesOf(tree), things: openThings(pid), helpers },
      hasPasst: lane.sandbox.isPrivate,
    };
    for (const topic of topics) Object.assign(observed, await topic.seen(seen, asked));
    const fields = Object.keys(intended);
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
