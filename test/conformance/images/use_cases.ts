/** A disk while another QEMU has its image, or a file behind it; and what else only one can have. */
import type { Disk, Sections } from '../small_profile.ts';

export interface UseCase {
  readonly name: string;
  /** The disk of the QEMU that runs. */
  readonly holder: Partial<Disk>;
  readonly disk: Partial<Disk>;
  /** What the two have besides their disks. */
  readonly holderHas?: Sections;
  readonly has?: Sections;
  readonly isInUse: boolean;
}

const RAW: Partial<Disk> = { path: 'i/raw', format: 'raw' };
const OVER: Partial<Disk> = { path: 'i/over' };
const OWN: Partial<Disk> = { path: 'i/own', format: 'raw' };

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
  {
    name: 'one writes, one wants it as a disc',
    holder: RAW,
    disk: OWN,
    has: { storage: { cdroms: [{ name: 'cd', path: 'i/raw' }] } },
    isInUse: true,
  },
  {
    name: 'one reads, one wants it as a disc',
    holder: { ...RAW, readonly: true },
    disk: OWN,
    has: { storage: { cdroms: [{ name: 'cd', path: 'i/raw' }] } },
    isInUse: false,
  },
  {
    name: 'one pidfile',
    holder: RAW,
    disk: OWN,
    holderHas: { process: { pidfile: 'i/pid' } },
    has: { process: { pidfile: 'i/pid' } },
    isInUse: true,
  },
];
