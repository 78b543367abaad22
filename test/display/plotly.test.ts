import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { dataOf } from './formatted.ts';

// What Vega has to say would be printed below the cell.
beforeEach(() => void vi.spyOn(console, 'warn'));
afterEach(() => {
  const said = [...vi.mocked(console.warn).mock.calls];
  vi.restoreAllMocks();
  expect(said).toEqual([]);
});

const many = (count: number, value: (i: number) => number) => Array.from({ length: count }, (_, i) => value(i));
const pictureOf = async (data: readonly object[], layout: object = {}): Promise<string> => {
  const bundle = await dataOf({ data, layout });
  expect(bundle['application/vnd.plotly.v1+json']).toMatchObject({ layout });
  expect(bundle['text/plain']).toMatch(/^Plotly figure with \d+ traces?$/);
  return bundle['image/svg+xml'] as string;
};
/** Marks of the data, which have a colour of their own; not axes and legends. */
const marks = (svg: string, color: string) => svg.split(`fill="${color}"`).length - 1;
const lines = (svg: string, color: string) => svg.split(`stroke="${color}"`).length - 1;
const words = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text);

describe('a Plotly figure has a picture', () => {
  test('of lines and markers, with titles and a legend', async () => {
    const svg = await pictureOf(
      [
        { x: [1, 2, 3], y: [3, 1, 4], name: 'first', mode: 'lines' },
        { x: [1, 2, 3], y: [1, 5, 9], name: '<b>second</b>', mode: 'markers', marker: { color: 'crimson' } },
      ],
      { title: { text: 'A <i>title</i>' }, xaxis: { title: 'across' }, yaxis: { title: { text: 'up' } } },
    );
    expect(words(svg)).toEqual(expect.arrayContaining(['A title', 'across', 'up', 'first', 'second']));
    expect(lines(svg, '#1f77b4')).toBeGreaterThan(0);
    expect(marks(svg, 'crimson')).toBe(4);
  });

  test('of bars beside and on top of each other, standing and lying', async () => {
    const bars = ['one', 'two'].map((name, i) => ({ type: 'bar', name, x: ['a', 'b', 'c'], y: [1, 2, 3 + i] }));
    for (const barmode of ['group', 'stack', 'overlay', 'relative']) {
      const svg = await pictureOf(bars, { barmode });
      expect([marks(svg, '#1f77b4'), marks(svg, '#ff7f0e')]).toEqual([4, 4]);
    }
    const lying = await pictureOf([{ type: 'bar', orientation: 'h', x: [1, 2], y: [2020, 2021] }]);
    expect(marks(lying, '#1f77b4')).toBe(2);
    expect(words(lying)).toEqual(expect.arrayContaining(['2020', '2021']));
  });

  test.each([
    ['a histogram', [{ type: 'histogram', x: many(100, Math.sin) }], {}],
    [
      'boxes',
      [
        { type: 'box', y: many(20, (i) => i) },
        { type: 'box', x: [1, 2, 2], y: [1, 2, 3] },
      ],
      {},
    ],
    ['boxes with outliers', [{ type: 'box', y: [1, 2, 3, 2, 1, 90] }], {}],
    ['lying boxes', [{ type: 'box', x: [1, 2, 3] }], {}],
    [
      'a heat map',
      [
        {
          type: 'heatmap',
          z: [
            [1, 2],
            [3, null],
          ],
          x: ['a', 'b'],
        },
      ],
      {},
    ],
    ['a pie', [{ type: 'pie', labels: ['a', 'b'], values: [1, 2], hole: 0.5 }], {}],
    ['typed arrays', [{ y: Float64Array.of(1, 2, 3) }], {}],
    ['dates', [{ x: [new Date(0), new Date(1e9)], y: [1, 2], fill: 'tozeroy' }], { xaxis: { autorange: 'reversed' } }],
    ['logarithms', [{ x: [1, 10], y: [1, 100] }], { xaxis: { type: 'log', range: [0, 1] }, yaxis: { type: 'log' } }],
    ['sizes and colours', [{ mode: 'markers', x: [1, 2], y: [1, 2], marker: { size: [5, 9], color: [1, 2] } }], {}],
    ['gaps', [{ x: [1, 2, 3], y: [1, null, 3] }], {}],
  ])('of %s', async (_, data, layout) => {
    expect(await pictureOf(data, layout)).toMatch(/^<svg [^>]*>/);
  });
});

test.each([
  ['another kind', [{ type: 'surface', z: [[1]] }]],
  ['several axes', [{ y: [1] }, { y: [2], xaxis: 'x2' }]],
  ['nothing to draw', [{ type: 'bar', x: ['a'], y: [null] }]],
  [
    'standing and lying boxes',
    [
      { type: 'box', y: [1, 2] },
      { type: 'box', x: [1, 2] },
    ],
  ],
  ['very many points', [{ y: new Float32Array(30_000) }]],
  ['what Vega does not take', [{ y: [1, 2], line: { shape: 'spline' }, marker: { color: [{}, {}] } }]],
])('a Plotly figure with %s is shown without a warning, where front ends know Plotly', async (_, data) => {
  const bundle = await dataOf({ data, layout: {} });
  expect(bundle['application/vnd.plotly.v1+json']).toBeDefined();
  expect(bundle['text/plain']).toContain('Plotly figure');
});
