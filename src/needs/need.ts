/**
 * What a plan needs of its host, as data: files, sockets, ports, devices. What a plan affects, what it could not know, its
 * risk, the rules for paths, and what the doctor says of a profile are loops over needs; what they ask of one kind of need
 * is all in the file of that kind.
 */
import type { Host, ProbedFiles } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import { compareCodePoints } from '../profile/text.ts';
import { blockDevice } from './kinds/block_device.ts';
import { bridge } from './kinds/bridge.ts';
import { debuggerAccess } from './kinds/debugger.ts';
import { directory } from './kinds/directory.ts';
import { directAccess, ioUring } from './kinds/disk_access.ts';
import { firmwareCode, firmwareVars } from './kinds/firmware.ts';
import { helper, helperFile } from './kinds/helper.ts';
import { dependency, mac, vmName } from './kinds/identity.ts';
import { image } from './kinds/image.ts';
import { imageFile } from './kinds/image_file.ts';
import { inputFile } from './kinds/input_file.ts';
import { link } from './kinds/link.ts';
import { log } from './kinds/log.ts';
import { accelerator, cores, hyperv, memory } from './kinds/machine.ts';
import { hostNode, hugePages, memoryLock } from './kinds/memory.ts';
import { pciDevice } from './kinds/pci_device.ts';
import { peerSocket } from './kinds/peer_socket.ts';
import { pidfile } from './kinds/pidfile.ts';
import { port } from './kinds/port.ts';
import { program } from './kinds/program.ts';
import { cpuModel, qemuDevice, qemuMachine } from './kinds/qemu.ts';
import { qemuBackend } from './kinds/qemu_backend.ts';
import { qemuModule } from './kinds/qemu_module.ts';
import { screen, sound, window } from './kinds/screen.ts';
import { seedSource } from './kinds/seed.ts';
import { socket } from './kinds/socket.ts';
import { tap } from './kinds/tap.ts';
import { tpmState } from './kinds/tpm_state.ts';
import { usbDevice } from './kinds/usb_device.ts';
import { vmnet } from './kinds/vmnet.ts';
import { vsock } from './kinds/vsock.ts';
import type { NamedPath } from './named_path.ts';
import type {
  Claim,
  KnownIssue,
  NeedKind,
  PathTraits,
  Risk,
  Seen,
  Unknown,
  Verdict,
  Want,
} from './need_kind.ts';

const KINDS = {
  accelerator,
  'block-device': blockDevice,
  bridge,
  cores,
  'cpu-model': cpuModel,
  debugger: debuggerAccess,
  dependency,
  'direct-access': directAccess,
  directory,
  'firmware-code': firmwareCode,
  'firmware-vars': firmwareVars,
  helper,
  'helper-file': helperFile,
  'host-node': hostNode,
  'huge-pages': hugePages,
  hyperv,
  image,
  'image-file': imageFile,
  'input-file': inputFile,
  'io-uring': ioUring,
  link,
  log,
  mac,
  memory,
  'memory-lock': memoryLock,
  'peer-socket': peerSocket,
  'pci-device': pciDevice,
  pidfile,
  port,
  program,
  'qemu-module': qemuModule,
  screen,
  'seed-source': seedSource,
  'qemu-backend': qemuBackend,
  'qemu-device': qemuDevice,
  'qemu-machine': qemuMachine,
  socket,
  sound,
  tap,
  'usb-device': usbDevice,
  'tpm-state': tpmState,
  'vm-name': vmName,
  window,
  vsock,
  vmnet,
} as const;

export const NEED_KINDS: readonly string[] = Object.keys(KINDS);

type Kinds = typeof KINDS;
type NeedOf<Kind> = Kind extends NeedKind<infer Need> ? Need : never;

export type Need = NeedOf<Kinds[keyof Kinds]>;

export type PathNeed = Extract<Need, { readonly path: unknown }> & NamedPath;

function kindOf(need: Need): NeedKind<Need> {
  return KINDS[need.kind] as NeedKind<Need>;
}

/**
 * Everything of the host that a plan reads, writes, listens on or joins; sorted by code point, unique. From version 2 on a path
 * says whether it is read or written.
 */
export function affectedResources(needs: readonly Need[], version: number): string[] {
  const resources = new Set<string>();
  for (const need of needs)
    for (const resource of kindOf(need).resources(need, version))
      resources.add(namedIn(version, resource, need));
  // What is written is read too.
  for (const resource of resources)
    if (resource.startsWith(WRITTEN)) resources.delete(`${READ}${resource.slice(WRITTEN.length)}`);
  return [...resources].sort(compareCodePoints);
}

const READ = 'path:read:';
const WRITTEN = 'path:write:';

/** How a version names what a need is of. */
function namedIn(version: number, resource: string, need: Need): string {
  if (version === 1 || !isPathNeed(need) || resource !== `path:${need.path}`) return resource;
  if (traitsOf(need).isSocket === true) return `socket:unix:${need.path}`;
  return `${isWritten(need) ? WRITTEN : READ}${need.path}`;
}

/** Whether QEMU writes to it, or makes it. */
export function isWritten(need: PathNeed): boolean {
  return 'access' in need ? need.access === 'write' : traitsOf(need).isCreated === true;
}

/** Sorted by subject, then by question, each once. */
export function unknownsOf(needs: readonly Need[], host: Host, version: number): Unknown[] {
  const unknowns: Unknown[] = [];
  for (const need of needs)
    for (const { question, subject } of kindOf(need).unknowns(need, host, version))
      unknowns.push({ question, subject: namedIn(version, subject, need) });
  unknowns.sort(compareUnknowns);
  return unknowns.filter(
    (unknown, index) => index === 0 || compareUnknowns(unknown, unknowns[index - 1] as Unknown) !== 0,
  );
}

function compareUnknowns(left: Unknown, right: Unknown): number {
  return compareCodePoints(left.subject, right.subject) || compareCodePoints(left.question, right.question);
}

const RISKS: readonly Risk[] = ['low', 'medium', 'high'];

/** How closely a reviewer should look before somebody runs the plan: the highest risk of all needs. */
export function riskOf(needs: readonly Need[], version: number): Risk {
  const highest = needs.reduce((most, need) => Math.max(most, RISKS.indexOf(riskOfNeed(need, version))), 0);
  return RISKS[highest] as Risk;
}

function riskOfNeed(need: Need, version: number): Risk {
  const risk = kindOf(need).risk(need, version);
  const leavesRoot = isPathNeed(need) && isStray(need);
  return risk === 'low' && leavesRoot ? 'medium' : risk;
}

/** Ways into the guest, and what of the host it gets, in the order of argv; a sentence each, said once. */
export function exposedBy(needs: readonly Need[]): string[] {
  return [...new Set(needs.flatMap((need) => kindOf(need).exposes?.(need) ?? []))];
}

/** What a look at the host shows of a need. */
export function verdictsOn(need: Need, seen: Seen): readonly Verdict[] {
  return kindOf(need).verdicts(need, seen);
}

/** What no two VMs of one host can have; `null` for what they can, and for paths. */
export function claimOf(need: Need, probed: ProbedFiles | null = null): Claim | null {
  return kindOf(need).claim?.(need, probed) ?? null;
}

/** What another VM of the host has to have; `null` for a need that no VM fills. */
export function wantOf(need: Need): Want | null {
  return kindOf(need).want?.(need) ?? null;
}

/** What the facts of a host tell of a need. */
export function knownOf(need: Need, facts: HostFacts): readonly KnownIssue[] {
  return kindOf(need).known?.(need, facts) ?? [];
}

/** A program by its bare name is none. */
export function isPathNeed(need: Need): need is PathNeed {
  return 'path' in need && need.path !== null;
}

/** Whether its first bytes say more of it. */
export function holdsImage(need: Need): boolean {
  return need.kind === 'image' || (need.kind === 'image-file' && need.end !== 'too-deep');
}

/** Whether a path leads out of the project root to where such a thing is not expected. */
export function isStray(need: PathNeed): boolean {
  const { isAnywhere, homes = [] } = traitsOf(need);
  return !need.isInsideRoot && isAnywhere !== true && !homes.some((home) => need.path.startsWith(`${home}/`));
}

export function traitsOf(need: PathNeed): PathTraits {
  return kindOf(need).path as PathTraits;
}
