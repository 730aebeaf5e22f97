/** A start plan as a summary for a pull request, in CommonMark. */
import { exposedBy, type Need } from '../needs/need.ts';
import type { Issue } from '../profile/issue.ts';
import { shellCommand } from '../qemu/shell_text.ts';
import type { Step } from './command_plan.ts';
import { bulletList, codeBlock, codeSpan, prose } from './markdown.ts';
import { type PlanOfVm, planFacts, stepTerms, stepWarnings, unnamedField } from './plan_summary.ts';

/** Ways into the guest and devices of the host come first: they are what a reviewer has to see. */
export function planMarkdown(plan: PlanOfVm, needs: readonly Need[] | null): string {
  const { unknowns, validation_warnings } = plan.metadata;
  const blocks = [
    `## ${prose(plan.title)}`,
    ...(needs === null
      ? []
      : ['### Ways in, and devices of the host', bulletList(exposedBy(needs).map(prose))]),
    '### In short',
    prose(plan.estimated_impact),
    prose(plan.explanation),
    bulletList(planFacts(plan).map(([label, value]) => `${prose(label)}: ${codeSpan(value)}`)),
    '### Warnings',
    bulletList(validation_warnings.map(issueText)),
    '### Open questions',
    bulletList(unknowns.map(({ subject, question }) => `${codeSpan(subject)}: ${prose(question)}`)),
    '### Affected resources',
    bulletList(plan.affected_resources.map(codeSpan)),
    '### Steps',
    ...plan.commands.flatMap(stepBlocks),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function issueText(issue: Issue): string {
  const field = unnamedField(issue);
  const place = field === '' ? '' : ` at ${codeSpan(field)}`;
  const text = prose(`${issue.message} ${issue.suggestion}`);
  return `**${issue.severity}** ${codeSpan(issue.code)}${place}: ${text}`;
}

function stepBlocks(step: Step, index: number): string[] {
  return [
    `#### ${index + 1}. ${prose(step.title)}`,
    `Step ${codeSpan(step.step_id)} in ${codeSpan(step.cwd)}. ${prose(stepTerms(step))}`,
    ...stepWarnings(step).map((warning) => `**WARNING:** ${prose(warning)}`),
    codeBlock('sh', shellCommand(step.argv)),
  ];
}
