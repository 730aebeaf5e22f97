/** The QEMU binaries of the four architectures, and qemu-img. */
import { DEFAULT_BINARIES } from '../../context/binary.ts';
import type { HostSurvey } from '../../context/host_survey.ts';
import { ARCHITECTURES, type Architecture } from '../../profile/schema.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';
import { planImageTool, planQemu } from '../remedies/install_qemu.ts';

export function binaryFindings(survey: HostSurvey): Finding[] {
  return [...ARCHITECTURES.map((arch) => qemuFinding(survey, arch)), imageToolFinding(survey)];
}

function qemuFinding(survey: HostSurvey, arch: Architecture): Finding {
  const binary = DEFAULT_BINARIES[arch];
  const place = survey.binaries[arch];
  const isOwn = survey.facts.arch === arch;
  if (place !== null) {
    return finding({
      id: `qemu-found:${arch}`,
      severity: 'info',
      category: 'qemu',
      title: `${binary} is installed`,
      description: `The QEMU for ${arch} guests is ${show(place)}.`,
      resources: [`path:${place}`],
      metadata: { arch, binary, path: place },
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
    remedy: planQemu({ survey, findingId: id, profileName: null }, binary, arch),
  });
}

function imageToolFinding(survey: HostSurvey): Finding {
  const place = survey.imageTool;
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
    remedy: planImageTool({ survey, findingId: id, profileName: null }),
  });
}
