/** @file Boxes in rows with arrows between them, as SVG: what pictures of models and of graphs are made of. */
import { type Layout, type Route, layeredLayout } from './layered-layout.ts';
import { element, escapeMarkup, textElement } from './markup.ts';
import { neutralText, sansSerif } from './palette.ts';

/** A box: a name and what kind of thing it is on the first line, facts below. */
export interface DiagramBox {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  readonly facts: string;
  /** What a pointer that rests on it tells. */
  readonly tooltip: string;
  /** Dark enough for white text, light enough for a dark page. */
  readonly color: string;
  /** The boxes that arrows come from; each stands before this one. */
  readonly inbound: readonly string[];
  /** Beside the arrow that leaves the box; '' for nothing. */
  readonly flow: string;
}

const box = { height: 46, radius: 8, padding: 14 };
const gap = { row: 36, column: 28 };
const margin = 4;

/** Text cut to what a box has room for. */
export const shortened = (text: string, most = 32): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** About how wide text is, in pixels, in the sans serif fonts in use: wide enough for the wider ones. */
const textWidth = (text: string, fontSize: number): number => text.length * fontSize * 0.6;
const round = (value: number): number => Math.round(value * 10) / 10;

function widthFor({ title, kind, facts }: DiagramBox): number {
  const firstLine = textWidth(title, 13) * 1.06 + 18 + textWidth(kind, 11.5);
  return Math.max(130, Math.ceil(Math.max(firstLine, textWidth(facts, 11)) + 2 * box.padding));
}

/** The picture. @param isColumn gives all boxes one width, for those that stand one below another */
export function drawBoxes(boxes: readonly DiagramBox[], label: string, isColumn: boolean): string {
  const widest = Math.max(200, ...boxes.map(widthFor));
  const widths = new Map(boxes.map((each) => [each.id, isColumn ? widest : widthFor(each)]));
  const layout = layeredLayout(
    boxes.map(({ id, inbound }) => ({ id, inbound, width: widths.get(id)! })),
    gap.column,
  );
  const top = (row: number) => margin + row * (box.height + gap.row);
  const outputs = boxes.filter(({ id }) => !layout.routes.some(({ from }) => from === id));
  const labelled = boxes.filter(({ flow }) => flow !== '');
  const labelRoom = labelled.map(({ id, flow }) => layout.places.get(id)!.x + 10 + textWidth(flow, 11) - layout.width);
  const width = Math.ceil(layout.width + 2 * margin + Math.max(0, ...labelRoom));
  const height = top(layout.rows) + 2 * margin - 8;
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': label,
      'font-family': sansSerif,
    },
    ...layout.routes.map((route) => arrow(route, top)),
    ...outputs.map(({ id }) => outputArrow(layout, id, top)),
    ...labelled.map(({ id, flow }) => {
      const { x, row } = layout.places.get(id)!;
      const at = { x: margin + x + 10, y: top(row) + box.height + 20 };
      return textElement({ ...at, 'font-size': 11, fill: neutralText }, flow);
    }),
    ...boxes.map((each) => {
      const { x, row } = layout.places.get(each.id)!;
      const own = widths.get(each.id)!;
      return drawBox(each, margin + x - own / 2, top(row), own);
    }),
  );
}

function drawBox({ title, kind, facts, tooltip, color }: DiagramBox, x: number, y: number, width: number): string {
  // With nothing to say below, the first line stands in the middle.
  const baseline = y + (facts ? 20 : 28);
  return element(
    'g',
    {},
    element('title', {}, escapeMarkup(tooltip)),
    element('rect', { x, y, width, height: box.height, rx: box.radius, fill: color }),
    textElement({ x: x + box.padding, y: baseline, 'font-size': 13, 'font-weight': 600, fill: '#ffffff' }, title),
    textElement(
      {
        x: x + width - box.padding,
        y: baseline,
        'text-anchor': 'end',
        'font-size': 11.5,
        fill: '#ffffff',
        'fill-opacity': 0.82,
      },
      kind,
    ),
    facts
      ? textElement({ x: x + box.padding, y: y + 36, 'font-size': 11, fill: '#ffffff', 'fill-opacity': 0.86 }, facts)
      : '',
  );
}

const stroke = { fill: 'none', stroke: neutralText, 'stroke-width': 1.5 };

/** From the bottom of a box over bends to the top of another. */
function arrow({ via }: Route, top: (row: number) => number): string {
  const points = via.flatMap(({ x, row }, i): [number, number][] => {
    const px = margin + x;
    if (i === 0) return [[px, top(row) + box.height]];
    if (i === via.length - 1) return [[px, top(row) - 5]];
    // A bend is passed straight down, beside the boxes of its row.
    return [
      [px, top(row)],
      [px, top(row) + box.height],
    ];
  });
  const path = points
    .slice(1)
    .map(([x, y], i) => {
      const [px, py] = points[i];
      const middle = round((py + y) / 2);
      return px === x ? `V${round(y)}` : `C${round(px)} ${middle} ${round(x)} ${middle} ${round(x)} ${round(y)}`;
    })
    .join('');
  const [tipX, tipY] = points[points.length - 1];
  return (
    element('path', { d: `M${round(points[0][0])} ${round(points[0][1])}${path}`, ...stroke }) +
    arrowHead(tipX, tipY + 4)
  );
}

const arrowHead = (x: number, y: number): string =>
  element('path', {
    d: `M${round(x - 4.5)} ${round(y - 6.5)}L${round(x)} ${round(y)}L${round(x + 4.5)} ${round(y - 6.5)}`,
    ...stroke,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  });

/** The arrow out of a box that feeds no other. */
function outputArrow(layout: Layout, name: string, top: (row: number) => number): string {
  const { x, row } = layout.places.get(name)!;
  const y = top(row) + box.height;
  return element('path', { d: `M${round(margin + x)} ${round(y)}v24`, ...stroke }) + arrowHead(margin + x, y + 25);
}
