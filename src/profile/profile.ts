/** The inner types: what is left of a profile document once it has been read. */
import type { Static } from 'typebox';
import type {
  ConsoleSchema,
  DiskSchema,
  HardwareSchema,
  InterfaceSchema,
  KernelSchema,
  QmpSchema,
  SerialSchema,
  VmSchema,
} from './schema.ts';

/** `T` with every key: those of `K` have their defaults, other optional ones are `undefined` where they were absent. */
type Filled<T, K extends keyof T> = Required<Omit<T, OptionalKeys<T>> & Pick<T, K>> & {
  [Key in Exclude<OptionalKeys<T>, K>]: T[Key] | undefined;
};

type OptionalKeys<T> = { [Key in keyof T]-?: object extends Pick<T, Key> ? Key : never }[keyof T];

export type Vm = Filled<Static<typeof VmSchema>, 'description'>;
export type Hardware = Filled<Static<typeof HardwareSchema>, 'acceleration'>;
export type Disk = Filled<Static<typeof DiskSchema>, 'boot' | 'readonly'>;
export type Interface = Filled<Static<typeof InterfaceSchema>, 'hostfwd'>;
export type Serial = Filled<Static<typeof SerialSchema>, 'enabled' | 'mode'>;
export type Qmp = Filled<Static<typeof QmpSchema>, 'enabled'>;
export type Console = Filled<Static<typeof ConsoleSchema>, 'auto_attach' | 'escape_sequence'>;
export type Kernel = Filled<Static<typeof KernelSchema>, 'enabled' | 'append'>;

/** A valid profile with every default that does not depend on the host. Unknown keys are gone. */
export interface Profile {
  schema_version: number;
  vm: Vm;
  hardware: Hardware;
  storage: { disks: Disk[] };
  network: { interfaces: Interface[] };
  serial: Serial;
  qmp: Qmp;
  console: Console;
  kernel: Kernel;
}

type Loose<T> = T extends readonly (infer Element)[]
  ? Loose<Element>[] | undefined
  : T extends object
    ? { [Key in keyof T]-?: Loose<T[Key]> }
    : T | undefined;

/**
 * A profile as far as it could be read: `undefined` where a value is absent or was refused. Rules look at what
 * is there, so that one pass reports all problems. A draft without errors is a `Profile`.
 */
export type Draft = Loose<Profile>;
export type DraftDisk = NonNullable<Draft['storage']['disks']>[number];
export type DraftInterface = NonNullable<Draft['network']['interfaces']>[number];
