/** A disk while another QEMU has its image, or a file behind it. */
import type { Disk } from '../small_profile.ts';

export interface UseCase {
  readonly name: string;
  /** The disk of the QEMU that runs. */
  readonly holder: Partial<Disk>;
  readonly disk: Partial<Disk>;
  readonly isInUse: boolean;
}

const RAW: Partial<Disk> = { path: 'i/raw', format: 'raw' };
const OVER: Partial<Disk> = { path: 'i/over' };

export const USE_CASES: readonly UseCase[] = [
  { name: 'one writes, one wants to write', holder: {}, disk: {}, isInUse: true },
  { name: 'one writes, one wants to read', holder: {}, disk: { readonly: true }, isInUse: true },
  { name: 'one reads, one wants to write', holder: { readonly: true }, disk: {}, isInUse: true },
  { name: 'both read', holder: { readonly: true }, disk: { readonly: true }, isInUse: false },
  { name: 'raw: one writes, one wants to write', holder: RAW, disk: RAW, isInUse: true },
  {
    name: 'raw: one writes, one wants to read',
    holder: RAW,
    disk: { ...RAW, readonly: true },
    isInUse: true,
  },
  {
    name: 'raw: one reads, one wants to write',
    holder: { ...RAW, readonly: true },
    disk: RAW,
    isInUse: true,
  },
  {
    name: 'raw: both read',
    holder: { ...RAW, readonly: true },
    disk: { ...RAW, readonly: true },
    isInUse: false,
  },
  { name: 'one has it as base, one wants to write', holder: OVER, disk: {}, isInUse: true },
  { name: 'one has it as base, one wants to read', holder: OVER, disk: { readonly: true }, isInUse: false },
  { name: 'one writes, one wants it as base', holder: {}, disk: OVER, isInUse: true },
  { name: 'another image', holder: RAW, disk: {}, isInUse: false },
];
