import { describe, expect, test } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import * as tf from '../../src/index.ts';
import { escapeMarkup } from '../../src/vis/markup.ts';
import { formatBytes, formatDuration, formatMetric, formatShort, formatStepTime } from '../../src/vis/number-text.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

const cellsOf = (html: unknown): string[][] =>
  elementsOf(parseXML(html as string), 'tr').map((row) => elementsOf(row, 'td').map(textOf));

describe('a tensor', () => {
  test('of rank 1 or 2 is a table of its values, coloured by sign', () => {
    const bundle = tf
      .tensor([
        [1, -2],
        [0, 0.123456],
      ])
      [displaySymbol]();
    expect(cellsOf(bundle['text/html'])).toEqual([
      ['1', '-2'],
      ['0', '0.1235'],
    ]);
    const styles = elementsOf(parseXML(bundle['text/html'] as string), 'td').map(({ attributes }) => attributes.style);
    expect(styles[0]).toContain('background:rgba(47,126,216,0.25)');
    expect(styles[1]).toContain('background:rgba(240,128,60,0.5)');
    expect(styles[2]).not.toContain('background');
    expect(bundle['text/plain']).toMatch(/^Tensor float32 \[2, 2\]\n\[\[/);
  });

  test('has only text in other ranks', () => {
    expect(tf.scalar(3)[displaySymbol]()).toEqual({ 'text/plain': 'Tensor float32 []\n3' });
    expect(Object.keys(tf.zeros([2, 2, 2])[displaySymbol]())).toEqual(['text/plain']);
  });

  test('that is an image is shown as one, its values folded away', () => {
    const levels = tf.linspace(0, 1, 8 * 10 * 3).reshape([8, 10, 3]);
    for (const picture of [
      levels,
      levels.mul(255).cast('uint8'),
      levels.slice([0, 0, 0], [8, 10, 1]),
      tf.variable(levels),
    ]) {
      const bundle = picture[displaySymbol]();
      const root = parseXML(bundle['text/html'] as string);
      const { src, width, height } = elementsOf(root, 'img')[0].attributes;
      expect([width, height]).toEqual(['200', '160']);
      expect(Buffer.from(src.split(',')[1], 'base64').subarray(1, 4).toString()).toBe('PNG');
      expect(textOf(root)).toContain('[8, 10, ');
      expect(bundle['text/plain']).toMatch(/^(Tensor|Variable)/);
    }
    for (const numbers of [
      levels.mul(2),
      levels.cast('int32'),
      tf.zeros([8, 8, 3]),
      levels.slice([0, 0, 0], [7, 10, 3]),
    ])
      expect(Object.keys(numbers[displaySymbol]())).toEqual(['text/plain']);
  });

  test('is cut in the middle where it is large, and says its range then', () => {
    const html = tf.range(0, 5000).reshape([100, 50])[displaySymbol]()['text/html'];
    const cells = cellsOf(html);
    expect(cells).toHaveLength(11);
    expect(cells[0]).toEqual(['0', '1', '2', '3', '4', '…', '45', '46', '47', '48', '49']);
    expect(cells[10][10]).toBe('4999');
    expect(textOf(parseXML(html as string))).toContain('Tensor float32 [100, 50] · 5,000 values · from 0 to 4999');
  });

  test.each([
    ['bool', [true, false], ['true', 'false']],
    ['int64', [3, -4], ['3', '-4']],
    ['float16', [1.5, -0.25], ['1.5', '-0.25']],
    ['float32', [NaN, Infinity], ['nan', 'inf']],
  ] as const)('of %s shows its values', (dtype, values, expected) => {
    expect(cellsOf(tf.tensor([...values], [2], dtype)[displaySymbol]()['text/html'])).toEqual([[...expected]]);
  });

  test('without memory says so', () => {
    const gone = tf.tensor([1, 2]);
    gone.dispose();
    expect(gone[displaySymbol]()).toEqual({ 'text/plain': 'Tensor (disposed, float32 [2])' });
  });

  test('without values is no error', () => {
    expect(cellsOf(tf.tensor([], [0, 3])[displaySymbol]()['text/html'])).toEqual([]);
  });
});

test('a variable shows its name', () => {
  const variable = new tf.Variable(tf.tensor([1, 2]), { name: 'kernel', trainable: false });
  expect(variable[displaySymbol]()['text/plain']).toBe('Variable kernel (not trainable) float32 [2]\n[1, 2]');
});

test('charts and images take tensors', async () => {
  const plot = tf.vis.line(tf.tensor([1, 2]));
  expect((plot.spec.data as { values: unknown }).values).toEqual([
    { x: 0, y: 1 },
    { x: 1, y: 2 },
  ]);
  expect(tf.vis.imageGrid([tf.zeros([2, 3]), tf.ones([2, 3])] as never).toString()).toBe('2 images of 3 x 2 pixels');
  expect(
    tf.vis.confusionCounts(
      tf.tensor([0, 1], [2], 'int32'),
      tf.tensor([
        [0.1, 0.9],
        [0.2, 0.8],
      ]),
    ),
  ).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

describe('a table', () => {
  const records = [
    { name: '<i>sgd</i>', accuracy: 0.912345678, steps: 10 },
    { name: 'adam', accuracy: null, steps: 200n },
  ];

  test('is HTML with everything escaped, numbers to the right', () => {
    const html = parseXML(tf.vis.table(records).toHTML());
    expect(elementsOf(html, 'th').map(textOf)).toEqual(['name', 'accuracy', 'steps']);
    expect(elementsOf(html, 'td').map(textOf)).toEqual(['<i>sgd</i>', '0.912346', '10', 'adam', '', '200']);
    expect(elementsOf(html, 'td').map(({ attributes }) => attributes.style.split(';')[0])).toEqual(
      [1, 2].flatMap(() => ['text-align:left', 'text-align:right', 'text-align:right']),
    );
  });

  test('is aligned text elsewhere', () => {
    expect(String(tf.vis.table(records))).toBe(
      [
        'name        accuracy  steps',
        '----------  --------  -----',
        '<i>sgd</i>  0.912346     10',
        'adam                    200',
      ].join('\n'),
    );
  });

  test('shows the first rows, and says of how many', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({ i }));
    const shown = tf.vis.table(many, { maxRows: 3, caption: 'numbers' });
    expect(String(shown).split('\n')).toEqual(['numbers', 'i', '-', '0', '1', '2', '3 of 50 rows']);
    expect(textOf(parseXML(shown.toHTML()))).toContain('3 of 50 rows');
  });

  test('shows columns that only some records have, and nested values on one line', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    const shown = tf.vis.table([{ a: 1 }, { b: { c: [1, 2n] } }, { b: 'x\n  y' }, { b: cyclic }]);
    expect(shown.columns).toEqual(['a', 'b']);
    expect(elementsOf(parseXML(shown.toHTML()), 'td').map(textOf)).toEqual([
      '1',
      '',
      '',
      '{"c":[1,"2"]}',
      '',
      'x y',
      '',
      '[object Object]',
    ]);
  });
});

test('markup keeps to what XML can hold', () => {
  expect(escapeMarkup(`<a href="x">'&'`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;');
  expect(escapeMarkup('a\u0000b\ud800c 😀')).toBe('a\ufffdb\ufffdc 😀');
});

test('numbers read well', () => {
  expect([0.5, 0, 0.00012, 12345.678, NaN].map(formatMetric)).toEqual([
    '0.5000',
    '0.0000',
    '1.2000e-04',
    '12345.6780',
    'nan',
  ]);
  expect([12, 1024, 139_308, 5e9].map(formatBytes)).toEqual(['12.00 B', '1.00 KB', '136.04 KB', '4.66 GB']);
  expect([4.4, 59.6, 125, 3725].map(formatDuration)).toEqual(['4 s', '1:00', '2:05', '1:02:05']);
  expect([2.34, 0.25, 0.017, 0.0012, 0.00035].map(formatStepTime)).toEqual([
    '2.3 s',
    '250 ms',
    '17 ms',
    '1.2 ms',
    '350 µs',
  ]);
  expect([1, 0.123456, 1234.5678, 1e-9, 2.5e8, -Infinity].map((value) => formatShort(value))).toEqual([
    '1',
    '0.123',
    '1235',
    '1e-9',
    '2.5e8',
    '-inf',
  ]);
});
