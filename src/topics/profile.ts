/**
 * The shape of a profile, written once: sections in the order in which problems are reported, each from the files of the
 * topics that it is about.
 */
import type { IssueList } from '../profile/issue.ts';
import { count, table, type ValueOf, type WrittenOf } from '../profile/key.ts';
import type { PathIn } from '../profile/path.ts';
import { ACCELERATOR_KEYS } from './accelerator.ts';
import { BINARY_KEYS } from './binary.ts';
import { CONSOLE } from './console.ts';
import { CPU_KEYS } from './cpu.ts';
import { STORAGE } from './disk.ts';
import { KERNEL } from './kernel.ts';
import { MACHINE_KEYS } from './machine.ts';
import { MEMORY_KEYS } from './memory.ts';
import { NETWORK } from './network.ts';
import { QMP } from './qmp.ts';
import { SERIAL } from './serial.ts';
import { NAME_KEYS } from './vm.ts';

/** The newest version of the schema. */
export const SCHEMA_VERSION = 1;

export const PROFILE = table(
  'One virtual machine.',
  {
    schema_version: count(`Version of this schema: ${SCHEMA_VERSION}.`, {
      required: true,
      minimum: 1,
      maximum: SCHEMA_VERSION,
    }),
    vm: table('What the VM is called.', { ...NAME_KEYS, ...BINARY_KEYS }),
    hardware: table('Machine, CPU and memory.', {
      ...MACHINE_KEYS,
      ...CPU_KEYS,
      ...MEMORY_KEYS,
      ...ACCELERATOR_KEYS,
    }),
    storage: STORAGE,
    network: NETWORK,
    serial: SERIAL,
    qmp: QMP,
    console: CONSOLE,
    kernel: KERNEL,
  },
  { title: 'VM profile' },
);

/** A valid profile with every default that does not depend on the host. Unknown keys are gone. */
export type Profile = ValueOf<typeof PROFILE>;

/** A profile as it is written: optional values may be absent. */
export type ProfileDocument = WrittenOf<typeof PROFILE>;

type Loose<T> = T extends readonly (infer Element)[]
  ? readonly Loose<Element>[] | undefined
  : T extends object
    ? { [Key in keyof T]: Loose<T[Key]> }
    : T | undefined;

/**
 * A profile as far as it could be read: `undefined` where a value is absent or was refused. Rules look at what
 * is there, so that one pass reports all problems. A draft without errors is a `Profile`.
 */
export type Draft = Loose<Profile>;
export type DraftDisk = NonNullable<Draft['storage']['disks']>[number];
export type DraftInterface = NonNullable<Draft['network']['interfaces']>[number];

/** The path of a key of the profile, or of the whole profile. */
export type ProfilePath = readonly [] | PathIn<Profile>;
export type Issues = IssueList<ProfilePath>;
