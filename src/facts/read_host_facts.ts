/** Host facts as a request gives them: checked, sorted and normalised, or one sentence that says what is wrong. */
import { schemaProblemOf } from '../profile/schema_problem.ts';
import { looksSecret } from '../profile/secrets.ts';
import { controlCharacter } from '../profile/text.ts';
import { forbiddenPlace } from './forbidden_places.ts';
import {
  type HostFacts,
  type HostFactsDocument,
  HostFactsSchema,
  inOrder,
  NATIVE_ACCELERATOR,
} from './host_facts.ts';
import { baseNameOf, isAbsolute, resolvePath } from './host_paths.ts';
import { holdsShellText, overlongPath } from './path_text.ts';
import { windowsNameProblem } from './windows_names.ts';

const schemaProblem = schemaProblemOf(HostFactsSchema, 'host');

export function readHostFacts(value: unknown): { readonly facts: HostFacts } | { readonly problem: string } {
  const problem = schemaProblem(value);
  if (problem !== null) return { problem };
  const document = value as HostFactsDocument;
  const { os, accelerators = [], project_root } = document;
  const foreign = accelerators.find((accelerator) => NATIVE_ACCELERATOR[os] !== accelerator);
  if (foreign !== undefined)
    return { problem: `host.accelerators holds ${foreign}, which no ${os} host has.` };
  for (const [name, path] of pathsIn(document)) {
    const problem = hostPathProblem(os, path);
    if (problem !== null) return { problem: `host.${name} ${problem}.` };
  }
  const { firmware, virtiofsd } = document;
  if (virtiofsd !== undefined && baseNameOf(os, virtiofsd) !== VIRTIOFSD)
    return { problem: `host.virtiofsd must be the path of a program that is called ${VIRTIOFSD}.` };
  // Each system has one accelerator at most.
  const facts: HostFacts = {
    ...document,
    accelerators: accelerators.slice(0, 1),
    project_root: resolvePath(os, project_root, project_root),
    ...(firmware && { firmware: firmware.map(inOrder) }),
  };
  return { facts: inOrder(facts) };
}

const VIRTIOFSD = 'virtiofsd';

/** Every path among the facts, by its name. */
function pathsIn({ project_root, firmware = [], virtiofsd }: HostFactsDocument): [string, string][] {
  return [
    ['project_root', project_root],
    ...firmware.flatMap(({ code, vars_template }, index): [string, string][] => [
      [`firmware[${index}].code`, code],
      [`firmware[${index}].vars_template`, vars_template],
    ]),
    ...(virtiofsd === undefined ? [] : [['virtiofsd', virtiofsd] as [string, string]]),
  ];
}

/** What an absolute path of a host breaks of the rules for paths; `null` for a good one. */
export function hostPathProblem(os: HostFacts['os'], root: string): string | null {
  const character = controlCharacter(root);
  if (character !== null) return `holds the character ${character}, which no path may hold`;
  if (!isAbsolute(os, root)) return `must be an absolute path on ${os}`;
  if (holdsShellText(root)) return 'holds "$" or a backquote, and no shell will expand it';
  const resolved = resolvePath(os, root, root);
  const place = forbiddenPlace(os, root) ?? forbiddenPlace(os, resolved);
  if (place !== null) return `leads to ${place}, a place that no plan may name`;
  const nameProblem = os === 'windows' ? windowsNameProblem(root) : null;
  if (nameProblem !== null) return nameProblem;
  if (looksSecret(root)) return 'holds what looks like a secret';
  return overlongPath(os, resolved);
}
