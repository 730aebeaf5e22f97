/** A plan as a bash script to review: it does what the steps say, and stops at the first that fails. */
import type { Issue } from '../profile/issue.ts';
import { visible } from '../profile/text.ts';
import { shellCommand, shellLine } from '../qemu/shell_text.ts';
import { readySocket, type Step } from './command_plan.ts';
import { type PlanOfVm, planFacts, stepTerms, stepWarnings, unnamedField } from './plan_summary.ts';

export function planScript(plan: PlanOfVm): string {
  const hasHelpers = plan.commands.some((step) => readySocket(step) !== null);
  const lines = [
    '#!/usr/bin/env bash',
    ...headOf(plan).map(comment),
    '',
    'set -euo pipefail',
    ...(hasHelpers ? HELPER_FUNCTIONS : []),
    ...plan.commands.flatMap((step, index) => ['', ...stepLines(step, index, plan.commands)]),
    ...(hasHelpers ? HELPERS_GO_ON : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** One line, whatever is in it. */
function comment(text: string): string {
  return text === '' ? '#' : `# ${visible(text)}`;
}

function headOf(plan: PlanOfVm): string[] {
  const { unknowns, validation_warnings } = plan.metadata;
  const facts = planFacts(plan);
  const width = Math.max(...facts.map(([label]) => label.length)) + 2;
  return [
    plan.title,
    'Written by vmlab-planner for review: read it before you run it.',
    '',
    plan.estimated_impact,
    plan.explanation,
    '',
    ...facts.map(([label, value]) => `${`${label}:`.padEnd(width)}${value}`),
    '',
    ...listOf('Warnings', validation_warnings.flatMap(issueLines)),
    '',
    ...listOf(
      'Open questions',
      unknowns.map(({ subject, question }) => `- ${subject}: ${question}`),
    ),
    '',
    ...listOf(
      'Affected resources',
      plan.affected_resources.map((resource) => `- ${resource}`),
    ),
  ];
}

function listOf(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [`${title}: none`] : [`${title}:`, ...lines];
}

/** Each line starts with words of ours: one that starts with `shellcheck` is a directive of that program. */
function issueLines(issue: Issue): string[] {
  const field = unnamedField(issue);
  const place = field === '' ? '' : ` at ${field}`;
  return [`- ${issue.severity} ${issue.code}${place}: ${issue.message}`, `  ${issue.suggestion}`];
}

function stepLines(step: Step, index: number, steps: readonly Step[]): string[] {
  const { argv, cwd, step_id, timeout_seconds, title } = step;
  // `timeout` runs a program also where the shell has a command of that name, such as `test`.
  const limit = timeout_seconds === null ? [] : ['timeout', String(timeout_seconds)];
  return [
    comment(`Step ${index + 1} of ${steps.length}, ${step_id}: ${title}`),
    comment(stepTerms(step)),
    ...stepWarnings(step).map((warning) => comment(`WARNING: ${warning}`)),
    ...(cwd === steps[index - 1]?.cwd ? [] : [shellLine(['cd', '--', cwd])]),
    ...commandLines(shellCommand([...limit, ...argv]), readySocket(step)),
  ];
}

function commandLines(command: string, socket: string | null): string[] {
  if (socket === null) return [command];
  return [shellLine(['clear_socket', socket]), `${command} &`, shellLine(['await_socket', socket])];
}

/** Written for any bash, also the old one of macOS. */
const HELPER_FUNCTIONS = [
  '',
  '# A program that was started in the background ends when a later step fails.',
  "helpers=''",
  'trap \'for pid in $helpers; do kill "$pid" 2>/dev/null || true; done\' EXIT',
  '',
  '# A socket that an earlier run left does not show that a program is ready.',
  'clear_socket() {',
  '  if [ -S "$1" ]; then rm -- "$1"; fi',
  '}',
  '',
  '# Waits at most 10 seconds for the socket of the program that was started last, while that runs.',
  'await_socket() {',
  '  helpers="$helpers $!"',
  '  for _ in {1..100}; do',
  '    if ! kill -0 "$!" 2>/dev/null; then',
  '      echo "The program that should listen on $1 has ended." >&2',
  '      return 1',
  '    fi',
  '    if [ -S "$1" ]; then return; fi',
  '    sleep 0.1',
  '  done',
  '  echo "Nothing listens on $1 after 10 seconds." >&2',
  '  return 1',
  '}',
];

/** A QEMU that went to the background goes on with them. */
const HELPERS_GO_ON = [
  '',
  '# From here on each program in the background ends when QEMU does.',
  'trap - EXIT',
];
