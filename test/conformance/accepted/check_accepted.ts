/** One accepted profile: the service's argv, QEMU paused with it, and the comparison. */
import { isDeepStrictEqual } from 'node:util';
import type { HostFacts } from '../../../src/facts/host_facts.ts';
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import { compareWithQemu, type Mismatch } from '../compare/compare.ts';
import { intentOf } from '../compare/intent.ts';
import type { Field } from '../compare/machine.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { addedOptions } from '../qemu/start_paused.ts';
import type { PlanAnswer, Source } from '../service.ts';
import type { AcceptedCase } from './example_cases.ts';

export type Verdict = 'agreed' | 'differs' | 'refused-by-qemu' | 'refused-by-service' | 'not-had';

export interface Checked {
  readonly name: string;
  readonly kind: AcceptedCase['kind'];
  readonly verdict: Verdict;
  /** Fields that were compared and are alike. */
  readonly agreed: readonly Field[];
  readonly mismatches: readonly Mismatch[];
  /** QEMU's own words, or the service's. */
  readonly words: string;
  readonly version: string;
  readonly profile: ProfileDocument;
  readonly argv: readonly string[];
  readonly seconds: number;
}

interface Asked {
  readonly argv: readonly string[];
  readonly plan: PlanAnswer;
  readonly mismatches: readonly Mismatch[];
}

export async function checkAccepted(each: AcceptedCase, lane: Lane): Promise<Checked> {
  const start = Date.now();
  lane.empty();
  const intent = intentOf(each.profile, lane.root);
  const checked = (verdict: Verdict, more: Partial<Checked> = {}): Checked => ({
    name: each.name,
    kind: each.kind,
    verdict,
    agreed: [],
    mismatches: [],
    words: '',
    version: '',
    profile: each.profile,
    argv: [],
    seconds: (Date.now() - start) / 1000,
    ...more,
  });
  if (!lane.sandbox.hasDevices && intent.cards.some(({ tap, bridge }) => tap !== null || bridge !== null))
    return checked('not-had', { words: 'this machine gives this user no tap devices' });
  makeFiles(intent, lane);
  const asked = await askService(each, lane);
  if (typeof asked === 'string') return checked('refused-by-service', { words: asked });
  const { argv, plan } = asked;
  const comparison = await compareWithQemu(intent, argv, plan, lane);
  const holdsItself = each.profile.process?.start_paused === true;
  const added = [...argv, ...addedOptions(argv, { holdsItself })];
  if (!comparison.isStarted) return checked('refused-by-qemu', { words: comparison.words, argv: added });
  const mismatches = [...asked.mismatches, ...comparison.mismatches];
  return checked(mismatches.length === 0 ? 'agreed' : 'differs', { ...comparison, mismatches, argv: added });
}

/** Asks for the argv with given and with probed facts, and for the plan; all of them say the same. */
async function askService(each: AcceptedCase, lane: Lane): Promise<Asked | string> {
  const { profile, discovered, isProbed = false } = each;
  const probedSource = { profile: withoutAcceleration(profile, lane.facts) };
  const givenSource: Source = discovered === undefined ? { profile } : { profile_name: discovered };
  const [source, facts] = isProbed ? [probedSource, null] : [givenSource, lane.facts];
  const [given, probed, plan] = await Promise.all([
    lane.service.argv(source, facts),
    lane.service.argv(probedSource, null),
    lane.service.plan(source, facts),
  ]);
  for (const answer of [given, probed, plan]) {
    if ('refusal' in answer)
      return (
        answer.refusal.errors.map(({ code, field }) => `${code} at ${field}`).join(', ') ||
        String(answer.refusal.status)
      );
  }
  if ('refusal' in given || 'refusal' in probed || 'refusal' in plan) return 'refused';
  const [givenArgv, probedArgv] = [given.body.argv, probed.body.argv];
  const planned = plan.body.commands.find(({ step_id }) => step_id === 'start-qemu')?.argv;
  const mismatches: Mismatch[] = [];
  if (!isDeepStrictEqual(givenArgv.slice(1), probedArgv.slice(1)))
    mismatches.push({ field: 'argv', profile: givenArgv, qemu: probedArgv });
  if (!isDeepStrictEqual(givenArgv, planned))
    mismatches.push({ field: 'argv', profile: givenArgv, qemu: planned });
  return { argv: probedArgv, plan: plan.body, mismatches };
}

/** The host that is probed may have kvm, which this suite does not use: what `auto` would be without it. */
function withoutAcceleration(profile: ProfileDocument, { arch }: HostFacts): ProfileDocument {
  const { acceleration = 'auto', cpu, ...hardware } = profile.hardware;
  if (acceleration !== 'auto' || hardware.arch !== arch) return profile;
  return {
    ...profile,
    hardware: { ...hardware, acceleration: 'tcg', ...(cpu !== undefined && cpu !== 'host' && { cpu }) },
  };
}
