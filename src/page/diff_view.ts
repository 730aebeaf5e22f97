/** What is another between two profiles. */
import type { Diff, ValueChange } from './api.ts';
import { html } from './dom.ts';

export function diffView(diff: Diff): HTMLElement {
  if (diff.identical) return html('p', {}, 'Both make the same plan, byte for byte.');
  const argv = diff.argv_changes.map(({ op, group, before, after }) =>
    html(
      'li',
      { class: `change g-${group}` },
      html('span', { class: 'group' }, `${group}: ${op}`),
      ...side('del', '−', before),
      ...side('ins', '+', after),
    ),
  );
  return html(
    'div',
    {},
    ...listed('In the profile', diff.profile_changes.map(valueItem)),
    ...listed('Of the host', diff.host_changes.map(valueItem)),
    ...listed('In the command line', argv),
    ...listed(
      'Why',
      diff.reasons.map(({ explanation, certain }) =>
        html('li', {}, certain ? explanation : `Perhaps: ${explanation}`),
      ),
    ),
  );
}

function valueItem({ pointer, before, after }: ValueChange): HTMLElement {
  const isAdded = before === null;
  const isGone = after === null;
  return html(
    'li',
    { class: 'change' },
    html('code', {}, pointer),
    ...(isAdded ? [] : side('del', '−', [JSON.stringify(before)])),
    ...(isGone ? [] : side('ins', '+', [JSON.stringify(after)])),
  );
}

function side(tag: 'del' | 'ins', sign: string, elements: readonly string[] | null): HTMLElement[] {
  return elements === null ? [] : [html(tag, {}, html('code', {}, `${sign} ${elements.join(' ')}`))];
}

function listed(title: string, items: readonly HTMLElement[]): HTMLElement[] {
  return items.length === 0 ? [] : [html('h3', {}, title), html('ul', { class: 'changes' }, ...items)];
}
