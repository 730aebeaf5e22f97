/**
 * The shape of a profile, written once: sections in the order in which problems are reported, each from the files of the
 * topics that it is about.
 */
import type { IssueList } from '../profile/issue.ts';
import { count, table, type ValueOf, type WrittenOf } from '../profile/key.ts';
import type { PathIn } from '../profile/path.ts';
import { ACCELERATOR_KEYS } from './accelerator.ts';
import { AUDIO } from './audio.ts';
import { BINARY_KEYS } from './binary.ts';
import { BOOT } from './boot.ts';
import { CHANNELS } from './channels.ts';
import { CONSOLE } from './console.ts';
import { CONSOLES } from './consoles.ts';
import { CPU_KEYS } from './cpu.ts';
import { DEBUG } from './debug.ts';
import { DEPENDENCY_KEYS } from './dependencies.ts';
import { DEVICES } from './devices.ts';
import { DISPLAY } from './display.ts';
import { FIRMWARE } from './firmware_keys.ts';
import { FW_CFG } from './fw_cfg.ts';
import { GPU } from './gpu.ts';
import { GUEST_AGENT } from './guest_agent.ts';
import { INPUT } from './input.ts';
import { KERNEL } from './kernel.ts';
import { MACHINE, MACHINE_KEYS } from './machine.ts';
import { HOTPLUG_KEYS, MEMORY_KEYS } from './memory.ts';
import { BACKEND_KEYS } from './memory_backend.ts';
import { LOCK_KEYS } from './memory_lock.ts';
import { MONITOR } from './monitor.ts';
import { NETWORK } from './network_keys.ts';
import { NUMA } from './numa.ts';
import { PASSTHROUGH } from './passthrough.ts';
import { PROCESS } from './process.ts';
import { QMP } from './qmp.ts';
import { RTC } from './rtc.ts';
import { SERIAL } from './serial.ts';
import { SHARES } from './share_keys.ts';
import { SMBIOS } from './smbios.ts';
import { STORAGE } from './storage.ts';
import { TOPOLOGY } from './topology.ts';
import { TPM } from './tpm.ts';
import { USB } from './usb.ts';
import { UUID_KEYS } from './uuid.ts';
import { NAME_KEYS } from './vm.ts';

/** The versions of the schema; the newest is the last. */
export const SCHEMA_VERSIONS = [1, 2] as const;
export type SchemaVersion = (typeof SCHEMA_VERSIONS)[number];
export const SCHEMA_VERSION = 2;

export const PROFILE = table(
  'One virtual machine.',
  {
    schema_version: count(
      'Version of this schema: 2 has all keys; 1 has those of small machines, and goes on as it was.',
      { required: true, minimum: 1, maximum: SCHEMA_VERSION, examples: [SCHEMA_VERSION] },
    ),
    vm: table('What the VM is called.', {
      ...NAME_KEYS,
      ...BINARY_KEYS,
      ...UUID_KEYS,
      ...DEPENDENCY_KEYS,
    }),
    hardware: table('Machine, CPU and memory.', {
      ...MACHINE_KEYS,
      ...CPU_KEYS,
      topology: TOPOLOGY,
      ...MEMORY_KEYS,
      ...ACCELERATOR_KEYS,
    }),
    machine: MACHINE,
    memory: table(
      'What the memory is made of.',
      { ...BACKEND_KEYS, ...LOCK_KEYS, ...HOTPLUG_KEYS },
      { since: 2 },
    ),
    numa: NUMA,
    firmware: FIRMWARE,
    boot: BOOT,
    storage: STORAGE,
    shares: SHARES,
    network: NETWORK,
    tpm: TPM,
    display: DISPLAY,
    gpu: GPU,
    input: INPUT,
    audio: AUDIO,
    usb: USB,
    passthrough: PASSTHROUGH,
    serial: SERIAL,
    consoles: CONSOLES,
    channels: CHANNELS,
    guest_agent: GUEST_AGENT,
    qmp: QMP,
    monitor: MONITOR,
    devices: DEVICES,
    console: CONSOLE,
    kernel: KERNEL,
    process: PROCESS,
    debug: DEBUG,
    rtc: RTC,
    smbios: SMBIOS,
    fw_cfg: FW_CFG,
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
export type DraftCdrom = NonNullable<Draft['storage']['cdroms']>[number];
export type DraftInterface = NonNullable<Draft['network']['interfaces']>[number];

/** The path of a key of the profile, or of the whole profile. */
export type ProfilePath = readonly [] | PathIn<Profile>;
export type Issues = IssueList<ProfilePath>;
