/** The machine type with its properties, and what keeps QEMU from adding anything by itself. */
import { type Acceleration, ARCHITECTURES, type Architecture, type HostFacts } from '../facts/host_facts.ts';
import { flag, table, text, word } from '../profile/key.ts';
import { whyLeftOut } from '../profile/left_out.ts';
import { show } from '../profile/show.ts';
import { isOlderThan } from '../qemu/version.ts';
import { accelerationOf } from './accelerator.ts';
import { displayOption } from './display.ts';
import { usesSmm } from './firmware_keys.ts';
import { backendDecidedBy, backendPointers, hasMainBackend, MAIN_BACKEND } from './memory_backend.ts';
import { checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

export const MACHINE_KEYS = {
  arch: word(ARCHITECTURES, 'Architecture of the guest.', { required: true }),
};

const VERSION = '(?:-[0-9]{1,3}[.][0-9]{1,3})';

export const MACHINE = table(
  'The machine that QEMU emulates.',
  {
    type: text(
      'Machine type: `q35`, `pc`, `pc-q35-N.M` or `pc-i440fx-N.M` on x86_64, `virt` or `virt-N.M` on aarch64, `virt` on riscv64, `pseries` or `pseries-N.M` on ppc64le. Default: `q35`, `virt` or `pseries`, the newest that QEMU has.',
      {
        pattern: `^(?:q35|pc|virt|pseries|(?:pc-q35|pc-i440fx|virt|pseries)${VERSION})$`,
        mistake: {
          code: 'machine-not-for-arch',
          must: 'be a machine that plans are made for',
          suggestion:
            'Write "q35" or "pc" for x86_64, "virt" for aarch64 and riscv64, "pseries" for ppc64le.',
          meant: (text) => whyLeftOut(text) ?? null,
        },
        examples: ['q35', 'pc-q35-7.2'],
      },
    ),
    virtualization: flag('Whether an aarch64 guest can run guests of its own; only with tcg.', {
      default: false,
    }),
    acpi: flag('Whether firmware hands the guest ACPI tables; on x86_64 and aarch64 it can be `false`.', {
      default: true,
    }),
    hpet: flag('Whether there is a high precision event timer; on x86_64 it can be `false`.', {
      default: true,
    }),
  },
  { since: 2 },
);

/** Machines of one family are alike in all that plans depend on. */
export type MachineFamily = 'q35' | 'pc' | 'virt' | 'pseries';

const FAMILIES: Readonly<Record<Architecture, readonly MachineFamily[]>> = {
  x86_64: ['q35', 'pc'],
  aarch64: ['virt'],
  riscv64: ['virt'],
  ppc64le: ['pseries'],
};

/** QEMU's own words for the families where a version follows. */
const FAMILY_OF: Readonly<Record<string, MachineFamily>> = { 'pc-q35': 'q35', 'pc-i440fx': 'pc' };

export interface Machine {
  readonly arch: Architecture;
  /** The word for `-machine`. */
  readonly type: string;
  readonly family: MachineFamily;
  /** Major and minor number of a machine that is pinned; `null` for the newest. */
  readonly version: readonly [number, number] | null;
}

/** `null` while the architecture is not known. */
export function machineOf({ hardware: { arch }, machine: { type } }: Draft): Machine | null {
  if (arch === undefined) return null;
  const used = type ?? (FAMILIES[arch][0] as string);
  const [, word = used, major, minor] = /^(.*)-(\d+)[.](\d+)$/.exec(used) ?? [];
  return {
    arch,
    type: used,
    family: FAMILY_OF[word] ?? (word as MachineFamily),
    version: major === undefined ? null : [Number(major), Number(minor)],
  };
}

/** Of a profile that is valid. */
export function plannedMachine(profile: Profile): Machine {
  return machineOf(profile) as Machine;
}

/** What keeps QEMU from adding anything by itself, with the window that a profile may ask for. */
function nothingElse(profile: Profile): Part {
  const window = displayOption(profile);
  return part(
    'machine',
    window === 'none' ? [] : ['/display/mode'],
    ['-nodefaults', '-no-user-config', '-display', window],
    {
      why: 'Without these QEMU adds a network card, a CD drive, a graphics card, a window or VNC port, and what a configuration file of the host names.',
      decidedBy: ['/display/mode'],
    },
  );
}

/** From this version on hvf has the newest interrupt controller. */
const HVF_GIC_SINCE = [8, 0] as const;
/** The interrupt controller of aarch64's plain `virt`, GICv2, is for so many cores. */
const CORES_OF_PLAIN_VIRT = 8;
const GIC = ',gic-version=max';

export const machine: Topic = {
  /** A type that is the default is as good as none. */
  complete: ({ hardware: { arch }, machine }) => {
    if (arch !== undefined && machine.type === FAMILIES[arch][0]) machine.type = undefined;
  },
  checkProfile: (draft, issues) => {
    const machine = machineOf(draft);
    if (machine === null) return;
    typeRule(machine, issues);
    const { acpi, hpet } = draft.machine;
    const arch = { on: 'arch', is: machine.arch } as const;
    if (acpi === false)
      checkOnlyFor(
        ['machine', 'acpi'],
        'false',
        [
          {
            ...arch,
            allowed: ['x86_64', 'aarch64'],
            instead: 'Remove it: the device tree tells the guest what the machine has.',
          },
        ],
        issues,
      );
    if (hpet === false)
      checkOnlyFor(
        ['machine', 'hpet'],
        'false',
        [{ ...arch, allowed: ['x86_64'], instead: 'Remove it: no other machine has such a timer.' }],
        issues,
      );
  },
  checkOnHost: (draft, { facts }, issues) => {
    gicRule(draft, facts, issues);
    const { hardware, machine } = draft;
    const { arch, acceleration } = hardware;
    if (machine.virtualization !== true || arch === undefined || acceleration === undefined) return;
    const resolved = accelerationOf({ arch, acceleration }, facts);
    checkOnlyFor(
      ['machine', 'virtualization'],
      'true',
      [
        {
          on: 'arch',
          is: arch,
          allowed: ['aarch64'],
          instead: 'Remove it: on x86_64 a hardware.cpu such as "host" under kvm has it.',
        },
        {
          on: 'accelerator',
          is: resolved,
          allowed: ['tcg'],
          instead: 'Remove it, or write hardware.acceleration = "tcg".',
        },
      ],
      issues,
    );
  },
  needs: (draft) => {
    const machine = machineOf(draft);
    if (machine === null) return [];
    const { arch, type, version } = machine;
    return [{ kind: 'qemu-machine', at: ['machine', 'type'], arch, type, isPinned: version !== null }];
  },
  args: (profile, { facts }) => {
    const { type } = plannedMachine(profile);
    const gic = gicOf(profile, facts);
    const { virtualization, acpi, hpet } = profile.machine;
    const memory = `,memory-backend=${MAIN_BACKEND}`;
    const properties: (readonly [boolean, string, readonly string[]])[] = [
      [virtualization, ',virtualization=on', ['/machine/virtualization']],
      [usesSmm(profile), ',smm=on', ['/firmware/secure_boot']],
      [!acpi, ',acpi=off', ['/machine/acpi']],
      [!hpet, ',hpet=off', ['/machine/hpet']],
      [hasMainBackend(profile), memory, backendPointers(profile)],
    ];
    const written = properties.filter(([isWritten]) => isWritten);
    const text = `${type}${gic === 'newest' ? GIC : ''}${written.map(([, property]) => property).join('')}`;
    return [
      part(
        'machine',
        [
          '/hardware/arch',
          ...(profile.machine.type === undefined ? [] : ['/machine/type']),
          ...written.flatMap(([, , pointers]) => pointers),
        ],
        ['-machine', text],
        {
          why: typeWhy(profile, type, gic),
          decidedBy: [
            ...backendDecidedBy(profile),
            ...(gic === null ? [] : ['/hardware/acceleration', '/hardware/cores']),
          ],
        },
      ),
      nothingElse(profile),
    ];
  },
};

function typeRule({ arch, type, family }: Machine, { error }: Issues): void {
  if (FAMILIES[arch].includes(family) && !(arch === 'riscv64' && type !== 'virt')) return;
  const own = FAMILIES[arch].map(show).join(' or ');
  error(
    ['machine', 'type'],
    'machine-not-for-arch',
    (field) => `${field} is ${show(type)}, and the machine for ${arch} guests is ${own}.`,
    `Write ${own}.`,
  );
}

/** The interrupt controller of an aarch64 machine: that of the plain one or the newest; `null` for other architectures. */
function gicOf({ hardware }: Profile, facts: HostFacts): 'plain' | 'newest' | null {
  if (hardware.arch !== 'aarch64') return null;
  return hasNewestGic(hardware, accelerationOf(hardware, facts)) ? 'newest' : 'plain';
}

function typeWhy(
  { hardware: { arch }, machine }: Profile,
  type: string,
  gic: ReturnType<typeof gicOf>,
): string | null {
  const why =
    machine.type === undefined
      ? `${type} is the machine for ${arch} guests`
      : `${type} is what the profile says`;
  switch (gic) {
    case 'newest':
      return `${why}, and gic-version=max lets it have more than ${CORES_OF_PLAIN_VIRT} cores.`;
    case 'plain':
      return `${why}, and before QEMU 8.0 hvf has no interrupt controller but that of plain virt.`;
    default:
      return machine.type === undefined ? `${why}.` : null;
  }
}

/** GICv3 serves any number of cores; hvf has it since QEMU 8.0, and up to then only the plain machine starts. */
function hasNewestGic({ cores }: Pick<Profile['hardware'], 'cores'>, acceleration: Acceleration): boolean {
  return acceleration !== 'hvf' || cores > CORES_OF_PLAIN_VIRT;
}

/** What the machine asks of QEMU that not every one has that plans are for. */
export function machineQuestions(draft: Draft, facts: HostFacts): string[] {
  return needsNewestGic(draft, facts) && isOlderThan(HVF_GIC_SINCE, facts) === null
    ? [`Is this QEMU ${HVF_GIC_SINCE.join('.')} or later? hvf has no GICv3 before.`]
    : [];
}

function gicRule(draft: Draft, facts: HostFacts, { error }: Issues): void {
  if (!needsNewestGic(draft, facts) || isOlderThan(HVF_GIC_SINCE, facts) !== true) return;
  error(
    ['hardware', 'cores'],
    'cores-need-newer-qemu',
    (field) =>
      `${field} is ${draft.hardware.cores}, and under hvf QEMU ${facts.qemu_version} has an interrupt controller for ${CORES_OF_PLAIN_VIRT}.`,
    `Write at most ${CORES_OF_PLAIN_VIRT}, or use QEMU ${HVF_GIC_SINCE.join('.')} or newer.`,
  );
}

function needsNewestGic({ hardware }: Draft, facts: HostFacts): boolean {
  const { arch, acceleration, cores } = hardware;
  if (arch !== 'aarch64' || acceleration === undefined || cores === undefined) return false;
  const resolved = accelerationOf({ arch, acceleration }, facts);
  return resolved === 'hvf' && hasNewestGic({ cores }, resolved);
}
