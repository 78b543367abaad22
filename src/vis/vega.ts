/** @file Vega and Vega-Lite specifications as pictures: drawn by the front end where it can, else as a ready-made SVG. */
import { createHash } from 'node:crypto';
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { escapeMarkup } from './markup.ts';
import { svgToPNG } from './png.ts';
import { neutralText, neutralTitle, sansSerif, series, amounts } from './palette.ts';

/** A Vega or Vega-Lite specification; `$schema` says which. */
export type VegaSpecification = Readonly<Record<string, unknown>>;

/**
 * Front ends know Vega-Lite by its version 5 (JupyterLab 4.6, Notebook 7, VS Code: their renderers list v3 to v5), and
 * the charts made here are the same in 5 and 6.
 */
const vegaLiteMimeType = 'application/vnd.vegalite.v5+json';
const vegaMimeType = 'application/vnd.vega.v5+json';
export const vegaLiteSchema = 'https://vega.github.io/schema/vega-lite/v5.json';
const vegaSchema = 'https://vega.github.io/schema/vega/v5.json';

/** The look of all charts: no frame, faint grid, grey text that reads on light and dark pages, our palette. */
const look = {
  background: 'transparent',
  font: sansSerif,
  view: { stroke: 'transparent', continuousWidth: 420, continuousHeight: 260 },
  title: {
    ...{ color: neutralTitle, fontSize: 14, fontWeight: 600, anchor: 'start', frame: 'group', offset: 12 },
    subtitleColor: neutralText,
  },
  axis: {
    domain: false,
    ticks: false,
    grid: true,
    gridColor: '#888888',
    gridOpacity: 0.22,
    labelColor: neutralText,
    labelFontSize: 11,
    labelPadding: 6,
    titleColor: neutralTitle,
    titleFontSize: 12,
    titleFontWeight: 500,
    titlePadding: 10,
  },
  axisX: { grid: false, domain: true, domainColor: '#888888', domainOpacity: 0.5, labelFlush: false },
  legend: {
    labelColor: neutralText,
    titleColor: neutralTitle,
    labelFontSize: 11,
    titleFontSize: 11,
    titleFontWeight: 500,
    symbolStrokeWidth: 2.5,
  },
  header: { labelColor: neutralTitle, titleColor: neutralTitle, labelFontSize: 12, labelFontWeight: 600 },
  range: { category: [...series], heatmap: [...amounts], ramp: [...amounts] },
  mark: { color: series[0] },
  line: { strokeWidth: 2.25, strokeCap: 'round', strokeJoin: 'round' },
  point: { filled: true, size: 46, opacity: 0.8 },
  bar: { cornerRadiusEnd: 2 },
  rect: { strokeWidth: 0 },
};

/** Longer SVGs (a scatter of many points) make notebooks heavy and pages slow; a PNG stands in for them. */
const largestSVG = 1_000_000;

/** Of more data than this, in characters of JSON, only the picture is kept: a notebook would hold every point of it twice. */
const largestSpecification = 4_000_000;

/** A chart: its specification, and the same as SVG and PNG. */
export class Plot implements Displayable {
  private drawing: Promise<string> | undefined;
  readonly spec: VegaSpecification;
  private readonly text: string;

  constructor(spec: VegaSpecification, text?: string) {
    this.spec = spec;
    this.text = text ?? describe(spec);
  }

  /** Draws the chart here, as SVG source with a transparent background. */
  async toSVG(): Promise<string> {
    this.drawing ??= drawSVG(this.spec, this.text);
    return this.drawing;
  }

  /**
   * Draws the chart here, as the bytes of a PNG file.
   *
   * @param options `scale`: pixels a CSS pixel, 2 by default, for sharp screens; `background`: a CSS colour behind the chart, none
   *   by default
   */
  async toPNG(options: { scale?: number; background?: string } = {}): Promise<Uint8Array> {
    const { scale = 2, background } = options;
    return svgToPNG(await this.toSVG(), { scale, background });
  }

  toString(): string {
    return this.text;
  }

  async [displaySymbol](): Promise<MimeBundle> {
    const isVega = grammarOf(this.spec) === 'vega';
    const type = isVega ? vegaMimeType : vegaLiteMimeType;
    // A front end warns of a version that is not its own.
    const spec = { ...this.spec, $schema: isVega ? vegaSchema : vegaLiteSchema };
    const svg = await this.toSVG();
    const picture: MimeBundle =
      svg.length <= largestSVG
        ? { 'image/svg+xml': svg }
        : { 'image/png': Buffer.from(await this.toPNG()).toString('base64') };
    const isLarge = JSON.stringify(this.spec).length > largestSpecification;
    return { ...(!isLarge && { [type]: spec }), ...picture, 'text/plain': this.text };
  }
}

/**
 * A Vega or Vega-Lite specification as a plot. What it leaves out of the looks is filled in from the runtime's own.
 *
 * @throws ArgumentError where `$schema` names neither grammar
 * @example
 * tf.vis.vega({
 *   $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
 *   data: { values: [{ x: 1, y: 2 }, { x: 2, y: 5 }] },
 *   mark: 'bar',
 *   encoding: { x: { field: 'x', type: 'ordinal' }, y: { field: 'y', type: 'quantitative' } },
 * })
 */
export function vega(spec: VegaSpecification): Plot {
  if (typeof spec !== 'object' || spec === null)
    throw new ArgumentError(`tf.vis.vega expects a specification object, got ${spec === null ? 'null' : typeof spec}.`);
  grammarOf(spec);
  return new Plot(grammarOf(spec) === 'vega' ? spec : { ...spec, config: merge(look, spec.config ?? {}) });
}

/** A chart of our own: Vega-Lite with the runtime's look. */
export const chart = (spec: VegaSpecification, text?: string): Plot =>
  new Plot({ $schema: vegaLiteSchema, ...spec, config: merge(look, spec.config ?? {}) }, text);

function grammarOf(spec: VegaSpecification): 'vega' | 'vega-lite' {
  const grammar = /\/schema\/(vega|vega-lite)\/v/.exec(String(spec.$schema))?.[1];
  if (!grammar)
    throw new ArgumentError(
      `tf.vis.vega: $schema must name Vega or Vega-Lite (https://vega.github.io/schema/vega-lite/v6.json), got ${String(spec.$schema)}.`,
    );
  return grammar as 'vega' | 'vega-lite';
}

async function drawSVG(spec: VegaSpecification, label: string): Promise<string> {
  // Loaded on the first plot: the two take 0.2 s, which no cell without a plot should pay.
  const { View, Warn, parse } = await import('vega');
  let drawable: unknown = spec;
  if (grammarOf(spec) === 'vega-lite') {
    const { compile } = await import('vega-lite');
    // The version is a hint to front ends; compile would warn about any but its own.
    // Without `aria` each mark of an SVG would carry its data as words, most of the file; the picture has one label.
    const versionless = { ...spec, $schema: undefined, config: merge(spec.config ?? {}, { aria: false }) };
    drawable = compile(versionless as unknown as Parameters<typeof compile>[0]).spec;
  }
  const view = new View(parse(drawable as Parameters<typeof parse>[0]), { renderer: 'none', logLevel: Warn });
  try {
    return slimmed(await view.toSVG(), label);
  } finally {
    view.finalize();
  }
}

/**
 * Vega's SVG without the decimals that no eye sees, with its font said once, with a label, and with names of its own for
 * clips and gradients: they would clash with another plot's where pages hold several SVGs inline (nbconvert).
 */
function slimmed(svg: string, label: string): string {
  const font = ` font-family="${sansSerif}"`;
  const names = createHash('sha256').update(svg).digest('hex').slice(0, 8);
  return svg
    .replaceAll(font, '')
    .replace(/( id="|url\(#)(?=(?:clip|gradient|pattern)_?\d)/g, `$1p${names}-`)
    .replace(/ (?:d|transform|opacity)="[^"]*"/g, (attribute) =>
      attribute.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (number) => String(Math.round(Number(number) * 100) / 100)),
    )
    .replace('<svg ', `<svg${font} role="img" aria-label="${escapeMarkup(label.split('\n')[0])}" `);
}

/** Objects merged deeply; the second wins. */
function merge(base: object, over: object): Record<string, unknown> {
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isPlain(below) && isPlain(value) ? merge(below, value) : value;
  }
  return result;
}
const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function describe(spec: VegaSpecification): string {
  const title = typeof spec.title === 'string' ? spec.title : (spec.title as { text?: unknown } | undefined)?.text;
  const grammar = grammarOf(spec) === 'vega' ? 'Vega' : 'Vega-Lite';
  return typeof title === 'string' ? `${grammar} plot: ${title}` : `${grammar} plot`;
}
