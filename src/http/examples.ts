/** Examples of the OpenAPI document: the same profiles as TOML and as JSON, and what the service really answers. */
import type { HostFacts } from '../context/host_facts.ts';
import { readHostFacts } from '../context/read_host_facts.ts';
import { type Outcome, type Planned, planProfile, type Refused } from '../planning/plan_profile.ts';
import { validationResult } from '../planning/validation_result.ts';
import { parseToml } from '../profile/parse_toml.ts';
import { readProfile } from '../profile/read_profile.ts';
import { ARGV_FORMS, PLAN_FORMS } from './answer_forms.ts';
import type { Forms } from './media_type.ts';
import { EXAMPLE_REQUEST_ID } from './operations.ts';
import { invalidProfileBody } from './problem.ts';

interface Example {
  readonly summary: string;
  readonly toml: string;
  readonly host: object;
}

const LINUX_KVM = { os: 'linux', arch: 'x86_64', accelerators: ['kvm'], project_root: '/srv/lab' };
const ARM_MAC = { os: 'darwin', arch: 'aarch64', accelerators: ['hvf'], project_root: '/Users/dev/lab' };

const EXAMPLES: Readonly<Record<string, Example>> = {
  minimal: {
    summary: 'One disk and nothing else',
    host: LINUX_KVM,
    toml: `schema_version = 1

[vm]
name = "minimal"

[hardware]
arch = "x86_64"
cores = 2
memory_mb = 2048

[[storage.disks]]
name = "root"
path = "images/minimal.qcow2"
format = "qcow2"
size_gb = 20
boot = true
`,
  },
  'kernel-dev': {
    summary: 'Kernel development: a share, port forwards, serial console, QMP',
    host: LINUX_KVM,
    toml: `schema_version = 1

[vm]
name = "kernel-dev"
description = "Kernel development with serial console"

[hardware]
arch = "x86_64"
cores = 4
memory_mb = 8192

[[storage.disks]]
name = "root"
path = "images/kernel-root.qcow2"
format = "qcow2"
size_gb = 40
boot = true

[[storage.disks]]
name = "source"
path = "source"
format = "host-path"
readonly = true

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2222-:22", "tcp:127.0.0.1:8080-:80"]

[serial]
enabled = true
mode = "pty"

[qmp]
enabled = true
`,
  },
  'arm-mac': {
    summary: 'An Arm guest on an Arm Mac, by direct kernel boot',
    host: ARM_MAC,
    toml: `schema_version = 1

[vm]
name = "arm-mac"

[hardware]
arch = "aarch64"
cores = 8
memory_mb = 4096

[kernel]
enabled = true
bzimage = "boot/Image"
initrd = "boot/initrd.img"
append = "console=ttyAMA0"

[serial]
enabled = true

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2222-:22"]
`,
  },
  mistakes: {
    summary: 'Three mistakes, all reported at once',
    host: LINUX_KVM,
    toml: `schema_version = 1

[vm]
name = "mistakes"

[hardware]
arch = "x86_64"
cpu = "host"
cores = 2
memory_mb = 2048
acceleration = "tcg"

[[storage.disks]]
name = "root"
path = "/dev/sda"
format = "raw"

[[network.interfaces]]
name = "net0"
type = "user"
hostfwd = ["tcp:127.0.0.1:2222-:22", "tcp:127.0.0.1:2222-:80"]
`,
  },
};

export interface MediaExample {
  readonly summary: string;
  readonly value: unknown;
}

/** Media-level examples by their key. */
export type MediaExamples = Readonly<Record<string, MediaExample>>;

/** Request bodies under the same keys for both media types. */
export function requestExamples(): { readonly json: MediaExamples; readonly toml: MediaExamples } {
  return {
    json: examplesOf(({ toml, host }) => ({ profile: documentOf(toml), host })),
    toml: examplesOf(({ toml }) => toml),
  };
}

/** What the service answers to the JSON requests, by operation and media type. */
export function answerExamples(): Readonly<Record<string, Readonly<Record<string, MediaExamples>>>> {
  const outcomes = exampleOutcomes();
  return {
    createArgv: formExamples(outcomes, ARGV_FORMS),
    planStart: formExamples(outcomes, PLAN_FORMS),
    validateProfile: { 'application/json': answersOf(outcomes, isOutcome, validationResult) },
  };
}

/** What it answers to the profile with mistakes where only a valid one will do. */
export function refusalExamples(): MediaExamples {
  return answersOf(exampleOutcomes(), isRefused, (outcome) =>
    invalidProfileBody(outcome, '/', EXAMPLE_REQUEST_ID),
  );
}

type Outcomes = Readonly<Record<string, { readonly summary: string; readonly value: Outcome }>>;

function exampleOutcomes(): Outcomes {
  return examplesOf(({ toml, host }) => outcomeOf(toml, host));
}

function formExamples(outcomes: Outcomes, forms: Forms<Planned>): Record<string, MediaExamples> {
  const entries = forms.map(({ mediaType, write }) => {
    const type = mediaType.replace(/;.*$/, '');
    const read = type === 'application/json' ? JSON.parse : String;
    return [type, answersOf(outcomes, isPlanned, (planned) => read(write(planned)))];
  });
  return Object.fromEntries(entries);
}

function examplesOf<Value>(
  make: (example: Example) => Value,
): Readonly<Record<string, { summary: string; value: Value }>> {
  const entries = Object.entries(EXAMPLES).map(([key, example]) => [
    key,
    { summary: example.summary, value: make(example) },
  ]);
  return Object.fromEntries(entries);
}

function answersOf<Kind extends Outcome>(
  outcomes: Outcomes,
  isKind: (outcome: Outcome) => outcome is Kind,
  answer: (outcome: Kind) => unknown,
): MediaExamples {
  const answers: Record<string, { summary: string; value: unknown }> = {};
  for (const [key, { summary, value }] of Object.entries(outcomes)) {
    if (isKind(value)) answers[key] = { summary, value: answer(value) };
  }
  return answers;
}

function isOutcome(_outcome: Outcome): _outcome is Outcome {
  return true;
}

function isPlanned(outcome: Outcome): outcome is Planned {
  return outcome.isValid;
}

function isRefused(outcome: Outcome): outcome is Refused {
  return !outcome.isValid;
}

function documentOf(toml: string): unknown {
  return (parseToml(toml) as { document: unknown }).document;
}

function outcomeOf(toml: string, host: object): Outcome {
  const { facts } = readHostFacts(host) as { facts: HostFacts };
  return planProfile(readProfile(documentOf(toml)), { facts, sight: null, strictPaths: false });
}
