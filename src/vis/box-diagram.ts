/** @file Boxes in rows with arrows between them, as SVG: what pictures of models and of graphs are made of. */
import { type Place, layeredLayout } from './layered-layout.ts';
import { element, escapeMarkup, textElement } from './markup.ts';
import { neutralText, neutralTitle, sansSerif } from './palette.ts';

/** Where an arrow comes from. */
export interface BoxSource {
  readonly id: string;
  /** Which output of a frame it leaves. */
  readonly output?: number;
  /** Which input of a frame it enters. */
  readonly input?: number;
}

/** A box: a name and what kind of thing it is on the first line, facts below. Or a frame around other boxes. */
export interface DiagramBox {
  readonly id: string;
  readonly title: string;
  readonly kind: string;
  /** A line each. */
  readonly facts: readonly string[];
  /** What a pointer that rests on it tells. */
  readonly tooltip: string;
  /** Dark enough for white text, light enough for a dark page. */
  readonly color: string;
  /** The boxes that arrows come from; each stands before this one. */
  readonly inbound: readonly BoxSource[];
  /** Beside the arrow that leaves the box; '' for nothing. */
  readonly flow: string;
  /** The boxes inside, where this is a frame. */
  readonly inside?: readonly DiagramBox[];
  /** Which boxes inside give a frame's outputs, in order; those that feed no other where left out. */
  readonly outputs?: readonly string[];
}

export interface DiagramOptions {
  /** What the picture shows, for people who cannot see it. */
  readonly label: string;
  /** Top to bottom or left to right. Default `TB`. */
  readonly direction?: 'TB' | 'LR';
  /** One width for all boxes: for those that stand one below another. */
  readonly isColumn?: boolean;
}

const box = { height: 46, line: 15, radius: 8, padding: 14 };
const gap = { row: 36, column: 28 };
const frame = { padding: 16, title: 22 };
const margin = 4;

/** Text cut to what a box has room for. */
export const shortened = (text: string, most = 32): string =>
  text.length > most ? `${text.slice(0, most - 1)}…` : text;

/** About how wide text is, in pixels, in the sans serif fonts in use: wide enough for the wider ones. */
const textWidth = (text: string, fontSize: number): number => text.length * fontSize * 0.6;
const round = (value: number): number => Math.round(value * 10) / 10;

function widthFor({ title, kind, facts }: DiagramBox): number {
  const firstLine = textWidth(title, 13) * 1.06 + 18 + textWidth(kind, 11.5);
  const longest = Math.max(0, ...facts.map((fact) => textWidth(fact, 11)));
  return Math.max(130, Math.ceil(Math.max(firstLine, longest) + 2 * box.padding));
}

/**
 * Coordinates in a diagram: `cross` runs along its rows and `main` with its arrows, so that both directions are drawn by the
 * same code.
 */
interface Axes {
  readonly isDown: boolean;
  x(cross: number, main: number): number;
  y(cross: number, main: number): number;
}
const axesOf = (direction: 'TB' | 'LR'): Axes =>
  direction === 'TB'
    ? { isDown: true, x: (cross) => cross, y: (_, main) => main }
    : { isDown: false, x: (_, main) => main, y: (cross) => cross };

/** Boxes laid out: their size, and how they are drawn at a place. */
interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Where arrows enter and leave, along the row, from its start. */
  readonly entries: readonly number[];
  readonly exits: readonly number[];
  draw(x: number, y: number): string;
}

/** The picture. */
export function drawBoxes(boxes: readonly DiagramBox[], options: DiagramOptions): string {
  const { label, direction = 'TB', isColumn = false } = options;
  const drawing = drawGraph(boxes, axesOf(direction), isColumn, null);
  const width = Math.ceil(drawing.width + 2 * margin);
  const height = Math.ceil(drawing.height + 2 * margin);
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
    drawing.draw(margin, margin),
  );
}

/** @param outputs the boxes at whose ends the arrows out stand; those that feed no other, at the outside, where null */
function drawGraph(
  boxes: readonly DiagramBox[],
  axes: Axes,
  isColumn: boolean,
  outputs: readonly string[] | null,
): Drawing {
  const widest = isColumn && axes.isDown ? Math.max(200, ...boxes.filter(({ inside }) => !inside).map(widthFor)) : 0;
  const drawings = new Map(boxes.map((each) => [each.id, drawingOf(each, axes, Math.max(widest, widthFor(each)))]));
  const cross = ({ width, height }: Drawing) => (axes.isDown ? width : height);
  const main = ({ width, height }: Drawing) => (axes.isDown ? height : width);
  const layout = layeredLayout(
    boxes.map(({ id, inbound }) => ({ id, inbound: inbound.map((from) => from.id), width: cross(drawings.get(id)!) })),
    gap.column,
  );
  const isInner = outputs !== null;
  const ends = outputs ?? boxes.map(({ id }) => id).filter((id) => !layout.routes.some(({ from }) => from === id));
  const labelled = boxes.filter(({ flow }) => flow !== '');
  // To the right, what flows stands above its arrow, which has to be long enough.
  const longestFlow = axes.isDown ? 0 : Math.max(0, ...labelled.map(({ flow }) => textWidth(flow, 11) + 14));
  const rowGap = Math.max(gap.row, longestFlow);
  const sizes = Array.from({ length: layout.rows }, () => 0);
  for (const [id, { row }] of layout.places) sizes[row] = Math.max(sizes[row], main(drawings.get(id)!));
  const starts = sizes.reduce<number[]>((all, size, i) => [...all, all[i] + size + rowGap], [isInner ? rowGap / 2 : 0]);
  const rowEnd = (row: number) => starts[row] + sizes[row];
  // What flows out of a frame's last box is written inside of the frame.
  const flowRoom = labelled.length > 0 ? Math.max(30, longestFlow) : frame.padding;
  const outwards = isInner ? flowRoom : Math.max(30, longestFlow);
  const length = layout.rows === 0 ? 0 : rowEnd(layout.rows - 1) + outwards;
  const labelRoom = axes.isDown
    ? labelled.map(({ id, flow }) => layout.places.get(id)!.x + 10 + textWidth(flow, 11) - layout.width)
    : [];
  const breadth = layout.width + Math.max(0, ...labelRoom);
  const startOf = (id: string) => layout.places.get(id)!.x - cross(drawings.get(id)!) / 2;
  const bottomOf = (id: string) => starts[layout.places.get(id)!.row] + main(drawings.get(id)!);
  const exitsOf = (id: string) => drawings.get(id)!.exits.map((offset) => startOf(id) + offset);
  const entriesOf = (id: string) => drawings.get(id)!.entries.map((offset) => startOf(id) + offset);
  const sources = boxes.flatMap(({ inbound }) => inbound);
  const isRoot = ({ inbound }: DiagramBox) => inbound.length === 0;

  return {
    width: axes.isDown ? breadth : length,
    height: axes.isDown ? length : breadth,
    entries: boxes.filter(isRoot).flatMap(({ id }) => entriesOf(id)),
    exits: ends.flatMap(exitsOf),
    draw(x, y) {
      const [crossAt, mainAt] = axes.isDown ? [x, y] : [y, x];
      const line = (points: readonly Point[], isArrow: boolean) =>
        arrow(
          points.map(([c, m]) => [c + crossAt, m + mainAt]),
          axes,
          isArrow,
        );
      const pick = (places: readonly number[], i = 0) => places[i] ?? places[0];
      const routes = layout.routes.map(({ from, to, via }, i) => {
        const { output, input } = sources[i];
        const [start, end] = [pick(exitsOf(from), output), pick(entriesOf(to), input)];
        return line(waypoints(via, start, bottomOf(from), end, starts, rowEnd), true);
      });
      const entering = isInner
        ? boxes.filter(isRoot).flatMap(({ id }) =>
            entriesOf(id).map((at) =>
              line(
                [
                  [at, 0],
                  [at, starts[layout.places.get(id)!.row] - 1],
                ],
                true,
              ),
            ),
          )
        : [];
      const leaving = ends.flatMap((id) =>
        exitsOf(id).map((at) =>
          line(
            [
              [at, bottomOf(id)],
              [at, isInner ? length : bottomOf(id) + outwards - 5],
            ],
            !isInner,
          ),
        ),
      );
      const flows = labelled.map(({ id, flow }) => {
        const at = exitsOf(id)[0];
        const [textX, textY] = axes.isDown
          ? [crossAt + at + 10, mainAt + bottomOf(id) + 20]
          : [mainAt + bottomOf(id) + 7, crossAt + at - 7];
        return textElement({ x: textX, y: textY, 'font-size': 11, fill: neutralText }, flow);
      });
      const drawn = boxes.map(({ id }) => {
        const [c, m] = [crossAt + startOf(id), mainAt + starts[layout.places.get(id)!.row]];
        return drawings.get(id)!.draw(axes.x(c, m), axes.y(c, m));
      });
      return [...routes, ...entering, ...leaving, ...flows, ...drawn].join('');
    },
  };
}

/** A single box, or a frame with its boxes inside. */
function drawingOf(each: DiagramBox, axes: Axes, width: number): Drawing {
  if (each.inside) return drawFrame(each, each.inside, axes);
  const height = box.height + box.line * Math.max(0, each.facts.length - 1);
  const middle = (axes.isDown ? width : height) / 2;
  return { width, height, entries: [middle], exits: [middle], draw: (x, y) => drawBox(each, x, y, width, height) };
}

function drawFrame(each: DiagramBox, inside: readonly DiagramBox[], axes: Axes): Drawing {
  const fed = new Set(inside.flatMap(({ inbound }) => inbound.map(({ id }) => id)));
  const outputs = each.outputs ?? inside.map(({ id }) => id).filter((id) => !fed.has(id));
  const isChain = inside.slice(1).every(({ inbound }, i) => inbound.length === 1 && inbound[0].id === inside[i].id);
  const inner = drawGraph(inside, axes, isChain, outputs);
  const heading = textWidth(`${each.title}  ${each.kind}`, 12) + 2 * frame.padding;
  // Along the row there is room on both sides; with the arrows the lines run up to the frame itself.
  const [padX, padY] = axes.isDown ? [frame.padding, 0] : [0, frame.padding];
  const width = Math.max(inner.width + 2 * padX, heading);
  const height = inner.height + 2 * padY + frame.title;
  const innerX = axes.isDown ? (width - inner.width) / 2 : padX;
  const shift = axes.isDown ? innerX : padY + frame.title;
  return {
    width,
    height,
    entries: inner.entries.map((at) => at + shift),
    exits: inner.exits.map((at) => at + shift),
    draw: (x, y) =>
      element(
        'g',
        {},
        element('title', {}, escapeMarkup(each.tooltip)),
        element('rect', {
          ...{ x, y, width, height, rx: box.radius + 2, fill: each.color, 'fill-opacity': 0.09 },
          ...{ stroke: each.color, 'stroke-dasharray': '5 4', class: 'frame' },
        }),
        // To the side of the middle, where the arrow enters.
        textElement({ x: x + 12, y: y + 17, 'font-size': 12, 'font-weight': 600, fill: neutralTitle }, each.title),
        textElement(
          { x: x + width - 12, y: y + 17, 'font-size': 11, 'text-anchor': 'end', fill: neutralText },
          each.kind,
        ),
        // An arrow that comes from above crosses the line of the title.
        axes.isDown
          ? inner.entries
              .map((at) => element('path', { d: `M${round(x + shift + at)} ${round(y)}v${frame.title}`, ...stroke }))
              .join('')
          : '',
        inner.draw(x + innerX, y + padY + frame.title),
      ),
  };
}

function drawBox(
  { title, kind, facts, tooltip, color }: DiagramBox,
  x: number,
  y: number,
  width: number,
  height: number,
): string {
  // With nothing to say below, the first line stands in the middle.
  const baseline = y + (facts.length > 0 ? 20 : 28);
  const white = { fill: '#ffffff' };
  return element(
    'g',
    {},
    element('title', {}, escapeMarkup(tooltip)),
    element('rect', { x, y, width, height, rx: box.radius, fill: color }),
    textElement({ x: x + box.padding, y: baseline, 'font-size': 13, 'font-weight': 600, ...white }, title),
    textElement(
      {
        ...{ x: x + width - box.padding, y: baseline, 'text-anchor': 'end', 'font-size': 11.5 },
        ...white,
        'fill-opacity': 0.82,
      },
      kind,
    ),
    ...facts.map((fact, i) =>
      textElement(
        { x: x + box.padding, y: y + 36 + i * box.line, 'font-size': 11, ...white, 'fill-opacity': 0.86 },
        fact,
      ),
    ),
  );
}

const stroke = { fill: 'none', stroke: neutralText, 'stroke-width': 1.5 };

type Point = readonly [cross: number, main: number];

/** The places that an arrow passes: out of a box to the end of its row, by the bends between, to the row of the other. */
function waypoints(
  via: readonly Place[],
  start: number,
  bottom: number,
  end: number,
  starts: readonly number[],
  rowEnd: (row: number) => number,
): Point[] {
  return via.flatMap(({ x, row }, i): Point[] => {
    if (i === 0) {
      const own: Point = [start, rowEnd(row)];
      return bottom < rowEnd(row) ? [[start, bottom], own] : [own];
    }
    if (i === via.length - 1) return [[end, starts[row] - 1]];
    // A bend is passed straight on, beside the boxes of its row.
    return [
      [x, starts[row]],
      [x, rowEnd(row)],
    ];
  });
}

/** A line through points, straight where it keeps its place along the rows and curved where not, with a head at its end. */
function arrow(points: readonly Point[], axes: Axes, hasHead: boolean): string {
  const at = (cross: number, main: number) => `${round(axes.x(cross, main))} ${round(axes.y(cross, main))}`;
  const [tipCross, tip] = points[points.length - 1];
  // The head's own tip is drawn; the line ends just before it.
  const shown = hasHead ? [...points.slice(0, -1), [tipCross, tip - 4] as const] : points;
  const path = shown.slice(1).map(([cross, main], i) => {
    const [fromCross, fromMain] = shown[i];
    const middle = (fromMain + main) / 2;
    return cross === fromCross
      ? `L${at(cross, main)}`
      : `C${at(fromCross, middle)} ${at(cross, middle)} ${at(cross, main)}`;
  });
  const line = element('path', { d: `M${at(shown[0][0], shown[0][1])}${path.join('')}`, ...stroke });
  if (!hasHead) return line;
  const head = `M${at(tipCross - 4.5, tip - 6.5)}L${at(tipCross, tip)}L${at(tipCross + 4.5, tip - 6.5)}`;
  return line + element('path', { d: head, ...stroke, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' });
}
