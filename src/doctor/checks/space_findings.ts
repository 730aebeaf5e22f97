/** Whether the disks that are still to be created find room; all those on one file system share it. */
import type { FileSystemSpace, ProbedFiles } from '../../facts/host.ts';
import type { Need } from '../../needs/need.ts';
import { show } from '../../profile/show.ts';
import { type Finding, finding } from '../finding.ts';

const GIB = 1024 ** 3;

interface PlannedDisk {
  readonly subject: string;
  readonly sizeGb: number;
  readonly space: FileSystemSpace;
  /** The deepest directory on the way to the image that exists. */
  readonly existing: string;
}

export function spaceFindings(
  needs: readonly Need[],
  files: ProbedFiles,
  subjectOf: (need: Need) => string,
): Finding[] {
  const planned = needs.flatMap((need) => plannedDisk(need, files, subjectOf) ?? []);
  return planned.map((disk) => {
    const sharers = planned.filter(({ space }) => space.device === disk.space.device);
    const neededGb = sharers.reduce((sum, { sizeGb }) => sum + sizeGb, 0);
    return spaceFinding(disk, neededGb, sharers.length);
  });
}

/** `null` for what is no image, or is there, or of which nobody knows how large it will be or what room there is. */
function plannedDisk(
  need: Need,
  { paths }: ProbedFiles,
  subjectOf: (need: Need) => string,
): PlannedDisk | null {
  if (need.kind !== 'image' || need.sizeGb === null) return null;
  const seen = paths.get(need.path);
  if (seen?.kind !== 'missing' || seen.space === null) return null;
  const { space, directory } = seen;
  return { subject: subjectOf(need), sizeGb: need.sizeGb, space, existing: directory.existing };
}

function spaceFinding({ subject, existing, space }: PlannedDisk, neededGb: number, disks: number): Finding {
  const freeGb = Math.floor(space.freeBytes / GIB);
  const fits = space.freeBytes >= neededGb * GIB;
  const wanted =
    disks === 1 ? 'the disk may grow' : `the ${disks} disks that are to be created there may grow together`;
  return finding({
    id: `${fits ? 'space-enough' : 'space-short'}:${subject}`,
    severity: fits ? 'info' : 'warning',
    category: 'storage',
    title: `There is ${fits ? 'room' : 'too little room'} for the disk ${subject}`,
    description:
      `The file system of ${show(existing)} has ${freeGb} GiB free, and ${wanted} to ${neededGb} GiB. ` +
      (fits
        ? 'That is enough.'
        : 'A VM stops when its image cannot grow: free some space, or use another file system.'),
    resources: [`path:${existing}`],
    metadata: { free_gb: freeGb, needed_gb: neededGb, path: existing },
  });
}
