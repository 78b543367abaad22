import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { displaySymbol } from '../../src/display.ts';
import * as vis from '../../src/vis/index.ts';
import { elementsOf, parseXML, textOf } from './xml.ts';

/** Numbers from numpy and Keras: test/fixtures/vis/make.py. */
interface Fixtures {
  classifiers: {
    labels: number[];
    scores: number[];
    thresholds: number[];
    truePositiveRate: number[];
    falsePositiveRate: number[];
    auc: number;
    kerasAuc: number;
    precision: number[];
    averagePrecision: number;
  }[];
  calibrations: {
    labels: number[];
    probabilities: number[];
    bins: number;
    strategy: 'uniform' | 'quantile';
    rows: vis.CalibrationBin[];
    error: number;
    brier: number;
  }[];
}
const fixtures = JSON.parse(readFileSync(new URL('../fixtures/vis/numbers.json', import.meta.url), 'utf8')) as Fixtures;

const wordsOf = async (plot: vis.Plot) => elementsOf(parseXML(await plot.toSVG()), 'text').map(textOf);
const close = (actual: readonly number[], expected: readonly number[]) => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i], 12));
};

describe.each(fixtures.classifiers.map((values, i) => [i, values] as const))('classifier %i', (_, values) => {
  test('has the ROC curve of its definition', () => {
    const [curve] = vis.roc(values.labels, values.scores).curves;
    close(curve.thresholds.slice(1), values.thresholds);
    expect(curve.thresholds[0]).toBe(Infinity);
    close(curve.falsePositiveRate, values.falsePositiveRate);
    close(curve.truePositiveRate, values.truePositiveRate);
    expect(curve.auc).toBeCloseTo(values.auc, 12);
    // Keras adds up over 20,001 thresholds, in float32.
    expect(curve.auc).toBeCloseTo(values.kerasAuc, 3);
  });

  test('has the precision and recall of their definitions', () => {
    const [curve] = vis.precisionRecall(values.labels, values.scores).curves;
    close(curve.precision, values.precision);
    close(curve.recall, values.truePositiveRate.slice(1));
    expect(curve.averagePrecision).toBeCloseTo(values.averagePrecision, 12);
  });
});

test.each(fixtures.calibrations)('calibration in $bins $strategy bins', ({ labels, probabilities, ...expected }) => {
  const [curve] = vis.calibration(labels, probabilities, expected).curves;
  expect(curve.bins.map(({ count }) => count)).toEqual(expected.rows.map(({ count }) => count));
  for (const key of ['predicted', 'actual'] as const)
    close(
      curve.bins.map((bin) => bin[key]),
      expected.rows.map((bin) => bin[key]),
    );
  expect(curve.expectedCalibrationError).toBeCloseTo(expected.error, 12);
  expect(curve.brierScore).toBeCloseTo(expected.brier, 12);
});

describe('several curves', () => {
  const labels = [0, 1, 2, 1, 0, 2];
  const scores = [
    [0.7, 0.2, 0.1],
    [0.3, 0.6, 0.1],
    [0.1, 0.2, 0.7],
    [0.5, 0.4, 0.1],
    [0.6, 0.2, 0.2],
    [0.1, 0.6, 0.3],
  ];

  test('tell each class from the rest', async () => {
    const plot = vis.roc(labels, scores, { classNames: ['cat', 'dog', '<owl>'] });
    expect(plot.curves.map(({ name }) => name)).toEqual(['cat', 'dog', '<owl>']);
    const [alone] = vis.roc([0, 1, 0, 1, 0, 0], scores.map((row) => row[1])).curves; // prettier-ignore
    expect(plot.curves[1].auc).toBe(alone.auc);
    expect(await wordsOf(plot)).toEqual(expect.arrayContaining(['<owl>: AUC 1.000', 'true positive rate']));
    const oneHot = labels.map((label) => [0, 1, 2].map((i) => Number(i === label)));
    expect(vis.roc(oneHot, scores).curves.map(({ auc }) => auc)).toEqual(plot.curves.map(({ auc }) => auc));
  });

  test('are one where there are two classes', () => {
    const two = [0.2, 0.9, 0.4].map((score) => [1 - score, score]);
    expect(vis.precisionRecall([0, 1, 0], two).curves).toEqual(vis.precisionRecall([0, 1, 0], [0.2, 0.9, 0.4]).curves);
  });

  test('compare classifiers by name', () => {
    const plot = vis.calibration([0, 1], { good: [0, 1], bad: [[1], [0]] });
    expect(String(plot)).toBe('Calibration: good: ECE 0.000, bad: ECE 1.000');
  });
});

test('a curve shows itself as a chart, a picture and text', async () => {
  const bundle = await vis.roc([0, 1, 1], [0.1, 0.4, 0.3])[displaySymbol]();
  expect(Object.keys(bundle)).toEqual(['application/vnd.vegalite.v5+json', 'image/svg+xml', 'text/plain']);
  expect(bundle['text/plain']).toBe('ROC curve: AUC 1.000');
  expect(parseXML(bundle['image/svg+xml'] as string).attributes['aria-label']).toBe('ROC curve: AUC 1.000');
});

test('a curve of very many thresholds is drawn with some of them', () => {
  const scores = Array.from({ length: 20_000 }, (_, i) => ((i * 7919) % 20_011) / 20_011);
  const labels = scores.map((score, i) => Number((i * 31) % 100 < score * 100));
  const plot = vis.roc(labels, scores);
  const layers = plot.spec.layer as { data: { values: unknown[] } }[];
  expect(layers.at(-1)!.data.values.length).toBeLessThan(500);
  expect(plot.curves[0].thresholds).toHaveLength(20_001);
});

test('what does not fit is refused', () => {
  expect(() => vis.roc([1, 1], [0.2, 0.4])).toThrow('of 2 labels 2 are positive');
  expect(() => vis.roc([0, 2], [0.2, 0.4])).toThrow('expected labels 0 and 1, got 2 at position 1');
  expect(() => vis.roc([0, 1], [0.2])).toThrow('there are 2 labels and 1 scores');
  expect(() => vis.roc([0, 1], [NaN, 1])).toThrow('expected finite scores, got NaN at position 0');
  expect(() => vis.roc([0, 1], [[[1]], [[2]]])).toThrow('scores of shape [n], or [n, classes]');
  expect(() => vis.precisionRecall([0, 5], [[1, 0, 0], [0, 1, 0]])).toThrow('class numbers from 0 to 2, got 5'); // prettier-ignore
  expect(() => vis.roc([0, 1], [[1, 0, 0], [0, 1, 0]], { classNames: ['a'] })).toThrow('3 classes and 1 classNames'); // prettier-ignore
  expect(() => vis.calibration([0, 1], [-2, 3])).toThrow('expects probabilities from 0 to 1, got -2');
  expect(() => vis.calibration([0, 1], [0, 1], { bins: 0 })).toThrow('bins must be a whole number');
  expect(() => vis.calibration([0, 1], [0, 1], { strategy: 'x' as never })).toThrow("strategy must be 'uniform'");
});

describe('a confusion matrix', () => {
  test('counts which class was taken for which', () => {
    expect(vis.confusionCounts([0, 1, 1, 2], [0, 1, 0, 2])).toEqual([
      [1, 0, 0],
      [1, 1, 0],
      [0, 0, 1],
    ]);
  });

  test('takes scores and one-hot labels', () => {
    const scores = [
      [0.9, 0.1],
      [0.8, 0.2],
    ];
    const oneHot = [
      [1, 0],
      [0, 1],
    ];
    expect(vis.confusionMatrix(oneHot, scores).counts).toEqual([
      [1, 0],
      [1, 0],
    ]);
  });

  test('shows its numbers and its classes', async () => {
    const matrix = vis.confusionMatrix([0, 0, 1, 1], [0, 1, 1, 1], { classNames: ['cat', '<dog>'] });
    expect(matrix.accuracy).toBe(0.75);
    const words = elementsOf(parseXML(await matrix.toSVG()), 'text').map(textOf);
    expect(words.filter((word) => word === '1' || word === '2').sort()).toEqual(['1', '1', '2']);
    expect(words).toEqual(expect.arrayContaining(['cat', '<dog>', 'actual', 'predicted']));
    expect(String(matrix).split('\n').slice(1)).toEqual([
      '       cat  <dog>',
      '  cat    1      1',
      '<dog>    0      2',
    ]);
  });

  test('takes a finished matrix', () => {
    expect(
      vis.confusionMatrix(
        [
          [5, 1],
          [0, 4],
        ],
        { classNames: ['a', 'b'] },
      ).accuracy,
    ).toBe(0.9);
  });

  test('refuses what does not fit', () => {
    expect(() => vis.confusionMatrix([0, 1], [0])).toThrow('there are 2 labels and 1 predictions');
    expect(() => vis.confusionMatrix([0.5], [0])).toThrow('got 0.5 at position 0');
    expect(() => vis.confusionMatrix([3], [0], { classNames: ['a', 'b'] })).toThrow('class numbers from 0 to 1, got 3');
    expect(() => vis.confusionMatrix([[1, 2]])).toThrow('expects a square matrix');
  });
});
