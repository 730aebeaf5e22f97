/** What guests know disks by. */
import { hash } from 'node:crypto';
import type { DraftDisk } from './profile.ts';

/** That of the disk for cloud-init. */
export const SEED_SERIAL = 'cidata';

const LONGEST_SERIAL = 20;

/** A disk is known by its serial number, else by its name; an NVMe disk has to have one. */
export function serialOf({
  serial,
  name,
  bus,
}: Pick<DraftDisk, 'serial' | 'name' | 'bus'>): string | undefined {
  if (serial !== undefined || name === undefined) return serial;
  if (name.length <= LONGEST_SERIAL) return name;
  return bus === 'nvme' ? hash('sha256', name).slice(0, LONGEST_SERIAL) : undefined;
}
