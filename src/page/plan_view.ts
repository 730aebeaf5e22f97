/** A plan as somebody reads it who has to agree to it. */
import type { Issue, Plan, Step } from './api.ts';
import { html } from './dom.ts';

/** `preparation` makes what is not there yet; `null` where nobody has looked. */
export function planView(plan: Plan, preparation: Plan | null): HTMLElement {
  const { unknowns, validation_warnings } = plan.metadata;
  return html(
    'div',
    { class: 'plan' },
    html('h3', {}, plan.title),
    html(
      'p',
      {},
      html('span', { class: `badge risk-${plan.risk}` }, `${plan.risk} risk`),
      ' ',
      html('span', { class: 'badge' }, plan.status),
    ),
    html('p', {}, plan.description),
    html('p', {}, plan.estimated_impact),
    ...stepList('To be made first', preparation?.commands ?? []),
    ...stepList('Steps', plan.commands),
    ...listed(
      'Open questions',
      unknowns.map(({ subject, question }) => [html('code', {}, subject), ` ${question}`]),
    ),
    ...listed(
      'What it touches',
      plan.affected_resources.map((resource) => [html('code', {}, resource)]),
    ),
    ...listed('Warnings', validation_warnings.map(warningLine)),
    html('p', {}, plan.explanation),
    html('p', {}, html('code', { class: 'hash' }, plan.plan_hash)),
  );
}

function stepList(title: string, steps: readonly Step[]): HTMLElement[] {
  if (steps.length === 0) return [];
  return [html('h4', {}, `${title} (${steps.length})`), html('ol', {}, ...steps.map(stepItem))];
}

function stepItem({ title, display, destructive, requires_privilege }: Step): HTMLElement {
  const marks = [
    ...(destructive ? [html('span', { class: 'badge risk-medium' }, 'overwrites')] : []),
    ...(requires_privilege ? [html('span', { class: 'badge risk-high' }, 'needs privilege')] : []),
  ];
  return html('li', {}, `${title} `, ...marks, html('pre', { tabindex: 0 }, display));
}

function warningLine({ severity, code, message }: Issue): (Node | string)[] {
  return [html('span', { class: `badge is-${severity}` }, severity), ` ${message} `, html('code', {}, code)];
}

function listed(title: string, lines: readonly (readonly (Node | string)[])[]): HTMLElement[] {
  if (lines.length === 0) return [html('h4', {}, `${title}: none`)];
  const items = lines.map((line) => html('li', {}, ...line));
  return [html('h4', {}, `${title} (${lines.length})`), html('ul', {}, ...items)];
}
