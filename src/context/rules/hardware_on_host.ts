import { parseCpu } from '../../profile/cpu.ts';
import type { Findings } from '../../profile/issue.ts';
import type { Draft } from '../../profile/profile.ts';
import { show } from '../../profile/show.ts';
import {
  canAccelerate,
  isReplacedHost,
  passesHostCpu,
  resolveAcceleration,
  resolveCpu,
} from '../acceleration.ts';
import { mostMemoryMb, neededBits, physicalBits } from '../address_space.ts';
import { type Acceleration, type HostFacts, NATIVE_ACCELERATOR } from '../host_facts.ts';

const CORES_WITHOUT_KVM = 255;

export function hardwareOnHost({ hardware }: Draft, facts: HostFacts, findings: Findings): void {
  const { arch, acceleration: requested, cpu } = hardware;
  if (arch === undefined || requested === undefined) return;
  const resolved = resolveAcceleration(requested, arch, facts);
  accelerationRules(requested, resolved, arch, facts, findings);
  cpuRules(cpu, requested, resolved, arch, findings);
  if (arch !== 'x86_64') return;
  coresRule(hardware.cores, resolved, findings);
  if (!findings.refused('hardware.cpu'))
    memoryRule(hardware.memory_mb, resolveCpu(cpu, arch, requested, resolved), resolved, findings);
}

function accelerationRules(
  requested: Acceleration | 'auto',
  resolved: Acceleration,
  arch: NonNullable<Draft['hardware']['arch']>,
  facts: HostFacts,
  { error, warning }: Findings,
): void {
  const native = NATIVE_ACCELERATOR[facts.os];
  if (!canAccelerate(resolved, arch, facts)) {
    error(
      ['hardware', 'acceleration'],
      'acceleration-unavailable',
      `hardware.acceleration is "${requested}", and ${reasonAgainst(arch, facts)}.`,
      native === null || facts.arch !== arch
        ? 'Use "tcg", or "auto" to take what the host has.'
        : `Make ${native} available on the host, or use "auto" or "tcg".`,
    );
  } else if (requested === 'auto' && resolved === 'tcg' && native !== null) {
    warning(
      ['hardware', 'acceleration'],
      'acceleration-fallback',
      `hardware.acceleration is "auto" and becomes slow emulation (tcg): ${native} is not used because ${reasonAgainst(arch, facts)}.`,
      'Run it on a host that can accelerate it, or set acceleration = "tcg" if emulation is meant.',
    );
  }
}

function reasonAgainst(arch: string, facts: HostFacts): string {
  return facts.arch === arch
    ? `the ${facts.os} host does not have it`
    : `the host is ${facts.arch} and the guest is ${arch}`;
}

function cpuRules(
  cpu: string | undefined,
  requested: Acceleration | 'auto',
  resolved: Acceleration,
  arch: NonNullable<Draft['hardware']['arch']>,
  { error, warning }: Findings,
): void {
  if (cpu === undefined || parseCpu(cpu).model !== 'host' || passesHostCpu(resolved)) return;
  const used = resolveCpu(undefined, arch, requested, resolved);
  if (isReplacedHost(cpu, requested, resolved)) {
    warning(
      ['hardware', 'cpu'],
      'cpu-host-replaced',
      `hardware.cpu is "host", which needs kvm or hvf; under ${resolved} the CPU is "${used}".`,
      `Remove hardware.cpu, or write "${used}".`,
    );
    return;
  }
  error(
    ['hardware', 'cpu'],
    'cpu-host-needs-hardware-acceleration',
    `hardware.cpu is ${show(cpu)}, and the model "host" needs kvm or hvf, not ${resolved}.`,
    `Write another model, such as "${used}".`,
  );
}

function coresRule(cores: number | undefined, resolved: Acceleration, { error }: Findings): void {
  if (cores === undefined || cores <= CORES_WITHOUT_KVM || resolved === 'kvm') return;
  error(
    ['hardware', 'cores'],
    'cores-need-kvm',
    `hardware.cores is ${cores}; on x86_64 more than ${CORES_WITHOUT_KVM} need kvm, and the VM would run under ${resolved}.`,
    `Write at most ${CORES_WITHOUT_KVM}, or run it on a host with kvm.`,
  );
}

function memoryRule(
  memoryMb: number | undefined,
  cpu: string,
  resolved: Acceleration,
  { error }: Findings,
): void {
  const bits = physicalBits(cpu, resolved);
  if (bits === 'invalid') {
    error(
      ['hardware', 'cpu'],
      'invalid-cpu',
      `hardware.cpu is ${show(cpu)}; phys-bits must be between 32 and 52.`,
      'Write a number of bits such as "phys-bits=46".',
    );
    return;
  }
  if (memoryMb === undefined || bits === null || memoryMb <= mostMemoryMb(bits)) return;
  error(
    ['hardware', 'memory_mb'],
    'memory-over-address-space',
    `hardware.memory_mb is ${memoryMb}; the CPU ${show(cpu)} has ${bits} address bits under ${resolved}, which reach ${mostMemoryMb(bits)} MiB.`,
    `Write at most that, or set phys-bits in hardware.cpu, such as "${parseCpu(cpu).model},phys-bits=${neededBits(memoryMb)}".`,
  );
}
