/** Reads the header of an image, and finds where the names in it lead. */
import { stat } from 'node:fs/promises';
import type { ImageHeader, WrittenHeader } from '../../facts/image.ts';
import { readFirstBytes } from '../files.ts';
import { HEADER_BYTES, readImageHeader } from './image_header.ts';
import { type Places, placeOf } from './name_place.ts';

/** `path` is the name that QEMU is given for a regular file; `null` when this user may not read it. */
export async function readImage(path: string, places: Places): Promise<ImageHeader | null> {
  const header = await readHeader(path).catch(() => null);
  if (header === null) return null;
  const names = await Promise.all(
    header.names.map(async (name) => ({ ...name, ...(await placeOf(name, path, places)) })),
  );
  return { ...header, names };
}

async function readHeader(path: string): Promise<WrittenHeader> {
  const { size } = await stat(path);
  return readImageHeader(await readFirstBytes(path, HEADER_BYTES), size);
}
