/** A reviewable description of commands that somebody else may run later; data, and nothing but data. */
import type { Risk } from '../needs/need_kind.ts';
import type { Issue } from '../profile/issue.ts';
import { shellLine } from '../qemu/shell_text.ts';
import { HASH_PREFIX, sha256 } from './hash.ts';

/** The members of this and of a plan are in the order of canonical JSON. */
export interface Step {
  readonly argv: readonly string[];
  /** Absolute path in which the step runs. */
  readonly cwd: string;
  readonly destructive: boolean;
  /** argv quoted for a POSIX shell. */
  readonly display: string;
  readonly env: Readonly<Record<string, never>>;
  readonly expected_exit_codes: readonly [0];
  readonly idempotent: boolean;
  readonly metadata: Readonly<Record<string, never>> | Background;
  readonly redacted: boolean;
  readonly requires_privilege: boolean;
  readonly step_id: string;
  /** `null` for no limit. */
  readonly timeout_seconds: number | null;
  readonly title: string;
}

/** Of a step whose program goes on while later steps run. */
export interface Background {
  readonly background: true;
  /** What has to be there before the next step: the socket that the program listens on. */
  readonly ready_when: `socket:unix:${string}`;
}

/** What a plan is made from; the rest follows from it. */
export interface PlanParts<Metadata> {
  readonly affected_resources: readonly string[];
  readonly commands: readonly Step[];
  readonly description: string;
  readonly estimated_impact: string;
  readonly explanation: string;
  readonly metadata: Metadata;
  readonly requires_relogin: boolean;
  readonly risk: Risk;
  readonly source: 'service' | 'doctor';
  readonly title: string;
  readonly warnings: readonly Issue[];
}

export interface CommandPlan<Metadata = object> {
  readonly affected_resources: readonly string[];
  readonly category: 'vm';
  readonly commands: readonly Step[];
  readonly confirmation_required: boolean;
  readonly created_at: null;
  readonly created_by: null;
  readonly description: string;
  readonly dry_run: true;
  readonly dry_run_supported: true;
  readonly estimated_impact: string;
  readonly explanation: string;
  readonly metadata: Metadata;
  readonly plan_hash: string;
  readonly plan_id: string;
  readonly policy_decision: null;
  readonly requires_privilege: boolean;
  readonly requires_relogin: boolean;
  readonly risk: Risk;
  readonly rollback: readonly never[];
  readonly schema_version: 1;
  readonly source: 'service' | 'doctor';
  readonly status: 'validated' | 'draft';
  readonly title: string;
}

/** A plan, and its text as canonical JSON (RFC 8785). */
export interface SealedPlan<Metadata> {
  readonly plan: CommandPlan<Metadata>;
  readonly text: string;
}

const ID_DIGITS = 16;

/** The text without hash and id is what was hashed; the two stand where sorting puts them. */
export function sealPlan<Metadata>(parts: PlanParts<Metadata>): SealedPlan<Metadata> {
  const requiresPrivilege = parts.commands.some((step) => step.requires_privilege);
  const before = {
    affected_resources: parts.affected_resources,
    category: 'vm',
    commands: parts.commands,
    confirmation_required: parts.risk !== 'low' || requiresPrivilege,
    created_at: null,
    created_by: null,
    description: parts.description,
    dry_run: true,
    dry_run_supported: true,
    estimated_impact: parts.estimated_impact,
    explanation: parts.explanation,
    metadata: parts.metadata,
  } as const;
  const after = {
    policy_decision: null,
    requires_privilege: requiresPrivilege,
    requires_relogin: parts.requires_relogin,
    risk: parts.risk,
    rollback: [],
    schema_version: 1,
    source: parts.source,
    status: planStatus(parts.warnings),
    title: parts.title,
  } as const;
  const [head, tail] = [JSON.stringify(before).slice(0, -1), JSON.stringify(after).slice(1)];
  const plan_hash = sha256(`${head},${tail}`);
  const plan_id = `plan-${plan_hash.slice(HASH_PREFIX, HASH_PREFIX + ID_DIGITS)}`;
  return {
    plan: { ...before, plan_hash, plan_id, ...after },
    text: `${head},"plan_hash":"${plan_hash}","plan_id":"${plan_id}",${tail}`,
  };
}

/** A plan without warnings is validated; infos do not count. */
export function planStatus(warnings: readonly Issue[]): 'validated' | 'draft' {
  return warnings.some(({ severity }) => severity === 'warning') ? 'draft' : 'validated';
}

const READY_SOCKET = 'socket:unix:';

/** The socket by which a step that stays in the background shows that it is ready; `null` for any other step. */
export function readySocket({ metadata }: Step): string | null {
  return 'ready_when' in metadata ? metadata.ready_when.slice(READY_SOCKET.length) : null;
}

/** A step with the common values; name only what differs. */
export function step(
  given: Pick<Step, 'argv' | 'cwd' | 'step_id' | 'title'> &
    Partial<Pick<Step, 'destructive' | 'idempotent' | 'metadata' | 'requires_privilege' | 'timeout_seconds'>>,
): Step {
  return {
    argv: given.argv,
    cwd: given.cwd,
    destructive: given.destructive ?? false,
    display: shellLine(given.argv),
    env: {},
    expected_exit_codes: [0],
    idempotent: given.idempotent ?? false,
    metadata: given.metadata ?? {},
    redacted: false,
    requires_privilege: given.requires_privilege ?? false,
    step_id: given.step_id,
    timeout_seconds: given.timeout_seconds ?? null,
    title: given.title,
  };
}
