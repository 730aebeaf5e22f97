/** Tabs as the ARIA practices describe them: arrows move, only the chosen one is a stop of the Tab key. */
import { html } from './dom.ts';

export interface View {
  readonly id: string;
  readonly label: string;
}

/** Makes the tabs and their panels, by id; `onShow` hears of the view that is chosen. */
export function addTabs(
  list: HTMLElement,
  panels: HTMLElement,
  views: readonly View[],
  onShow: (id: string) => void,
): Map<string, HTMLElement> {
  const byView = new Map<string, HTMLElement>();
  const tabs = views.map(({ id, label }) => {
    const panel = html('div', {
      role: 'tabpanel',
      id: `panel-${id}`,
      'aria-labelledby': `tab-${id}`,
      tabindex: 0,
      class: 'panel',
    });
    byView.set(id, panel);
    panels.append(panel);
    return html(
      'button',
      { role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}`, type: 'button' },
      label,
    );
  });
  const choose = (chosen: number) => {
    tabs.forEach((tab, index) => {
      tab.setAttribute('aria-selected', String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
    });
    [...byView.values()].forEach((panel, index) => {
      panel.hidden = index !== chosen;
    });
    onShow(views[chosen]?.id ?? '');
  };
  tabs.forEach((tab, index) => {
    tab.addEventListener('click', () => choose(index));
    tab.addEventListener('keydown', ({ key }) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
      const next = key === 'Home' ? 0 : key === 'End' ? tabs.length - 1 : null;
      if (step === undefined && next === null) return;
      const to = next ?? (index + (step ?? 0) + tabs.length) % tabs.length;
      choose(to);
      tabs[to]?.focus();
    });
  });
  list.append(...tabs);
  choose(0);
  return byView;
}
