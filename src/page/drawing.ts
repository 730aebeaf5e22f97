/** Draws a machine: what the guest has in a frame, and beside it, or below where there is no room, what it uses of the host. */
import { svg } from './dom.ts';
import type { Box, Machine, Thing } from './machine.ts';

/** Pixels. */
const LINE = 17;
const GAP = 12;
const EDGE = 10;
/** The width of a character of the monospaced font, and less than which things go below. */
const CHARACTER = 7.3;
const NARROW = 640;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

interface Frame {
  readonly title: string;
  readonly subtitle: string;
}

/** `onParts` hears of the parts of argv that a box which is pointed at is made from. */
export function drawing(
  { boxes, things }: Machine,
  { title, subtitle }: Frame,
  width: number,
  onParts: (parts: readonly number[]) => void,
): SVGSVGElement {
  const isNarrow = width < NARROW;
  const boxWidth = isNarrow ? width - 4 * EDGE : Math.min(420, width * 0.5 - 3 * EDGE);
  const thingX = isNarrow ? EDGE : boxWidth + 9 * EDGE;
  const thingWidth = width - thingX - EDGE;
  const root = svg('svg', { width, role: 'group', 'aria-label': `The machine ${title}` });
  const thingShapes: SVGElement[] = [];
  const boxShapes: SVGElement[] = [];
  const lineShapes: SVGElement[] = [];
  const head = 3 * LINE + GAP;

  const drawThing = (thing: Thing, y: number, from: Place | null): number => {
    const lines = linesOf(thing, isNarrow ? boxes[thing.box] : undefined, thingWidth);
    const place = { x: thingX, y, width: thingWidth, height: (lines.length + 1) * LINE + 6 };
    if (from !== null) lineShapes.push(connection(from, place, thing));
    thingShapes.push(thingAt(thing, lines, place));
    return y + place.height + GAP / 2;
  };
  const ofBox = (index: number) => things.filter(({ box }) => box === index);

  let y = EDGE + head;
  let beside = EDGE;
  boxes.forEach((box, index) => {
    const place = { x: 2 * EDGE, y, width: boxWidth, height: (box.lines.length + 1) * LINE + GAP };
    boxShapes.push(boxAt(box, place, onParts));
    if (!isNarrow) {
      beside = Math.max(beside, y);
      for (const thing of ofBox(index)) beside = drawThing(thing, beside, place);
    }
    y += place.height + GAP;
  });
  // What belongs to the machine as a whole stands below what belongs to its parts.
  const foot: Place = { x: EDGE, y: y - 2 * LINE, width: boxWidth + 2 * EDGE, height: 2 * LINE };
  if (!isNarrow) for (const thing of ofBox(-1)) beside = drawThing(thing, beside, foot);
  const bottom = y;
  if (isNarrow) {
    y += 2 * GAP + LINE;
    thingShapes.push(svg('text', { x: EDGE, y: y - GAP, class: 'box-title' }, 'Of the host'));
    for (const thing of things) y = drawThing(thing, y, null);
  }
  root.append(
    svg('rect', {
      x: EDGE,
      y: EDGE,
      width: boxWidth + 2 * EDGE,
      height: bottom - EDGE,
      rx: 8,
      class: 'frame',
    }),
    svg('text', { x: 2 * EDGE, y: EDGE + LINE + 4, class: 'machine-title' }, cut(title, boxWidth * 0.8)),
    svg('text', { x: 2 * EDGE, y: EDGE + 2 * LINE + 4 }, cut(subtitle, boxWidth)),
    ...lineShapes,
    ...boxShapes,
    ...thingShapes,
  );
  const height = Math.max(y, beside) + EDGE;
  root.setAttribute('height', String(height));
  root.setAttribute('viewBox', `0 0 ${width} ${height}`);
  return root;
}

function boxAt(
  box: Box,
  { x, y, width, height }: Place,
  onParts: (parts: readonly number[]) => void,
): SVGElement {
  const group = svg(
    'g',
    {
      class: `box g-${box.group}`,
      tabindex: 0,
      role: 'button',
      'data-parts': box.parts.join(' '),
    },
    svg('rect', { x, y, width, height, rx: 5 }),
    svg('rect', { x, y, width: 5, height, class: 'edge' }),
    svg('text', { x: x + GAP, y: y + LINE, class: 'box-title' }, cut(box.title, width - 2 * GAP)),
    ...box.lines.map((line, index) =>
      svg('text', { x: x + GAP, y: y + LINE * (index + 2) }, cut(line, width - 2 * GAP)),
    ),
  );
  for (const event of ['mouseenter', 'focus', 'click'])
    group.addEventListener(event, () => onParts(box.parts));
  return group;
}

/** What is said of a thing below its name. */
function linesOf({ questions }: Thing, of: Box | undefined, width: number): string[] {
  return [...(of === undefined ? [] : [`of ${of.title}`]), ...questions].flatMap((text) =>
    wrapped(text, width - GAP),
  );
}

function thingAt(
  { name, questions }: Thing,
  lines: readonly string[],
  { x, y, width, height }: Place,
): SVGElement {
  return svg(
    'g',
    { class: questions.length === 0 ? 'thing' : 'thing is-unknown' },
    svg('title', {}, [name, ...questions].join('\n')),
    svg('rect', { x, y, width, height, rx: 5 }),
    svg('text', { x: x + GAP / 2, y: y + LINE - 2 }, cut(shown(name), width - GAP)),
    ...lines.map((line, index) =>
      svg('text', { x: x + GAP / 2, y: y + LINE * (index + 2) - 2, class: 'question' }, line),
    ),
  );
}

/** A path is told by what is done with it. */
function shown(name: string): string {
  return name
    .replace(/^path:(?:(write|read):)?/, (_, mode = 'path') => `${mode} `)
    .replace(/^socket:unix:/, 'socket ');
}

function connection(from: Place, to: Place, { questions }: Thing): SVGElement {
  const [x1, y1] = [from.x + from.width, from.y + Math.min(from.height, 2 * LINE) / 2];
  const [x2, y2] = [to.x, to.y + LINE / 2 + 3];
  const middle = (x1 + x2) / 2;
  return svg('path', {
    d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
    class: questions.length === 0 ? 'line' : 'line is-unknown',
  });
}

/** In lines that are not wider, broken between words. */
function wrapped(text: string, width: number): string[] {
  const most = Math.floor(width / CHARACTER);
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`.trimStart();
    if (line.length > most && lines.at(-1) !== '') lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
}

/** Too long a text loses its middle: of a path, both ends tell most. */
function cut(text: string, width: number): string {
  const most = Math.floor(width / CHARACTER);
  if (text.length <= most) return text;
  const end = Math.ceil(most * 0.6);
  return `${text.slice(0, most - end - 1)}…${text.slice(-end)}`;
}
