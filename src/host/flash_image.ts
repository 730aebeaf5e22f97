/** What a file is that a machine has as its flash. */
import type { ProbedFlash } from '../facts/host.ts';
import { readWithStats } from './files.ts';
import { HEADER_BYTES, imageFormatOf } from './images/image_header.ts';

/** The size that the guest sees, in the header of a qcow2 image. */
const VIRTUAL_SIZE_AT = 24;
/** The GUID of a firmware volume, in its header, and the signature that follows. */
const GUID_AT = 16;
const GUID_BYTES = 16;
const SIGNATURE_AT = 40;
const SIGNATURE = '_FVH';
const VOLUMES: Readonly<Record<string, 'code' | 'vars'>> = {
  '78e58c8c3d8a1c4f9935896185c32dd3': 'code',
  '8d2bf1ff96768b4ca9852747075b4f50': 'vars',
};

/** `null` for what this user may not read. */
export async function readFlash(path: string): Promise<ProbedFlash | null> {
  try {
    const { bytes: first, stats } = await readWithStats(path, HEADER_BYTES);
    const format = imageFormatOf(first);
    if (format === 'qcow2')
      return { format, bytes: Number(first.readBigUInt64BE(VIRTUAL_SIZE_AT)), holds: null };
    const isVolume = first.toString('latin1', SIGNATURE_AT, SIGNATURE_AT + SIGNATURE.length) === SIGNATURE;
    const guid = first.toString('hex', GUID_AT, GUID_AT + GUID_BYTES);
    return {
      format: format === 'unknown' ? 'raw' : format,
      bytes: Number(stats.size),
      holds: (isVolume ? VOLUMES[guid] : null) ?? null,
    };
  } catch {
    return null;
  }
}
