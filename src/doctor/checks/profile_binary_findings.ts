import { DEFAULT_BINARIES, wantedBinary } from '../../context/binary.ts';
import { isAbsolute } from '../../context/host_paths.ts';
import { show } from '../../profile/show.ts';
import type { Examined } from '../examined.ts';
import { type Finding, finding } from '../finding.ts';
import { planQemu } from '../remedies/install_qemu.ts';

/** The QEMU that the profile would be started with; without it there is no start. */
export function profileBinaryFindings({ draft, facts, seen, isRefused, causeOf }: Examined): Finding[] {
  const { arch } = draft.hardware;
  const wanted = wantedBinary(draft.vm.qemu_binary, arch);
  if (wanted === undefined || isRefused(['vm', 'qemu_binary'])) return [];
  if (seen.binary !== null) {
    return [
      finding({
        id: 'profile-binary-found',
        severity: 'info',
        category: 'qemu',
        title: "The profile's QEMU is installed",
        description: `${show(wanted)} is ${show(seen.binary)}.`,
        resources: [`path:${seen.binary}`],
        metadata: { binary: wanted, path: seen.binary },
      }),
    ];
  }
  const id = 'profile-binary-missing';
  const isPath = isAbsolute(facts.os, wanted);
  // A package brings the default name; where a path or another name comes from nobody knows.
  const isDefault = arch !== undefined && wanted === DEFAULT_BINARIES[arch];
  return [
    finding({
      id,
      severity: 'error',
      category: 'qemu',
      title: "The profile's QEMU is not installed",
      description:
        `${show(wanted)} is ${isPath ? 'no program of this host' : 'in no directory of PATH'}; the VM cannot be started. ` +
        'Install QEMU for its architecture, or set vm.qemu_binary.',
      resources: [isPath ? `path:${wanted}` : `binary:${wanted}`],
      metadata: { binary: wanted, path: null },
      remedy: isDefault ? planQemu(causeOf(id), wanted, arch) : null,
    }),
  ];
}
