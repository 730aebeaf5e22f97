/** Whether the disks that are still to be created find room; all those on one file system share it. */
import type { FileSystemSpace } from '../../context/host_survey.ts';
import { show } from '../../profile/show.ts';
import { diskSubjects, type Examined, type SeenFile } from '../examined.ts';
import { type Finding, finding } from '../finding.ts';

const GIB = 1024 ** 3;

interface Planned extends SeenFile {
  readonly subject: string;
  readonly sizeGb: number;
  readonly space: FileSystemSpace;
}

export function spaceFindings(one: Examined): Finding[] {
  const planned = plannedDisks(one);
  return planned.map((disk) => {
    const sharers = planned.filter(({ space }) => space.device === disk.space.device);
    const neededGb = sharers.reduce((sum, { sizeGb }) => sum + sizeGb, 0);
    return spaceFinding(disk, neededGb, sharers.length);
  });
}

function plannedDisks({ draft, filesFor }: Examined): Planned[] {
  const subjects = diskSubjects(draft);
  return filesFor('image').flatMap(({ use, file }) => {
    const index = Number(use.at[2]);
    const sizeGb = draft.storage.disks?.[index]?.size_gb;
    const isPlanned = file.sight.kind === 'missing' && sizeGb !== undefined && file.space !== null;
    return isPlanned ? [{ use, file, subject: `${subjects[index]}`, sizeGb, space: file.space }] : [];
  });
}

function spaceFinding({ subject, file, space }: Planned, neededGb: number, disks: number): Finding {
  const { existing } = file.directory;
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
