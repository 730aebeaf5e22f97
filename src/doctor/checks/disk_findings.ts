/** The image of each disk: there, to be created, or in the way. */
import type { Disk } from '../../profile/profile.ts';
import type { ImageFormat } from '../../profile/schema.ts';
import { show } from '../../profile/show.ts';
import { DIRECTORY_TROUBLE } from '../directory_states.ts';
import { diskSubjects, type Examined, type SeenFile } from '../examined.ts';
import { type Finding, type FindingParts, finding } from '../finding.ts';
import { planDisk } from '../remedies/create_disk.ts';

/** An image as the checks take it. The format was read, or the path would be of no use. */
interface Image extends SeenFile {
  readonly disk: Pick<Disk, 'format' | 'size_gb' | 'readonly'>;
  readonly subject: string;
}

type Verdict = Pick<FindingParts, 'id' | 'severity' | 'title' | 'description'> & Pick<FindingParts, 'remedy'>;

export function diskFindings(one: Examined): Finding[] {
  const subjects = diskSubjects(one.draft);
  return one.filesFor('image').map((seen) => {
    const index = Number(seen.use.at[2]);
    const image = { ...seen, disk: one.draft.storage.disks?.[index] as Disk, subject: `${subjects[index]}` };
    const { absolute } = seen.use;
    return finding({
      ...verdictOn(one, image),
      category: 'storage',
      resources: [`path:${absolute}`],
      metadata: {
        format: image.disk.format,
        path: absolute,
        profile_name: one.name,
        size_gb: image.disk.size_gb ?? null,
      },
    });
  });
}

function verdictOn(one: Examined, image: Image): Verdict {
  const { disk, subject, file, use } = image;
  const { kind, header } = file.sight;
  const path = show(use.absolute);
  const expected = disk.format === 'raw' ? 'unknown' : disk.format;
  if (kind === 'missing') return missingVerdict(one, image);
  if (kind === 'directory' || kind === 'other') {
    return {
      id: `disk-not-a-file:${subject}`,
      severity: 'error',
      title: `The disk ${subject} is no file`,
      description: `${path} is no regular file. Use an image file.`,
    };
  }
  if (header === null) {
    return {
      id: `disk-unreadable:${subject}`,
      severity: 'warning',
      title: `The disk ${subject} cannot be read by this user`,
      description: `${path} cannot be read by the user of this service; its format is not known, and QEMU may not be able to open it. Change its owner or its permissions.`,
    };
  }
  if (header !== expected) {
    return {
      id: `disk-format-mismatch:${subject}`,
      severity: 'error',
      title: `The disk ${subject} has another format`,
      description: `The first bytes of ${path} are ${header === 'unknown' ? 'those of no known format' : `those of ${header}`}, and the profile says ${disk.format}. ${header === 'unknown' ? 'Write format = "raw" if that is what it is.' : `Write the format that the file has, ${header}.`}`,
    };
  }
  if (!file.isWritable && disk.readonly !== true) {
    return {
      id: `disk-unwritable:${subject}`,
      severity: 'warning',
      title: `The disk ${subject} cannot be written by this user`,
      description: `${path} cannot be written by the user of this service, and the disk is not read-only. Change its owner or its permissions, or set readonly = true.`,
    };
  }
  return {
    id: `disk-found:${subject}`,
    severity: 'info',
    title: `The disk ${subject} is there`,
    description: `${path} is a file in the format ${disk.format}.`,
  };
}

function missingVerdict(one: Examined, { disk, subject, file, use }: Image): Verdict {
  const id = `disk-missing:${subject}`;
  const path = show(use.absolute);
  const title = `The disk ${subject} is not there`;
  if (disk.size_gb === undefined) {
    return {
      id,
      severity: 'error',
      title,
      description: `There is no ${path}, and the profile gives no size to create it with. Put the image there, or set size_gb.`,
    };
  }
  const { directory } = file;
  const remedy = planDisk(one.causeOf(id), {
    name: subject,
    path: use.absolute,
    format: disk.format as ImageFormat,
    sizeGb: disk.size_gb,
    file,
  });
  const obstacle =
    directory.state === 'writable' || remedy !== null
      ? ''
      : ` Its directory ${show(directory.path)} ${DIRECTORY_TROUBLE[directory.state]}; that has to be mended first.`;
  return {
    id,
    severity: 'warning',
    title,
    description: `There is no ${path}; an image of ${disk.size_gb} GiB has to be created before the start.${obstacle}`,
    remedy,
  };
}
