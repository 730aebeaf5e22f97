/** Examples of `POST /plans/diff`, and what the service really answers. */
import { identityOf, type PlanIdentity } from '../../planning/plan_diff.ts';
import type { Planned } from '../../planning/plan_profile.ts';
import { invalidProfileBody } from '../guards/problem.ts';
import { ARM_MAC, LINUX_KVM } from '../openapi/example_profiles.ts';
import {
  EXAMPLE_REQUEST_ID,
  type MediaExample,
  type OperationExamples,
  outcomeOf,
} from '../openapi/examples.ts';
import { answerDiff } from './diff_answer.ts';

interface PlanRequest {
  readonly profile: object;
  readonly host: object;
}

interface DiffExample {
  readonly summary: string;
  readonly before: PlanRequest | PlanIdentity;
  readonly after: PlanRequest;
}

const ROOT = { name: 'root', path: 'images/web.qcow2', format: 'qcow2' };
const DATA = { name: 'data', path: 'images/data.qcow2', format: 'qcow2' };
const BACKUP = { name: 'backup', path: 'images/backup.qcow2', format: 'qcow2', size_gb: 40 };
const WEB = {
  schema_version: 1,
  vm: { name: 'web' },
  hardware: { arch: 'x86_64', cores: 2, memory_mb: 2048 },
  storage: { disks: [ROOT, DATA] },
  network: { interfaces: [{ name: 'net0', type: 'user', hostfwd: ['tcp:127.0.0.1:2222-:22'] }] },
};
const MORE_MEMORY = { ...WEB, hardware: { ...WEB.hardware, memory_mb: 4096 } };

const on = (host: object, profile: object): PlanRequest => ({ profile, host });

/** The requests by key. Old plans in them are real, so that making the examples takes planning. */
function examples(): Readonly<Record<string, DiffExample>> {
  const oldPlan = identityOf(outcomeOf(WEB, LINUX_KVM) as Planned);
  return {
    'more-memory': {
      summary: 'The same VM with more memory',
      before: on(LINUX_KVM, WEB),
      after: on(LINUX_KVM, MORE_MEMORY),
    },
    'other-disks': {
      summary: 'The first disk is gone, and a new one comes last',
      before: on(LINUX_KVM, WEB),
      after: on(LINUX_KVM, { ...WEB, storage: { disks: [DATA, BACKUP] } }),
    },
    'other-host': {
      summary: 'The same VM on another host',
      before: on(LINUX_KVM, WEB),
      after: on(ARM_MAC, WEB),
    },
    'stale-plan': {
      summary: 'An old plan of a profile that has changed since',
      before: oldPlan,
      after: on(LINUX_KVM, MORE_MEMORY),
    },
    'fresh-plan': {
      summary: 'An old plan that would be made again, byte for byte',
      before: oldPlan,
      after: on(LINUX_KVM, WEB),
    },
    mistakes: {
      summary: 'Mistakes on both sides, all reported at once',
      before: on(LINUX_KVM, { ...WEB, hardware: { ...WEB.hardware, acceleration: 'hvf' } }),
      after: on(LINUX_KVM, { ...WEB, storage: { disks: [{ ...ROOT, path: '/dev/sda' }] } }),
    },
  };
}

export function diffExamples(): OperationExamples {
  const requests: Record<string, MediaExample> = {};
  const diffs: Record<string, MediaExample> = {};
  const refusals: Record<string, MediaExample> = {};
  for (const [key, { summary, before, after }] of Object.entries(examples())) {
    requests[key] = { summary, value: { before, after } };
    const answer = answerDiff({
      before: 'profile' in before ? outcomeOf(before.profile, before.host) : before,
      after: outcomeOf(after.profile, after.host),
    });
    if ('diff' in answer) {
      diffs[key] = { summary, value: answer.diff };
    } else {
      const value = invalidProfileBody(answer.refused, '/', EXAMPLE_REQUEST_ID, answer.where);
      refusals[key] = { summary, value };
    }
  }
  return {
    requestBody: {
      required: true,
      description: 'Two plan requests, or an old plan and a plan request.',
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/DiffRequest' }, examples: requests },
      },
    },
    answers: { 'application/json': diffs },
    refusals,
  };
}
