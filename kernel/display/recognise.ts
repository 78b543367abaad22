/** @file Kinds of values that have a good picture without a display method of their own. */
import { types } from 'node:util';
import type { MimeBundle } from '../../src/display.ts';
import { element } from './kinds/elements.ts';
import { errorValue } from './kinds/errors.ts';
import { functionValue } from './kinds/functions.ts';
import { linkTo, temporal } from './kinds/moments-and-links.ts';
import { jsxElement } from './kinds/jsx-elements.ts';
import { plotlyFigure } from './kinds/plotly.ts';
import { formula, geoJson, vegaSpecification } from './kinds/specifications.ts';
import type { Limits } from './limits.ts';
import { recognisedMedia } from './media/media.ts';
import { blob, canvas, raster, sharpPipeline } from './media/pictures.ts';
import { bytesOf, hexView } from './numbers/hex-view.ts';
import { numericArray } from './numbers/numeric-array.ts';
import { outlineHtml } from './outline/outline-html.ts';
import { isOpenable, outlineOf } from './outline/outline.ts';
import { plainText } from './plain-text.ts';
import { libraryTable } from './table/library-tables.ts';
import { isPlainRecord, plainTable } from './table/plain-tables.ts';
import { showTable } from './table/show-table.ts';

type Recognised = MimeBundle | undefined;
type Recogniser = (value: object, limits: Limits) => Recognised | Promise<Recognised>;

const media: Recogniser = (value, limits) => {
  const bytes = types.isUint8Array(value) ? value : bytesOf(value);
  return bytes && recognisedMedia(bytes, limits.media);
};

/** A table by the library's methods. What writes itself as text keeps its text: Polars draws frames in its own way. */
const libraryData: Recogniser = (value, limits) => {
  const table = libraryTable(value);
  if (!table) return undefined;
  const text = types.isProxy(value) ? plainText(value, limits) : undefined;
  return showTable(table, limits, {}, text);
};

/** A table of plain values. Records read best as a table in text too; the others only where they are many. */
const plainData: Recogniser = (value, limits) => {
  const table = plainTable(value);
  if (!table) return undefined;
  const isRecords = Array.isArray(value) && isPlainRecord(value[0]);
  const text = isRecords ? undefined : plainText(value, limits);
  return showTable(table, limits, {}, text === undefined || text.includes('\n') ? undefined : text);
};

/** Objects that need more than a line of text open and close. */
const outline: Recogniser = (value, limits) => {
  if (!isOpenable(value)) return undefined;
  const text = plainText(value, limits);
  if (!text.includes('\n')) return { 'text/plain': text };
  return { 'text/html': outlineHtml(outlineOf(value, limits), limits), 'text/plain': text };
};

/** In the order in which they are asked; those that only look at properties come before those that look at contents. */
const recognisers: readonly Recogniser[] = [
  errorValue,
  functionValue,
  jsxElement,
  libraryData,
  media,
  hexView,
  numericArray,
  plainData,
  vegaSpecification,
  plotlyFigure,
  geoJson,
  canvas,
  sharpPipeline,
  raster,
  blob,
  element,
  formula,
  temporal,
  linkTo,
  outline,
];

/** The bundle of a value of a well-known kind; undefined for others, which are text. */
export async function recogniseLater(value: object, limits: Limits, from = 0): Promise<Recognised> {
  for (let i = from; i < recognisers.length; i++) {
    const bundle = await recognisers[i](value, limits);
    if (bundle) return bundle;
  }
  return undefined;
}

/** As `recogniseLater`, without a promise where none is needed. */
export function recognise(value: object, limits: Limits): Recognised | Promise<Recognised> {
  for (let i = 0; i < recognisers.length; i++) {
    const bundle = recognisers[i](value, limits);
    if (bundle instanceof Promise) return bundle.then((found) => found ?? recogniseLater(value, limits, i + 1));
    if (bundle) return bundle;
  }
  return undefined;
}
