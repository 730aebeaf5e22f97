/** The plan to start a VM. */
import type { Acceleration, Host, HostFacts } from '../context/host_facts.ts';
import type { PlacedPath, ResolvedContext, SerialPort } from '../context/resolve_context.ts';
import type { Issue } from '../profile/issue.ts';
import type { AccelerationRequest } from '../profile/schema.ts';
import { shellLine } from '../qemu/display.ts';
import { type CommandPlan, planText, type Step, step } from './command_plan.ts';
import { issuesText } from './issues_text.ts';
import type { JsonStrings } from './json_strings.ts';
import type { Planned } from './plan_profile.ts';
import { affectedResources } from './resources.ts';
import { type Risk, riskOf } from './risk.ts';
import { type Unknown, unknownsText } from './unknowns.ts';

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

/** As the text of canonical JSON, which is what is sent. */
export function planStartText(planned: Planned): string {
  const { context, strings, warnings } = planned;
  const { name, acceleration, cores, memoryMb } = context;
  const risk = riskOf(context);
  const machine = `${plural(cores, 'core')} and ${memoryMb} MB of memory under ${acceleration}`;
  return planText(
    {
      affected_resources: affectedResources(context, strings),
      commands: acceleration === 'kvm' ? [checkKvmAccess(context), startQemu(planned)] : [startQemu(planned)],
      description: `Starts the ${context.arch} VM ${name} with ${machine}.`,
      estimated_impact: impactOf(context),
      explanation: explanationOf(context, risk),
      metadata: metadataText(planned),
      requires_relogin: false,
      risk,
      source: 'service',
      title: `Start VM ${name} (${acceleration}, ${memoryMb} MB, ${plural(cores, 'core')})`,
      warnings,
    },
    strings,
  );
}

export function planStart(planned: Planned): StartPlan {
  return JSON.parse(planStartText(planned));
}

function checkKvmAccess({ facts }: ResolvedContext): Step {
  return step({
    argv: ['test', '-w', '/dev/kvm'],
    cwd: facts.project_root,
    idempotent: true,
    step_id: 'check-kvm-access',
    timeout_seconds: CHECK_TIMEOUT_SECONDS,
    title: 'Check that this user may use kvm',
  });
}

function startQemu({ context, argv, joined }: Planned): Step {
  return step({
    argv,
    display: shellLine(argv, joined),
    cwd: context.facts.project_root,
    // QEMU truncates the log of an earlier run.
    destructive: context.serial?.mode === 'file',
    step_id: 'start-qemu',
    title: `Start QEMU for ${context.name}`,
  });
}

function impactOf({ name, acceleration, cores, memoryMb, images, shares, cards }: ResolvedContext): string {
  const writable =
    images.filter(({ readonly }) => !readonly).length + shares.filter(({ readonly }) => !readonly).length;
  const ports = cards.reduce((sum, { forwards }) => sum + forwards.length, 0);
  return (
    `While ${name} runs, QEMU uses up to ${plural(cores, 'core')} and ${memoryMb} MB of memory under ${acceleration}, ` +
    `writes to ${plural(writable, 'disk')} and listens on ${plural(ports, 'forwarded port')}.`
  );
}

function explanationOf(
  { name, acceleration, accelerationRequested, cores, memoryMb }: ResolvedContext,
  risk: Risk,
): string {
  const choice =
    accelerationRequested === 'auto'
      ? `resolved from auto to ${acceleration}`
      : `asked for as ${acceleration}`;
  const isolation = acceleration === 'tcg' ? ' QEMU makes no promise of isolation under tcg.' : '';
  return (
    `The profile ${name} is valid; its acceleration is ${choice}, with ${plural(cores, 'core')} and ${memoryMb} MB. ` +
    `The risk is ${risk}. Nothing has been run.${isolation}`
  );
}

function metadataText(planned: Planned): string {
  const { context, host } = planned;
  const { inside } = planned.strings;
  const { auto_attach, escape_sequence } = context.console;
  return (
    `{"acceleration_requested":"${context.accelerationRequested}",` +
    `"acceleration_resolved":"${context.acceleration}","argv_hash":"${planned.argvHash}",` +
    `"console":{"auto_attach":${auto_attach},"escape_sequence":"${inside(escape_sequence)}"},` +
    `"development_log_root":"${DEVELOPMENT_LOG_ROOT}","host":${hostText(host, planned.strings)},` +
    `"host_facts":"${host.sight === null ? 'given' : 'probed'}","profile_hash":"${planned.profileHash}",` +
    `"profile_name":"${planned.profileName}","qmp_socket_path":${pathText(context.qmpSocket, planned.strings)},` +
    `"schema_version":${planned.profile.schema_version},` +
    `"serial_config_summary":"${inside(serialSummary(context.serial))}",` +
    `"unknowns":${unknownsText(planned.unknowns, planned.strings)},` +
    `"validation_warnings":${issuesText(planned.warnings, planned.strings)}}`
  );
}

function hostText({ facts }: Host, { inside, texts }: JsonStrings): string {
  const { accelerators, arch, os, project_root } = facts;
  return `{"accelerators":${texts(accelerators)},"arch":"${arch}","os":"${os}","project_root":"${inside(project_root)}"}`;
}

function pathText(placed: PlacedPath | null, { inside }: JsonStrings): string {
  return placed === null ? 'null' : `"${inside(placed.path)}"`;
}

function serialSummary(serial: SerialPort | null): string {
  if (serial === null) return 'disabled';
  return 'target' in serial ? `${serial.mode}:${serial.target.path}` : serial.mode;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
