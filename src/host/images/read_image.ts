/** Reads the header of an image, and finds where the names in it lead as QEMU would. */
import { stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { HostFacts } from '../../facts/host_facts.ts';
import { isAbsolute, resolvePath } from '../../facts/host_paths.ts';
import type { FileName, ImageHeader, WrittenHeader, WrittenName } from '../../facts/image.ts';
import { readFirstBytes, realPathOf } from '../files.ts';
import { HEADER_BYTES, readImageHeader } from './image_header.ts';

type Places = Pick<HostFacts, 'os' | 'project_root'>;

/** `path` is the name that QEMU is given for a regular file; `null` when this user may not read it. */
export async function readImage(path: string, places: Places): Promise<ImageHeader | null> {
  const header = await readHeader(path).catch(() => null);
  if (header === null) return null;
  const names = await Promise.all(
    header.names.map(async (name) => ({ ...name, path: await placeOf(name, path, places) })),
  );
  return { ...header, names };
}

async function readHeader(path: string): Promise<WrittenHeader> {
  const { size } = await stat(path);
  return readImageHeader(await readFirstBytes(path, HEADER_BYTES), size);
}

/** What QEMU takes for a protocol: letters before a colon that no separator precedes. */
const PROTOCOL = /^([^:/\\]*):(.*)$/s;
const STEP_UP = /(?:^|[\\/])\.\.(?:[\\/]|$)/;

/**
 * Backing files and extents lie beside the file that names them, a data file is looked for in the directory that QEMU runs
 * in. Only of backing files QEMU reads protocols, of which `file:` is a path all the same.
 */
async function placeOf(
  { role, text }: WrittenName,
  holder: string,
  places: Places,
): Promise<FileName['path']> {
  const { os, project_root } = places;
  // What is not UTF-8 is no path that can be shown or looked at.
  if (text.includes('\ufffd')) return null;
  if (role === 'data') return normalised(project_root, text, os);
  const [, protocol, rest = ''] = PROTOCOL.exec(text) ?? [];
  if (role === 'extent' || protocol === undefined || isAbsolute(os, text))
    return normalised(dirname(holder), text, os);
  return protocol === 'file' ? normalised(project_root, rest, os) : null;
}

/** `..` after a link leads out of where the link leads to, so that no text alone tells where that is. */
async function normalised(base: string, text: string, os: HostFacts['os']): Promise<string> {
  if (!STEP_UP.test(text)) return resolvePath(os, base, text);
  const whole = isAbsolute(os, text) ? text : `${base}/${text}`;
  const directory = await realPathOf(dirname(whole));
  return resolvePath(os, directory.path, basename(whole));
}
