/** @file Kinds of values that have a good picture without a display method of their own. */
import type { MimeBundle } from '../../src/display.ts';
import { displaySymbol } from '../../src/display.ts';

type Recogniser = (value: object) => MimeBundle | Promise<MimeBundle> | undefined;

/** Magic numbers of the image formats that front ends show. */
const signatures: readonly { type: string; matches: (bytes: Uint8Array) => boolean }[] = [
  { type: 'image/png', matches: (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', matches: (bytes) => startsWith(bytes, '\xff\xd8\xff') },
  { type: 'image/gif', matches: (bytes) => startsWith(bytes, 'GIF87a') || startsWith(bytes, 'GIF89a') },
  { type: 'image/webp', matches: (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes.subarray(8), 'WEBP') },
];

function startsWith(bytes: Uint8Array, signature: string): boolean {
  for (let i = 0; i < signature.length; i++) if (bytes[i] !== signature.charCodeAt(i)) return false;
  return true;
}

const imageBytes: Recogniser = (value) => {
  if (!(value instanceof Uint8Array)) return undefined;
  const type = signatures.find(({ matches }) => matches(value))?.type;
  const size = `${value.byteLength.toLocaleString('en-US')} bytes`;
  if (type) return { [type]: Buffer.from(value).toString('base64'), 'text/plain': `${type}, ${size}` };
  const head = Buffer.from(value.subarray(0, 1024)).toString('latin1');
  if (!/^\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(head)) return undefined;
  return { 'image/svg+xml': Buffer.from(value).toString('utf8'), 'text/plain': `image/svg+xml, ${size}` };
};

/** A canvas: DOM's, node-canvas's, @napi-rs/canvas's. */
const canvas: Recogniser = (value) => {
  const { toDataURL, width, height } = value as { toDataURL?: unknown; width?: unknown; height?: unknown };
  if (typeof toDataURL !== 'function' || typeof width !== 'number' || typeof height !== 'number') return undefined;
  const url: unknown = toDataURL.call(value, 'image/png');
  if (typeof url !== 'string' || !url.startsWith('data:image/png;base64,')) return undefined;
  return { 'image/png': url.slice(url.indexOf(',') + 1), 'text/plain': `canvas, ${width} x ${height}` };
};

/** Vega-Lite and Vega specifications name themselves in `$schema`. */
const vegaSpecification: Recogniser = (value) => {
  const schema = (value as { $schema?: unknown }).$schema;
  const grammar = typeof schema === 'string' && /\/schema\/(vega|vega-lite)\/v\d/.exec(schema)?.[1];
  if (!grammar) return undefined;
  return runtime().then(({ vis }) => vis.vega(value as Record<string, unknown>)[displaySymbol]());
};

const isRecord = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.keys(value).length > 0;
};

const cellsOf = (record: Record<string, unknown>): unknown[] => Object.values(record);
/** Cells of a table are short: deep objects read better as inspect shows them. */
const isFlat = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || value instanceof Date || (Array.isArray(value) && value.length <= 8);

const recordArray: Recogniser = (value) => {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const sample = value.slice(0, 50) as unknown[];
  if (!sample.every((row) => isRecord(row) && !('$schema' in row) && cellsOf(row).every(isFlat))) return undefined;
  return runtime().then(({ vis }) => vis.table(value as Record<string, unknown>[])[displaySymbol]());
};

/** Arrow tables (apache-arrow and what speaks its interface): a schema with fields, and rows that give JSON. */
const arrowTable: Recogniser = (value) => {
  const table = value as {
    schema?: { fields?: readonly { name?: unknown }[] };
    numRows?: unknown;
    get?: (index: number) => { toJSON?: () => Record<string, unknown> } | null;
  };
  if (!Array.isArray(table.schema?.fields) || typeof table.numRows !== 'number' || typeof table.get !== 'function')
    return undefined;
  const shown = Math.min(table.numRows, 100);
  const rows = Array.from({ length: shown }, (_, i) => table.get?.(i)?.toJSON?.() ?? {});
  const columns = table.schema.fields.map(({ name }) => String(name));
  const total = table.numRows;
  return runtime().then(({ vis }) => vis.table(rows, { columns, totalRows: total })[displaySymbol]());
};

const map: Recogniser = (value) => {
  if (!(value instanceof Map) || value.size === 0) return undefined;
  const rows: Record<string, unknown>[] = [];
  for (const [key, entry] of value) {
    if (rows.length === 100) break;
    if (!isFlat(key) || !isFlat(entry)) return undefined;
    rows.push({ key, value: entry });
  }
  const total = value.size;
  // The table is only for the eye: as text a Map reads best as inspect writes it.
  return runtime().then(async ({ vis }) => {
    const { 'text/html': html } = await vis
      .table(rows, { columns: ['key', 'value'], totalRows: total })
      [displaySymbol]();
    return { 'text/html': html };
  });
};

/** Loaded on the first value that needs it: the same module that cells have as `tf`. */
const runtime = (): Promise<typeof import('../../src/index.ts')> => import('../../src/index.ts');

const recognisers: readonly Recogniser[] = [imageBytes, canvas, vegaSpecification, recordArray, arrowTable, map];

/** The bundle of a value of a well-known kind; undefined for others. */
export function recognise(value: object): MimeBundle | Promise<MimeBundle> | undefined {
  for (const recogniser of recognisers) {
    const bundle = recogniser(value);
    if (bundle) return bundle;
  }
  return undefined;
}
