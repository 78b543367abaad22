import { DuckDBInstance } from '@duckdb/node-api';
import * as arrow from 'apache-arrow';
import * as arquero from 'arquero';
import pl from 'nodejs-polars';
import { describe, expect, test } from 'vitest';
import { cellsOf, columnsOf, dataOf, htmlOf, textOf } from './formatted.ts';

describe('apache-arrow', () => {
  const table = arrow.tableFromArrays({ id: Int32Array.of(1, 2, 3), city: ['Berlin', '<Rome>', 'Oslo'] });

  test('a Table has the names and types of its schema', async () => {
    const html = await htmlOf(table);
    expect(columnsOf(html)).toEqual(['id: Int32', 'city: Dictionary&lt;Int32, Utf8&gt;']);
    expect(cellsOf(html)).toEqual([
      ['1', 'Berlin'],
      ['2', '&lt;Rome&gt;'],
      ['3', 'Oslo'],
    ]);
    expect((await textOf(table)).split('\n').slice(2)).toEqual([' 1  Berlin', ' 2  <Rome>', ' 3  Oslo']);
  });

  test('a RecordBatch and a Vector are tables', async () => {
    expect(cellsOf(await htmlOf(table.batches[0]))[2]).toEqual(['3', 'Oslo']);
    const vector = await htmlOf(arrow.vectorFromArray([1.5, null, 2]));
    expect(columnsOf(vector)).toEqual(['value: Float64']);
    expect(cellsOf(vector)).toEqual([['1.5'], ['null'], ['2']]);
  });
});

describe('nodejs-polars', () => {
  test('a DataFrame has pages, and text as Polars writes it', async () => {
    const frame = pl.DataFrame({
      name: Array.from({ length: 50 }, (_, i) => `n${i}`),
      value: Array.from({ length: 50 }, (_, i) => i / 2),
    });
    const data = await dataOf(frame);
    const html = data['text/html'] as string;
    expect(columnsOf(html)).toEqual(['name: String', 'value: Float64']);
    expect(cellsOf(html)).toHaveLength(20);
    expect(cellsOf(html)[3]).toEqual(['n3', '1.5']);
    expect(html).toContain('rows 1–20 of 50');
    expect(data['text/plain']).toMatch(/^shape: \(50, 2\)\n┌/);
  });

  test('a Series is a column', async () => {
    const html = await htmlOf(pl.Series('n', [1, null, 3]));
    expect(columnsOf(html)).toEqual(['n: Float64']);
    expect(cellsOf(html).flat()).toEqual(['1', 'null', '3']);
  });
});

describe('@duckdb/node-api', () => {
  const query = `select range as n, date '2026-01-01' + range::int as day, (range * 1.5)::decimal(10, 2) as price,
    {'a': range} as nested, null as nothing from range(45)`;
  const connect = async () => (await DuckDBInstance.create(':memory:')).connect();

  test('a reader has the types of the database', async () => {
    const html = await htmlOf(await (await connect()).runAndReadAll(query));
    expect(columnsOf(html)).toEqual([
      'n: BIGINT',
      'day: DATE',
      'price: DECIMAL(10,2)',
      'nested: STRUCT(&quot;a&quot; BIGINT)',
      'nothing: INTEGER',
    ]);
    expect(cellsOf(html)[1]).toEqual(['1', '2026-01-02', '1.50', '{&#39;a&#39;: 1}', 'null']);
    expect(html).toContain('<td style="text-align:right">1.50</td>');
    expect(html).toContain('rows 1–20 of 45');
  });

  test('a reader of many rows is read as far as it is shown', async () => {
    const reader = await (await connect()).runAndReadAll('select range as n, range % 7 as m from range(300000)');
    reader.getRows = () => {
      throw new Error('all of them');
    };
    const html = await htmlOf(reader);
    expect(html).toContain('rows 1–20 of 300,000');
    expect(cellsOf(html)[8]).toEqual(['8', '1']);
  });

  test('a reader that has not read all says so', async () => {
    const reader = await (await connect()).streamAndReadUntil('select range as n from range(10000)', 10);
    expect(reader.done).toBe(false);
    expect(await textOf(reader)).toMatch(/\(not all rows were read: await reader\.readAll\(\)\)$/);
  });

  test('a result is looked at without being read', async () => {
    const result = await (await connect()).run('select range as n from range(3000)');
    expect(cellsOf(await htmlOf(result))[2]).toEqual(['2']);
    expect((await result.getRows()).length).toBe(3000);
  });

  test('rows as objects are records', async () => {
    const rows = await (await (await connect()).runAndReadAll(query)).getRowObjects();
    expect(cellsOf(await htmlOf(rows))[1].slice(0, 3)).toEqual(['1', '2026-01-02', '1.50']);
  });
});

describe('arquero', () => {
  test('a table is shown in the order that it has now', async () => {
    const table = arquero
      .table({ a: [3, 1, 2], b: ['x', 'y', 'z'] })
      .filter('d => d.a < 3')
      .orderby('a');
    expect(cellsOf(await htmlOf(table))).toEqual([
      ['1', 'y'],
      ['2', 'z'],
    ]);
  });
});

describe('libraries known by their methods', () => {
  test("Danfo.js's frames, with their index", async () => {
    const frame = {
      shape: [2, 1],
      columns: ['a'],
      dtypes: ['int32'],
      values: [[1], [2]],
      index: ['r1', 'r2'],
      print() {},
    };
    const html = await htmlOf(frame);
    expect(columnsOf(html)).toEqual(['index: string', 'a: int32']);
    expect(cellsOf(html)).toEqual([
      ['r1', '1'],
      ['r2', '2'],
    ]);
  });

  test("data-forge's frames", async () => {
    const frame = { getColumnNames: () => ['a', 'b'], toRows: () => [[1, 'x']], bake() {} };
    expect(cellsOf(await htmlOf(frame))).toEqual([['1', 'x']]);
  });
});
