/** The schema of the doctor's report. */
import Type, { type TSchema } from 'typebox';
import { choice, closed, list, ref, text } from './schema_parts.ts';

const count = (what: string): TSchema =>
  Type.Integer({ minimum: 0, description: `Number of findings of the severity ${what}.` });
const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const;

export const DOCTOR_SCHEMAS: Readonly<Record<string, TSchema>> = {
  Finding: closed(
    {
      finding_id: text('Stable, and unique within the report.', ['kvm-ready']),
      title: text('The finding in a few words.'),
      severity: choice(SEVERITIES, 'How bad it is.'),
      category: text('One of the words that `category` takes.'),
      description: text('What was found and how to mend it.'),
      affected_resources: list(Type.String(), 'Named as in plans.'),
      remediation_available: Type.Boolean({ description: 'Whether there is a plan that mends it.' }),
      remediation_plan_id: Type.Unsafe({ type: ['string', 'null'], description: '`plan_id` of that plan.' }),
      remediation: Type.Unsafe({
        anyOf: [{ $ref: 'RemediationPlan#' }, { title: 'no plan', type: 'null' }],
        description: 'That plan, never applied by the service.',
      }),
      metadata: Type.Unsafe({ type: 'object', description: 'Details that depend on the finding.' }),
    },
    'One thing that the doctor saw.',
  ),
  DoctorReport: closed(
    {
      status: choice(
        ['ok', 'degraded', 'blocked'],
        '`blocked` with any error or critical finding, `degraded` with any warning.',
      ),
      host: ref('UsedHostFacts'),
      summary: closed(
        Object.fromEntries(SEVERITIES.map((severity) => [severity, count(severity)])),
        'How many findings there are of each severity.',
      ),
      findings: list(ref('Finding'), 'Worst first, then by id.'),
    },
    'Whether this host could run the VMs, or one of them.',
  ),
};
