/** A fleet as a summary for a pull request that changes many profiles, in CommonMark. */
import { show } from '../profile/show.ts';
import type { Conflict } from './conflicts.ts';
import type { FleetSummary, HostSummary } from './fleet_summary.ts';
import { bulletList, codeSpan, prose } from './markdown.ts';
import type { PlanFact } from './plan_summary.ts';
import type { StartPlan } from './start_plan.ts';

/** What is known of a request by its id: its plan, or why it has none. */
export type FleetEntry = { readonly id: string } & (
  | { readonly plan: StartPlan; readonly hardware: { readonly cores: number; readonly memory_mb: number } }
  | { readonly problem: { readonly title: string; readonly detail: string } }
);

type PlannedEntry = Extract<FleetEntry, { readonly plan: StartPlan }>;

export function fleetMarkdown(
  { fleet_hash, hosts, valid }: FleetSummary,
  entries: readonly FleetEntry[],
): string {
  const planned = new Map(entries.flatMap((entry) => ('plan' in entry ? [[entry.id, entry] as const] : [])));
  const refused = entries.filter((entry) => 'problem' in entry);
  const sum = (of: (host: HostSummary) => number): number => hosts.reduce((all, host) => all + of(host), 0);
  const totals: readonly PlanFact[] = [
    ['Valid', valid ? 'yes' : 'no'],
    ['Requests', `${entries.length}`],
    ['Refused', `${refused.length}`],
    ['VMs', `${sum(({ vms }) => vms)}`],
    ['Hosts', `${hosts.length}`],
    ['Cores', `${sum(({ cores }) => cores)}`],
    ['Memory', `${sum(({ memory_mb }) => memory_mb)} MB`],
    ['Conflicts', `${sum(({ conflicts }) => conflicts.length)}`],
    ['fleet_hash', fleet_hash],
  ];
  const blocks = [
    '## Fleet',
    factList(totals),
    '### Refused',
    bulletList(
      refused.map(({ id, problem }) => `${idText(id)}: ${prose(`${problem.title}. ${problem.detail}`)}`),
    ),
    ...hosts.flatMap((host) => hostBlocks(host, planned)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function factList(facts: readonly PlanFact[]): string {
  return bulletList(facts.map(([label, value]) => `${prose(label)}: ${codeSpan(value)}`));
}

/** Quoted, since it can be empty. */
function idText(id: string): string {
  return codeSpan(show(id));
}

function hostBlocks(summary: HostSummary, planned: ReadonlyMap<string, PlannedEntry>): string[] {
  const { host, conflicts, start_order } = summary;
  const { accelerators, arch, name, os, project_root } = host;
  const facts: readonly PlanFact[] = [
    ...(name === undefined ? [] : [['Name', name] as const]),
    ['Host', `${os} ${arch}`],
    ['Accelerators', accelerators.join(', ') || 'none'],
    ['Project root', project_root],
    ['VMs', `${summary.vms}`],
    ['Cores', `${summary.cores}${host.cpus === undefined ? '' : ` of ${host.cpus}`}`],
    ['Memory', `${summary.memory_mb}${host.memory_mb === undefined ? '' : ` of ${host.memory_mb}`} MB`],
  ];
  return [
    `### ${prose('Host')} ${codeSpan(name ?? project_root)}`,
    factList(facts),
    '#### Conflicts',
    bulletList(conflicts.map(conflictText)),
    '#### VMs in the order of their start',
    start_order.map((id, index) => `${index + 1}. ${vmText(planned.get(id) as PlannedEntry)}`).join('\n'),
  ];
}

function conflictText({ severity, code, message, suggestion }: Conflict): string {
  return `**${severity}** ${codeSpan(code)}: ${prose(`${message} ${suggestion}`)}`;
}

function vmText({ id, plan, hardware }: PlannedEntry): string {
  const { metadata, risk, status, plan_id } = plan;
  const size = `${hardware.cores} cores and ${hardware.memory_mb} MB under ${metadata.acceleration_resolved}`;
  return `${idText(id)}: ${codeSpan(metadata.profile_name)} with ${prose(size)}; risk ${codeSpan(risk)}, ${codeSpan(status)}, ${codeSpan(plan_id)}`;
}
