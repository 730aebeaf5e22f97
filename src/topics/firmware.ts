/** What the machine starts with: QEMU's own firmware, a file in its place, or UEFI in two flash images. */
import type { HostFacts, HostFirmware } from '../facts/host_facts.ts';
import { FIRMWARE_HOMES, fittingFirmware } from '../facts/host_firmware.ts';
import { isInside } from '../facts/host_paths.ts';
import type { FirmwareCodeNeed, FirmwareVarsNeed } from '../needs/kinds/firmware.ts';
import { absolutePath, namedPath } from '../needs/named_path.ts';
import { show } from '../profile/show.ts';
import { optionValue } from '../qemu/escape.ts';
import { isOlderThan } from '../qemu/version.ts';
import { accelerationOf } from './accelerator.ts';
import { usesSmm } from './firmware_keys.ts';
import { type Machine, machineOf } from './machine.ts';
import { type Condition, checkOnlyFor } from './only_for.ts';
import { type Part, part } from './part.ts';
import { defaultablePathWhy, pathWhy } from './path_why.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import type { Topic } from './topic.ts';

/** The two flash images of a VM with UEFI. */
interface Flash {
  /** As the profile or the host names it. */
  readonly code: string;
  readonly codeFormat: 'raw' | 'qcow2';
  readonly vars: string;
  readonly varsFormat: 'raw' | 'qcow2';
  /** The firmware of the host that was taken, or that the profile names. */
  readonly hosts: HostFirmware | null;
}

/** `null` where there is no UEFI, or no firmware is known. */
function flashOf(draft: Draft, facts: HostFacts): Flash | null {
  const { type, code, code_format, vars, vars_format } = draft.firmware;
  const machine = machineOf(draft);
  if (type !== 'uefi' || machine === null) return null;
  const hosts =
    code === undefined
      ? fittingFirmware(wishOf(draft, machine), facts)
      : (facts.firmware?.find((one) => absolutePath(facts, one.code) === absolutePath(facts, code)) ?? null);
  const used = code ?? hosts?.code;
  if (used === undefined) return null;
  const formats = code === undefined ? hosts : null;
  return {
    code: used,
    codeFormat: code_format ?? formats?.code_format ?? 'raw',
    vars: vars ?? defaultVars(draft),
    varsFormat: vars_format ?? formats?.vars_format ?? 'raw',
    hosts,
  };
}

/** Versions are named by what stands for all of them. */
function wishOf({ firmware }: Draft, { arch, type, family, version }: Machine) {
  const prefix = { q35: 'pc-q35', pc: 'pc-i440fx', virt: 'virt', pseries: 'pseries' }[family];
  return {
    arch,
    machineNames: version === null ? [type, `${prefix}-0.0`] : [type],
    secureBoot: firmware.secure_boot === true,
  };
}

function defaultVars({ vm }: Draft): string {
  return `images/${vm.name}.vars.fd`;
}

/** The one firmware of the host that a plan is made with; `null` where the profile needs none of its own. */
export function usedFirmware(profile: Profile, facts: HostFacts): HostFirmware | null {
  return profile.firmware.code === undefined ? (flashOf(profile, facts)?.hosts ?? null) : null;
}

export const firmware: Topic = {
  /** A value that is the default is as good as none. */
  complete: (draft) => {
    const { firmware } = draft;
    if (firmware.vars === defaultVars(draft)) firmware.vars = undefined;
    if (firmware.code === undefined) return;
    if (firmware.code_format === 'raw') firmware.code_format = undefined;
    if (firmware.vars_format === 'raw') firmware.vars_format = undefined;
  },
  checkProfile: (draft, issues) => {
    const { hardware, firmware } = draft;
    typeRules(draft, issues);
    for (const key of ['code', 'code_format', 'vars', 'vars_format'] as const)
      onlyForType(draft, key, 'uefi', 'Remove it, or write firmware.type = "uefi".', issues);
    onlyForType(draft, 'bios', 'default', 'Remove it, or write firmware.type = "default".', issues);
    if (hardware.arch !== 'aarch64' || firmware.type !== 'uefi' || firmware.secure_boot !== true) return;
    issues.warning(
      ['firmware', 'secure_boot'],
      'secure-boot-unprotected',
      (field) => `${field} is true, and an aarch64 guest can write to the flash that Secure Boot is kept in.`,
    );
  },
  checkOnHost: (draft, { facts }, issues) => {
    secureBootRule(draft, facts, issues);
    if (draft.firmware.type !== 'uefi' || draft.hardware.arch === 'ppc64le') return;
    const flash = flashOf(draft, facts);
    if (flash !== null) {
      templateRule(flash, facts, issues);
      fitRule(draft, flash, issues);
    } else unknownRule(draft, issues);
    versionRule(draft, facts, issues);
  },
  needs: (draft, facts) => {
    const { type, bios } = draft.firmware;
    if (type === 'default' && bios !== undefined)
      return [
        {
          kind: 'firmware-code',
          ...namedPath(facts, ['firmware', 'bios'], bios),
          arch: draft.hardware.arch,
          format: null,
        },
      ];
    return flashNeeds(draft, facts);
  },
  args: (profile, { facts }) => {
    const { type, bios } = profile.firmware;
    if (type === 'none') return [part('firmware', ['/firmware/type'], ['-bios', 'none'])];
    if (bios !== undefined) {
      const path = absolutePath(facts, bios);
      return [part('firmware', ['/firmware/bios'], ['-bios', path], { why: pathWhy(path, bios) })];
    }
    const flash = flashOf(profile, facts);
    return flash === null ? [] : flashParts(profile, flash, facts);
  },
};

function typeRules({ hardware: { arch }, firmware: { type } }: Draft, issues: Issues): void {
  const onlyForArch = (value: 'uefi' | 'none', allowed: readonly string[], instead: string): void => {
    if (type === value)
      checkOnlyFor(['firmware', 'type'], show(value), [{ on: 'arch', is: arch, allowed, instead }], issues);
  };
  onlyForArch(
    'uefi',
    ['x86_64', 'aarch64', 'riscv64'],
    'Remove it: QEMU brings the firmware of this machine.',
  );
  onlyForArch('none', ['riscv64'], 'Remove it: other machines need what QEMU brings, also for a kernel.');
}

function onlyForType(
  { firmware }: Draft,
  key: 'code' | 'code_format' | 'vars' | 'vars_format' | 'bios',
  allowed: 'uefi' | 'default',
  instead: string,
  issues: Issues,
): void {
  const value = firmware[key];
  if (value === undefined) return;
  const conditions: Condition[] = [{ on: 'type', is: firmware.type, allowed: [allowed], instead }];
  checkOnlyFor(['firmware', key], show(value), conditions, issues);
}

/** On x86_64 Secure Boot is kept by system management mode, which not every machine and accelerator has. */
function secureBootRule(draft: Draft, facts: HostFacts, issues: Issues): void {
  const { hardware, firmware } = draft;
  const { arch, acceleration } = hardware;
  if (firmware.secure_boot !== true) return;
  const resolved =
    arch === 'x86_64' && acceleration !== undefined
      ? accelerationOf({ arch, acceleration }, facts)
      : undefined;
  checkOnlyFor(
    ['firmware', 'secure_boot'],
    'true',
    [
      {
        on: 'arch',
        is: arch,
        allowed: ['x86_64', 'aarch64'],
        instead: 'Remove it: no firmware of other machines has Secure Boot.',
      },
      {
        on: 'machine',
        is: machineOf(draft)?.family,
        allowed: ['q35', 'virt'],
        instead: 'Write machine.type = "q35", or remove it.',
      },
      {
        on: 'accelerator',
        is: resolved,
        allowed: ['kvm', 'tcg'],
        instead: 'Write hardware.acceleration = "tcg", or remove it.',
      },
      {
        on: 'type',
        is: firmware.type,
        allowed: ['uefi'],
        instead: 'Write firmware.type = "uefi", or remove it.',
      },
    ],
    issues,
  );
}

function unknownRule({ hardware: { arch }, firmware }: Draft, issues: Issues): void {
  // What was refused is not looked for.
  if (arch === undefined || issues.isRefused(['firmware', 'code']) || issues.isRefused(['machine', 'type']))
    return;
  const secure = firmware.secure_boot === true ? ' with Secure Boot' : '';
  issues.error(
    ['firmware', 'code'],
    'firmware-unknown',
    (field) =>
      `${field} is not there, and no UEFI firmware${secure} of the host is known that fits the machine.`,
  );
}

/** What all VMs get a copy of is written by none of them. */
function templateRule({ vars }: Flash, facts: HostFacts, issues: Issues): void {
  const path = absolutePath(facts, vars);
  const isTemplate = facts.firmware?.some((one) => absolutePath(facts, one.vars_template) === path) === true;
  if (!isTemplate && !FIRMWARE_HOMES.some((home) => isInside(facts.os, home, path))) return;
  issues.error(
    ['firmware', 'vars'],
    'firmware-vars-is-template',
    (field) =>
      `${field} is ${show(vars)}, which ${isTemplate ? 'every VM gets a copy of' : 'belongs to the system'}; QEMU would write to it.`,
  );
}

/** Whether what the profile names is what the machine needs, where the host knows what it is. */
function fitRule(draft: Draft, { code, hosts }: Flash, issues: Issues): void {
  const { hardware, firmware } = draft;
  if (hosts === null || firmware.code === undefined) return;
  const says = (is: string): void => {
    const severity = is === UNPROTECTED ? 'warning' : 'error';
    issues.add(
      severity,
      ['firmware', 'code'],
      'firmware-unfit',
      (field) => `${field} is ${show(code)}, ${is}.`,
    );
  };
  if (hosts.arch !== hardware.arch) {
    says(`a firmware of ${hosts.arch} machines, and hardware.arch is "${hardware.arch}"`);
    return;
  }
  const isSecure = firmware.secure_boot === true;
  if (hardware.arch !== 'x86_64' || hosts.secure_boot === isSecure) return;
  if (isSecure) says('a firmware without Secure Boot, which would forget what the guest saves');
  else says(machineOf(draft)?.family === 'pc' ? DARK_ON_PC : UNPROTECTED);
}

const DARK_ON_PC = 'a firmware with Secure Boot, which shows and starts nothing on the machine "pc"';
const UNPROTECTED =
  'a firmware with Secure Boot, and firmware.secure_boot is false: the guest can write to what it is kept in';

/** From this version on QEMU starts riscv64 machines from a pair of flash images. */
const RISCV_FLASH_SINCE = [8, 1] as const;

function versionRule({ hardware: { arch } }: Draft, facts: HostFacts, issues: Issues): void {
  if (arch !== 'riscv64' || isOlderThan(RISCV_FLASH_SINCE, facts) !== true) return;
  issues.error(
    ['firmware', 'type'],
    'firmware-needs-newer-qemu',
    (field) => `${field} is "uefi", and QEMU ${facts.qemu_version} does not start a riscv64 machine from it.`,
  );
}

/** What UEFI asks of QEMU that not every one has that plans are for. */
export function firmwareQuestions({ hardware, firmware }: Draft, facts: HostFacts): string[] {
  const isAsked = hardware.arch === 'riscv64' && firmware.type === 'uefi';
  return isAsked && isOlderThan(RISCV_FLASH_SINCE, facts) === null
    ? [`Is this QEMU ${RISCV_FLASH_SINCE.join('.')} or newer, which starts riscv64 machines with UEFI?`]
    : [];
}

function flashNeeds(draft: Draft, facts: HostFacts): (FirmwareCodeNeed | FirmwareVarsNeed)[] {
  const flash = flashOf(draft, facts);
  const { arch } = draft.hardware;
  if (flash === null || arch === undefined) return [];
  const code = namedPath(facts, ['firmware', 'code'], flash.code);
  const vars = namedPath(facts, ['firmware', 'vars'], flash.vars);
  return [
    { kind: 'firmware-code', ...code, arch, format: flash.codeFormat },
    {
      kind: 'firmware-vars',
      ...vars,
      access: 'write',
      arch,
      format: flash.varsFormat,
      code: code.path,
      template: flash.hosts === null ? null : absolutePath(facts, flash.hosts.vars_template),
    },
  ];
}

const DECIDED_BY = ['/firmware/type', '/firmware/secure_boot', '/hardware/arch', '/machine/type'];

function flashParts(profile: Profile, flash: Flash, facts: HostFacts): Part[] {
  const { code, vars } = flash;
  const codePath = absolutePath(facts, code);
  const varsPath = absolutePath(facts, vars);
  const isHosts = profile.firmware.code === undefined;
  const parts = [
    part(
      'firmware',
      ['/firmware/code', '/firmware/code_format'],
      [
        '-drive',
        `file=${optionValue(codePath)},format=${flash.codeFormat},if=pflash,unit=0,readonly=on,id=firmware.code`,
      ],
      {
        mayBeDefault: true,
        why: isHosts
          ? 'The first firmware of the host that fits the machine is taken.'
          : pathWhy(codePath, code),
        decidedBy: DECIDED_BY,
        element: { name: 'firmware.code', list: '/firmware', index: 0 },
      },
    ),
    part(
      'firmware',
      ['/firmware/vars', '/firmware/vars_format'],
      [
        '-drive',
        `file=${optionValue(varsPath)},format=${flash.varsFormat},if=pflash,unit=1,id=firmware.vars`,
      ],
      {
        mayBeDefault: true,
        why: defaultablePathWhy(varsPath, vars, defaultVars(profile)),
        decidedBy: [...DECIDED_BY, '/vm/name', '/firmware/code'],
        element: { name: 'firmware.vars', list: '/firmware', index: 1 },
      },
    ),
  ];
  if (usesSmm(profile))
    parts.push(
      part(
        'firmware',
        ['/firmware/secure_boot'],
        ['-global', 'driver=cfi.pflash01,property=secure,value=on'],
        {
          why: 'Only system management mode may write to the flash, so that the guest cannot switch Secure Boot off.',
          decidedBy: DECIDED_BY,
          element: { name: 'secure', list: '/firmware', index: 2 },
        },
      ),
    );
  return parts;
}
