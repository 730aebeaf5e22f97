import type { Architecture } from '../../facts/host_facts.ts';
import type { Remedy } from '../../needs/need_kind.ts';
import type { CommandPlan } from '../../planning/command_plan.ts';
import { APT, bringsHelper, type Installer, installerOf } from './installers.ts';
import { type Cause, remedyPlan, remedyStep } from './remedy_plan.ts';

/** Installs the QEMU of an architecture; `null` when the host's package manager is not known. */
export function planQemu(cause: Cause, binary: string, arch: Architecture): CommandPlan | null {
  const installer = installerOf(cause.machine);
  return installer === null ? null : planProgram(cause, installer, installer.packages[arch], binary);
}

/** Installs qemu-img; `null` when the host's package manager is not known. */
export function planImageTool(cause: Cause): CommandPlan | null {
  const installer = installerOf(cause.machine);
  return installer === null ? null : planProgram(cause, installer, installer.imageTool, 'qemu-img');
}

/** Installs a program that runs beside QEMU; `null` where no package is known that brings it. */
export function planHelper(cause: Cause, program: string): CommandPlan | null {
  const installer = installerOf(cause.machine);
  if (installer === null || !bringsHelper(installer, program, cause.machine)) return null;
  return planProgram(cause, installer, program, program);
}

/** Installs a module of QEMU by a package of Debian; `null` where the host is not known to be one of its relatives. */
export function planModule(
  cause: Cause,
  { module, package: name }: Extract<Remedy, { readonly kind: 'install-module' }>,
): CommandPlan | null {
  const installer = installerOf(cause.machine);
  if (installer !== APT) return null;
  return planPackage(cause, installer, name, {
    resource: `qemu-module:${module}`,
    called: `the module ${module} of QEMU`,
    why: `No installed package has the module ${module} of QEMU.`,
  });
}

function planProgram(cause: Cause, installer: Installer, name: string, binary: string): CommandPlan {
  return planPackage(cause, installer, name, {
    resource: `binary:${binary}`,
    called: binary,
    why: `${binary} was not found where it is looked for.`,
  });
}

function planPackage(
  cause: Cause,
  { refresh, install, requiresPrivilege }: Installer,
  name: string,
  { resource, called, why }: { readonly resource: string; readonly called: string; readonly why: string },
): CommandPlan {
  const common = { idempotent: true, requires_privilege: requiresPrivilege };
  const update = (argv: readonly string[]) =>
    remedyStep(cause.machine, {
      ...common,
      argv,
      step_id: 'update-package-lists',
      title: 'Update the lists of packages',
    });
  return remedyPlan(cause, {
    affected_resources: [resource],
    commands: [
      ...(refresh === null ? [] : [update(refresh)]),
      remedyStep(cause.machine, {
        ...common,
        argv: [...install, name],
        step_id: 'install-package',
        title: `Install ${name}`,
      }),
    ],
    description: `Installs the package ${name}, which brings ${called}, with ${install[0]}.`,
    estimated_impact: 'Packages are downloaded and installed; running VMs go on.',
    explanation: `${why} Nothing has been run.`,
    risk: 'medium',
    title: `Install ${called}`,
  });
}
