/** Which accelerator and which CPU a VM gets on a host; nothing is replaced silently. */
import type { AccelerationRequest, Architecture } from '../profile/schema.ts';
import { type Acceleration, type HostFacts, NATIVE_ACCELERATOR } from './host_facts.ts';

/** Whether the host can run guests of an architecture with an accelerator; tcg runs everywhere. */
export function canAccelerate(acceleration: Acceleration, arch: Architecture, facts: HostFacts): boolean {
  return acceleration === 'tcg' || (facts.accelerators.includes(acceleration) && facts.arch === arch);
}

/** `auto` becomes the host's own accelerator where that works, else tcg; a named one stays what it is. */
export function resolveAcceleration(
  requested: AccelerationRequest,
  arch: Architecture,
  facts: HostFacts,
): Acceleration {
  if (requested !== 'auto') return requested;
  const native = NATIVE_ACCELERATOR[facts.os];
  return native !== null && canAccelerate(native, arch, facts) ? native : 'tcg';
}

/** Whether the accelerator passes the host's own CPU through. */
export function passesHostCpu(acceleration: Acceleration): boolean {
  return acceleration === 'kvm' || acceleration === 'hvf';
}

export function defaultCpu(arch: Architecture, acceleration: Acceleration): string {
  if (passesHostCpu(acceleration)) return 'host';
  return arch === 'riscv64' && acceleration === 'tcg' ? 'rv64' : 'max';
}

/** Whether `cpu` is the plain `host` that `auto` may replace where no host CPU is to be had. */
export function isReplacedHost(
  cpu: string,
  requested: AccelerationRequest,
  acceleration: Acceleration,
): boolean {
  return cpu === 'host' && requested === 'auto' && !passesHostCpu(acceleration);
}

/** The `-cpu` value of a valid profile. */
export function resolveCpu(
  cpu: string | undefined,
  arch: Architecture,
  requested: AccelerationRequest,
  acceleration: Acceleration,
): string {
  const isDefault = cpu === undefined || isReplacedHost(cpu, requested, acceleration);
  return isDefault ? defaultCpu(arch, acceleration) : cpu;
}
