import type { ProbedMachine } from '../../facts/machine.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import type { CommandPlan } from '../../planning/command_plan.ts';
import { planBridgeRule } from './allow_bridge.ts';
import { planVars } from './copy_vars.ts';
import { planDisk } from './create_disk.ts';
import { planHelper, planModule, planQemu } from './install_qemu.ts';
import { planDirectory } from './make_directory.ts';
import { planSeed } from './make_seed.ts';
import { planTap } from './make_tap.ts';
import { type Cause, type RemedyParts, remedyPlan } from './remedy_plan.ts';
import { planSocketRemoval } from './remove_socket.ts';

/** Kinds of remedies that make what is not there yet, in an order that works. */
export const PREPARATIONS = [
  'make-directory',
  'create-tap',
  'copy-vars',
  'create-image',
  'make-seed',
] as const satisfies readonly Remedy['kind'][];

export type Preparation = Extract<Remedy, { readonly kind: (typeof PREPARATIONS)[number] }>;

export function isPreparation(remedy: Remedy): remedy is Preparation {
  return PREPARATIONS.some((kind) => kind === remedy.kind);
}

/** The plan of a remedy; `null` where no plan of this user can do it. */
export function planRemedy(cause: Cause, remedy: Remedy): CommandPlan | null {
  if (isPreparation(remedy)) {
    const parts = planPreparation(cause.machine, remedy);
    return parts === null ? null : remedyPlan(cause, parts);
  }
  switch (remedy.kind) {
    case 'remove-socket':
      return planSocketRemoval(cause, remedy.path);
    case 'install-qemu':
      return planQemu(cause, remedy.binary, remedy.arch);
    case 'install-helper':
      return planHelper(cause, remedy.program);
    case 'install-module':
      return planModule(cause, remedy);
    case 'allow-bridge':
      return planBridgeRule(cause, remedy);
  }
}

/** What a plan says that makes one thing; `null` where no plan of this user can. */
export function planPreparation(machine: ProbedMachine, remedy: Preparation): RemedyParts | null {
  switch (remedy.kind) {
    case 'make-directory':
      return planDirectory(machine, remedy.directory, remedy.isPrivate);
    case 'create-tap':
      return planTap(machine, remedy);
    case 'copy-vars':
      return planVars(machine, remedy);
    case 'create-image':
      return planDisk(machine, remedy);
    case 'make-seed':
      return planSeed(machine, remedy);
  }
}
