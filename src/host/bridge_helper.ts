/** QEMU's bridge helper: where it is, and whether its mode lets it act as root. File capabilities are not to be seen. */
import { constants } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { BridgeHelper } from '../facts/network.ts';
import { mayAccess } from './files.ts';

const SETUID = 0o4000;
const ROOT = 0;

/** The first of the places where there is one; `null` where there is none. */
export async function readBridgeHelper(places: readonly string[]): Promise<BridgeHelper | null> {
  for (const path of places) {
    const stats = await stat(path).catch(() => null);
    if (stats?.isFile() !== true) continue;
    const isSetuidRoot = stats.uid === ROOT && (stats.mode & SETUID) !== 0;
    return { path, isSetuidRoot, mayRun: await mayAccess(path, constants.X_OK) };
  }
  return null;
}
