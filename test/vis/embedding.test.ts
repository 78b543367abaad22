import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as vis from '../../src/vis/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

/** Numbers from numpy's singular value decomposition: test/fixtures/vis/make.py. */
interface Fixtures {
  components: {
    x: number[][];
    count: number;
    components: number[][];
    projected: number[][];
    explainedVariance: number[];
    explainedVarianceRatio: number[];
  }[];
}
const fixtures = JSON.parse(readFileSync(new URL('../fixtures/vis/numbers.json', import.meta.url), 'utf8')) as Fixtures;

const close = (actual: readonly (readonly number[])[], expected: readonly (readonly number[])[], digits = 10) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((row, i) => row.forEach((value, k) => expect(value).toBeCloseTo(expected[i][k], digits)));
};

/** Well spread numbers without a pattern. */
const noise = (i: number) => ((Math.sin(i * 12.9898) * 43758.5453) % 1) * 2;
/** Three clouds, far apart, in `features` dimensions. */
const clouds = (each: number, features: number) =>
  Array.from({ length: 3 * each }, (_, i) =>
    Array.from({ length: features }, (_, k) => (k === i % 3 ? 9 : 0) + noise(i * features + k)),
  );

describe('principal components', () => {
  test.each(fixtures.components.map((values, i) => [i, values] as const))(
    'are those of numpy, case %i',
    (_, values) => {
      const found = vis.pca(values.x, values.count);
      close(found.components, values.components);
      close(found.projected, values.projected);
      close([found.explainedVariance], [values.explainedVariance]);
      close([found.explainedVarianceRatio], [values.explainedVarianceRatio]);
    },
  );

  test('of large matrices are found without decomposing them whole', () => {
    const features = 520;
    const x = Array.from({ length: 530 }, (_, i) =>
      Array.from(
        { length: features },
        (_, k) => noise(i + 1) * 5 * Math.cos(k) + noise(7 * i) * 2 * Math.sin(2 * k) + noise(i * features + k) / 10,
      ),
    );
    const { components, explainedVariance } = vis.pca(x, 2);
    // Eigenvectors: the covariance only stretches them, by the variance.
    const mean = x[0].map((_, k) => x.reduce((sum, row) => sum + row[k], 0) / x.length);
    components.forEach((direction, c) => {
      const along = x.map((row) => row.reduce((sum, value, k) => sum + (value - mean[k]) * direction[k], 0));
      const image = direction.map(
        (_, k) => x.reduce((sum, row, i) => sum + (row[k] - mean[k]) * along[i], 0) / (x.length - 1),
      );
      const error = image.map((value, k) => Math.abs(value - explainedVariance[c] * direction[k]));
      expect(Math.max(...error)).toBeLessThan(explainedVariance[0] * 1e-5);
    });
  });

  test('are refused for what has none', () => {
    expect(() => vis.pca([[1, 2]], 1)).toThrow('at least 2 points, got 1');
    expect(() => vis.pca([[1, 2], [3, 4]], 3)).toThrow('from 1 to 2 (of 2 points with 2 features), got 3'); // prettier-ignore
    expect(() => vis.pca([[1, 2], [3, NaN]], 1)).toThrow('expected finite values, got NaN in point 1'); // prettier-ignore
    expect(() => vis.pca([1, 2])).toThrow('rank 2');
  });
});

describe('t-SNE', () => {
  test('keeps neighbours together, and gives the same picture each time', () => {
    const points = clouds(12, 6);
    const places = vis.tsne(points, { iterations: 400 });
    expect(places[0]).toHaveLength(2);
    const nearest = places.map((place, i) => {
      const distances = places.map((other, j) =>
        i === j ? Infinity : Math.hypot(place[0] - other[0], place[1] - other[1]),
      );
      return distances.indexOf(Math.min(...distances));
    });
    expect(nearest.every((j, i) => j % 3 === i % 3)).toBe(true);
    expect(vis.tsne(points, { iterations: 400 })).toEqual(places);
  });

  test('parts points that coincide, and refuses what it cannot do', () => {
    const places = vis.tsne(Array.from({ length: 8 }, () => [1, 2]), { iterations: 50 }); // prettier-ignore
    expect(places.flat().every(Number.isFinite)).toBe(true);
    expect(new Set(places.map(String)).size).toBe(8);
    expect(() => vis.tsne([[1, 2]])).toThrow('takes 4 to 5000 points, got 1');
    expect(() => vis.tsne(clouds(4, 3), { perplexity: 9 })).toThrow(
      'perplexity must be from 1 to 3 (a third of the 12 points), got 9',
    );
    expect(() => vis.tsne(clouds(4, 3), { iterations: 0 })).toThrow('iterations must be');
  });
});

describe('an embedding', () => {
  const points = clouds(5, 4);
  const labels = points.map((_, i) => i % 3);
  const dataOf = (plot: vis.Plot) => (plot.spec.data as { values: Record<string, unknown>[] }).values;

  test('has a mark for each point in the colour of its class', async () => {
    const plot = vis.embedding(points, { labels, classNames: ['a', 'b', '<c>'], names: points.map((_, i) => `p${i}`) });
    expect(dataOf(plot).slice(0, 3).map(({ label, name }) => [label, name])).toEqual([['a', 'p0'], ['b', 'p1'], ['<c>', 'p2']]); // prettier-ignore
    expect(plot.coordinates).toEqual(vis.pca(points, 2).projected);
    const words = elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
    expect(words).toEqual(expect.arrayContaining(['a', 'b', '<c>']));
    expect(words.some((word) => /^component 1 \(\d+\.\d%\)$/.test(word))).toBe(true);
    expect(String(plot)).toMatch(/^Embedding: 15 points in component 1 .* labels a, b, <c>$/);
  });

  test('of three dimensions is seen from three sides', async () => {
    const plot = vis.embedding(points, { dimensions: 3, labels });
    expect(plot.coordinates[0]).toHaveLength(3);
    expect(plot.spec.hconcat).toHaveLength(3);
    parseXML(await plot.toSVG());
    expect(vis.embedding(plot.coordinates as number[][], { method: 'none' }).coordinates).toEqual(plot.coordinates);
  });

  test('takes amounts for a scale and many classes for colours with shapes', () => {
    const encodingOf = (plot: vis.Plot) =>
      plot.spec.encoding as Record<string, { type?: string; scale: { range: string[] } }>;
    expect(encodingOf(vis.embedding(points, { labels: points.map((_, i) => i / 10) })).color.type).toBe('quantitative');
    const many = encodingOf(vis.embedding(points, { labels: points.map((_, i) => `class ${i % 10}`) }));
    expect(new Set(many.color.scale.range.map((color, i) => color + many.shape.scale.range[i])).size).toBe(10);
  });

  test('refuses what does not fit', () => {
    expect(() => vis.embedding(points, { labels: [1] })).toThrow('there are 15 points and 1 labels');
    expect(() => vis.embedding(points, { names: ['a'] })).toThrow('there are 15 points and 1 names');
    expect(() => vis.embedding(points, { labels, classNames: ['a'] })).toThrow('label 1 at position 1 has no name');
    expect(() => vis.embedding(points, { method: 'umap' as never })).toThrow(
      "method must be 'pca', 'tsne' or 'none', got 'umap'",
    );
    expect(() => vis.embedding(points, { method: 'none' })).toThrow(
      "method 'none' expects points of shape [n, 2], got [n, 4]",
    );
    expect(() => vis.embedding(points, { dimensions: 4 as never })).toThrow('dimensions must be 2 or 3, got 4');
  });
});
