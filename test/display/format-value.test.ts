import { createCanvas } from 'canvas';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { formatValue } from '../../kernel/display/index.ts';
import { displaySymbol } from '../../src/display.ts';

const dataOf = async (value: unknown): Promise<Record<string, unknown>> => {
  const formatted = await formatValue(value);
  if (!formatted) throw new Error('nothing to show');
  return formatted.data;
};

describe('a value of its own display', () => {
  test('shows its bundle, with text beside it', async () => {
    const value = { [displaySymbol]: () => ({ 'text/html': '<b>1</b>' }) };
    const data = await dataOf(value);
    expect(data['text/html']).toBe('<b>1</b>');
    expect(data['text/plain']).toContain('Jupyter.display');
  });

  test('may give a promise, bytes and metadata', async () => {
    const data = { 'image/png': new Uint8Array([1, 2, 3]), 'text/plain': 'a picture', 'text/html': undefined };
    const metadata = { 'image/png': { width: 10 } };
    expect(await formatValue({ [displaySymbol]: async () => ({ data, metadata }) })).toEqual({
      data: { 'image/png': 'AQID', 'text/plain': 'a picture' },
      metadata,
    });
  });

  test.each([
    [
      'throws',
      () => {
        throw new RangeError('no paper');
      },
      'RangeError: no paper',
    ],
    ['rejects', () => Promise.reject(new Error('no ink')), 'Error: no ink'],
    [
      'throws what is no error',
      () => {
        throw null;
      },
      'null',
    ],
    ['gives no bundle', () => 'text', "expected an object with data by MIME type, got 'text'"],
    ['promises no bundle', async () => [1], 'expected an object with data by MIME type, got [ 1 ]'],
  ])('that %s is shown as text, with the reason', async (_, show, reason) => {
    class Chart {
      readonly size = 3;
      [displaySymbol]: () => unknown = show;
    }
    const text = (await dataOf(new Chart()))['text/plain'] as string;
    expect(text).toContain('size: 3');
    expect(text).toContain(`(the display of this Chart failed: `);
    expect(text).toContain(reason);
  });
});

describe('well-known values', () => {
  const pixels = { create: { width: 3, height: 2, channels: 3 as const, background: 'red' } };

  test.each(['png', 'jpeg', 'gif', 'webp'] as const)('%s bytes are an image', async (format) => {
    const bytes = await sharp(pixels).toFormat(format).toBuffer();
    const data = await dataOf(new Uint8Array(bytes));
    expect(data).toEqual({
      [`image/${format}`]: bytes.toString('base64'),
      'text/plain': `image/${format}, 3 x 2, ${bytes.length} bytes`,
    });
  });

  test('SVG bytes are an image, other bytes are not', async () => {
    const svg = '<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg"/>';
    expect((await dataOf(new TextEncoder().encode(svg)))['image/svg+xml']).toBe(svg);
    expect(await dataOf(new Uint8Array([1, 2]))).toEqual({ 'text/plain': 'Uint8Array(2) [ 1, 2 ]' });
  });

  test('a canvas is its picture', async () => {
    const data = await dataOf(createCanvas(4, 2));
    const { width, height } = await sharp(Buffer.from(data['image/png'] as string, 'base64')).metadata();
    expect([width, height]).toEqual([4, 2]);
    expect(data['text/plain']).toBe('canvas, 4 x 2');
  });

  test('a Vega-Lite specification is a plot, of any version', async () => {
    const data = await dataOf({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values: [{ a: 1 }] },
      mark: 'point',
      encoding: { x: { field: 'a', type: 'quantitative' } },
    });
    expect(data['application/vnd.vegalite.v5+json']).toMatchObject({ mark: 'point' });
    expect(data['image/svg+xml']).toMatch(/^<svg /);
  });

  test('a broken specification is text with the reason', async () => {
    const text = (await dataOf({ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', mark: 5 }))['text/plain'];
    expect(text).toContain('mark: 5');
    expect(text).toContain('failed:');
  });

  test('records are a table', async () => {
    const data = await dataOf([
      { a: 1, b: '<x>' },
      { a: 2, b: 'y' },
    ]);
    expect(data['text/html']).toContain('<td style="text-align:left">&lt;x&gt;</td>');
    expect(data['application/vnd.dataresource+json']).toEqual({
      schema: {
        fields: [
          { name: 'a', type: 'integer' },
          { name: 'b', type: 'string' },
        ],
      },
      data: [
        { a: 1, b: '<x>' },
        { a: 2, b: 'y' },
      ],
    });
    expect(data['text/plain']).toBe('a  b\n-  ---\n1  <x>\n2  y');
  });

  test('arrays of anything else are text, nested records open and close', async () => {
    expect(Object.keys(await dataOf([{ a: 1 }, 2]))).toEqual(['text/plain']);
    expect((await dataOf([{ a: { b: { c: 1 } } }]))['text/html']).toContain('<details open><summary>');
    expect(Object.keys(await dataOf([]))).toEqual(['text/plain']);
  });

  test('an Arrow-like table is a table with its number of rows', async () => {
    const arrow = {
      schema: { fields: [{ name: 'city' }, { name: 'people' }] },
      numRows: 1000,
      get: (i: number) => ({ toJSON: () => ({ city: `c${i}`, people: BigInt(i) }) }),
    };
    const data = await dataOf(arrow);
    expect((data['text/plain'] as string).split('\n').slice(0, 3)).toEqual([
      'city  people',
      '----  ------',
      'c0         0',
    ]);
    expect(data['text/plain']).toContain('20 of 1,000 rows');
  });

  test('a Map is a table for the eye, and text as ever', async () => {
    const data = await dataOf(new Map([['a', 1]]));
    expect(data['text/html']).toContain('<b>key</b>');
    expect(data['text/plain']).toBe("Map(1) { 'a' => 1 }");
  });
});

describe('any other value', () => {
  test.each([
    [1, '1'],
    ['a\n<b>', "'a\\n<b>'"],
    [null, 'null'],
    [12n, '12n'],
    [new Set([1]), 'Set(1) { 1 }'],
    [new Float32Array([0.5]), 'Float32Array(1) [ 0.5 ]'],
    [{ a: { b: { c: 1 } } }, '{ a: { b: { c: 1 } } }'],
  ])('%# is text', async (value, text) => {
    expect(await formatValue(value)).toEqual({ data: { 'text/plain': text }, metadata: {} });
  });

  test('an error shows its message and its stack, without colours', async () => {
    const text = (await dataOf(new TypeError('wrong')))['text/plain'] as string;
    expect(text).toMatch(/^TypeError: wrong\n {4}at /);
  });

  test('undefined shows nothing', async () => {
    expect(await formatValue(undefined)).toBeNull();
  });

  test('a big value is cut', async () => {
    const text = (await dataOf(Array.from({ length: 3000 }, () => 'x'.repeat(5000))))['text/plain'] as string;
    expect(text.length).toBeLessThan(51_000);
    expect(text).toMatch(/\n\.\.\. \d+ more characters \(display\.full\(value\) shows all\)$/);
  });

  test('a value that cannot be looked at says so', async () => {
    const hostile = new Proxy(
      {},
      {
        get() {
          throw new Error('keep out');
        },
        has() {
          throw new Error('keep out');
        },
        ownKeys() {
          throw new Error('keep out');
        },
      },
    );
    expect((await dataOf(hostile))['text/plain']).toContain('keep out');
  });

  test('a value whose inspection throws says so', async () => {
    const value = {
      [Symbol.for('nodejs.util.inspect.custom')]() {
        throw new Error('no view');
      },
    };
    expect((await dataOf(value))['text/plain']).toContain('[cannot be inspected: Error: no view]');
  });
});
