/** The QEMU binaries of the four architectures, and qemu-img. */

import type { QemuPackage } from '../../facts/host.ts';
import { ARCHITECTURES, type Architecture } from '../../facts/host_facts.ts';
import type { ProbedMachine } from '../../facts/machine.ts';
import { show } from '../../profile/show.ts';
import { DEFAULT_BINARIES } from '../../topics/binary.ts';
import { type Finding, finding } from '../finding.ts';
import { planImageTool, planQemu } from '../remedies/install_qemu.ts';

export function binaryFindings(machine: ProbedMachine): Finding[] {
  return [...ARCHITECTURES.map((arch) => qemuFinding(machine, arch)), imageToolFinding(machine)];
}

function qemuFinding(machine: ProbedMachine, arch: Architecture): Finding {
  const binary = DEFAULT_BINARIES[arch];
  const place = machine.binaries[arch];
  const brought = machine.packages[arch];
  const isOwn = machine.facts.arch === arch;
  if (place !== null) {
    return finding({
      id: `qemu-found:${arch}`,
      severity: 'info',
      category: 'qemu',
      title: `${binary} is installed`,
      description: `The QEMU for ${arch} guests is ${show(place)}${broughtBy(brought)}.`,
      resources: [`path:${place}`],
      metadata: {
        arch,
        binary,
        package: brought?.name ?? null,
        package_version: brought?.version ?? null,
        path: place,
        qemu_version: brought?.qemuVersion ?? null,
      },
    });
  }
  const id = `qemu-missing:${arch}`;
  return finding({
    id,
    severity: isOwn ? 'warning' : 'info',
    category: 'qemu',
    title: `${binary} is not installed`,
    description:
      `${binary} is in no directory of PATH; ${isOwn ? `guests of the host's own architecture, ${arch},` : `${arch} guests`} ` +
      'cannot be started by its name. Install QEMU, or set vm.qemu_binary in the profile.',
    resources: [`binary:${binary}`],
    metadata: { arch, binary, path: null },
    remedy: planQemu({ machine, findingId: id, profileName: null }, binary, arch),
  });
}

function broughtBy(brought: QemuPackage | null): string {
  return brought === null
    ? '; no package is known that brought it, so that its version is not known'
    : `, of the package ${brought.name} ${brought.version}`;
}

function imageToolFinding(machine: ProbedMachine): Finding {
  const place = machine.imageTool;
  if (place !== null) {
    return finding({
      id: 'qemu-img-found',
      severity: 'info',
      category: 'qemu',
      title: 'qemu-img is installed',
      description: `Disk images are created with ${show(place)}.`,
      resources: [`path:${place}`],
      metadata: { path: place },
    });
  }
  const id = 'qemu-img-missing';
  return finding({
    id,
    severity: 'info',
    category: 'qemu',
    title: 'qemu-img is not installed',
    description:
      'qemu-img is in no directory of PATH; it is needed only to create disk images. Install it when an image is missing.',
    resources: ['binary:qemu-img'],
    metadata: { path: null },
    remedy: planImageTool({ machine, findingId: id, profileName: null }),
  });
}
