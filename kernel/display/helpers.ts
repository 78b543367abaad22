/** @file How each of `display`'s helpers turns its argument into a bundle. */
import type { FormattedValue } from './contract.ts';
import type {
  Display,
  FileDisplayOptions,
  FrameDisplayOptions,
  ImageDisplayOptions,
  JsonDisplayOptions,
  TableDisplayOptions,
} from './display-types.ts';
import { encoded } from './format-object.ts';
import { type Formatting, formatAsSoonAsPossible, formatFully } from './format-value.ts';
import { asJson } from './json.ts';
import { plotlyBundle } from './kinds/plotly.ts';
import { geoJsonBundle } from './kinds/specifications.ts';
import { usual } from './limits.ts';
import { escapeMarkup, grouped, wellFormed } from './markup.ts';
import { askedMedia, downloadLink } from './media/sources.ts';
import { plainText } from './plain-text.ts';
import { libraryTable } from './table/library-tables.ts';
import { asTable } from './table/plain-tables.ts';
import { showTable } from './table/show-table.ts';

/** Helpers that show one value; each refuses what it cannot show by a TypeError. */
export const helpers = {
  full: (value: unknown) => formatFully(value),
  table: (value: unknown, options: TableDisplayOptions) => {
    const data = typeof value === 'object' && value !== null ? (libraryTable(value) ?? asTable(value)) : undefined;
    if (!data)
      throw new TypeError(
        `display.table expects rows: records [{a: 1}, ...], lists [[1, 2], ...], columns {a: [1, ...]}, a Map or a data frame; got ${plainText(value).slice(0, 200)}.`,
      );
    return bundle(showTable(data, usual, options));
  },
  html: textual('text/html', 'HTML'),
  markdown: textual('text/markdown', 'Markdown', (source) => source),
  latex: textual('text/latex', 'LaTeX', (source) => source),
  mermaid: textual('text/vnd.mermaid', 'Mermaid', (source) => source),
  svg: textual('image/svg+xml', 'SVG image'),
  png: image('image/png'),
  jpeg: image('image/jpeg'),
  image: (source: unknown, options: ImageDisplayOptions) => askedMedia(source, 'image', options),
  audio: (source: unknown, options: ImageDisplayOptions) => askedMedia(source, 'audio', options),
  video: (source: unknown, options: ImageDisplayOptions) => askedMedia(source, 'video', options),
  iframe: frame,
  file: (source: unknown, options: FileDisplayOptions) => downloadLink(source, options),
  json: (value: unknown, { expanded }: JsonDisplayOptions = {}) =>
    bundle(
      { 'application/json': json(value), 'text/plain': plainText(value) },
      expanded === undefined ? {} : { 'application/json': { expanded } },
    ),
  geoJson: (value: unknown) => {
    if (typeof (value as { type?: unknown } | null)?.type !== 'string')
      throw new TypeError(
        `display.geoJson expects an object of GeoJSON, {type: 'Feature', ...}, got ${plainText(value)}.`,
      );
    return bundle(geoJsonBundle(value as object));
  },
  vegaLite: (spec: unknown) => {
    if (typeof spec !== 'object' || spec === null)
      throw new TypeError(`display.vegaLite expects a specification object, got ${plainText(spec)}.`);
    return formatAsSoonAsPossible({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', ...spec });
  },
  plotly: (figure: unknown) => {
    if (!Array.isArray((figure as { data?: unknown } | null)?.data))
      throw new TypeError(`display.plotly expects a figure {data: [...], layout: {...}}, got ${plainText(figure)}.`);
    return plotlyBundle(figure as object).then((data) => bundle(data));
  },
  text: (value: unknown) => bundle({ 'text/plain': wellFormed(String(value)) }),
} satisfies Record<Exclude<keyof Display, 'progress'>, (value: unknown, options: never) => Formatting>;

/** A bundle that a user made. @throws TypeError for what is none */
export function rawBundle(value: unknown): FormattedValue {
  if (typeof value !== 'object' || value === null || !Object.keys(value).some((key) => key.includes('/')))
    throw new TypeError(
      `display with {raw: true} expects data by MIME type, {'text/html': ...}, got ${plainText(value)}.`,
    );
  const data = Object.entries(value).filter(([, content]) => content !== undefined);
  return bundle({ 'text/plain': Object.keys(value).join(', '), ...Object.fromEntries(data.map(encoded)) });
}

const bundle = (data: Record<string, unknown>, metadata: Record<string, unknown> = {}): FormattedValue => ({
  data,
  metadata,
});

function textual(type: string, name: string, plain?: (source: string) => string) {
  return (source: unknown): FormattedValue => {
    if (typeof source !== 'string') throw new TypeError(`display: ${name} must be a string, got ${plainText(source)}.`);
    return bundle({
      [type]: wellFormed(source),
      'text/plain': plain ? plain(wellFormed(source)) : `<${name}, ${grouped(source.length)} characters>`,
    });
  };
}

function image(type: string) {
  return (source: unknown, { width, height, alt }: ImageDisplayOptions = {}): FormattedValue => {
    if (!(source instanceof Uint8Array) && typeof source !== 'string')
      throw new TypeError(`display: ${type} must be bytes or a base64 string, got ${plainText(source)}.`);
    const base64 = typeof source === 'string' ? source : Buffer.from(source).toString('base64');
    const shown = {
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...(alt !== undefined && { alt }),
    };
    const metadata = Object.keys(shown).length === 0 ? {} : { [type]: shown };
    return bundle({ [type]: base64, 'text/plain': alt === undefined ? `<${type}>` : `<${type}: ${alt}>` }, metadata);
  };
}

function frame(url: unknown, { width = '100%', height = 400 }: FrameDisplayOptions = {}): FormattedValue {
  const text = url instanceof URL ? url.href : url;
  if (typeof text !== 'string' || /^\s*(javascript|vbscript):/i.test(text))
    throw new TypeError(`display.iframe expects the URL of a page, got ${plainText(url)}.`);
  const source = escapeMarkup(text);
  return bundle({
    'text/html':
      `<iframe src="${source}" width="${escapeMarkup(String(width))}" height="${escapeMarkup(String(height))}" ` +
      `style="border:0" allowfullscreen></iframe>`,
    'text/plain': `frame: ${text}`,
  });
}

function json(value: unknown): unknown {
  try {
    return asJson(value);
  } catch (error) {
    throw new TypeError(`display.json expects data that JSON can carry: ${(error as Error).message.split('\n')[0]}`);
  }
}
