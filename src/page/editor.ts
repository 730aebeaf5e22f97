/** A text area with line numbers and colours, in which lines can be marked. */
import type { Issue } from './api.ts';
import { html } from './dom.ts';
import { wordsOf } from './toml_words.ts';

/** Pixels; the style sheet has the same. */
const LINE_HEIGHT = 20;
const PADDING = 8;
/** Longer texts have no colours, which would take longer than a keystroke. */
const COLOURED_LINES = 2000;

export class Editor {
  readonly #area: HTMLTextAreaElement;
  readonly #gutter: HTMLElement;
  readonly #marks: HTMLElement;
  readonly #code = html('pre', { class: 'code' });
  #issues: readonly Issue[] = [];
  #linked: ReadonlySet<number> = new Set();

  /** `onCursor` hears of the line that the cursor comes to. */
  constructor(root: HTMLElement, onText: () => void, onCursor: (line: number) => void) {
    this.#area = root.querySelector('textarea') as HTMLTextAreaElement;
    this.#gutter = root.querySelector('.gutter') as HTMLElement;
    this.#marks = root.querySelector('.marks') as HTMLElement;
    this.#area.addEventListener('input', () => {
      this.#colour();
      this.#draw();
      onText();
    });
    this.#area.addEventListener('scroll', () => this.#scroll());
    for (const event of ['keyup', 'click'])
      this.#area.addEventListener(event, () => onCursor(lineAt(this.#area.value, this.#area.selectionStart)));
  }

  get text(): string {
    return this.#area.value;
  }

  set text(text: string) {
    this.#area.value = text;
    this.#area.scrollTop = 0;
    this.#issues = [];
    this.#linked = new Set();
    this.#colour();
    this.#draw();
  }

  /** Issues that say a line are shown at it. */
  showIssues(issues: readonly Issue[]): void {
    this.#issues = issues;
    this.#draw();
  }

  /** Lines that what is pointed at elsewhere comes from; the first is brought into view. */
  link(lines: readonly number[]): void {
    this.#linked = new Set(lines);
    const [first] = lines;
    const { scrollTop, clientHeight } = this.#area;
    const top = ((first ?? 1) - 1) * LINE_HEIGHT;
    if (first !== undefined && (top < scrollTop || top > scrollTop + clientHeight - 2 * LINE_HEIGHT))
      this.#area.scrollTop = Math.max(0, top - clientHeight / 3);
    this.#draw();
  }

  goTo(line: number, column: number): void {
    const before = this.#area.value.split('\n').slice(0, line - 1);
    const offset = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
    this.#area.focus();
    this.#area.setSelectionRange(offset, offset);
    this.link([line]);
  }

  /** The text stands once more below the text area, whose own letters are not seen. */
  #colour(): void {
    const lines = this.#area.value.split('\n');
    const isColoured = lines.length <= COLOURED_LINES;
    this.#area.classList.toggle('is-coloured', isColoured);
    const words = isColoured ? lines.flatMap((line) => [...wordsOf(line), { text: '\n', kind: null }]) : [];
    this.#code.replaceChildren(
      ...words.map(({ text, kind }) => (kind === null ? text : html('span', { class: `is-${kind}` }, text))),
    );
  }

  #draw(): void {
    const count = this.#area.value.split('\n').length;
    const worst = new Map<number, Issue>();
    for (const issue of this.#issues.toReversed()) if (issue.line !== undefined) worst.set(issue.line, issue);
    const numbers: HTMLElement[] = [];
    const marks: HTMLElement[] = [];
    for (let line = 1; line <= count; line += 1) {
      const issue = worst.get(line);
      const severity = issue === undefined ? '' : ` is-${issue.severity}`;
      const linked = this.#linked.has(line) ? ' is-linked' : '';
      numbers.push(html('div', { class: `number${severity}${linked}` }, String(line)));
      if (severity === '' && linked === '') continue;
      const mark = html('div', { class: `mark${severity}${linked}` });
      mark.style.top = `${(line - 1) * LINE_HEIGHT + PADDING}px`;
      marks.push(mark);
    }
    this.#gutter.replaceChildren(html('div', { class: 'numbers' }, ...numbers));
    this.#marks.replaceChildren(html('div', { class: 'lines' }, ...marks, this.#code));
    this.#scroll();
  }

  #scroll(): void {
    const { scrollTop, scrollLeft } = this.#area;
    for (const side of [this.#gutter, this.#marks])
      if (side.firstElementChild instanceof HTMLElement)
        side.firstElementChild.style.transform = `translateY(${-scrollTop}px)`;
    this.#code.style.transform = `translateX(${-scrollLeft}px)`;
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
