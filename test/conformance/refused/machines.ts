/** Machines and switches that an architecture has not. */
import type { ProfileDocument } from '../../../src/topics/profile.ts';
import type { Architecture } from '../settings.ts';
import { small2 } from '../small_profile.ts';
import { type Expectation, type RefusedCase, withValue } from './refused_case.ts';

export function refusedMachines(): RefusedCase[] {
  const switched = (
    rule: string,
    arch: Architecture,
    machine: NonNullable<ProfileDocument['machine']>,
    word: string,
    expect: Expectation,
    newer?: Expectation,
  ): RefusedCase => ({
    rule,
    name: `${word} on ${arch}`,
    near: small2(arch),
    bad: small2(arch, { machine }),
    edit: (argv) => withValue(argv, '-machine', word),
    expect,
    ...(newer && { newer }),
  });
  const noProperty: Expectation = { refuses: /Property '[^']*' not found/ };
  return [
    switched('machine-not-for-arch', 'x86_64', { type: 'virt' }, 'virt', {
      refuses: /unsupported machine type/,
    }),
    switched('machine-not-for-arch', 'aarch64', { type: 'q35' }, 'q35', {
      refuses: /unsupported machine type/,
    }),
    switched('machine-not-for-arch', 'riscv64', { type: 'virt-7.2' }, 'virt-7.2', {
      refuses: /unsupported machine type/,
    }),
    switched('machine-not-for-arch', 'x86_64', { type: 'microvm' }, 'microvm', {
      refuses: /No 'PCI' bus found/,
    }),
    switched('not-for-arch', 'aarch64', { hpet: false }, 'virt,hpet=off', noProperty),
    switched('not-for-arch', 'ppc64le', { acpi: false }, 'pseries,acpi=off', noProperty),
    switched('not-for-arch', 'riscv64', { acpi: false }, 'virt,acpi=off', noProperty, {
      accepts: 'QEMU before 8.0 has no such switch',
    }),
    switched('not-for-arch', 'x86_64', { virtualization: true }, 'q35,virtualization=on', noProperty),
  ];
}
