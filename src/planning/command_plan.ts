/** A reviewable description of commands that somebody else may run later; data, and nothing but data. */
import type { Issue } from '../profile/issue.ts';
import { shellLine } from '../qemu/display.ts';
import { HASH_PREFIX, sha256 } from './hash.ts';
import type { JsonStrings } from './json_strings.ts';
import type { Risk } from './risk.ts';

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
  readonly metadata: Readonly<Record<string, never>>;
  readonly redacted: boolean;
  readonly requires_privilege: boolean;
  readonly step_id: string;
  /** `null` for no limit. */
  readonly timeout_seconds: number | null;
  readonly title: string;
}

/** What a plan is made from; the rest follows from it. */
export interface PlanParts {
  readonly affected_resources: readonly string[];
  readonly commands: readonly Step[];
  readonly description: string;
  readonly estimated_impact: string;
  readonly explanation: string;
  /** Canonical JSON. */
  readonly metadata: string;
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

const ID_DIGITS = 16;

/**
 * A plan as canonical JSON (RFC 8785): members in its order, and between them hash and id, which are made from the text
 * of all others. What is hashed is what is sent.
 */
export function planText(parts: PlanParts, strings: JsonStrings): string {
  const { inside, texts } = strings;
  const requiresPrivilege = parts.commands.some((step) => step.requires_privilege);
  const isRisky = parts.risk !== 'low' || requiresPrivilege;
  const steps = parts.commands.map((step) => stepText(step, strings)).join(',');
  const before =
    `{"affected_resources":${texts(parts.affected_resources)},"category":"vm","commands":[${steps}],` +
    `"confirmation_required":${isRisky},"created_at":null,"created_by":null,` +
    `"description":"${inside(parts.description)}","dry_run":true,"dry_run_supported":true,` +
    `"estimated_impact":"${inside(parts.estimated_impact)}","explanation":"${inside(parts.explanation)}",` +
    `"metadata":${parts.metadata},`;
  const after =
    `"policy_decision":null,"requires_privilege":${requiresPrivilege},` +
    `"requires_relogin":${parts.requires_relogin},"risk":"${parts.risk}","rollback":[],"schema_version":1,` +
    `"source":"${parts.source}","status":"${planStatus(parts.warnings)}","title":"${inside(parts.title)}"}`;
  const hashed = before + after;
  const hash = sha256(hashed);
  const id = hash.slice(HASH_PREFIX, HASH_PREFIX + ID_DIGITS);
  // Hashing has put all pieces into one row, of which two slices are cheaper to send than the pieces again.
  const [first, last] = [hashed.slice(0, before.length), hashed.slice(before.length)];
  return `${first}"plan_hash":"${hash}","plan_id":"plan-${id}",${last}`;
}

function stepText(step: Step, { inside, texts }: JsonStrings): string {
  return (
    `{"argv":${texts(step.argv)},"cwd":"${inside(step.cwd)}","destructive":${step.destructive},` +
    `"display":"${inside(step.display)}","env":{},"expected_exit_codes":[0],"idempotent":${step.idempotent},` +
    `"metadata":{},"redacted":false,"requires_privilege":${step.requires_privilege},` +
    `"step_id":"${inside(step.step_id)}","timeout_seconds":${step.timeout_seconds},"title":"${inside(step.title)}"}`
  );
}

/** A plan without warnings is validated; infos do not count. */
export function planStatus(warnings: readonly Issue[]): 'validated' | 'draft' {
  return warnings.some(({ severity }) => severity === 'warning') ? 'draft' : 'validated';
}

/** A step with the common values; name only what differs. */
export function step(
  given: Pick<Step, 'argv' | 'cwd' | 'step_id' | 'title'> &
    Partial<Pick<Step, 'destructive' | 'display' | 'idempotent' | 'requires_privilege' | 'timeout_seconds'>>,
): Step {
  return {
    argv: given.argv,
    cwd: given.cwd,
    destructive: given.destructive ?? false,
    display: given.display ?? shellLine(given.argv),
    env: {},
    expected_exit_codes: [0],
    idempotent: given.idempotent ?? false,
    metadata: {},
    redacted: false,
    requires_privilege: given.requires_privilege ?? false,
    step_id: given.step_id,
    timeout_seconds: given.timeout_seconds ?? null,
    title: given.title,
  };
}
