/** Rules about the machine, the CPU, memory and acceleration. */

import { ARCHITECTURES, type Architecture } from '../settings.ts';
import { small } from '../small_profile.ts';
import { type Expectation, type Outcome, type RefusedCase, replaced, withValue } from './refused_case.ts';

/** An accelerator that no QEMU for Linux has, or that this guest's QEMU has not. */
const NO_ACCELERATOR: Readonly<Record<Architecture, readonly string[]>> = {
  x86_64: ['hvf', 'whpx'],
  aarch64: ['hvf', 'kvm'],
  riscv64: ['kvm'],
  ppc64le: ['kvm'],
};

export function refusedHardware(hostArch: Architecture): RefusedCase[] {
  return [
    ...ARCHITECTURES.map(
      (arch): RefusedCase => ({
        rule: 'cpu-host-needs-hardware-acceleration',
        name: `cpu = "host" under tcg on ${arch}`,
        near: small(arch),
        bad: small(arch, { hardware: { cpu: 'host' } }),
        edit: (argv) => withValue(argv, '-cpu', 'host'),
        expect: { refuses: /requires KVM|unable to find CPU model|host/ },
      }),
    ),
    ...ARCHITECTURES.filter((arch) => arch !== hostArch || arch === 'x86_64').flatMap((arch) =>
      NO_ACCELERATOR[arch].map(
        (accelerator): RefusedCase => ({
          rule: 'acceleration-unavailable',
          name: `${accelerator} for ${arch} on this host`,
          near: small(arch),
          bad: small(arch, { hardware: { acceleration: accelerator as 'kvm' } }),
          edit: (argv) => withValue(argv, '-accel', accelerator),
          expect: { refuses: /invalid accelerator|not supported|kvm/i },
        }),
      ),
    ),
    ...memoryRules(),
    ...coreRules(),
    ...cpuTexts(),
  ];
}

function memoryRules(): RefusedCase[] {
  const memory = (
    rule: string,
    arch: Architecture,
    nearMb: number,
    badMb: number,
    expect: Expectation,
    cpu?: string,
  ): RefusedCase => ({
    rule,
    name: `${badMb} MB on ${arch}${cpu === undefined ? '' : ` with ${cpu}`}`,
    near: small(arch, { hardware: { memory_mb: nearMb, ...(cpu && { cpu }) } }),
    bad: small(arch, { hardware: { memory_mb: badMb, ...(cpu && { cpu }) } }),
    edit: (argv) => withValue(argv, '-m', `${badMb}M`),
    expect,
  });
  const floor = 'guests of less than 256 MB are no use; the bound keeps typing errors out';
  const ceiling = '16 TiB is where the schema ends; no host has it';
  return [
    memory('memory-not-aligned', 'ppc64le', 512, 513, { refuses: /aligned to 256/ }),
    memory('memory-not-aligned', 'ppc64le', 1024, 1000, { refuses: /aligned to 256/ }),
    memory('memory-over-address-space', 'x86_64', 1001472, 1001473, { refuses: /phys-bits too low/ }),
    memory(
      'memory-over-address-space',
      'x86_64',
      1001472,
      1048576,
      { refuses: /phys-bits too low/ },
      'Nehalem',
    ),
    memory('out-of-range', 'x86_64', 256, 255, { accepts: floor }),
    memory('out-of-range', 'aarch64', 256, 128, { accepts: floor }),
    memory('out-of-range', 'ppc64le', 256, 0, { accepts: 'QEMU takes 0 for its default size' }),
    memory('out-of-range', 'aarch64', 16777216, 16777472, { accepts: ceiling }),
  ];
}

function coreRules(): RefusedCase[] {
  const cores = (
    rule: string,
    arch: Architecture,
    near: number,
    bad: number,
    expect: Expectation,
    newer?: Expectation,
    cpu?: string,
  ): RefusedCase => ({
    rule,
    name: `${bad} cores on ${arch}${cpu === undefined ? '' : ` with ${cpu}`}`,
    near: small(arch, { hardware: { cores: near, ...(cpu && { cpu }) } }),
    bad: small(arch, { hardware: { cores: bad, ...(cpu && { cpu }) } }),
    edit: (argv) => withValue(argv, '-smp', String(bad)),
    expect,
    ...(newer && { newer }),
  });
  const x2apic = 'QEMU 7.2 refuses it; QEMU 10 takes it for CPU models with x2apic and aborts for others';
  const bound = 'one bound for all architectures; more emulated cores than that only wait for each other';
  return [
    cores('cores-need-kvm', 'x86_64', 255, 256, { refuses: /X2APIC API/ }, { accepts: x2apic }),
    cores('cores-need-kvm', 'x86_64', 255, 256, { refuses: /X2APIC API|x2apic=on/ }, undefined, 'qemu64'),
    cores('out-of-range', 'x86_64', 1, 0, { harms: oneCpu }),
    cores('out-of-range', 'x86_64', 255, 289, { refuses: /Invalid SMP CPUs/ }, { accepts: bound }),
    ...(['aarch64', 'riscv64', 'ppc64le'] as const).map((arch) =>
      cores('out-of-range', arch, 256, 257, { accepts: bound }),
    ),
  ];
}

/** QEMU 7.2 takes 0 for not given; later ones refuse it. */
async function oneCpu(outcome: Outcome): Promise<string | null> {
  if (!outcome.isRunning) return /must be greater than zero/.test(outcome.words) ? outcome.words : null;
  const cpus = await outcome.qmp.ask<unknown[]>('query-cpus-fast');
  return cpus.length > 0 ? `the machine has ${cpus.length} CPU` : null;
}

function cpuTexts(): RefusedCase[] {
  const cpu = (arch: Architecture, near: string, bad: string, expect: Expectation): RefusedCase => ({
    rule: 'invalid-cpu',
    name: `cpu = ${JSON.stringify(bad.length > 60 ? `${bad.slice(0, 40)}…` : bad)} on ${arch}`,
    near: small(arch, { hardware: { cpu: near } }),
    bad: small(arch, { hardware: { cpu: bad } }),
    edit: (argv) => withValue(argv, '-cpu', bad),
    expect,
  });
  return [
    cpu('x86_64', 'max', 'help', { refuses: /Available CPUs|exit code 0/ }),
    cpu('aarch64', 'max', 'help', { refuses: /Available CPUs|exit code 0/ }),
    cpu('aarch64', 'max,sve=off', 'max,-sve', { refuses: /Expected key=value|not found/ }),
    cpu('riscv64', 'rv64,v=true', 'rv64,+v', { refuses: /Expected key=value|not found/ }),
    cpu('ppc64le', 'POWER9', 'POWER9,+vsx', { refuses: /Expected key=value|not found|invalid/i }),
    cpu('x86_64', 'max', 'max x', { refuses: /unable to find CPU model/ }),
    cpu('x86_64', 'max', 'max,avx2 on', { refuses: /not found|Property/ }),
    cpu('x86_64', 'max', 'max,level=1 3', { refuses: /invalid|expects|Parameter/i }),
    cpu('x86_64', 'max,+avx2', `max${',+avx2'.repeat(200)}`, {
      accepts: 'a bound on what a reviewer has to read',
    }),
    {
      rule: 'empty-value',
      name: 'an empty cpu',
      near: small('x86_64'),
      bad: small('x86_64', { hardware: { cpu: '' } }),
      edit: (argv) => withValue(argv, '-cpu', ''),
      expect: { refuses: /CPU model|cpu/i },
    },
    {
      rule: 'not-allowed',
      name: 'an accelerator that does not exist',
      near: small('x86_64'),
      bad: small('x86_64', { hardware: { acceleration: 'hax' as 'tcg' } }),
      edit: (argv) => replaced(argv, 'tcg', 'hax'),
      expect: { refuses: /invalid accelerator/ },
    },
  ];
}
