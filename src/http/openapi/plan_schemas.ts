/** Component schemas of command plans: those that start a VM, and those that mend a finding of the doctor. */
import Type, { type TSchema } from 'typebox';
import { choice, closed, hash, list, nullable, ref, text } from './schema_parts.ts';
import { ACCELERATION_REQUESTED, ACCELERATION_RESOLVED, HOST_FACTS_ORIGIN } from './shared_schemas.ts';

const Step = closed(
  {
    argv: list(Type.String(), 'The command; never with sudo, doas or pkexec.'),
    cwd: text('Absolute directory to run it in.'),
    destructive: Type.Boolean({
      description:
        'Whether something that exists is overwritten or removed, such as the log that QEMU truncates.',
    }),
    display: text('argv quoted for a POSIX shell.'),
    env: Type.Unsafe({
      type: 'object',
      additionalProperties: { type: 'string' },
      description: 'Additional environment.',
    }),
    expected_exit_codes: list(Type.Integer(), 'Exit codes that mean success.'),
    idempotent: Type.Boolean({ description: 'Whether running it twice is as good as once.' }),
    metadata: closed(
      {
        background: Type.Optional(
          Type.Boolean({
            description: 'True for a program that goes on while later steps run; it ends when QEMU does.',
          }),
        ),
        ready_when: Type.Optional(
          text(
            'What the program of this step makes before the next step may run; a socket that an earlier run left does not count.',
            ['socket:unix:/srv/lab/run/lab.tpm.sock'],
          ),
        ),
      },
      'Empty but for a step that stays in the background.',
    ),
    redacted: Type.Boolean({ description: 'Whether anything was left out of argv; nothing ever is.' }),
    requires_privilege: Type.Boolean({ description: 'Whether it needs more rights than a user has.' }),
    step_id: text('Unique in the plan.', ['start-qemu']),
    timeout_seconds: nullable(Type.Integer({ description: '`null` for no limit.' })),
    title: text('What the step does.'),
  },
  'One command of a plan.',
);

const StartMetadata = closed(
  {
    acceleration_requested: ACCELERATION_REQUESTED,
    acceleration_resolved: ACCELERATION_RESOLVED,
    argv_hash: hash('SHA-256 of the elements of the start command joined by NUL.'),
    console: closed(
      {
        auto_attach: Type.Boolean({ description: 'Whether to attach to the console after the start.' }),
        escape_sequence: text('Keys that leave the console.'),
      },
      'Hints for console tools.',
    ),
    development_log_root: text('Where tools that take the plan on keep their logs.'),
    host: ref('UsedHostFacts'),
    host_facts: HOST_FACTS_ORIGIN,
    profile_hash: hash('SHA-256 of the canonical TOML.'),
    profile_name: text('Name of the VM.'),
    qmp_socket_path: nullable(text('Absolute path; `null` without QMP.')),
    schema_version: Type.Integer({ description: 'Version of the profile schema.' }),
    serial_config_summary: text('Such as `pty`, `file:/srv/lab/logs/a.log`, `disabled`.'),
    unknowns: list(ref('Unknown'), 'What the plan relies on and could not be checked.'),
    validation_warnings: list(ref('Issue'), 'Warnings and infos of the profile.'),
  },
  'What a start plan was made from.',
);

const RemediationMetadata = closed(
  {
    finding_id: text('The finding that the plan mends.'),
    host: ref('UsedHostFacts'),
    profile_name: nullable(text('The profile that was examined; `null` without one.')),
  },
  'What a remediation plan was made for.',
);

const PrepareMetadata = closed(
  {
    host: ref('UsedHostFacts'),
    profile_hash: hash('SHA-256 of the canonical TOML.'),
    profile_name: text('Name of the VM.'),
    schema_version: Type.Integer({ description: 'Version of the profile schema.' }),
    unknowns: list(ref('Unknown'), 'What the steps rely on, and what somebody else has to see to.'),
    validation_warnings: list(ref('Issue'), 'What has to be made and no step makes.'),
  },
  'What a plan that prepares was made for.',
);

export const PLAN_SCHEMAS: Readonly<Record<string, TSchema>> = {
  Step,
  StartMetadata,
  CommandPlan: planWith(ref('StartMetadata'), 'A plan to start a VM, as RFC 8785 canonical JSON.'),
  PreparePlan: planWith(
    PrepareMetadata,
    'A plan that makes what a VM needs and is not there, as RFC 8785 canonical JSON.',
  ),
  RemediationPlan: planWith(
    RemediationMetadata,
    'A plan that mends a finding of the doctor; nobody runs it but you.',
  ),
};

function planWith(metadata: TSchema, description: string): TSchema {
  return closed(
    {
      affected_resources: list(
        Type.String(),
        'Everything of the host that the plan touches, sorted: `path:…`, `device:…`, `socket:unix:…`, `port:…`, `netdev:…` (in version 1 a bridge interface names its own netdev and the bridge), `process:…` (a program that runs beside QEMU). Plans of version 2 say of a path `path:read:…` or `path:write:…`, and also name `bridge:…`, `mac:…`, `vsock:…`, `usb:…`, `pci:…` and `hugepages:…`.',
      ),
      category: choice(['vm'], 'What the plan is about.'),
      commands: list(ref('Step'), 'The steps, in order.'),
      confirmation_required: Type.Boolean({ description: 'Risk above low, or privilege.' }),
      created_at: Type.Null({ description: 'Belongs to whoever takes the plan on.' }),
      created_by: Type.Null({ description: 'Belongs to whoever takes the plan on.' }),
      description: text('What the plan does, in one sentence.'),
      dry_run: Type.Boolean({ description: 'Always true.' }),
      dry_run_supported: Type.Boolean({ description: 'Always true.' }),
      estimated_impact: text('What the host will feel.'),
      explanation: text('Why the plan is as it is.'),
      metadata,
      plan_hash: hash('SHA-256 of the canonical JSON of the plan without `plan_id` and `plan_hash`.'),
      plan_id: Type.String({
        pattern: '^plan-[0-9a-f]{16}$',
        description: '`plan-` and the first 16 digits of the hash.',
      }),
      policy_decision: Type.Null({ description: 'Belongs to whoever takes the plan on.' }),
      requires_privilege: Type.Boolean({ description: 'Whether any step does.' }),
      requires_relogin: Type.Boolean({ description: 'Whether it takes effect only after a new login.' }),
      risk: choice(['low', 'medium', 'high'], 'How closely to look before running it.'),
      rollback: list(ref('Step'), 'Always empty.'),
      schema_version: Type.Integer({ description: 'Version of this form: 1.' }),
      source: choice(['service', 'doctor'], 'Who made the plan.'),
      status: choice(['validated', 'draft'], '`draft` when there are warnings; never anything further.'),
      title: text('The plan in a few words.'),
    },
    description,
  );
}
