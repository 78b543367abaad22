/**
 * @file A figure of Plotly's as a chart in Vega-Lite, which can be drawn without a browser: scatters, lines, areas, bars, histograms,
 * boxes, heat maps, pies. It is a still picture of the data and of the main settings, for places that do not know Plotly.
 */

/** An object of a figure: a trace, the layout, an axis. Figures were JSON when they came here. */
export type Settings = Readonly<Record<string, unknown>>;
type Row = Readonly<Record<string, unknown>>;
type Chart = Record<string, unknown>;

/** Plotly's own colours, for traces that name none. */
const colorway = [
  ...['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd'],
  ...['#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'],
];

/** Figures of more points have no picture: it would take long, and be large. */
const mostPoints = 20_000;

/** Traces by their kind as layers of a chart; a figure with any other kind has no picture. */
const layers: Readonly<Record<string, (trace: Trace, chart: Axes) => Chart[]>> = {
  scatter: scatterLayers,
  scattergl: scatterLayers,
  histogram: histogramLayers,
  box: boxLayers,
  heatmap: heatmapLayers,
};

/** A trace with what the figure makes of it. */
interface Trace {
  readonly settings: Settings;
  readonly kind: string;
  readonly name: string;
  readonly color: string;
  readonly rows: readonly Row[];
}

/** Encodings that all layers share. */
interface Axes {
  readonly x: Chart;
  readonly y: Chart;
  readonly color: Chart;
  readonly isOverlaid: boolean;
}

/** The chart of a figure; undefined where it has something that is not drawn here. */
export function chartOf(data: readonly unknown[], layout: Settings): Chart | undefined {
  const shown = data.map(settings).filter(({ visible }) => visible === undefined || visible === true);
  const colors = listOf(layout.colorway) ?? listOf(settings(settings(layout.template).layout).colorway) ?? colorway;
  const traces = shown.map((trace, i) => traceOf(trace, i, String(colors[i % colors.length])));
  if (traces.length === 0 || !traces.every((trace) => isDrawn(trace, traces.length))) return undefined;
  if (traces.reduce((sum, { rows }) => sum + rows.length, 0) > mostPoints) return undefined;
  if (new Set(traces.filter(isBox).map(isLying)).size > 1) return undefined;
  const title = words(layout.title);
  const frame = {
    ...(title !== '' && { title }),
    width: size(layout.width, 480, 140),
    height: size(layout.height, 300, 120),
  };
  if (traces[0].kind === 'pie') return { ...frame, ...pie(traces[0], layout) };
  const axes = axesOf(traces, layout);
  const bars = traces.filter(({ kind }) => kind === 'bar');
  return {
    ...frame,
    layer: [
      ...(bars.length > 0 ? [barLayer(bars, axes, layout)] : []),
      ...traces.filter(({ kind }) => kind !== 'bar').flatMap((trace) => layers[trace.kind](trace, axes)),
    ],
  };
}

const isBox = ({ kind }: Trace): boolean => kind === 'box';

const isLying = ({ settings: { orientation, y } }: Trace): boolean => orientation === 'h' || y === undefined;

function isDrawn({ kind, rows, settings: { xaxis = 'x', yaxis = 'y', mode } }: Trace, count: number): boolean {
  const wanted =
    kind === 'pie' ? ['value'] : kind === 'heatmap' ? ['z'] : kind === 'scatter' || kind === 'bar' ? ['x', 'y'] : [];
  if (!rows.some((row) => wanted.every((name) => row[name] != null))) return false;
  if (kind === 'pie') return count === 1;
  const isKnown = kind === 'bar' || Object.hasOwn(layers, kind);
  return isKnown && xaxis === 'x' && yaxis === 'y' && mode !== 'text' && mode !== 'none';
}

function traceOf(trace: Settings, i: number, color: string): Trace {
  const own = [settings(trace.marker).color, settings(trace.line).color].find((each) => typeof each === 'string');
  return {
    settings: trace,
    kind: typeof trace.type === 'string' ? trace.type : 'scatter',
    name: words(trace.name) || `trace ${i}`,
    color: typeof own === 'string' ? own : color,
    rows: rowsOf(trace),
  };
}

/** The points of a trace; of a heat map its cells. */
function rowsOf(trace: Settings): Row[] {
  if (trace.type === 'heatmap') {
    const [columns, places] = [listOf(trace.x), listOf(trace.y)];
    const lines = (listOf(trace.z) ?? []).map((line) => listOf(line) ?? []);
    return lines.flatMap((line, r) => line.map((z, c) => ({ x: columns?.[c] ?? c, y: places?.[r] ?? r, z })));
  }
  const marker = settings(trace.marker);
  const sources = { x: trace.x, y: trace.y, label: trace.labels, value: trace.values, c: marker.color, s: marker.size };
  const lists = Object.entries(sources).flatMap(([key, value]) => {
    const list = listOf(value);
    return list ? [[key, list] as const] : [];
  });
  const length = Math.max(0, ...lists.map(([, list]) => list.length));
  const isHorizontal = trace.orientation === 'h';
  const isPlaced = trace.type !== 'box' && trace.type !== 'histogram';
  return Array.from({ length }, (_, i) => ({
    i,
    // Where one coordinate is left out, Plotly counts.
    ...(trace.x === undefined && !isHorizontal && isPlaced && { x: i }),
    ...(trace.y === undefined && isHorizontal && isPlaced && { y: i }),
    ...Object.fromEntries(lists.map(([key, list]) => [key, list[i]])),
  }));
}

function axesOf(traces: readonly Trace[], layout: Settings): Axes {
  const names = traces.map(({ name }) => name);
  const hasLegend = layout.showlegend === undefined ? traces.length > 1 : layout.showlegend === true;
  return {
    x: axis('x', traces, settings(layout.xaxis)),
    y: axis('y', traces, settings(layout.yaxis)),
    color: {
      type: 'nominal',
      title: null,
      scale: { domain: names, range: traces.map(({ color }) => color) },
      legend: hasLegend ? {} : null,
    },
    isOverlaid: traces.length > 1,
  };
}

/** The encoding of an axis: its type by what the layout says, else by the values. */
function axis(name: 'x' | 'y', traces: readonly Trace[], layout: Settings): Chart {
  const values = traces.flatMap(({ rows }) => rows.map((row) => row[name])).filter((value) => value != null);
  const types: Readonly<Record<string, string>> = {
    linear: 'quantitative',
    log: 'quantitative',
    date: 'temporal',
    category: 'nominal',
  };
  const found = types[String(layout.type)] ?? typeOf(values);
  // Bars and cells stand side by side, whatever their place is called; of bars it is the axis that they do not measure.
  const measured = (trace: Trace) => (trace.settings.orientation === 'h' ? 'x' : 'y');
  const isBanded = traces.some(
    (trace) => trace.kind === 'heatmap' || (trace.kind === 'bar' && measured(trace) !== name),
  );
  const type = isBanded && found !== 'nominal' ? 'ordinal' : found;
  const title = words(layout.title);
  const isDiscrete = type === 'nominal' || type === 'ordinal';
  const isReversed = layout.autorange === 'reversed';
  const order = isDiscrete ? [...new Set(values)] : [];
  if (type === 'ordinal') order.sort((a, b) => (a as number) - (b as number) || (String(a) < String(b) ? -1 : 1));
  // Vega-Lite's discrete axes run down, Plotly's up.
  if (isDiscrete && (name === 'y') !== isReversed) order.reverse();
  return {
    field: name,
    type,
    title: title === '' ? null : title,
    ...(isDiscrete
      ? { sort: order, ...(name === 'x' && order.length <= 12 && { axis: { labelAngle: 0 } }) }
      : {
          scale: {
            ...(layout.type === 'log' ? { type: 'log' } : {}),
            ...(isReversed && { reverse: true }),
            ...domainOf(layout),
            // A logarithmic axis has no zero.
            ...(found === 'quantitative' &&
              layout.type !== 'log' && { zero: layout.rangemode === 'tozero' || traces.some(beginsAtZero) }),
          },
        }),
  };
}

const beginsAtZero = ({ kind, settings: { fill } }: Trace): boolean =>
  kind === 'bar' || kind === 'histogram' || fill === 'tozeroy';

/** Plotly gives ranges of logarithmic axes as exponents. */
function domainOf({ range, type }: Settings): Chart {
  const ends = listOf(range);
  if (ends?.length !== 2 || ends.includes(null)) return {};
  return { domain: type === 'log' ? ends.map((end) => 10 ** Number(end)) : ends };
}

function typeOf(values: readonly unknown[]): string {
  if (values.every((value) => typeof value === 'number')) return 'quantitative';
  const isDate = (value: unknown): boolean =>
    typeof value === 'string' && /^\d{4}-\d\d(?:-\d\d)?(?:[ T]|$)/.test(value);
  return values.every(isDate) ? 'temporal' : 'nominal';
}

const dashes: Readonly<Record<string, readonly number[]>> = {
  dash: [8, 4],
  dot: [2, 3],
  dashdot: [8, 3, 2, 3],
  longdash: [12, 5],
};
const shapes: Readonly<Record<string, string>> = {
  spline: 'monotone',
  hv: 'step-after',
  vh: 'step-before',
  hvh: 'step',
};

function scatterLayers({ settings: trace, name, rows }: Trace, { x, y, color }: Axes): Chart[] {
  const usual = rows.length < 20 ? 'lines+markers' : 'lines';
  const mode = typeof trace.mode === 'string' ? trace.mode : usual;
  const [line, marker] = [settings(trace.line), settings(trace.marker)];
  const shape = { interpolate: shapes[String(line.shape)] ?? 'linear' };
  const data = { values: rows };
  const encoding = { x, y, color: { ...color, datum: name }, order: { field: 'i', type: 'quantitative' } };
  const dash = dashes[String(line.dash)];
  const width = typeof line.width === 'number' ? { strokeWidth: line.width } : {};
  const colors = listOf(marker.color);
  return [
    ...(typeof trace.fill === 'string' && trace.fill !== 'none'
      ? [{ data, mark: { type: 'area', opacity: 0.3, ...shape }, encoding: { x, y, color: encoding.color } }]
      : []),
    ...(mode.includes('lines')
      ? [{ data, mark: { type: 'line', ...shape, ...(dash && { strokeDash: dash }), ...width }, encoding }]
      : []),
    ...(mode.includes('markers')
      ? [
          {
            data,
            mark: {
              type: 'point',
              filled: true,
              opacity: typeof marker.opacity === 'number' ? marker.opacity : 0.85,
              ...(typeof marker.size === 'number' && { size: circle(marker.size) }),
            },
            encoding: {
              x,
              y,
              color: colors ? byValue(colors) : encoding.color,
              ...(Array.isArray(marker.size) && {
                size: { field: 'area', type: 'quantitative', scale: null, legend: null },
              }),
            },
            transform: [{ calculate: `${Math.PI / 4} * datum.s * datum.s`, as: 'area' }],
          },
        ]
      : []),
  ];
}

/** Plotly says how wide a marker is, Vega-Lite how large. */
const circle = (diameter: number): number => (Math.PI / 4) * diameter ** 2;

/** Colours of markers, one by one: numbers on a scale, or colours as they are. */
const byValue = (colors: readonly unknown[]): Chart =>
  typeOf(colors) === 'quantitative'
    ? { field: 'c', type: 'quantitative', title: null, scale: { scheme: 'viridis' } }
    : { field: 'c', type: 'nominal', scale: null };

/** All bars in one layer, because they make room for each other. */
function barLayer(bars: readonly Trace[], { x, y, color }: Axes, { barmode }: Settings): Chart {
  const isHorizontal = bars[0].settings.orientation === 'h';
  const isStacked = barmode === 'stack' || barmode === 'relative';
  const isGrouped = bars.length > 1 && !isStacked && barmode !== 'overlay';
  const [place, measure] = isHorizontal ? [y, x] : [x, y];
  const value = { ...measure, stack: isStacked ? 'zero' : null };
  const offset = { field: 'trace', type: 'nominal', sort: bars.map(({ name }) => name) };
  // Colours of single bars are those of a trace that is alone.
  const colors = bars.length === 1 ? listOf(settings(bars[0].settings.marker).color) : undefined;
  return {
    data: { values: bars.flatMap(({ rows, name }, order) => rows.map((row) => ({ ...row, trace: name, order }))) },
    mark: { type: 'bar', ...(barmode === 'overlay' && { opacity: 0.7 }) },
    encoding: {
      x: isHorizontal ? value : place,
      y: isHorizontal ? place : value,
      ...(isGrouped && { [isHorizontal ? 'yOffset' : 'xOffset']: offset }),
      color: colors ? byValue(colors) : { ...color, field: 'trace' },
      // The first trace lies at the bottom of a stack.
      ...(isStacked && { order: { field: 'order', type: 'quantitative' } }),
    },
  };
}

function histogramLayers({ settings: trace, name, rows }: Trace, { x, y, color, isOverlaid }: Axes): Chart[] {
  const isHorizontal = trace.x === undefined;
  const { nbinsx, nbinsy } = trace;
  const most = isHorizontal ? nbinsy : nbinsx;
  const binned = (encoding: Chart): Chart =>
    encoding.type === 'quantitative'
      ? { ...encoding, bin: { maxbins: typeof most === 'number' ? most : 30 } }
      : encoding;
  const counted = ({ title }: Chart): Chart => ({ aggregate: 'count', type: 'quantitative', title, stack: null });
  return [
    {
      data: { values: rows },
      mark: { type: 'bar', ...(isOverlaid && { opacity: 0.6 }) },
      encoding: {
        x: isHorizontal ? counted(x) : binned(x),
        y: isHorizontal ? binned(y) : counted(y),
        color: { ...color, datum: name },
      },
    },
  ];
}

function boxLayers(box: Trace, { x, y, color }: Axes): Chart[] {
  const { settings: trace, name, rows } = box;
  const isHorizontal = isLying(box);
  const alone = { datum: name, type: 'nominal', title: null };
  return [
    {
      data: { values: rows },
      // Vega warns of a layer of outliers that has none; without any the whiskers are the same.
      mark: { type: 'boxplot', extent: hasOutliers(rows, isHorizontal ? 'x' : 'y') ? 1.5 : 'min-max', size: 36 },
      encoding: {
        x: isHorizontal || trace.x !== undefined ? x : alone,
        y: !isHorizontal || trace.y !== undefined ? y : alone,
        color: { ...color, datum: name, legend: null },
      },
    },
  ];
}

/** Whether a box has points beyond its whiskers, which are as long as one and a half boxes. */
function hasOutliers(rows: readonly Row[], measure: 'x' | 'y'): boolean {
  const groups = new Map<unknown, number[]>();
  for (const row of rows) {
    const group = row[measure === 'x' ? 'y' : 'x'];
    const value = row[measure];
    if (typeof value !== 'number') continue;
    const values = groups.get(group);
    if (values) values.push(value);
    else groups.set(group, [value]);
  }
  return [...groups.values()].some((values) => {
    const sorted = values.sort((a, b) => a - b);
    const [low, high] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
    const reach = 1.5 * (high - low);
    return sorted[0] < low - reach || sorted[sorted.length - 1] > high + reach;
  });
}

/** Between two values in proportion, as Vega does it. */
function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
}

function heatmapLayers({ rows }: Trace, { x, y }: Axes): Chart[] {
  const color = { field: 'z', type: 'quantitative', title: null, scale: { scheme: 'viridis' } };
  return [{ data: { values: rows }, mark: 'rect', encoding: { x, y, color } }];
}

function pie({ settings: trace, rows }: Trace, layout: Settings): Chart {
  const hole = typeof trace.hole === 'number' ? trace.hole : 0;
  const radius = Math.min(size(layout.width, 480, 140), size(layout.height, 300, 120)) / 2;
  const colors = listOf(settings(trace.marker).colors);
  return {
    data: { values: rows },
    mark: { type: 'arc', outerRadius: radius, innerRadius: radius * hole },
    encoding: {
      theta: { field: 'value', type: 'quantitative' },
      order: { field: 'value', type: 'quantitative', sort: 'descending' },
      color: {
        field: 'label',
        type: 'nominal',
        title: null,
        scale: { domain: rows.map(({ label }) => label), range: colors ?? colorway },
        ...(layout.showlegend === false && { legend: null }),
      },
    },
  };
}

/** The room for the data in a picture of this size. @param rim what axes and titles take */
const size = (whole: unknown, usual: number, rim: number): number =>
  typeof whole === 'number' && whole > 0 ? Math.max(60, whole - rim) : usual;

/** A title or a name without Plotly's markup. */
function words(title: unknown): string {
  const text = typeof title === 'string' ? title : settings(title).text;
  if (typeof text !== 'string') return '';
  return text
    .replace(/<br\s*\/?>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .trim();
}

const settings = (value: unknown): Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Settings) : {};

const listOf = (value: unknown): readonly unknown[] | undefined =>
  Array.isArray(value) ? (value as readonly unknown[]) : undefined;
