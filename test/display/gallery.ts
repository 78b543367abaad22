/** @file One cell for each kind of value: what the notebook shows of it is tested, and looked at in a browser. */

/** Cells by what they show. Packages are those of the repository's tests. */
export const gallery: Readonly<Record<string, string>> = {
  records: `const orders = Array.from({ length: 5000 }, (_, i) => ({
  id: i,
  customer: ['Ada', 'Grace', 'Edsger', '<b>Barbara</b>'][i % 4],
  total: i % 17 === 0 ? null : Math.round(Math.sin(i) * 1e5) / 100,
  ratio: i % 13 === 0 ? NaN : Math.cos(i),
  paid: i % 3 === 0,
  day: new Date(Date.UTC(2026, 0, 1 + (i % 365))),
  tags: i % 5 === 0 ? ['new', 'vip'] : undefined,
}));
orders`,
  'chosen columns, sorted': `display.table(orders, { columns: ['customer', 'total', 'day'], sort: '-total', page: 5, caption: 'Best orders' });`,
  'a wide table': `Array.from({ length: 8 }, (_, i) => Object.fromEntries(Array.from({ length: 90 }, (_, c) => ['column_' + c, i * c])))`,
  'a grid': `[[1, 2.5, 3], [4, 5.25, 6], [7, 8, 9]]`,
  columns: `({ x: [1, 2, 3, 4, 5], y: Float64Array.of(1, 4, 9, 16, 25), name: ['a', 'b', 'c', 'd', 'e'] })`,
  'a Map of records': `new Map([['alpha', { n: 1, ok: true }], ['beta', { n: 2, ok: false }]])`,
  Arrow: `import { tableFromArrays } from 'apache-arrow';
tableFromArrays({ id: Int32Array.from({ length: 60 }, (_, i) => i), city: Array.from({ length: 60 }, (_, i) => 'city ' + (i % 7)) })`,
  Polars: `import pl from 'nodejs-polars';
pl.DataFrame({ name: ['a', 'b', null], value: [1.5, null, 3] })`,
  DuckDB: `import { DuckDBInstance } from '@duckdb/node-api';
const database = await (await DuckDBInstance.create(':memory:')).connect();
await database.runAndReadAll("select range as n, 'item ' || range as label, date '2026-01-01' + range::int as day, (range * 1.5)::decimal(10, 2) as price from range(45)")`,
  'nested objects': `({ name: 'model', layers: Array.from({ length: 12 }, (_, i) => ({ type: 'dense', units: 2 ** i, config: { bias: true, activation: { name: 'relu', slope: 0.1 } } })), created: new Date(0), notes: 'a long line of notes '.repeat(12), tags: new Set(['x', 'y']), weights: new Map([['kernel', Float32Array.of(1, 2)], ['bias', Float32Array.of(0)]]), get lazy() { throw new Error('never read'); }, run() {}, nothing: null, missing: undefined, big: 12345678901234567890n, [Symbol('secret')]: 1 })`,
  'a circle': `const loop: Record<string, unknown> = { name: 'loop', list: Array.from({ length: 30 }, (_, i) => ({ i, text: 'entry number ' + i })) };
loop.self = loop;
loop`,
  'a typed array': `Float32Array.from({ length: 100_000 }, (_, i) => (i % 1000 === 0 ? NaN : Math.sqrt(-2 * Math.log(((i * 7919) % 99991 + 1) / 99992)) * Math.cos(i)))`,
  bytes: `Buffer.from('TensorCell keeps <bytes> in line. '.repeat(12))`,
  'an image': `import sharp from 'sharp';
sharp({ create: { width: 120, height: 60, channels: 3, background: '#2f7ed8' } })`,
  'an image of bytes': `await sharp({ create: { width: 60, height: 30, channels: 3, background: 'tomato' } }).webp().toBuffer()`,
  'a function': `/** Area of a circle. */
function area(radius: number, unit: 'm' | 'cm' = 'm'): number {
  return Math.PI * radius ** 2 * (unit === 'm' ? 1 : 1e-4);
}
area`,
  'a class': `class Stack<Item> {
  #items: Item[] = [];
  readonly name: string = 'stack';
  push(item: Item): this {
    this.#items.push(item);
    return this;
  }
  static of<T>(...items: T[]): Stack<T> {
    return items.reduce((stack, item) => stack.push(item), new Stack<T>());
  }
}
Stack`,
  'an error with causes': `function read(path: string): never {
  throw new RangeError('no such file: ' + path, { cause: new Error('disk is asleep') });
}
let failure: unknown;
try { read('a<b>.txt'); } catch (error) { failure = error; }
failure`,
  'an aggregate error': `new AggregateError([new Error('first'), new TypeError('second')], 'all failed')`,
  'an element': `import { Window } from 'happy-dom';
const page = new Window().document;
page.body.innerHTML = '<p>A <b>paragraph</b></p>';
page.querySelector('p')`,
  'a plot': `import * as Plot from '@observablehq/plot';
Plot.plot({ document: page as never, height: 160, marks: [Plot.barY([3, 1, 4, 1, 5], { fill: 'steelblue' }), Plot.ruleY([0])] })`,
  'a Plotly figure': `({ data: [{ type: 'bar', x: ['a', 'b', 'c'], y: [3, 1, 2] }, { x: ['a', 'b', 'c'], y: [2, 2, 3], name: 'line' }], layout: { title: 'Plotly' } })`,
  GeoJSON: `({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [13.4, 52.5] } })`,
  'a URL': `new URL('https://example.org/a?b=<c>')`,
  progress: `const bar = display.progress(10, { label: 'Reading' });
for (let i = 0; i < 10; i++) bar.advance();`,
  Mermaid: `display.mermaid('graph LR; cell --> value --> view');`,
  JSON: `display.json({ a: [1, { b: 2 }], c: 'text' }, { expanded: true });`,
  'a file': `display.file(new TextEncoder().encode('a,b\\n1,2\\n'), { name: 'table.csv', type: 'text/csv' });`,
  'a frame': `display.iframe('about:blank', { height: 30 });`,
  promises: `[Promise.resolve({ a: 1 }), new Promise(() => {})]`,
  'an iterator': `new Map([['a', 1]]).entries()`,
  'an error of another cell': `try { read('b.txt'); } catch (error) { failure = error; }
failure`,
  'a long string': `'lorem ipsum <i>dolor</i> '.repeat(2000)`,
};
