import { featureName, parseCpu } from '../cpu.ts';
import type { Findings } from '../issue.ts';
import type { Draft } from '../profile.ts';
import { show } from '../show.ts';

/** pseries memory comes in blocks of this many MiB; elsewhere odd sizes only surprise. */
const MEMORY_BLOCK_MB = 256;

export function hardwareRules({ hardware }: Draft, findings: Findings): void {
  memoryRule(hardware, findings);
  cpuRule(hardware, findings);
}

function memoryRule({ arch, memory_mb }: Draft['hardware'], { error, warning }: Findings): void {
  if (memory_mb === undefined || memory_mb % MEMORY_BLOCK_MB === 0) return;
  const lower = Math.max(MEMORY_BLOCK_MB, memory_mb - (memory_mb % MEMORY_BLOCK_MB));
  (arch === 'ppc64le' ? error : warning)(
    ['hardware', 'memory_mb'],
    'memory-not-aligned',
    `hardware.memory_mb is ${memory_mb}; ${arch === 'ppc64le' ? 'on ppc64le it must' : 'it should'} be a multiple of ${MEMORY_BLOCK_MB}.`,
    `Write ${lower} or ${lower + MEMORY_BLOCK_MB}.`,
  );
}

function cpuRule({ arch, cpu }: Draft['hardware'], findings: Findings): void {
  if (cpu === undefined) return;
  const { error } = findings;
  const { model, features } = parseCpu(cpu);
  repeatedFeatureRule(features, findings);
  if (model === 'help') {
    error(
      ['hardware', 'cpu'],
      'invalid-cpu',
      'hardware.cpu is "help"; QEMU would print a list and exit instead of starting the VM.',
      'Write a CPU model such as "max".',
    );
  }
  const flag = features.find((feature) => !feature.includes('='));
  if (flag !== undefined && arch !== undefined && arch !== 'x86_64') {
    error(
      ['hardware', 'cpu'],
      'invalid-cpu',
      `hardware.cpu holds the feature ${show(flag)}; on ${arch} every feature must be written name=value.`,
      `Write "${flag.replace(/^[+-]/, '')}=${flag.startsWith('-') ? 'off' : 'on'}".`,
    );
  }
}

/** Which of two mentions counts depends on how they are written, not on their order: `-name` beats `+name` beats `name=`. */
function repeatedFeatureRule(features: readonly string[], { warning }: Findings): void {
  if (features.length < 2) return;
  const names = features.map(featureName);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  warning(
    ['hardware', 'cpu'],
    'cpu-feature-repeated',
    `hardware.cpu sets the feature ${show(repeated)} more than once, and QEMU may not take the last mention.`,
    'Set each feature once.',
  );
}
