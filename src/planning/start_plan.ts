/** The plan to start a VM. */
import type { Acceleration, HostFacts } from '../facts/host_facts.ts';
import { helperOn } from '../needs/kinds/helper.ts';
import { affectedResources, isPathNeed, type Need, riskOf } from '../needs/need.ts';
import type { Risk, Unknown } from '../needs/need_kind.ts';
import type { Issue } from '../profile/issue.ts';
import type { AccelerationRequest } from '../topics/accelerator.ts';
import type { Helper } from '../topics/helper.ts';
import { serialSummary } from '../topics/serial.ts';
import { type CommandPlan, type SealedPlan, type Step, sealPlan, step } from './command_plan.ts';
import { hostFactsOf, type Planned } from './plan_profile.ts';
import { shownHost } from './shown_host.ts';

/** What a start plan was made from; members in the order of canonical JSON. */
export interface StartMetadata {
  readonly acceleration_requested: AccelerationRequest;
  readonly acceleration_resolved: Acceleration;
  readonly argv_hash: string;
  readonly console: { readonly auto_attach: boolean; readonly escape_sequence: string };
  readonly development_log_root: string;
  readonly host: HostFacts;
  readonly host_facts: 'given' | 'probed';
  readonly profile_hash: string;
  readonly profile_name: string;
  /** Absolute; `null` without QMP. */
  readonly qmp_socket_path: string | null;
  readonly schema_version: number;
  readonly serial_config_summary: string;
  readonly unknowns: readonly Unknown[];
  readonly validation_warnings: readonly Issue[];
}

export type StartPlan = CommandPlan<StartMetadata>;

/** Where tools that take the plan on keep their own logs, relative to the project root. */
const DEVELOPMENT_LOG_ROOT = 'logs/vmlab';
const CHECK_TIMEOUT_SECONDS = 5;

export function startPlan(planned: Planned): SealedPlan<StartMetadata> {
  const { profile, acceleration, needs, warnings } = planned;
  const { vm, hardware } = profile;
  const risk = riskOf(needs, profile.schema_version);
  const size = `${plural(hardware.cores, 'core')} and ${hardware.memory_mb} MB of memory under ${acceleration}`;
  return sealPlan({
    affected_resources: affectedResources(needs, profile.schema_version),
    commands: [
      ...(acceleration === 'kvm' ? [checkKvmAccess(planned)] : []),
      ...planned.helpers.map((helper) => startHelper(helper, planned)),
      startQemu(planned),
    ],
    description: `Starts the ${hardware.arch} VM ${vm.name} with ${size}.`,
    estimated_impact: impactOf(planned, size),
    explanation: explanationOf(planned, risk),
    metadata: metadataOf(planned),
    requires_relogin: false,
    risk,
    source: 'service',
    title: `Start VM ${vm.name} (${acceleration}, ${hardware.memory_mb} MB, ${plural(hardware.cores, 'core')})`,
    warnings,
  });
}

function checkKvmAccess({ host }: Planned): Step {
  return step({
    argv: ['test', '-w', '/dev/kvm'],
    cwd: host.facts.project_root,
    idempotent: true,
    step_id: 'check-kvm-access',
    timeout_seconds: CHECK_TIMEOUT_SECONDS,
    title: 'Check that this user may write to /dev/kvm',
  });
}

/** A program that QEMU connects to, and that ends when QEMU does. */
function startHelper(
  { program, place = program, name, options, socket, title }: Helper,
  { host }: Planned,
): Step {
  return step({
    argv: [helperOn(host, place), ...options],
    cwd: host.facts.project_root,
    metadata: { background: true, ready_when: `socket:unix:${socket}` },
    step_id: name === null ? `start-${program}` : `start-${program}-${name}`,
    title,
  });
}

function startQemu({ argv, host, needs, profileName }: Planned): Step {
  return step({
    argv,
    cwd: host.facts.project_root,
    // QEMU empties the log and the pidfile of an earlier run.
    destructive: needs.some((need) => need.kind === 'pidfile' || (need.kind === 'log' && !need.isAppended)),
    // The networks of macOS are for root.
    requires_privilege: needs.some(({ kind }) => kind === 'vmnet'),
    step_id: 'start-qemu',
    title: `Start QEMU for ${profileName}`,
  });
}

function impactOf({ profileName, needs }: Planned, size: string): string {
  // A file behind a disk is no disk of its own.
  const disks = countWritten(needs, 'image', 'block-device');
  const ports = needs.filter(({ kind }) => kind === 'port');
  const forwarded = ports.filter(({ at }) => at[0] === 'network').length;
  const written = plural(disks, 'disk') + besides(countWritten(needs, 'directory'), 'share');
  const listened = plural(forwarded, 'forwarded port') + besides(ports.length - forwarded, 'other port');
  return `While ${profileName} runs, QEMU uses up to ${size}, writes to ${written} and listens on ${listened}.`;
}

function countWritten(needs: readonly Need[], ...kinds: readonly Need['kind'][]): number {
  return needs.filter((need) => kinds.includes(need.kind) && 'access' in need && need.access === 'write')
    .length;
}

/** More of another kind, where there is any. */
function besides(count: number, noun: string): string {
  return count === 0 ? '' : ` and ${plural(count, noun)}`;
}

function explanationOf({ profile, acceleration }: Planned, risk: Risk): string {
  const { vm, hardware } = profile;
  const choice =
    hardware.acceleration === 'auto'
      ? `resolved from auto to ${acceleration}`
      : `asked for as ${acceleration}`;
  const isolation = acceleration === 'tcg' ? ' QEMU makes no promise of isolation under tcg.' : '';
  return (
    `The profile ${vm.name} is valid; its acceleration is ${choice}, with ${plural(hardware.cores, 'core')} and ${hardware.memory_mb} MB. ` +
    `The risk is ${risk}. Nothing has been run.${isolation}`
  );
}

function metadataOf(planned: Planned): StartMetadata {
  const { profile, host } = planned;
  const { auto_attach, escape_sequence } = profile.console;
  return {
    acceleration_requested: profile.hardware.acceleration,
    acceleration_resolved: planned.acceleration,
    argv_hash: planned.argvHash,
    console: { auto_attach, escape_sequence },
    development_log_root: DEVELOPMENT_LOG_ROOT,
    host: shownHost(planned),
    host_facts: hostFactsOf(planned),
    profile_hash: planned.profileHash,
    profile_name: planned.profileName,
    qmp_socket_path: qmpSocketPath(planned),
    schema_version: profile.schema_version,
    serial_config_summary: serialSummary(profile, host.facts),
    unknowns: planned.unknowns,
    validation_warnings: planned.warnings,
  };
}

function qmpSocketPath({ needs }: Planned): string | null {
  const socket = needs.find(({ at }) => at[0] === 'qmp');
  return socket !== undefined && isPathNeed(socket) ? socket.path : null;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
