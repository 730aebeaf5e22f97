/** CPUs and sizes at the edge of what a machine can be: the service and QEMU have to be of one mind, whichever it is. */

import { intentOf } from '../compare/intent.ts';
import type { Lane } from '../lane.ts';
import { makeFiles } from '../make_files.ts';
import { startPaused } from '../qemu/start_paused.ts';
import { withValue } from '../refused/refused_case.ts';
import type { Architecture } from '../settings.ts';
import { small } from '../small_profile.ts';

export interface AgreementCase {
  readonly name: string;
  /** What the planner knows without QEMU's table of models: the default CPU, and what features say. */
  readonly isDecidable: boolean;
  readonly arch: Architecture;
  readonly cpu: string;
  readonly memoryMb: number;
  readonly cores: number;
}

export interface CheckedAgreement extends AgreementCase {
  /** `asks`: the plan is for a CPU of which it says itself that it cannot know what this QEMU makes of it. */
  readonly service: 'accepts' | 'asks' | 'warns' | 'refuses';
  /** The service's error or warning on the CPU, the memory or the cores. */
  readonly rule: string;
  readonly qemu: 'accepts' | 'refuses';
  readonly words: string;
  readonly argv: readonly string[];
}

export function agreementCases(): AgreementCase[] {
  const decidable = (arch: Architecture, cpu: string, ...sizes: number[]): AgreementCase[] =>
    sizes.map((memoryMb) => agreementCase(true, arch, cpu, memoryMb, 1));
  const model = (arch: Architecture, cpu: string, memoryMb: number, cores = 1): AgreementCase =>
    agreementCase(false, arch, cpu, memoryMb, cores);
  return [
    ...decidable('x86_64', 'max', 1001472, 1001473),
    ...decidable('x86_64', 'max,phys-bits=0', 512, 1001472, 1001473),
    ...decidable('x86_64', 'max,phys-bits=31', 512),
    ...decidable('x86_64', 'max,phys-bits=046', 227328, 227329),
    ...decidable('x86_64', 'max,host-phys-bits-limit=31', 512),
    ...decidable('x86_64', 'max,host-phys-bits-limit=256', 512),
    ...decidable('x86_64', 'max,phys-bits=35', 512),
    ...decidable('x86_64', 'max,phys_bits=31', 512),
    ...decidable('x86_64', 'max,phys_bits=36', 30720, 30721),
    ...decidable('x86_64', 'max,phys_bits=46', 1099776),
    ...decidable('x86_64', 'max,host_phys_bits=on', 1001473),
    ...decidable('x86_64', 'max,phys-bits=36', 30720, 30721, 65536),
    ...decidable('x86_64', 'max,phys-bits=39', 489472, 489473),
    ...decidable('x86_64', 'max,phys-bits=40', 1001472, 1001473),
    ...decidable('x86_64', 'max,phys-bits=41', 1001473, 1017856, 1017857, 16777216),
    ...decidable('x86_64', 'max,phys-bits=44', 15697920, 15697921),
    ...decidable('x86_64', 'max,phys-bits=45', 16777216),
    ...decidable('x86_64', 'max,phys-bits=52', 16777216),
    ...decidable('x86_64', 'max,phys-bits=53', 512),
    ...decidable('x86_64', 'max,host-phys-bits=on', 512, 1001472, 1001473),
    ...decidable('x86_64', 'max,+host-phys-bits', 1048576),
    ...decidable('aarch64', 'max', 16777216),
    ...decidable('riscv64', 'rv64', 16777216),
    model('x86_64', 'qemu64', 1001472),
    model('x86_64', 'Nehalem', 1013760),
    model('x86_64', '486', 2048, 255),
    model('x86_64', '486', 8192),
    model('x86_64', 'qemu32', 65536),
    model('x86_64', 'pentium3', 2048),
    model('x86_64', 'pentium3', 30721),
    model('aarch64', 'neoverse-n1', 16777216),
    model('aarch64', 'cortex-a72', 16776192),
    model('aarch64', 'cortex-a72', 16777216),
    model('aarch64', 'cortex-a53', 1047552),
    model('aarch64', 'cortex-a53', 1047553),
    model('aarch64', 'cortex-a53', 1024, 256),
    model('aarch64', 'cortex-a53', 1047552, 256),
    model('aarch64', 'cortex-a15', 1024, 256),
    model('aarch64', 'cortex-a15', 1048576),
    model('riscv64', 'sifive-u54', 16777216, 256),
    model('ppc64le', 'POWER8', 1024, 256),
    model('ppc64le', 'POWER7', 1024, 2),
  ];
}

function agreementCase(
  isDecidable: boolean,
  arch: Architecture,
  cpu: string,
  memoryMb: number,
  cores: number,
): AgreementCase {
  const name = `${arch}, cpu = "${cpu}", ${memoryMb} MB, cores ${cores}`;
  return { name, isDecidable, arch, cpu, memoryMb, cores };
}

const FIELDS = ['hardware.cpu', 'hardware.memory_mb', 'hardware.cores'];

export async function checkAgreement(each: AgreementCase, lane: Lane): Promise<CheckedAgreement> {
  const { arch, cpu, memoryMb, cores } = each;
  lane.empty();
  const profile = small(arch, { hardware: { cpu, memory_mb: memoryMb, cores } });
  makeFiles(intentOf(profile, lane.root), lane);
  const near = await lane.service.argv({ profile: small(arch) }, lane.facts);
  const answer = await lane.service.argv({ profile }, lane.facts);
  if ('refusal' in near) throw new Error(`the service refuses the small ${arch} profile`);
  const issues = 'refusal' in answer ? answer.refusal.errors : answer.body.warnings;
  const rule = issues.find(
    ({ code, field }) => FIELDS.includes(field) && code !== 'memory-not-aligned',
  )?.code;
  const isAsked =
    !each.isDecidable &&
    'body' in answer &&
    answer.body.unknowns.some(({ subject }) => subject === `cpu:${cpu}`);
  let argv: readonly string[] = [lane.program(arch), ...near.body.argv.slice(1)];
  for (const [option, value] of [
    ['-cpu', cpu],
    ['-m', `${memoryMb}M`],
    ['-smp', String(cores)],
  ] as const)
    argv = withValue(argv, option, value);
  const outcome = await startPaused(argv, lane.sandbox);
  if (outcome.isRunning) await outcome.stop();
  return {
    ...each,
    service: serviceVerdict('refusal' in answer, rule, isAsked),
    rule: rule ?? 'none',
    qemu: outcome.isRunning ? 'accepts' : 'refuses',
    words: outcome.isRunning ? outcome.stderr() : outcome.words,
    argv,
  };
}

function serviceVerdict(
  isRefused: boolean,
  rule: string | undefined,
  isAsked: boolean,
): CheckedAgreement['service'] {
  if (isRefused) return 'refuses';
  if (rule !== undefined) return 'warns';
  return isAsked ? 'asks' : 'accepts';
}
