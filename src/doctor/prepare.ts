/** The plan that makes what a profile needs of this host and is not there yet. */
import type { ProbedFiles } from '../facts/host.ts';
import type { HostFacts } from '../facts/host_facts.ts';
import type { ProbedMachine } from '../facts/machine.ts';
import { type Need, unknownsOf, verdictsOn } from '../needs/need.ts';
import type { Risk, Unknown, Verdict } from '../needs/need_kind.ts';
import { type SealedPlan, type Step, sealPlan } from '../planning/command_plan.ts';
import { profileHashOf, type Refused } from '../planning/plan_profile.ts';
import { shownHost } from '../planning/shown_host.ts';
import type { Issue } from '../profile/issue.ts';
import { pointerOf } from '../profile/path.ts';
import { compareCodePoints } from '../profile/text.ts';
import type { Profile } from '../topics/profile.ts';
import type { DiagnosedProfile } from './profile_findings.ts';
import { isPreparation, PREPARATIONS, type Preparation, planPreparation } from './remedies/plan_remedy.ts';
import type { RemedyParts } from './remedies/remedy_plan.ts';
import { subjectsIn } from './subjects.ts';

/** What a prepare plan was made for; members in the order of canonical JSON. */
export interface PrepareMetadata {
  readonly host: HostFacts;
  readonly profile_hash: string;
  readonly profile_name: string;
  readonly schema_version: number;
  readonly unknowns: readonly Unknown[];
  /** What no step makes, and has to be made all the same. */
  readonly validation_warnings: readonly Issue[];
}

/** What is not there, and what a plan says that makes it. */
interface Lack {
  readonly need: Need;
  readonly verdict: Verdict;
  readonly remedy: Preparation;
  /** `null` where no plan of this user can. */
  readonly parts: RemedyParts | null;
}

/** Refused for issues that no step mends. */
export function prepare(
  machine: ProbedMachine,
  profile: Omit<DiagnosedProfile, 'name'>,
): SealedPlan<PrepareMetadata> | { readonly refused: Refused } {
  const { outcome } = profile;
  const lacks = lacksOf(machine, profile);
  if (!outcome.isValid) {
    // Where a file is not known that has to be copied, the plan asks for it.
    const mended = lacks.filter(({ parts, remedy }) => parts !== null || isOpen(remedy)).map(issueKey);
    const errors = outcome.errors.filter(({ code, pointer }) => !mended.includes(`${code} ${pointer}`));
    if (errors.length > 0) return { refused: { ...outcome, errors } };
  }
  return planOf(machine, profile, lacks);
}

function lacksOf(
  machine: ProbedMachine,
  { draft, host, network, outcome }: Omit<DiagnosedProfile, 'name'>,
): Lack[] {
  const files = host.probed as ProbedFiles;
  const subjectOf = subjectsIn(draft);
  const lacks = outcome.needs.flatMap((need) =>
    verdictsOn(need, { facts: machine.facts, files, network, subject: subjectOf(need) }).flatMap(
      (verdict): Lack[] => {
        const { remedy } = verdict;
        if (remedy === undefined || !isPreparation(remedy)) return [];
        return [{ need, verdict, remedy, parts: planPreparation(machine, remedy) }];
      },
    ),
  );
  const placeOf = ({ remedy }: Lack): number =>
    2 * PREPARATIONS.indexOf(remedy.kind) +
    // A directory for one user alone comes before those below it, on whose way it would be made for all.
    (remedy.kind === 'make-directory' && remedy.isPrivate === true ? 0 : 1);
  return lacks.sort((left, right) => placeOf(left) - placeOf(right));
}

function issueKey({ need, verdict }: Lack): string {
  return `${verdict.issue} ${pointerOf(need.at)}`;
}

function isOpen(remedy: Preparation): boolean {
  return remedy.kind === 'copy-vars' && remedy.template === null;
}

function planOf(
  machine: ProbedMachine,
  { draft, host, outcome }: Omit<DiagnosedProfile, 'name'>,
  lacks: readonly Lack[],
): SealedPlan<PrepareMetadata> {
  // Nothing is wrong with it but what is not there.
  const profile = draft as Profile;
  const { name } = profile.vm;
  const version = profile.schema_version;
  const made = lacks.filter(isFirstOfFile).flatMap(({ parts }) => parts ?? []);
  const left = lacks.filter(({ parts }) => parts === null);
  const leftIssues = left.map(issueKey);
  const warnings = outcome.warnings.filter(({ code, pointer }) => leftIssues.includes(`${code} ${pointer}`));
  const commands = inOrder(made.flatMap(({ commands }) => commands));
  const isNothing = commands.length === 0;
  return sealPlan({
    affected_resources: resourcesOf(made, version),
    commands,
    description: isNothing
      ? `Nothing has to be made before the VM ${name} can start.`
      : `Makes what the VM ${name} needs and is not there.`,
    estimated_impact: isNothing
      ? 'Nothing changes.'
      : once(made.map(({ estimated_impact }) => estimated_impact)).join(' '),
    explanation: isNothing
      ? 'All that the profile needs is there, as far as a plan can make it. Nothing has been run.'
      : `${once(made.map(({ description }) => description)).join(' ')} Nothing has been run.`,
    metadata: {
      host: shownHost({ host, profile }),
      profile_hash: profileHashOf(profile),
      profile_name: name,
      schema_version: version,
      unknowns: questionsOf(machine, commands, left, host, version),
      validation_warnings: warnings,
    },
    requires_relogin: false,
    risk: highest(made.map(({ risk }) => risk)),
    source: 'doctor',
    title: `Prepare the start of VM ${name}`,
    warnings,
  });
}

/** What several ask for is made once. */
function isFirstOfFile({ remedy }: Lack, index: number, lacks: readonly Lack[]): boolean {
  return (
    !('path' in remedy) ||
    lacks.findIndex(({ remedy: other }) => 'path' in other && other.path === remedy.path) === index
  );
}

function once(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Directories first, each once; step ids are unique. */
function inOrder(steps: readonly Step[]): Step[] {
  const [directories, files] = [steps.filter(makesDirectory), steps.filter((each) => !makesDirectory(each))];
  const targets = directories.map(({ argv }) => argv.at(-1));
  const different = directories.filter((_, index) => targets.indexOf(targets[index]) === index);
  return [
    ...different.map((each, index) =>
      index === 0 ? each : { ...each, step_id: `${each.step_id}-${index + 1}` },
    ),
    ...files,
  ];
}

function makesDirectory({ argv }: Step): boolean {
  return argv[0] === 'mkdir';
}

/** From version 2 on a path says whether it is read or written. */
function resourcesOf(made: readonly RemedyParts[], version: number): string[] {
  const mode = (text: 'read' | 'write'): string => (version === 1 ? 'path:' : `path:${text}:`);
  const resources = made.flatMap(({ affected_resources, reads = [] }) => [
    ...affected_resources.map((resource) => resource.replace(/^path:/, mode('write'))),
    ...reads.map((path) => `${mode('read')}${path}`),
  ]);
  return once(resources).sort(compareCodePoints);
}

const RISKS: readonly Risk[] = ['low', 'medium', 'high'];

function highest(risks: readonly Risk[]): Risk {
  return RISKS[Math.max(0, ...risks.map((risk) => RISKS.indexOf(risk)))] as Risk;
}

/** What the steps rely on, and what is left to somebody else. */
function questionsOf(
  { imageTool, seedTool }: ProbedMachine,
  steps: readonly Step[],
  left: readonly Lack[],
  host: DiagnosedProfile['host'],
  version: number,
): Unknown[] {
  const programs = new Map([
    ['qemu-img', imageTool],
    ['cloud-localds', seedTool],
  ]);
  const missing = [...programs].filter(
    ([program, place]) => place === null && steps.some(({ argv }) => argv[0] === program),
  );
  return [
    ...missing.map(([program]) => ({
      question: `Is ${program} installed on the host?`,
      subject: `binary:${program}`,
    })),
    ...unknownsOf(
      left.map(({ need }) => need),
      host,
      version,
    ),
  ];
}
