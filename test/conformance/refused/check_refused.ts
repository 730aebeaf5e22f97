/** One refused profile: the service's refusal, and what QEMU does with the argv that the profile would have. */

import { intentOf } from '../compare/intent.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { networkFor } from '../qemu/sandbox.ts';
import { startPaused } from '../qemu/start_paused.ts';
import type { Expectation, Outcome, RefusedCase } from './refused_case.ts';

export type RefusedVerdict =
  /** QEMU refuses too. */
  | 'refused'
  /** QEMU starts, or has done its harm before it ends. */
  | 'harms'
  /** QEMU starts, and the rule has another reason. */
  | 'stricter'
  /** Not what the case says. */
  | 'failed'
  | 'not-had';

/** The first major version that was tried after 7. */
const NEWER = 10;

export interface CheckedRefusal {
  readonly rule: string;
  readonly name: string;
  readonly verdict: RefusedVerdict;
  /** QEMU's words, the evidence of harm, the reason of a stricter rule, or what went wrong. */
  readonly words: string;
  readonly argv: readonly string[];
}

export async function checkRefused(each: RefusedCase, lane: Lane): Promise<CheckedRefusal> {
  const checked = (verdict: RefusedVerdict, words: string, argv: readonly string[] = []): CheckedRefusal => ({
    rule: each.rule,
    name: each.name,
    verdict,
    words,
    argv,
  });
  lane.empty();
  const intent = intentOf(each.near, lane.root);
  const network = each.network ?? networkFor(intent);
  if (!lane.sandbox.hasDevices && network.taps.length > 0)
    return checked('not-had', 'this machine gives this user no tap devices');
  makeFiles(intent, lane);
  const facts = each.isProbed === true ? null : lane.facts;
  const near = await lane.service.argv({ profile: each.near }, facts);
  if ('refusal' in near)
    return checked('failed', `the service refuses the nearest profile: ${codes(near.refusal.errors)}`);
  each.spoil?.(lane);
  const bad = await lane.service.argv({ profile: each.bad }, facts);
  if (!('refusal' in bad)) return checked('failed', 'the service accepts the profile', bad.body.argv);
  if (!bad.refusal.errors.some(({ code }) => code === each.rule))
    return checked('failed', `the service refuses it with ${codes(bad.refusal.errors)}`);
  const argv = each.edit([lane.program(intent.arch), ...near.body.argv.slice(1)], lane);
  const expect = lane.qemuMajor >= NEWER ? (each.newer ?? each.expect) : each.expect;
  const outcome = await startPaused(argv, lane.sandbox, { network });
  try {
    return checked(...(await verdictOf(expect, outcome, lane)), argv);
  } finally {
    if (outcome.isRunning) await outcome.stop();
  }
}

function codes(errors: readonly { readonly code: string }[]): string {
  return errors.map(({ code }) => code).join(', ');
}

async function verdictOf(
  expect: Expectation,
  outcome: Outcome,
  lane: Lane,
): Promise<[RefusedVerdict, string]> {
  const words = outcome.isRunning ? 'QEMU starts' : outcome.words;
  if (!outcome.isRunning && outcome.timedOut) return ['failed', 'QEMU did not answer in time'];
  if ('refuses' in expect)
    return !outcome.isRunning && expect.refuses.test(words) ? ['refused', words] : ['failed', words];
  if ('accepts' in expect) return outcome.isRunning ? ['stricter', expect.accepts] : ['failed', words];
  const evidence = await expect.harms(outcome, lane);
  return evidence === null ? ['failed', `no harm is seen: ${words}`] : ['harms', evidence];
}
