/** The command line in its parts. */
import type { ArgvResult } from './api.ts';
import { html } from './dom.ts';
import { linesOfPart, linesText } from './links.ts';

/** `onPart` hears of the parts that are pointed at. */
export function argvView(result: ArgvResult, onPart: (parts: readonly number[]) => void): HTMLElement {
  const parts = result.parts.map((part, index) => {
    const elements = result.argv.slice(part.first, part.first + part.count);
    const lines = linesOfPart(part, result);
    const from =
      lines.length > 0 ? linesText(lines) : part.pointers.length > 0 ? part.pointers.join(' ') : 'by default';
    const button = html(
      'button',
      { type: 'button', class: `part g-${part.group}`, 'data-part': index },
      html('span', { class: 'group' }, part.group),
      html('code', {}, ...inLines(elements)),
      html('span', { class: 'why' }, part.why === null ? from : `${part.why} (${from})`),
    );
    for (const event of ['mouseenter', 'focus', 'click'])
      button.addEventListener(event, () => onPart([index]));
    return html('li', {}, button);
  });
  const copy = html('button', { type: 'button' }, 'Copy for a shell');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(result.display);
    copy.textContent = 'Copied';
  });
  return html(
    'div',
    {},
    html(
      'p',
      { class: 'bar' },
      html('span', { class: 'hint' }, 'Each part shows the lines that made it.'),
      copy,
    ),
    html('ol', { class: 'parts' }, ...parts),
    html('p', {}, html('code', { class: 'hash' }, result.argv_hash)),
  );
}

/** Each option in a line of its own. */
function inLines(elements: readonly string[]): (Node | string)[] {
  return elements.flatMap((element, index) => {
    const isOption = element.startsWith('-');
    const before = index === 0 ? '' : isOption ? '\n' : ' ';
    return [before, isOption ? html('b', {}, element) : element];
  });
}
