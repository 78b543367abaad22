import { describe, expect, test } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import * as vis from '../../src/vis/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

const vegaLite = 'application/vnd.vegalite.v5+json';

/** The data rows of a plot. */
const rowsOf = (plot: vis.Plot): unknown[] => (plot.spec.data as { values: unknown[] }).values;

describe('a plot', () => {
  test('carries a specification for front ends, a finished SVG and text', async () => {
    const bundle = await vis.line([3, 1, 2], { title: 'a < b & "c"' })[displaySymbol]();
    expect(Object.keys(bundle)).toEqual([vegaLite, 'image/svg+xml', 'text/plain']);
    const svg = parseXML(bundle['image/svg+xml'] as string);
    expect(svg.name).toBe('svg');
    expect(svg.attributes['aria-label']).toBe('Line chart "a < b & "c"" (3 points)');
    expect(elementsOf(svg, 'text').map(textOf)).toContain('a < b & "c"');
    expect(bundle[vegaLite]).toMatchObject({ $schema: expect.stringContaining('/vega-lite/v5') });
    expect(bundle['text/plain']).toBe('Line chart "a < b & "c"" (3 points)');
  });

  test('has no background of its own, so that it fits a dark page as well', async () => {
    const svg = parseXML(await vis.bar({ a: 1 }).toSVG());
    const covering = elementsOf(svg, 'rect').filter(({ attributes: { width } }) => width === svg.attributes.width);
    expect(covering.map(({ attributes }) => attributes.fill)).toEqual([]);
  });

  test('takes records that are typed by an interface', () => {
    interface Penguin {
      beak: number;
      species: string;
    }
    const penguins: Penguin[] = [{ beak: 39.1, species: 'Adelie' }];
    const plot = vis.scatter(penguins, { x: 'beak', y: 'beak', color: 'species' });
    expect(rowsOf(plot)).toEqual([{ x: 39.1, y: 39.1, series: 'Adelie' }]);
    expect(vis.table(penguins).columns).toEqual(['beak', 'species']);
  });

  test('of bars is wide enough for their names', () => {
    const widthOf = (...names: string[]) => vis.bar(Object.fromEntries(names.map((name) => [name, 1]))).spec.width;
    expect(widthOf('a', 'b', 'c', 'd')).toBe(176);
    expect(widthOf('a', 'b', 'c', 'regularised')).toBe(320);
  });

  test('names its gradients so that they do not clash with those of another on the same page', async () => {
    const idsOf = async (matrix: number[][]) => {
      const svg = await vis.heatmap(matrix).toSVG();
      const ids = elementsOf(parseXML(svg), '*').flatMap(({ attributes: { id } }) => id ?? []);
      for (const [, used] of svg.matchAll(/url\(#([^)]*)\)/g)) expect(ids).toContain(used);
      return ids;
    };
    const [first, second] = [await idsOf([[1, 2]]), await idsOf([[-1, 2]])];
    expect(first.length).toBeGreaterThan(0);
    expect(first.filter((id) => second.includes(id))).toEqual([]);
  });

  test('becomes a PNG of twice its size', async () => {
    const plot = vis.line([1, 2]);
    const [png, svg] = [await plot.toPNG(), parseXML(await plot.toSVG())];
    expect(Buffer.from(png).toString('latin1', 1, 4)).toBe('PNG');
    expect(Buffer.from(png).readUInt32BE(16)).toBe(Number(svg.attributes.width) * 2);
  });

  test('leaves its data out of a notebook where there is very much of it', async () => {
    const values = Array.from({ length: 120_000 }, (_, i) => ({ place: i, name: `number ${i} of many` }));
    const plot = vis.vega({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values },
      transform: [{ filter: 'datum.place < 3' }],
      mark: 'bar',
      encoding: { x: { field: 'name', type: 'ordinal' }, y: { field: 'place', type: 'quantitative' } },
    });
    expect(Object.keys(await plot[displaySymbol]())).toEqual(['image/svg+xml', 'text/plain']);
  });

  test('gives a PNG instead of an SVG that is too long for a notebook', async () => {
    const y = Array.from({ length: 9000 }, (_, i) => (i * 7919) % 1000);
    const bundle = await vis.scatter({ y })[displaySymbol]();
    expect(Object.keys(bundle)).toEqual([vegaLite, 'image/png', 'text/plain']);
  });

  test("takes a user's specification, whose own looks win", async () => {
    const plot = vis.vega({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      data: { values: [{ a: 1 }] },
      mark: 'bar',
      encoding: { x: { field: 'a', type: 'quantitative' } },
      config: { axis: { labelFontSize: 20 } },
    });
    expect(plot.spec.config).toMatchObject({ axis: { labelFontSize: 20, grid: true } });
    expect(await plot.toSVG()).toContain('font-size="20px"');
    expect(() => vis.vega({ mark: 'bar' })).toThrow(/\$schema must name Vega or Vega-Lite/);
  });

  test('draws a Vega specification under the type of Vega', async () => {
    const spec = {
      $schema: 'https://vega.github.io/schema/vega/v6.json',
      width: 10,
      height: 10,
      marks: [
        { type: 'rect', encode: { enter: { width: { value: 10 }, height: { value: 10 }, fill: { value: 'red' } } } },
      ],
    };
    const bundle = await vis.vega(spec)[displaySymbol]();
    // Its own version: a front end with Vega 5 warns of any other.
    expect(bundle['application/vnd.vega.v5+json']).toMatchObject({
      $schema: 'https://vega.github.io/schema/vega/v5.json',
    });
    expect(Object.keys(bundle)).toEqual(['application/vnd.vega.v5+json', 'image/svg+xml', 'text/plain']);
    expect(
      elementsOf(parseXML(bundle['image/svg+xml'] as string), 'path').map((path) => path.attributes.fill),
    ).toContain('red');
  });
});

describe('chart data', () => {
  test('is one list against its positions', () => {
    expect(rowsOf(vis.line([5, 6]))).toEqual([
      { x: 0, y: 5 },
      { x: 1, y: 6 },
    ]);
    expect(rowsOf(vis.line(new Float32Array([5, 6])))).toEqual(rowsOf(vis.line([5, 6])));
  });

  test('is columns, with gaps where a number is not finite', () => {
    expect(rowsOf(vis.scatter({ x: [1, 2], y: [NaN, 4], series: ['a', 'b'] }))).toEqual([
      { x: 1, y: null, series: 'a' },
      { x: 2, y: 4, series: 'b' },
    ]);
  });

  test('is lists by name', () => {
    const plot = vis.line({ train: [1, 2], test: [3] });
    expect(rowsOf(plot)).toEqual([
      { x: 0, y: 1, series: 'train' },
      { x: 1, y: 2, series: 'train' },
      { x: 0, y: 3, series: 'test' },
    ]);
    expect(String(plot)).toBe('Line chart (3 points: train, test)');
  });

  test('is records, whose fields are named', () => {
    const records = [
      { day: new Date('2024-01-02'), sold: 3n, shop: 'A' },
      { day: new Date('2024-01-03'), sold: 5n, shop: 'B' },
    ];
    const plot = vis.line(records, { x: 'day', y: 'sold', color: 'shop' });
    expect(rowsOf(plot)[1]).toEqual({ x: '2024-01-03T00:00:00.000Z', y: 5, series: 'B' });
    expect((plot.spec.encoding as { x: unknown }).x).toMatchObject({ type: 'temporal', title: 'day' });
  });

  test('is refused with the reason', () => {
    expect(() => vis.line([{ a: 1 }], { x: 'a', y: 'b' })).toThrow(
      "tf.vis.line: no record has a field 'b'; the first has a.",
    );
    expect(() => vis.scatter({ x: [1], y: [1, 2] })).toThrow('x has 1 values and y has 2');
    expect(() => vis.line([[1, 2]])).toThrow('expects values of rank 1, got shape [1, 2]');
    expect(() => vis.line(null as never)).toThrow('got null');
  });
});

test('a bar chart has a bar for each name, in the order given', async () => {
  const plot = vis.bar({ zebra: 2, ant: 5 });
  expect(rowsOf(plot)).toEqual([
    { x: 'zebra', y: 2 },
    { x: 'ant', y: 5 },
  ]);
  const labels = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
  expect(labels.indexOf('zebra')).toBeLessThan(labels.indexOf('ant'));
});

describe('a histogram', () => {
  test('counts values into bins of equal width, the last one closed', () => {
    expect(rowsOf(vis.histogram([0, 1, 2, 2.5, 4, NaN], { bins: 4 }))).toEqual([
      { start: 0, end: 1, count: 1 },
      { start: 1, end: 2, count: 1 },
      { start: 2, end: 3, count: 2 },
      { start: 3, end: 4, count: 1 },
    ]);
  });

  test('puts several lists into common bins', () => {
    const rows = rowsOf(vis.histogram({ a: [0, 1], b: [4] }, { bins: 2 }));
    expect(rows).toEqual([
      { start: 0, end: 2, count: 2, series: 'a' },
      { start: 2, end: 4, count: 0, series: 'a' },
      { start: 0, end: 2, count: 0, series: 'b' },
      { start: 2, end: 4, count: 1, series: 'b' },
    ]);
  });

  test('has round numbers on its axis, whatever the limits of its bins', async () => {
    const labels = elementsOf(parseXML(await vis.histogram([-0.237, 0.1, 0.241], { bins: 7 }).toSVG()), 'text').map(
      textOf,
    );
    expect(labels).toEqual(expect.arrayContaining(['−0.2', '−0.1', '0', '0.1', '0.2']));
    expect(labels).not.toContain('−0.237');
  });

  test('refuses a number of bins that is none', () => {
    expect(() => vis.histogram([1], { bins: 0 })).toThrow('bins must be a whole number of at least 1, got 0');
  });
});

test('a heat map has a cell for each value and parts colours at zero where both signs occur', () => {
  const plot = vis.heatmap([
    [1, -2],
    [3, 4],
  ]);
  expect(rowsOf(plot)).toContainEqual({ column: 1, row: 0, value: -2 });
  expect((plot.spec.encoding as { color: unknown }).color).toMatchObject({ scale: { domain: [-4, 0, 4] } });
  expect(() => vis.heatmap([[1, 2]], { xLabels: ['a'] })).toThrow('expected 2 xLabels, got 1');
});

describe('a history', () => {
  const history = {
    epoch: [0, 1],
    history: { loss: [0.5, 0.25], val_loss: [0.6, NaN], accuracy: [0.8, 0.9] },
  };

  test('has a chart for each metric, with training and validation in it', async () => {
    const plot = vis.history(history);
    const charts = plot.spec.concat as { title: string; data: { values: unknown[] } }[];
    expect(charts.map(({ title }) => title)).toEqual(['loss', 'accuracy']);
    expect(charts[0].data.values).toEqual([
      { epoch: 1, value: 0.5, kind: 'train' },
      { epoch: 2, value: 0.25, kind: 'train' },
      { epoch: 1, value: 0.6, kind: 'validation' },
      { epoch: 2, value: null, kind: 'validation' },
    ]);
    const words = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
    expect(words).toEqual(expect.arrayContaining(['loss', 'accuracy', 'train', 'validation', 'epoch']));
    expect(String(plot)).toBe('History of 2 epochs: loss 0.2500, val_loss nan, accuracy 0.9000');
  });

  test('is drawn on logarithmic scales where asked, with gaps where they have no place', () => {
    const plot = vis.history({ epoch: [0, 1, 2], history: { loss: [1, 0.01, 0], accuracy: [0.5, 0.6, 0.7] } }, { yScale: { loss: 'log' } }); // prettier-ignore
    const [loss, accuracy] = plot.spec.concat as {
      data: { values: { value: number | null }[] };
      encoding: { y: { scale: { type?: string }; axis: { values?: number[] } } };
    }[];
    expect(loss.encoding.y.scale.type).toBe('log');
    expect(loss.encoding.y.axis.values).toEqual([0.01, 0.03, 0.1, 0.3, 1, 3]);
    expect(loss.data.values.map(({ value }) => value)).toEqual([1, 0.01, null]);
    expect(accuracy.encoding.y.scale.type).toBeUndefined();
    expect(() => vis.history(history, { yScale: 'cubic' as never })).toThrow(
      "yScale must be 'linear' or 'log', got 'cubic'",
    );
    expect(() => vis.history(history, { yScale: { auc: 'log' } })).toThrow("yScale names a metric 'auc'");
  });

  test('of several runs has a colour for each, and dashes for validation', async () => {
    const short = { epoch: [0], history: { loss: [0.4] } };
    const plot = vis.history({ '<small>': history, large: short }, { metrics: ['loss'] });
    const [loss] = plot.spec.concat as { data: { values: object[] }; encoding: Record<string, unknown> }[];
    expect(loss.data.values.at(-1)).toEqual({ epoch: 1, value: 0.4, kind: 'train', run: 'large' });
    expect(Object.keys(loss.encoding)).toEqual(expect.arrayContaining(['color', 'strokeDash']));
    const words = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
    expect(words).toEqual(expect.arrayContaining(['<small>', 'large', 'train', 'validation']));
    expect(String(plot).split('\n')[1]).toBe('large: History of 1 epoch: loss 0.4000');
    expect(() => vis.history({ a: [1, 2] } as never)).toThrow('expects what fit gives back');
  });

  test('knows in which epochs there was validation', () => {
    const rare = {
      epoch: [0, 1, 2, 3],
      history: { loss: [4, 3, 2, 1], val_loss: [3, 1] },
      loggedAt: { val_loss: [1, 3] },
    };
    const [loss] = vis.history(rare).spec.concat as { data: { values: { epoch: number; kind: string }[] } }[];
    expect(loss.data.values.filter(({ kind }) => kind === 'validation').map(({ epoch }) => epoch)).toEqual([2, 4]);
  });

  test('refuses a metric that it has not', () => {
    expect(() => vis.history(history, { metrics: ['auc'] })).toThrow("no metric 'auc'; the history has loss, accuracy");
  });
});

describe('a learning rate', () => {
  const points = (plot: vis.Plot) => rowsOf(plot) as { x: number; y: number; series?: string }[];

  test('is that of a schedule at its steps, some of them where they are many', () => {
    const plot = vis.learningRate((step) => 1 / (step + 1), { steps: 4 });
    expect(points(plot)).toEqual([0, 1, 2, 3].map((step) => ({ x: step, y: 1 / (step + 1) })));
    const long = points(vis.learningRate({ apply: (step: number) => step }, { steps: 100_000 }));
    expect(long).toHaveLength(500);
    expect(long.at(-1)).toEqual({ x: 99_999, y: 99_999 });
  });

  test('is what a run logged, by epoch', () => {
    const run = { epoch: [0, 1], history: { loss: [1, 1], learning_rate: [0.1, 0.01] } };
    const plot = vis.learningRate(run, { yScale: 'log' });
    expect(points(plot)).toEqual([
      { x: 1, y: 0.1 },
      { x: 2, y: 0.01 },
    ]);
    expect((plot.spec.encoding as { x: { title: string } }).x.title).toBe('epoch');
    expect(String(plot)).toBe('Learning rate (from 0.1 to 0.01)');
    const both = vis.learningRate({ run, constant: () => 0.5 }, { steps: 2 });
    expect(points(both).map(({ series }) => series)).toEqual(['run', 'run', 'constant', 'constant']);
  });

  test('is refused where there is none', () => {
    expect(() => vis.learningRate({ epoch: [0], history: { loss: [1] } })).toThrow(
      "the history has no 'learning_rate', only loss",
    );
    expect(() => vis.learningRate(0.1 as never)).toThrow('expects a schedule, a function of the step, a history');
    expect(() => vis.learningRate(() => 1, { steps: 0 })).toThrow('steps must be a whole number of at least 1, got 0');
    expect(() => vis.learningRate(() => 'x' as never)).toThrow(
      'expected a number for step 0, the schedule gave string',
    );
  });
});

describe('attention maps', () => {
  const scores = [[[[1, 0], [0.5, 0.5]], [[0, 1], [0.25, 0.75]]]]; // prettier-ignore
  type Map = {
    title: { text: string };
    data: { values: { value: number }[] };
    encoding: { color: { scale: { domain: number[] } } };
  };

  test('are one a head, of one sample, in common colours', async () => {
    const plot = vis.attention(scores, { tokens: ['<s>', 'cat'] });
    const maps = plot.spec.concat as Map[];
    expect(maps.map(({ title, data }) => [title.text, data.values.map(({ value }) => value)])).toEqual([
      ['head 0', [1, 0, 0.5, 0.5]],
      ['head 1', [0, 1, 0.25, 0.75]],
    ]);
    expect(maps.map(({ encoding }) => encoding.color.scale.domain)).toEqual([[0, 1], [0, 1]]); // prettier-ignore
    const words = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
    expect(words.filter((word) => word === '<s>')).toHaveLength(4);
    expect(String(plot)).toBe('Attention: 2 heads, 2 queries x 2 keys (<s> cat)');
  });

  test('of one head stand alone', async () => {
    const plot = vis.attention([[0.5, 0.25, 0.25]], { queries: ['a'], keys: ['x', 'y', 'z'] });
    const words = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
    expect(words).toEqual(expect.arrayContaining(['a', 'x', 'y', 'z', 'query', 'attended to']));
    expect(rowsOf(vis.attention(scores, { heads: [1] }))).toContainEqual({ column: 1, row: 1, value: 0.75 });
  });

  test('are refused where tokens, heads or samples do not fit', () => {
    expect(() => vis.attention([1, 2])).toThrow('[heads, queries, keys] or [batch, heads, queries, keys]; got [2]');
    expect(() => vis.attention(scores, { tokens: ['a'] })).toThrow(
      'there are 2 queries in scores of shape [1, 2, 2, 2], and 1 tokens',
    );
    expect(() => vis.attention(scores, { sample: 1 })).toThrow('expected a sample from 0 to 0, got 1');
    expect(() => vis.attention(scores, { heads: [2] })).toThrow('expected heads from 0 to 1, got 2');
  });
});
