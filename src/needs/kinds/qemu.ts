/** What a VM takes of QEMU that not every QEMU has: a machine, a CPU model, devices. */
import type { Acceleration, Architecture } from '../../facts/host_facts.ts';
import { fieldOf, type Path } from '../../profile/path.ts';
import { show } from '../../profile/show.ts';
import {
  answerOn,
  isDeprecatedMachine,
  isInRange,
  isSmallCpu,
  LARGE,
  lackedOnTcg,
  nearestTo,
  RECORDED,
  SMALL,
  type Thing,
  versionsWith,
} from '../../qemu/capabilities.ts';
import { featureName, parseCpu } from '../../qemu/cpu_text.ts';
import { isBefore, versionIn } from '../../qemu/version.ts';
import type { KnownIssue, NeedKind } from '../need_kind.ts';

export interface QemuMachineNeed {
  readonly kind: 'qemu-machine';
  readonly at: Path;
  readonly arch: Architecture;
  /** The type, without properties. */
  readonly type: string;
  /** Whether the type has a version; every QEMU has the others. */
  readonly isPinned: boolean;
}

export interface CpuModelNeed {
  readonly kind: 'cpu-model';
  readonly at: Path;
  readonly arch: Architecture;
  readonly acceleration: Acceleration;
  readonly cores: number | undefined;
  readonly memoryMb: number | undefined;
  /** The value of `-cpu`. */
  readonly cpu: string;
  /** Whether every QEMU that plans are for has it. */
  readonly isEverywhere: boolean;
}

export interface QemuDeviceNeed {
  readonly kind: 'qemu-device';
  readonly at: Path;
  readonly arch: Architecture;
  readonly driver: string;
}

export const qemuMachine: NeedKind<QemuMachineNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ arch, type, isPinned }, { facts: { qemu_version } }) => {
    const isKnown =
      !isPinned ||
      (qemu_version !== undefined && answerOn({ is: 'machine', arch, name: type }, qemu_version) !== 'open');
    return isKnown
      ? []
      : [{ question: `Does this QEMU have the machine ${type}?`, subject: `machine:${type}` }];
  },
  verdicts: () => [],
  known: ({ at, arch, type, isPinned }, { qemu_version }) => {
    const thing: Thing = { is: 'machine', arch, name: type };
    if (!isPinned) return [];
    if (qemu_version === undefined)
      return unrecorded(
        'machine-version-unknown',
        `${fieldOf(at)} is ${show(type)}, a machine`,
        thing,
        'Write a machine that the QEMU of the host has, or leave the version out.',
      );
    if (answerOn(thing, qemu_version) === 'lacks')
      return [
        lacking('machine-version-unknown', `${fieldOf(at)} is ${show(type)}, a machine`, thing, qemu_version),
      ];
    if (!isDeprecatedMachine(thing, qemu_version)) return [];
    return [
      {
        severity: 'warning',
        code: 'machine-version-deprecated',
        message: `${fieldOf(at)} is ${show(type)}, a machine that QEMU ${qemu_version} calls deprecated; a later QEMU will not have it.`,
      },
    ];
  },
};

/** What no QEMU is known to have, where it is not known which one is used. */
function unrecorded(code: Lacking, subject: string, thing: Thing, suggestion?: string): KnownIssue[] {
  if (versionsWith(thing).length > 0) return [];
  return [
    {
      severity: 'warning',
      code,
      message: `${subject} that no QEMU is known to have; ${RECORDED.join(', ')} were asked.`,
      ...(suggestion !== undefined && { suggestion }),
    },
  ];
}

export const cpuModel: NeedKind<CpuModelNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: (need, { facts: { qemu_version } }) => {
    const { cpu, arch, isEverywhere } = need;
    if (isEverywhere) return [];
    const { model, features } = parseCpu(cpu);
    const thing: Thing = { is: 'cpu', arch, name: model };
    const isModelKnown =
      qemu_version !== undefined && (model === 'host' || answerOn(thing, qemu_version) === 'has');
    const subject = `cpu:${cpu}`;
    if (!isModelKnown) return [{ question: 'Does this QEMU know the CPU model and its features?', subject }];
    return [
      ...(features.length === 0 ? [] : ['Does this QEMU know the features of this CPU model?']),
      ...(isOfSize(need, qemu_version) ? [] : ['Does this CPU model take so many cores and so much memory?']),
    ].map((question) => ({ question, subject }));
  },
  verdicts: () => [],
  known: (need, { qemu_version }) => {
    const { at, cpu, arch, isEverywhere } = need;
    const thing: Thing = { is: 'cpu', arch, name: parseCpu(cpu).model };
    if (isEverywhere || thing.name === 'host') return [];
    if (qemu_version === undefined)
      return unrecorded(
        'cpu-unknown-to-qemu',
        `${fieldOf(at)} is ${show(cpu)}, a CPU model`,
        thing,
        libvirtCpu(thing.name),
      );
    if (answerOn(thing, qemu_version) === 'lacks')
      return [
        lacking('cpu-unknown-to-qemu', `${fieldOf(at)} is ${show(cpu)}, a CPU model`, thing, qemu_version),
      ];
    return incomplete(need, qemu_version);
  },
};

/** libvirt's words for what is no model of QEMU. */
function libvirtCpu(model: string): string | undefined {
  return ['host-passthrough', 'host-model'].includes(model) ? 'Write "host".' : undefined;
}

/** Whether a model was started in a VM of this size, or a larger one. */
function isOfSize({ arch, cpu, cores = 1, memoryMb = 0 }: CpuModelNeed, version: string): boolean {
  const { model } = parseCpu(cpu);
  if (model === 'host') return true;
  const most = isSmallCpu({ is: 'cpu', arch, name: model }, version) ? SMALL : LARGE;
  return cores <= most.cores && memoryMb <= most.memoryMb;
}

/** More of the names of features say no more. */
const NAMED_FEATURES = 8;

/** What tcg cannot do is missing in the guest, and QEMU says so only where it is started. */
function incomplete({ at, arch, acceleration, cpu }: CpuModelNeed, version: string): KnownIssue[] {
  if (arch !== 'x86_64' || acceleration !== 'tcg') return [];
  const { model, features } = parseCpu(cpu);
  const off = new Set(features.filter(isOff).map((feature) => plainName(feature)));
  const lacked = lackedOnTcg(model, version).filter((feature) => !off.has(plainName(feature)));
  if (lacked.length === 0) return [];
  const more = lacked.length - NAMED_FEATURES;
  const names = more > 1 ? [...lacked.slice(0, NAMED_FEATURES), `${more} more`] : lacked;
  const isEnforced = features.some((feature) => ENFORCED.test(feature));
  return [
    {
      severity: isEnforced ? 'error' : 'warning',
      code: 'cpu-model-incomplete-on-tcg',
      message: `${fieldOf(at)} is ${show(cpu)}, and under tcg QEMU ${version} lacks ${names.join(', ')} of it; ${
        isEnforced ? 'with "enforce" it does not start' : 'the guest gets the model without them'
      }.`,
    },
  ];
}

const ENFORCED = /^[+]?enforce(?:=(?:on|yes|true|y))?$/;

function isOff(feature: string): boolean {
  return feature.startsWith('-') || /=(?:off|no|false|n)$/.test(feature);
}

/** QEMU writes some names with a dot, and takes them with a dash or an underline too. */
function plainName(feature: string): string {
  return featureName(feature).replaceAll('.', '-');
}

export const qemuDevice: NeedKind<QemuDeviceNeed> = {
  resources: () => [],
  risk: () => 'low',
  unknowns: ({ arch, driver }, { facts: { qemu_version } }) => {
    // Where no build is recorded, one question is asked about all devices.
    if (qemu_version === undefined || !isInRange(qemu_version)) return [];
    const known = answerOn({ is: 'device', arch, name: driver }, qemu_version);
    return known === 'open'
      ? [{ question: `Does this QEMU have the device ${driver}?`, subject: `qemu-device:${driver}` }]
      : [];
  },
  verdicts: () => [],
  known: ({ at, arch, driver }, { qemu_version }) => {
    const thing: Thing = { is: 'device', arch, name: driver };
    if (qemu_version === undefined || answerOn(thing, qemu_version) !== 'lacks') return [];
    const subject = `${fieldOf(at)} makes the device ${show(driver)}`;
    return [lacking('device-unknown-to-qemu', `${subject}, which for ${arch} guests`, thing, qemu_version)];
  },
};

type Lacking = 'machine-version-unknown' | 'cpu-unknown-to-qemu' | 'device-unknown-to-qemu';

function lacking(code: Lacking, subject: string, thing: Thing, version: string): KnownIssue {
  const suggestion = insteadOf(thing, version);
  return {
    severity: 'error',
    code,
    message: `${subject} that QEMU ${version} does not have.`,
    ...(suggestion !== null && { suggestion }),
  };
}

/** What to write, and which QEMU to use: the next one that has it, else the last one that had it. */
function insteadOf(thing: Thing, version: string): string | null {
  const nearest = nearestTo(thing, version);
  const others = versionsWith(thing);
  const other = others.find((one) => isBefore(versionIn(version), versionIn(one))) ?? others.at(-1);
  if (other === undefined) return nearest === null ? null : `Write ${show(nearest)}.`;
  const use = `se a QEMU that has it, such as ${other}.`;
  return nearest === null ? `U${use}` : `Write ${show(nearest)}, or u${use}`;
}
