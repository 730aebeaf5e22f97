/** Host facts as a request gives them: checked, sorted and normalised, or everything that is wrong with them. */
import { fieldOf, type Path, pointerOf } from '../profile/path.ts';
import { type Mistake, mistakesAgainst, onePerPlace } from '../profile/schema_mistakes.ts';
import { looksSecret } from '../profile/secrets.ts';
import { controlCharacter } from '../profile/text.ts';
import { forbiddenPlace } from './forbidden_places.ts';
import {
  HOST_ACCELERATORS,
  HOST_SYSTEMS,
  type HostFacts,
  type HostFactsDocument,
  HostFactsSchema,
  type HostSystem,
  inOrder,
  NATIVE_ACCELERATOR,
  QEMU_VERSION_PATTERN,
} from './host_facts.ts';
import { baseNameOf, isAbsolute, resolvePath } from './host_paths.ts';
import { holdsShellText, overlongPath } from './path_text.ts';
import { windowsNameProblem } from './windows_names.ts';

const schemaMistakes = mistakesAgainst(HostFactsSchema, { title: 'host', at: ['host'] });

export type ReadHostFacts = { readonly facts: HostFacts } | { readonly mistakes: readonly Mistake[] };

/** Pointers of mistakes lead into the request that has the facts in `host`. */
export function readHostFacts(value: unknown): ReadHostFacts {
  const mistakes = onePerPlace([
    ...versionMistakes(value),
    ...schemaMistakes(value),
    ...valueMistakes(value),
  ]);
  if (mistakes.length > 0) return { mistakes };
  const document = value as HostFactsDocument;
  const { os, accelerators = [], project_root, firmware } = document;
  // Each system has one accelerator at most.
  const facts: HostFacts = {
    ...document,
    accelerators: accelerators.slice(0, 1),
    project_root: resolvePath(os, project_root, project_root),
    ...(firmware && { firmware: firmware.map(inOrder) }),
  };
  return { facts: inOrder(facts) };
}

const VERSION = new RegExp(QEMU_VERSION_PATTERN);
const NUMBERS = /(?<![0-9])([0-9]{1,4})(?:[.]([0-9]{1,4})(?:[.]([0-9]{1,4}))?)?(?![0-9:])/;

/** A version that is written as a package says it, or QEMU itself, or as a number. */
function versionMistakes(value: unknown): Mistake[] {
  const { qemu_version: version } = Object(value);
  const isText = typeof version === 'string';
  if (isText ? VERSION.test(version) : typeof version !== 'number') return [];
  const [text, major, minor = '0', third] = NUMBERS.exec(String(version)) ?? [];
  const numbers = third === undefined ? [major, minor] : [major, minor, third];
  const question = text === undefined ? '.' : `; is "${numbers.map(Number).join('.')}" meant?`;
  const says = `must be two or three numbers between quotes, such as "8.2" or "10.0.2"${question}`;
  return [{ pointer: '/host/qemu_version', message: `host.qemu_version ${says}` }];
}

const VIRTIOFSD = 'virtiofsd';

/** What no schema says, of facts that may be of any form. */
function valueMistakes(value: unknown): Mistake[] {
  const { os, accelerators, virtiofsd }: Partial<Record<keyof HostFactsDocument, unknown>> = Object(value);
  const systems = HOST_SYSTEMS.filter((system) => system === os);
  // With another system than is known, a path may be one of any of them.
  const mayBe = systems.length === 0 ? HOST_SYSTEMS : systems;
  const foreign = systems.flatMap((system) => foreignAccelerators(accelerators, system));
  const paths = pathsIn(Object(value)).flatMap(({ at, text }) => pathMistakes(at, text, mayBe));
  const isOther = isText(virtiofsd) && mayBe.every((system) => baseNameOf(system, virtiofsd) !== VIRTIOFSD);
  const other = isOther
    ? [mistake(['virtiofsd'], `must be the path of a program that is called ${VIRTIOFSD}`)]
    : [];
  return onePerPlace([...foreign, ...paths, ...other]);
}

function foreignAccelerators(accelerators: unknown, os: HostSystem): Mistake[] {
  const known = HOST_ACCELERATORS.filter(
    (one) => Array.isArray(accelerators) && accelerators.includes(one) && one !== NATIVE_ACCELERATOR[os],
  );
  return known.map((one) => mistake(['accelerators'], `holds ${one}, which no ${os} host has`));
}

function pathMistakes(at: Path, text: string, systems: readonly HostSystem[]): Mistake[] {
  const problems = systems.map((os) => hostPathProblem(os, text));
  const [first] = problems;
  return typeof first === 'string' && !problems.includes(null) ? [mistake(at, first)] : [];
}

function mistake(at: Path, says: string): Mistake {
  const path = ['host', ...at];
  return { pointer: pointerOf(path), message: `${fieldOf(path)} ${says}.` };
}

interface FoundPath {
  readonly at: Path;
  readonly text: string;
}

/** Every path among the facts. */
function pathsIn({ project_root, firmware, virtiofsd }: Readonly<Record<string, unknown>>): FoundPath[] {
  const all: { readonly at: Path; readonly text: unknown }[] = [{ at: ['project_root'], text: project_root }];
  for (const [index, image] of (Array.isArray(firmware) ? firmware : []).entries()) {
    for (const name of ['code', 'vars_template'])
      all.push({ at: ['firmware', index, name], text: Object(image)[name] });
  }
  all.push({ at: ['virtiofsd'], text: virtiofsd });
  return all.filter((found): found is FoundPath => isText(found.text));
}

/** An empty text is a matter of the schema. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
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
