/** @file Small line charts, drawn without a library, for views that are redrawn several times a second. */
import { element, textElement } from './markup.ts';
import { formatShort } from './number-text.ts';
import { neutralText, sansSerif } from './palette.ts';

export type Point = readonly [x: number, y: number];

/** A line of a chart. */
export interface Curve {
  readonly points: readonly Point[];
  readonly color: string;
  /** Whether each point is a value of its own, with a mark; else outliers do not stretch the axis and are left out. */
  readonly marks: boolean;
  /** A line in the background. */
  readonly faint?: boolean;
}

export interface LiveChartOptions {
  readonly curves: readonly Curve[];
  /** End of the x axis, which starts at 0. */
  readonly xEnd: number;
  /** What the picture shows, for people who cannot see it. */
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
  /** Whether it is to stand by itself rather than inside of HTML: its text is grey then, as pages lend it no colour. */
  readonly standalone?: boolean;
}

const margin = { top: 8, right: 10, bottom: 20, left: 42 };

/** A chart as an image for HTML. Front ends clean SVG out of notebooks they do not trust, so that only its numbers are left; images stay. */
export function stillChart(options: LiveChartOptions): string {
  const { label, width = 300, height = 150 } = options;
  const source = Buffer.from(liveChart({ ...options, standalone: true })).toString('base64');
  const src = `data:image/svg+xml;base64,${source}`;
  return element('img', { src, width, height, alt: label, style: 'display:block;max-width:100%' });
}

/** A chart as SVG for use inside of HTML: text is in the page's own colour. */
export function liveChart(options: LiveChartOptions): string {
  const { curves, xEnd, label, width = 300, height = 150, standalone = false } = options;
  const ink = standalone
    ? { color: neutralText, text: 1, grid: 0.25 }
    : { color: 'currentColor', text: 0.65, grid: 0.13 };
  const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom };
  const yTicks = niceTicks(yRange(curves), 4);
  const [yLow, yHigh] = [yTicks[0], yTicks[yTicks.length - 1]];
  const x = (value: number) => margin.left + (value / (xEnd || 1)) * inner.width;
  const isShown = (value: number) => value >= yLow && value <= yHigh;
  const y = (value: number) => margin.top + (1 - (value - yLow) / (yHigh - yLow || 1)) * inner.height;

  const tickText = { 'font-size': 10, fill: ink.color, 'fill-opacity': ink.text };
  const grid = yTicks.map(
    (tick) =>
      element('line', {
        x1: margin.left,
        x2: width - margin.right,
        y1: y(tick),
        y2: y(tick),
        stroke: ink.color,
        'stroke-opacity': ink.grid,
      }) + textElement({ x: margin.left - 6, y: y(tick) + 3.5, 'text-anchor': 'end', ...tickText }, formatShort(tick)),
  );
  const xLabels = wholeTicks(xEnd, 6).map((tick) =>
    textElement({ x: x(tick), y: height - 5, 'text-anchor': 'middle', ...tickText }, tick),
  );
  const lines = curves.map((curve) => {
    const points = curve.points.filter(isFinitePoint);
    const shown = curve.marks ? curve.points : curve.points.map(([px, py]): Point => [px, isShown(py) ? py : NaN]);
    const stretches = unbroken(shown).map((stretch) =>
      element('polyline', {
        points: stretch.map(([px, py]) => `${round(x(px))},${round(y(py))}`).join(' '),
        fill: 'none',
        stroke: curve.color,
        'stroke-width': curve.faint ? 1.25 : 1.9,
        'stroke-opacity': curve.faint ? 0.45 : 1,
        'stroke-linejoin': 'round',
        'stroke-linecap': 'round',
      }),
    );
    const marks = curve.marks && points.length <= 25 ? points : [];
    return [
      ...stretches,
      ...marks.map(([px, py]) => element('circle', { cx: x(px), cy: y(py), r: 2.6, fill: curve.color })),
    ].join('');
  });
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
      style: 'display:block;max-width:100%',
    },
    ...grid,
    ...xLabels,
    ...lines,
  );
}

const isFinitePoint = ([, value]: Point): boolean => Number.isFinite(value);

/** A line's parts between points that have no finite value. */
function unbroken(points: readonly Point[]): Point[][] {
  const stretches: Point[][] = [[]];
  for (const point of points) {
    if (isFinitePoint(point)) stretches[stretches.length - 1].push(point);
    else stretches.push([]);
  }
  return stretches.filter(({ length }) => length > 0);
}

/**
 * Least and greatest value to show. Of lines without marks the highest and lowest 3% are left to be cut off, and where marked
 * values show a course of their own, all that lies beyond them: the first steps of a training dwarf what comes later.
 */
function yRange(curves: readonly Curve[]): [number, number] {
  const values: number[] = [];
  const courseShown = curves.some(({ points, marks }) => marks && points.filter(isFinitePoint).length > 1);
  for (const { points, marks } of curves) {
    const finite = points.map(([, value]) => value).filter(Number.isFinite);
    if (!marks && courseShown) continue;
    if (!marks && finite.length > 10) {
      finite.sort((a, b) => a - b);
      const cut = Math.max(1, Math.floor(finite.length * 0.03));
      values.push(finite[cut], finite[finite.length - 1 - cut]);
    } else for (const value of finite) values.push(value);
  }
  if (values.length === 0) return [0, 1];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  if (low < high) return [low, high];
  const half = Math.abs(low) * 0.1 || 0.5;
  return [low - half, high + half];
}

/** Round numbers that enclose a range, about `count` steps apart. */
export function niceTicks([low, high]: readonly [number, number], count: number): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5].find((factor) => factor * power >= raw * 0.999) ?? 10);
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** Whole numbers from 0 to `end`, at most about `count`. */
function wholeTicks(end: number, count: number): number[] {
  const raw = Math.max(1, end / count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw) ?? 10);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
}

const round = (value: number): number => Math.round(value * 10) / 10;
