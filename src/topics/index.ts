/** The topics, in the order in which they stand in argv: the table of contents of what can be planned. */
import type { Host } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import type { Need } from '../needs/need.ts';
import { accelerator } from './accelerator.ts';
import { action } from './action.ts';
import { audio } from './audio.ts';
import { balloon } from './balloon.ts';
import { binary } from './binary.ts';
import { boot } from './boot.ts';
import { bootSource } from './boot_source.ts';
import { bridge } from './bridge.ts';
import { cdrom } from './cdrom.ts';
import { channels } from './channels.ts';
import { console } from './console.ts';
import { consoles } from './consoles.ts';
import { cpu } from './cpu.ts';
import { debug } from './debug.ts';
import { dependencies } from './dependencies.ts';
import { disk } from './disk.ts';
import { display } from './display.ts';
import { firmware } from './firmware.ts';
import { floppy } from './floppy.ts';
import { forwards } from './forwards.ts';
import { fwCfg } from './fw_cfg.ts';
import { gpu } from './gpu.ts';
import { guestAgent } from './guest_agent.ts';
import { type Helper, inStartOrder } from './helper.ts';
import { hostSize } from './host_size.ts';
import { hyperv } from './hyperv.ts';
import { input } from './input.ts';
import { kernel } from './kernel.ts';
import { kernelCommandLine } from './kernel_command_line.ts';
import { link } from './link.ts';
import { machine } from './machine.ts';
import { memory } from './memory.ts';
import { memoryBackend } from './memory_backend.ts';
import { memoryLock } from './memory_lock.ts';
import { monitor } from './monitor.ts';
import { network } from './network.ts';
import { networkCard } from './network_card.ts';
import { numa } from './numa.ts';
import { panic } from './panic.ts';
import type { Part } from './part.ts';
import { passt } from './passt.ts';
import { passthrough } from './passthrough.ts';
import { process } from './process.ts';
import type { Draft, Issues, Profile } from './profile.ts';
import { qmp } from './qmp.ts';
import { rng } from './rng.ts';
import { rtc } from './rtc.ts';
import { sandbox } from './sandbox.ts';
import { seed } from './seed.ts';
import { serial } from './serial.ts';
import { share } from './share.ts';
import { checkSlots } from './slots.ts';
import { smbios } from './smbios.ts';
import { tap } from './tap.ts';
import { terminal } from './terminal.ts';
import type { Topic } from './topic.ts';
import { topology } from './topology.ts';
import { tpm } from './tpm.ts';
import { usb } from './usb.ts';
import { usbController } from './usb_controller.ts';
import { usbRedirection } from './usb_redirection.ts';
import { userNetwork } from './user_network.ts';
import { uuid } from './uuid.ts';
import { virtioSerial } from './virtio_serial.ts';
import { name } from './vm.ts';
import { vmnet } from './vmnet.ts';
import { vsock } from './vsock.ts';
import { watchdog } from './watchdog.ts';
import { waysIn } from './ways_in.ts';

/** What the parts of argv are about, in its order. */
export const GROUPS = [
  'binary',
  'machine',
  'accelerator',
  'cpu',
  'firmware',
  'disks',
  'shares',
  'network',
  'devices',
  'display',
  'qmp',
  'serial',
  'kernel',
  'process',
  'name',
] as const;

export type Group = (typeof GROUPS)[number];

export const TOPICS: readonly Topic[] = [
  binary,
  machine,
  sandbox,
  accelerator,
  cpu,
  topology,
  memory,
  memoryBackend,
  numa,
  memoryLock,
  firmware,
  floppy,
  disk,
  cdrom,
  seed,
  share,
  network,
  // These are about interfaces of some types; for all of them `network` speaks to QEMU.
  networkCard,
  userNetwork,
  forwards,
  tap,
  bridge,
  passt,
  link,
  vmnet,
  rng,
  balloon,
  vsock,
  virtioSerial,
  panic,
  watchdog,
  usbController,
  input,
  usbRedirection,
  usb,
  gpu,
  audio,
  tpm,
  passthrough,
  display,
  qmp,
  monitor,
  serial,
  kernel,
  uuid,
  smbios,
  rtc,
  boot,
  action,
  fwCfg,
  debug,
  process,
  name,
  // These say nothing to QEMU themselves.
  consoles,
  channels,
  guestAgent,
  terminal,
  hyperv,
  dependencies,
  console,
  bootSource,
  kernelCommandLine,
  hostSize,
  waysIn,
];

/** What the topics do at one stage, in their order. */
function stage<Name extends keyof Topic>(name: Name): NonNullable<Topic[Name]>[] {
  return TOPICS.map((topic) => topic[name]).filter((step) => step !== undefined);
}

const COMPLETE = stage('complete');
const CHECK_PROFILE = stage('checkProfile');
const CHECK_ON_HOST = stage('checkOnHost');
const NEEDS = stage('needs');
const SLOTS = stage('slots');
const HELPERS = stage('helpers');
const ARGS = stage('args');

/** Fills in what hangs on other keys, then reports what is wrong on whatever host. */
export function checkProfile(draft: Draft, issues: Issues): void {
  for (const complete of COMPLETE) complete(draft, issues);
  for (const check of CHECK_PROFILE) check(draft, issues);
  checkSlots(draft, (machine) => SLOTS.flatMap((slots) => slots(draft, machine)), issues);
}

export function checkOnHost(draft: Draft, host: Host, issues: Issues): void {
  for (const check of CHECK_ON_HOST) check(draft, host, issues);
}

/** What a profile needs of its host, as far as it could be read. */
export function needsOf(draft: Draft, facts: HostFacts): Need[] {
  return NEEDS.flatMap((needs) => needs(draft, facts));
}

/** QEMU's command line for a valid profile. */
export function buildArgv(profile: Profile, host: Host): Part[] {
  return ARGS.flatMap((args) => args(profile, host));
}

/** The programs that run beside QEMU, in the order in which they start. */
export function helpersOf(profile: Profile, host: Host): Helper[] {
  return inStartOrder(HELPERS.flatMap((helpers) => helpers(profile, host)));
}
