/** The page at `/`: a profile on the left, what it becomes on the right, as it is written. */
import {
  Api,
  type ArgvResult,
  type Diff,
  type Issue,
  type Plan,
  type PlanRequest,
  type Problem,
} from './api.ts';
import { argvView } from './argv_view.ts';
import { diffView } from './diff_view.ts';
import { byId, html } from './dom.ts';
import { drawing } from './drawing.ts';
import { Editor } from './editor.ts';
import { exampleFor, exampleNames, START } from './examples.ts';
import { HOSTS } from './hosts.ts';
import { linesOfPart, partsOfLine } from './links.ts';
import { machineOf } from './machine.ts';
import { planView } from './plan_view.ts';
import { addTabs } from './tabs.ts';

/** How long somebody has to stop writing before the service is asked; milliseconds. */
const PAUSE = 250;

const api = new Api(askToken);
const verdict = byId('verdict', HTMLParagraphElement);
const issueList = byId('issues', HTMLOListElement);
const stale = byId('stale', HTMLParagraphElement);
const example = byId('example', HTMLSelectElement);
const host = byId('host', HTMLSelectElement);
const hostFacts = byId('host-facts', HTMLTextAreaElement);
const hostNote = byId('host-note', HTMLParagraphElement);
const hostDetails = byId('host-details', HTMLDetailsElement);

/** What the last profile without errors became. */
let planned: {
  readonly result: ArgvResult;
  readonly plan: Plan;
  /** What has to be made first; `null` where nobody has looked. */
  readonly preparation: Plan | null;
} | null = null;
let tokenAsked: Promise<string> | null = null;
let asked = new AbortController();
let timer = 0;

const editor = new Editor(byId('editor', HTMLDivElement), soon, (line) => {
  if (planned !== null) markParts(partsOfLine(line, planned.result));
});
const views = addTabs(
  byId('tabs', HTMLDivElement),
  byId('panels', HTMLDivElement),
  [
    { id: 'argv', label: 'Command line' },
    { id: 'machine', label: 'Machine' },
    { id: 'plan', label: 'Plan' },
    { id: 'compare', label: 'Compare' },
  ],
  () => draw(),
);
const other = html('textarea', { id: 'other', rows: 12, spellcheck: 'false', wrap: 'off' });
const difference = html('div', { id: 'difference', role: 'status' });
addCompare();
for (const { label } of HOSTS) host.append(html('option', {}, label));
host.addEventListener('change', () => {
  showHost();
  soon();
});
hostFacts.addEventListener('input', soon);
example.addEventListener('change', () => void takeExample());
addEventListener('resize', () => draw());
showHost();
editor.text = START;
soon();
void listExamples();

function soon(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), PAUSE);
}

async function refresh(): Promise<void> {
  asked.abort();
  asked = new AbortController();
  const { signal } = asked;
  try {
    const request = requestOf(editor.text);
    if (request === null) return;
    const answer = await api.post<ArgvResult>('argv?positions=true', request, signal);
    if ('problem' in answer) {
      showProblem(answer.problem);
      return;
    }
    const plan = await api.post<Plan>('plans/start', request, signal);
    if ('problem' in plan) {
      showProblem(plan.problem);
      return;
    }
    const preparation = 'host' in request ? null : await api.post<Plan>('plans/prepare', request, signal);
    planned = {
      result: answer.value,
      plan: plan.value,
      preparation: preparation === null || 'problem' in preparation ? null : preparation.value,
    };
    showIssues(answer.value.warnings, '');
    stale.hidden = true;
    draw();
    await compare(signal);
  } catch (error) {
    // A newer text is asked about.
    if (signal.aborted) return;
    showIssues([], `The service cannot be asked: ${String(error)}`);
  }
}

/** `null`, and says so, when the host facts are no JSON. */
function requestOf(profile: string): PlanRequest | null {
  const request = profileOf(profile);
  if (HOSTS[host.selectedIndex]?.facts === null) return request;
  try {
    return { ...request, host: JSON.parse(hostFacts.value) };
  } catch {
    hostDetails.open = true;
    showIssues([], 'The host facts are not JSON.');
    return null;
  }
}

/** A profile in JSON is taken too. */
function profileOf(text: string): PlanRequest {
  if (text.trimStart().startsWith('{')) {
    try {
      return { profile: JSON.parse(text) };
    } catch {}
  }
  return { profile_toml: text };
}

function showHost(): void {
  const facts = HOSTS[host.selectedIndex]?.facts ?? null;
  hostFacts.value = facts === null ? '' : JSON.stringify(facts, null, 2);
  hostFacts.readOnly = facts === null;
  hostNote.textContent =
    facts === null
      ? 'The service looks at the host that it runs on: its files, ports and devices.'
      : 'The service looks at nothing: what it cannot know of this host stands among the questions.';
}

function showProblem(problem: Problem): void {
  stale.hidden = planned === null;
  if (problem.errors !== undefined) {
    showIssues([...problem.errors, ...(problem.warnings ?? [])], '');
    return;
  }
  const place = problem.pointer === '/profile_toml' ? problem : {};
  const message = `${problem.title}. ${problem.detail}`;
  showIssues(
    [{ severity: 'error', field: '', suggestion: '', code: problem.code, message, ...placeOf(place) }],
    '',
  );
}

function placeOf({ line, column }: { line?: number; column?: number }): { line?: number; column?: number } {
  return line === undefined || column === undefined ? {} : { line, column };
}

const SEVERITIES = ['error', 'warning', 'info'] as const;

/** The worst first, and of the same in the order of the profile. */
function inOrder(left: Issue, right: Issue): number {
  const [one, other] = [left, right].map(({ severity }) => SEVERITIES.indexOf(severity)) as [number, number];
  return one - other || (left.line ?? 0) - (right.line ?? 0);
}

function showIssues(found: readonly Issue[], trouble: string): void {
  const issues = found.toSorted(inOrder);
  editor.showIssues(issues);
  const counts = SEVERITIES.map(
    (severity) => [severity, issues.filter((issue) => issue.severity === severity).length] as const,
  )
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}${count === 1 ? '' : 's'}`);
  verdict.textContent = trouble || (counts.length === 0 ? 'Nothing to say against it.' : counts.join(', '));
  verdict.className = trouble || issues.some(({ severity }) => severity === 'error') ? 'is-error' : '';
  issueList.replaceChildren(...issues.map(issueItem));
  // Where there are many they scroll, by keyboard too.
  issueList.tabIndex = issues.length === 0 ? -1 : 0;
}

function issueItem({ severity, code, message, suggestion, line, column = 1 }: Issue): HTMLElement {
  const item = html('li', { class: `issue is-${severity}` });
  if (line !== undefined) {
    const place = html('button', { type: 'button', class: 'place' }, `line ${line}`);
    place.addEventListener('click', () => editor.goTo(line, column));
    item.append(place, ' ');
  }
  item.append(html('strong', {}, severity), ` ${message} `, html('em', {}, suggestion), ' ');
  item.append(html('code', {}, code));
  return item;
}

function draw(): void {
  if (planned === null) return;
  const { result, plan, preparation } = planned;
  views.get('argv')?.replaceChildren(argvView(result, point));
  views.get('plan')?.replaceChildren(planView(plan, preparation));
  const panel = views.get('machine');
  // While a page is brought to another size it may have none.
  if (panel === undefined || panel.hidden || panel.clientWidth === 0) return;
  const machine = machineOf({
    argv: result.argv,
    parts: result.parts,
    resources: plan.affected_resources,
    unknowns: result.unknowns,
  });
  const [type] = (result.argv[result.argv.indexOf('-machine') + 1] ?? '').split(',');
  const frame = { title: result.profile_name, subtitle: `${type} under ${result.acceleration_resolved}` };
  panel.replaceChildren(
    html(
      'p',
      {},
      'In the frame what the guest has; beside it what that uses of the host. Dashed: nobody looked at it.',
    ),
    drawing(machine, frame, panel.clientWidth, point),
  );
}

/** Marks parts, and the lines that made them. */
function point(parts: readonly number[]): void {
  if (planned === null) return;
  const { result } = planned;
  // The lines of an older text would be others.
  if (!stale.hidden) return;
  editor.link(
    parts.flatMap((index) => (result.parts[index] ? linesOfPart(result.parts[index], result) : [])),
  );
  markParts(parts);
}

function markParts(parts: readonly number[]): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-part]'))
    element.classList.toggle('is-linked', parts.includes(Number(element.dataset.part)));
  for (const element of document.querySelectorAll<SVGElement>('[data-parts]')) {
    const own = String(element.dataset.parts).split(' ').map(Number);
    element.classList.toggle(
      'is-linked',
      own.some((part) => parts.includes(part)),
    );
  }
}

function addCompare(): void {
  const copy = html('button', { type: 'button' }, 'Take the profile as it is now');
  copy.addEventListener('click', () => {
    other.value = editor.text;
    soon();
  });
  other.addEventListener('input', soon);
  views
    .get('compare')
    ?.append(
      html('p', { class: 'bar' }, html('label', { for: 'other' }, 'The profile before, in TOML'), copy),
      other,
      difference,
    );
}

/** What changes from the profile beside it to the one that is edited. */
async function compare(signal: AbortSignal): Promise<void> {
  const [before, after] = [requestOf(other.value), requestOf(editor.text)];
  if (before === null || after === null) return;
  if (other.value.trim() === '') {
    difference.replaceChildren(
      'Take the profile as it is now and change it, or put an older one here: what changes stands below.',
    );
    return;
  }
  const answer = await api.post<Diff>('plans/diff', { before, after }, signal);
  difference.replaceChildren(
    'problem' in answer ? html('p', { class: 'is-error' }, answer.problem.detail) : diffView(answer.value),
  );
}

async function listExamples(): Promise<void> {
  for (const name of await exampleNames(api)) example.append(html('option', { value: name }, name));
}

async function takeExample(): Promise<void> {
  const name = example.value;
  if (name === '') return;
  const found = await exampleFor(name, host.selectedIndex, api);
  if (found === null) {
    showIssues([], `The profile ${name} has errors on every host; see profiles/${name}.`);
    return;
  }
  host.selectedIndex = found.host;
  showHost();
  editor.text = found.text;
  soon();
}

/** One question, whoever asks meanwhile. */
function askToken(): Promise<string> {
  tokenAsked ??= new Promise<string>((resolve, reject) => {
    const dialog = byId('token-dialog', HTMLDialogElement);
    const input = byId('token', HTMLInputElement);
    const answered = () => {
      tokenAsked = null;
      if (input.value === '') reject(new Error('it wants a token.'));
      else resolve(input.value);
      input.value = '';
    };
    dialog.addEventListener('close', answered, { once: true });
    dialog.showModal();
  });
  return tokenAsked;
}
