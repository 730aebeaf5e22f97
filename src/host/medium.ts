/** What file system a medium for a drive has, and how it is labelled. */
import type { ProbedMedium } from '../facts/host.ts';
import { readFirstBytes } from './files.ts';

/** The first descriptor of an optical disc follows 16 sectors that no file system has. */
const DESCRIPTOR_AT = 16 * 2048;
const MEDIUM_BYTES = DESCRIPTOR_AT + 2048;
const ID = { at: DESCRIPTOR_AT + 1, bytes: 5 } as const;
const ISO_LABEL = { at: DESCRIPTOR_AT + 40, bytes: 32 } as const;
/** The label follows 11 bytes before the name of the file system, in FAT12 and FAT16 elsewhere than in FAT32. */
const FAT_NAMES = [54, 82] as const;
const FAT_LABEL_BYTES = 11;

/** `null` for what this user may not read. */
export async function readMedium(path: string): Promise<ProbedMedium | null> {
  const bytes = await readFirstBytes(path, MEDIUM_BYTES).catch(() => null);
  if (bytes === null) return null;
  const text = (at: number, count: number): string => bytes.toString('latin1', at, at + count);
  const id = text(ID.at, ID.bytes);
  if (id === 'CD001') return { is: 'iso9660', label: text(ISO_LABEL.at, ISO_LABEL.bytes).trim() };
  if (id === 'BEA01') return { is: 'udf', label: null };
  const name = FAT_NAMES.find((at) => text(at, 3) === 'FAT');
  return name === undefined
    ? { is: 'other', label: null }
    : { is: 'vfat', label: text(name - FAT_LABEL_BYTES, FAT_LABEL_BYTES).trim() };
}
