/** `[machine]`: the machine and its switches. */
import { QmpError } from '../../qemu/qmp.ts';
import type { Asked, Seen, Topic } from './topic.ts';

const USUAL = { x86_64: 'q35', aarch64: 'virt', riscv64: 'virt', ppc64le: 'pseries' } as const;

export type Family = 'q35' | 'pc' | 'virt' | 'pseries';

export function machineName({ profile, arch }: Asked): string {
  return profile.machine?.type ?? USUAL[arch];
}

export function familyOf(asked: Asked): Family {
  const name = machineName(asked);
  if (asked.arch === 'x86_64') return name.includes('q35') ? 'q35' : 'pc';
  return asked.arch === 'ppc64le' ? 'pseries' : 'virt';
}

/** Only system management mode may write to the flash of an x86_64 machine with Secure Boot. */
function hasSmm({ profile, arch }: Asked): boolean {
  return arch === 'x86_64' && profile.firmware?.secure_boot === true;
}

/** What starts the same machine with nothing in it. */
export function bareMachine(asked: Asked): string {
  const { virtualization = false, acpi = true, hpet = true } = asked.profile.machine ?? {};
  return [
    machineName(asked),
    ...(asked.arch === 'aarch64' ? ['gic-version=max'] : []),
    ...(virtualization ? ['virtualization=on'] : []),
    ...(hasSmm(asked) ? ['smm=on'] : []),
    ...(acpi ? [] : ['acpi=off']),
    ...(hpet ? [] : ['hpet=off']),
  ].join(',');
}

/** Properties of the machine's object; `acpi` and `smm` are `auto` until somebody switches them. */
const SWITCHES = {
  x86_64: ['acpi', 'hpet', 'smm'],
  aarch64: ['acpi', 'virtualization'],
  riscv64: [],
  ppc64le: [],
} as const;

export const machineType: Topic = {
  means: (asked) => {
    const { virtualization = false, acpi = true, hpet = true } = asked.profile.machine ?? {};
    const smm = hasSmm(asked) ? 'on' : 'auto';
    const values = { acpi: acpi ? 'auto' : 'off', hpet, smm, virtualization };
    return {
      machine: machineName(asked),
      'machine switches': Object.fromEntries(SWITCHES[asked.arch].map((name) => [name, values[name]])),
    };
  },
  seen: async ({ qmp }, asked) => {
    const switches: Record<string, unknown> = {};
    for (const name of SWITCHES[asked.arch]) switches[name] = await propertyOf(qmp, '/machine', name);
    return { machine: await typeOf(qmp, machineName(asked)), 'machine switches': switches };
  },
};

/** QEMU tells the newest machine of an alias by its full name. */
async function typeOf(qmp: Seen['qmp'], asked: string): Promise<string> {
  const type = await qmp.ask<string>('qom-get', { path: '/machine', property: 'type' });
  const name = type.replace(/-machine$/, '');
  const machines = await qmp.ask<{ name: string; alias?: string }[]>('query-machines');
  return machines.some((each) => each.name === name && each.alias === asked) ? asked : name;
}

/** `null` where a thing has no such property. */
export async function propertyOf(qmp: Seen['qmp'], path: string, property: string): Promise<unknown> {
  try {
    return await qmp.ask('qom-get', { path, property });
  } catch (error) {
    if (error instanceof QmpError) return null;
    throw error;
  }
}
