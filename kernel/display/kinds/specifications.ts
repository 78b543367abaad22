/** @file Objects that are a description of a picture: Vega, GeoJSON, formulas. */
import { displaySymbol } from '../../../src/display.ts';
import type { MimeBundle } from '../../../src/display.ts';
import { asJson } from '../json.ts';
import { plainText } from '../plain-text.ts';
import { propertiesOf } from '../properties.ts';
import { isPlainRecord } from '../table/plain-tables.ts';

/** Vega-Lite and Vega specifications name themselves in `$schema`. */
export function vegaSpecification(value: object): Promise<MimeBundle> | undefined {
  const { $schema: schema } = propertiesOf(value, '$schema');
  const grammar = typeof schema === 'string' && /\/schema\/(vega|vega-lite)\/v\d/.exec(schema)?.[1];
  if (!grammar) return undefined;
  // Loaded on the first plot: the same module that cells have as `tf`.
  return import('../../../src/index.ts').then(({ vis }) => vis.vega(value as Record<string, unknown>)[displaySymbol]());
}

const geometries = new Set(['Point', 'MultiPoint', 'LineString', 'MultiLineString', 'Polygon', 'MultiPolygon']);

/** GeoJSON (RFC 7946), for front ends that draw maps. */
export function geoJson(value: object): MimeBundle | undefined {
  if (!isPlainRecord(value)) return undefined;
  const { type, features, geometry, coordinates, properties } = propertiesOf(
    value,
    ...(['type', 'features', 'geometry', 'coordinates', 'properties'] as const),
  );
  const isGeoJson =
    (type === 'FeatureCollection' && Array.isArray(features)) ||
    (type === 'Feature' && properties !== undefined && isPlainRecord(geometry)) ||
    (typeof type === 'string' && geometries.has(type) && Array.isArray(coordinates));
  return isGeoJson ? geoJsonBundle(value) : undefined;
}

/** GeoJSON with its text, which is all that a front end without maps shows. */
export const geoJsonBundle = (value: object): MimeBundle => ({
  'application/geo+json': asJson(value),
  'text/plain': plainText(value),
});

/** Expressions of mathematics libraries that write themselves as TeX (mathjs's nodes). */
export function formula(value: object): MimeBundle | undefined {
  const { toTex, isNode } = propertiesOf(value, 'toTex', 'isNode');
  if (typeof toTex !== 'function' || isNode !== true) return undefined;
  const tex: unknown = toTex.call(value);
  return typeof tex === 'string'
    ? { 'text/latex': `$\\displaystyle ${tex}$`, 'text/plain': String(value as unknown) }
    : undefined;
}
