/** The CPU model with its features. */
import type { Acceleration, Architecture, HostFacts } from '../facts/host_facts.ts';
import type { Need } from '../needs/need.ts';
import { count, text } from '../profile/key.ts';
import { show } from '../profile/show.ts';
import { featureName, parseCpu } from '../qemu/cpu_text.ts';
import { type AccelerationRequest, accelerationOf } from './accelerator.ts';
import { part } from './part.ts';
import type { Draft, Issues } from './profile.ts';
import type { Topic } from './topic.ts';

const CPU_NAME = '[A-Za-z0-9][A-Za-z0-9._-]*';

export const CPU_KEYS = {
  cpu: text(
    'CPU model, then features: `,name=value`; on x86_64 also `,+name`, `,-name` and `,name`. Default: `host` under kvm and hvf, else `max` (`rv64` on riscv64 under tcg).',
    {
      maxLength: 1024,
      pattern: `^${CPU_NAME}(?:,(?:${CPU_NAME}=[A-Za-z0-9._-]+|[+-]?${CPU_NAME}))*$`,
      mistake: {
        code: 'invalid-cpu',
        must: 'be a model followed by features such as ",name=value" (on x86_64 also ",+name", ",-name"), at most 1024 characters',
        suggestion: 'Write a model that the QEMU of the host knows, such as "max" or "host,pmu=off".',
      },
      examples: ['host', 'max,pmu=off'],
    },
  ),
  cores: count('Virtual CPUs.', { required: true, minimum: 1, maximum: 256 }),
};

const CORES_WITHOUT_KVM = 255;

/** CPU values that every QEMU from 7.2 on has; riscv64 got its `max` later. */
const KNOWN_CPUS: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['host', 'max'],
  aarch64: ['host', 'max'],
  riscv64: ['host', 'rv64'],
  ppc64le: ['host', 'max'],
};

/** Whether the accelerator passes the host's own CPU through. */
export function passesHostCpu(acceleration: Acceleration): boolean {
  return acceleration === 'kvm' || acceleration === 'hvf';
}

interface Wish {
  readonly arch: Architecture;
  readonly acceleration: AccelerationRequest;
  readonly cpu: string | undefined;
}

/** The value of `-cpu`: the profile's own, or the default where it has none or one that cannot be had. */
export function cpuOf(wish: Wish, facts: HostFacts): string {
  const acceleration = accelerationOf(wish, facts);
  return wish.cpu === undefined || isReplacedHost(wish, acceleration)
    ? defaultCpu(wish.arch, acceleration)
    : wish.cpu;
}

function defaultCpu(arch: Architecture, acceleration: Acceleration): string {
  if (passesHostCpu(acceleration)) return 'host';
  return arch === 'riscv64' && acceleration === 'tcg' ? 'rv64' : 'max';
}

/** Whether the CPU is the plain `host` that `auto` may replace where no host CPU is to be had. */
function isReplacedHost({ cpu, acceleration: requested }: Wish, acceleration: Acceleration): boolean {
  return cpu === 'host' && requested === 'auto' && !passesHostCpu(acceleration);
}

/** What is known of the hardware; `null` while architecture or acceleration is not. */
export function wishOf({ hardware }: Draft): Wish | null {
  const { arch, acceleration, cpu } = hardware;
  return arch === undefined || acceleration === undefined ? null : { arch, acceleration, cpu };
}

export const cpu: Topic = {
  checkProfile: ({ hardware: { arch, cpu } }, issues) => {
    if (cpu === undefined) return;
    const { model, features } = parseCpu(cpu);
    repeatedFeatureRule(features, arch === undefined || arch === 'x86_64', issues);
    if (model === 'help') {
      issues.error(
        ['hardware', 'cpu'],
        'invalid-cpu',
        (field) => `${field} is "help"; QEMU would print a list and exit instead of starting the VM.`,
        'Write a CPU model such as "max".',
      );
    }
    const flag = features.find((feature) => !feature.includes('='));
    if (flag !== undefined && arch !== undefined && arch !== 'x86_64') {
      issues.error(
        ['hardware', 'cpu'],
        'invalid-cpu',
        (field) =>
          `${field} holds the feature ${show(flag)}; on ${arch} every feature must be written name=value.`,
        `Write "${flag.replace(/^[+-]/, '')}=${flag.startsWith('-') ? 'off' : 'on'}".`,
      );
    }
  },
  checkOnHost: (draft, { facts }, issues) => {
    const wish = wishOf(draft);
    if (wish === null) return;
    hostModelRule(wish, facts, issues);
    const { cores } = draft.hardware;
    const resolved = accelerationOf(wish, facts);
    if (wish.arch !== 'x86_64' || cores === undefined || cores <= CORES_WITHOUT_KVM || resolved === 'kvm')
      return;
    issues.error(
      ['hardware', 'cores'],
      'cores-need-kvm',
      (field) =>
        `${field} is ${cores}; on x86_64 more than ${CORES_WITHOUT_KVM} need kvm, and the VM would run under ${resolved}.`,
      `Write at most ${CORES_WITHOUT_KVM}, or run it on a host with kvm.`,
    );
  },
  needs: (draft, facts) => {
    const wish = wishOf(draft);
    if (wish === null) return [];
    const used = cpuOf(wish, facts);
    const isEverywhere = KNOWN_CPUS[wish.arch].includes(used);
    const { cores, memory_mb } = draft.hardware;
    const model: Need = {
      kind: 'cpu-model',
      at: ['hardware', 'cpu'],
      arch: wish.arch,
      acceleration: accelerationOf(wish, facts),
      cores,
      memoryMb: memory_mb,
      cpu: used,
      isEverywhere,
    };
    return cores === undefined ? [model] : [model, { kind: 'cores', at: ['hardware', 'cores'], cores }];
  },
  args: ({ hardware }, { facts }) => {
    const used = cpuOf(hardware, facts);
    const { cpu: written, arch } = hardware;
    const pointers = written === undefined ? [] : ['/hardware/cpu'];
    return [
      written === used
        ? part('cpu', pointers, ['-cpu', used])
        : part('cpu', pointers, ['-cpu', used], {
            why: defaultWhy(used, arch, accelerationOf(hardware, facts), written !== undefined),
            decidedBy: ['/hardware/arch', '/hardware/acceleration'],
          }),
    ];
  },
};

/** Which of two mentions counts depends on how they are written, not on their order: `-name` beats `+name` beats `name=`. */
function repeatedFeatureRule(features: readonly string[], isX86: boolean, { warning }: Issues): void {
  const names = features.map((feature) => featureName(feature, isX86));
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated === undefined) return;
  warning(
    ['hardware', 'cpu'],
    'cpu-feature-repeated',
    (field) =>
      `${field} sets the feature ${show(repeated)} more than once, and QEMU may not take the last mention.`,
  );
}

function hostModelRule(wish: Wish, facts: HostFacts, { error, warning }: Issues): void {
  const { cpu, arch } = wish;
  const resolved = accelerationOf(wish, facts);
  if (cpu === undefined || parseCpu(cpu).model !== 'host' || passesHostCpu(resolved)) return;
  const used = defaultCpu(arch, resolved);
  if (isReplacedHost(wish, resolved)) {
    warning(
      ['hardware', 'cpu'],
      'cpu-host-replaced',
      (field) => `${field} is "host", which needs kvm or hvf; under ${resolved} the CPU is "${used}".`,
      `Remove hardware.cpu, or write "${used}".`,
    );
    return;
  }
  error(
    ['hardware', 'cpu'],
    'cpu-host-needs-hardware-acceleration',
    (field) => `${field} is ${show(cpu)}, and the model "host" needs kvm or hvf, not ${resolved}.`,
    `Write another model, such as "${used}".`,
  );
}

function defaultWhy(
  used: string,
  arch: Architecture,
  acceleration: Acceleration,
  isReplacement: boolean,
): string {
  const why = `${used} is the default CPU for ${arch} under ${acceleration}`;
  return isReplacement ? `${why}, which cannot pass the host CPU through.` : `${why}.`;
}
