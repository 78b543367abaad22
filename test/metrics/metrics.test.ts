/** @file What metrics do beyond formulas: state within tf.function, stateless forms, custom ones, TensorFlow.js's functions, mistakes. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const near = { rtol: 1e-5, atol: 1e-6 };

describe('state', () => {
  it('that is made by the first batch may be made within tf.function', () => {
    const metrics = [new tf.metrics.R2Score(), new tf.metrics.F1Score(), new tf.metrics.AUC({ multiLabel: true })];
    const step = tf.function((yTrue: tf.Tensor, yPred: tf.Tensor) =>
      metrics.map((metric) => {
        metric.updateState(yTrue, yPred);
        return metric.result();
      }),
    );
    const [yTrue, yPred] = [tf.tensor([[0, 1], [1, 0], [1, 1]]), tf.tensor([[0.1, 0.9], [0.8, 0.3], [0.6, 0.2]])]; // prettier-ignore
    const eager = [new tf.metrics.R2Score(), new tf.metrics.F1Score(), new tf.metrics.AUC({ multiLabel: true })];
    for (let turn = 0; turn < 3; turn++) {
      const results = step(yTrue, yPred);
      eager.forEach((metric, i) => expect(results[i]).toBeAllClose(metric.apply(yTrue, yPred), near));
    }
    expect(metrics.map(({ variables }) => variables.length)).toEqual([5, 4, 4]);
    expect(metrics[2].variables.map(({ name }) => name)[0]).toBe(`${metrics[2].name}/true_positives`);
  });

  it('results before the first batch', () => {
    const { Mean, AUC, Precision, F1Score, R2Score, MeanIoU, CosineSimilarity } = tf.metrics;
    for (const metric of [
      new Mean(),
      new AUC(),
      new AUC({ curve: 'PR', multiLabel: true }),
      new Precision(),
      new F1Score(),
      new MeanIoU({ numClasses: 2 }),
      new CosineSimilarity(),
    ])
      // prettier-ignore
      expect(metric.result()).toBeAllClose(0);
    expect(new R2Score().result()).toBeAllClose(NaN);
  });

  it('as values: stateless forms leave the variables as they are', () => {
    const metric = new tf.metrics.Mean();
    metric.updateState([10]);
    let state = metric.statelessResetState();
    state = metric.statelessUpdateState(state, [1, 2]);
    state = metric.statelessUpdateState(state, [6], [2]);
    expect(metric.statelessResult(state)).toBeAllClose((1 + 2 + 6 * 2) / 4);
    expect(metric.result()).toBeAllClose(10);
    expect(() => metric.statelessResult([])).toThrow(/one value for each of its 2 variables, got 0/);
  });

  it('holds no memory beyond itself', () => {
    const metric = new tf.metrics.AUC();
    const [yTrue, yPred] = [tf.tensor([0, 1, 1]), tf.tensor([0.2, 0.4, 0.9])];
    const update = () =>
      tf.tidy(() => {
        metric.updateState(yTrue, yPred);
        metric.result();
      });
    update();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) update();
    metric.resetState();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('metrics of one’s own', () => {
  class Largest extends tf.metrics.Metric {
    readonly largest = this.addVariable('largest');
    readonly inner = { means: [new tf.metrics.Mean({ name: 'inner' })] };

    override updateState(yTrue: tf.TensorLike, yPred: tf.TensorLike): void {
      const error = tf.abs(tf.sub(yTrue, yPred));
      this.largest.assign(tf.maximum(this.largest.read(), tf.max(error)));
      this.inner.means[0].updateState(error);
    }

    override result(): tf.Tensor {
      return tf.sub(this.largest.read(), this.inner.means[0].result());
    }
  }

  it('by subclassing, with metrics inside', () => {
    const metric = new Largest();
    expect(metric.variables.length).toBe(3);
    expect(metric.apply([1, 2], [2, 5])).toBeAllClose(1);
    metric.resetState();
    expect(metric.variables.every((variable) => tf.max(variable.read()).dataSync()[0] === 0)).toBe(true);
    expect(metric.name).toMatch(/^largest/);
    expect(() => tf.metrics.deserialize(tf.metrics.serialize(metric))).toThrow(/Unknown metric 'Largest'/);
    expect(tf.metrics.deserialize(tf.metrics.serialize(metric), { Largest }).getConfig()).toEqual(metric.getConfig());
  });

  it('start from what an initializer makes', () => {
    class Smallest extends tf.metrics.Metric {
      readonly smallest = this.addVariable('smallest', [2], { initializer: 'ones', dtype: 'float64' });
      override updateState(): void {}
      override result(): tf.Tensor {
        return this.smallest.read();
      }
    }
    const metric = new Smallest();
    expect(metric.result()).toHaveType('float64', [2]);
    expect(metric.result()).toBeAllClose([1, 1]);
  });

  it('of functions, ours with options or a user’s', () => {
    const worst = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => yPred.sub(yTrue).abs().max(-1);
    const metric = tf.metrics.get(worst);
    expect(metric.name).toBe('worst');
    expect(metric.apply([[0, 1], [0, 0]], [[1, 3], [4, 0]])).toBeAllClose(3); // prettier-ignore
    expect(tf.metrics.get('huber').apply([[0]], [[3]])).toBeAllClose(2.5);

    const top = new tf.metrics.MeanMetricWrapper({ fn: tf.metrics.topKCategoricalAccuracy, k: 2 });
    expect(top.name).toBe('top_k_categorical_accuracy');
    expect(top.apply([[0, 0, 1]], [[0.1, 0.6, 0.3]])).toBeAllClose(1);
    expect(top.getConfig()).toMatchObject({
      k: 2,
      fn: { className: 'function', config: 'top_k_categorical_accuracy' },
    });
    const again = tf.metrics.deserialize(tf.metrics.serialize(top));
    expect(again.apply([[0, 0, 1]], [[0.5, 0.4, 0.1]])).toBeAllClose(0);
  });
});

describe('names', () => {
  it('accuracy and crossentropy go by the shapes', () => {
    const kind = (name: string, yTrue: number[], yPred: (number | null)[]) =>
      tf.metrics.get(name, { shape: yTrue }, { shape: yPred });
    expect(kind('acc', [4, 1], [null, 1])).toBeInstanceOf(tf.metrics.BinaryAccuracy);
    expect(kind('accuracy', [4], [null, 3])).toBeInstanceOf(tf.metrics.SparseCategoricalAccuracy);
    expect(kind('Accuracy', [4, 3], [null, 3])).toBeInstanceOf(tf.metrics.CategoricalAccuracy);
    expect(kind('ce', [4, 3], [null, 3])).toBeInstanceOf(tf.metrics.CategoricalCrossentropy);
    expect(kind('acc', [4, 1], [null, 1]).name).toBe('acc');
    expect(tf.metrics.get('accuracy')).toBeInstanceOf(tf.metrics.Accuracy);
  });

  it('of metrics made without one are told apart', () => {
    const [first, second] = [new tf.metrics.Recall(), new tf.metrics.Recall()];
    expect(second.name).not.toBe(first.name);
    expect(new tf.metrics.Mean().name).toBe('mean');
  });
});

describe('curves and counts', () => {
  it('a prediction that is NaN is above no threshold', () => {
    const auc = new tf.metrics.AUC();
    auc.updateState([1, 0, 1], [0.9, 0.1, NaN]);
    const counts = auc.variables.map((variable) => tf.max(variable.read()).dataSync()[0]);
    expect(counts).toEqual([1, 1, 1, 2]);
    expect(new tf.metrics.TruePositives().apply([1, 1], [NaN, 0.9])).toBeAllClose(1);
  });

  it('predictions beyond 0 and 1 count as those', () => {
    expect(new tf.metrics.AUC().apply([0, 1], [-3, 7])).toBeAllClose(1);
  });

  it('many predictions are exact, and quick', () => {
    const n = 20_000;
    const yTrue = tf.tensor(Float32Array.from({ length: n }, (_, i) => i % 2));
    const yPred = tf.tensor(Float32Array.from({ length: n }, (_, i) => ((i * 7919) % n) / n));
    const auc = new tf.metrics.AUC();
    auc.updateState(yTrue, yPred);
    const [positives, negatives] = auc.variables.slice(0, 2).map((variable) => variable.read().dataSync()[0]);
    expect([positives, negatives]).toEqual([n / 2, n / 2]);
    expect(auc.result().dataSync()[0]).toBeCloseTo(0.5, 3);
  });

  it('whole batches of images count by pixels', () => {
    const iou = new tf.metrics.OneHotMeanIoU({ numClasses: 2, axis: 1 });
    const one = tf.tensor([[[[1, 0]], [[0, 1]]]]); // prettier-ignore -- [image, class, row, column]
    expect(iou.apply(one, one)).toBeAllClose(1);
    const weighted = new tf.metrics.MeanIoU({ numClasses: 2, dtype: 'float32' });
    // One weight for each image, and for each pixel.
    expect(weighted.apply([[0, 1], [1, 1]], [[0, 1], [0, 0]], [1, 0])).toBeAllClose(1); // prettier-ignore
    expect(weighted.apply([[0, 1], [1, 1]], [[0, 1], [0, 0]], [[1, 1], [0, 0]])).toBeAllClose(1); // prettier-ignore
  });

  it('Python’s dtypes of tables are taken', () => {
    const table = new tf.metrics.MeanIoU({ numClasses: 2, dtype: 'int64' });
    expect(table.apply([0, 1], [0, 0])).toBeAllClose(0.25);
    expect(table.variables[0].dtype).toBe('int64');
  });
});

describe('TensorFlow.js’s functions', () => {
  it('of whole tensors', () => {
    const x = tf.tensor2d([[0, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 1, 0]]); // prettier-ignore
    const y = tf.tensor2d([[0, 0, 1, 0], [0, 1, 0, 0], [0, 0, 0, 1], [0, 1, 0, 0], [0, 1, 0, 0]]); // prettier-ignore
    expect(tf.metrics.precision(x, y)).toBeAllClose(0.4);
    expect(tf.metrics.recall(x, y)).toBeAllClose(0.4);
    expect(tf.metrics.r2Score([1, 4, 3], [2, 4, 4])).toBeAllClose(1 - 2 / (14 / 3));
    expect(tf.metrics.cosineProximity([[1, 0], [1, 0]], [[Math.SQRT1_2, Math.SQRT1_2], [0, 1]])).toBeAllClose([-Math.SQRT1_2, 0]); // prettier-ignore
  });

  it('of samples', () => {
    expect(tf.metrics.binaryAccuracy([1, 1, 1, 1, 0, 0, 0, 0], [0.2, 0.4, 0.6, 0.8, 0.2, 0.3, 0.4, 0.7])).toBeAllClose([0, 0, 1, 1, 1, 1, 1, 0]); // prettier-ignore
    expect(tf.metrics.sparseCategoricalAccuracy(tf.tensor1d([1, 1, 2, 2, 0]), tf.tensor2d([[0, 1, 0], [1, 0, 0], [0, 0.4, 0.6], [0, 0.6, 0.4], [0.7, 0.3, 0]]))).toBeAllClose([1, 0, 1, 0, 1]); // prettier-ignore
    expect(tf.metrics.categoricalAccuracy([[0, 0, 0, 1]], [[0.1, 0.8, 0.05, 0.05]])).toBeAllClose([0]);
    expect(tf.metrics.MAPE([[0, 1], [10, 20]], [[0, 1], [11, 24]])).toBeAllClose([0, 15]); // prettier-ignore
    expect(tf.metrics.mse([[0, 1], [3, 4]], [[0, 1], [-3, -4]])).toBeAllClose([0, 50]); // prettier-ignore
  });

  it('of symbolic tensors', () => {
    const input = tf.input({ shape: [3] });
    expect((tf.metrics.categoricalAccuracy(input, input) as tf.KerasTensor).partialShape).toEqual([null]);
  });
});

describe('mistakes are named', () => {
  const { metrics } = tf;
  const cases: [string, () => unknown, RegExp][] = [
    ['an unknown name', () => metrics.get('acuracy'), /Unknown metric 'acuracy'.*accuracy.*auc.*mse/],
    [
      'thresholds',
      () => new metrics.Precision({ thresholds: [0.5, 2] }),
      /precision.*thresholds between 0 and 1, got \[0.5,2\]/,
    ],
    ['topK', () => new metrics.Recall({ topK: 0 }), /topK to be 1 or more, got 0/],
    [
      'classId without classes',
      () => new metrics.Recall({ classId: 3 }).updateState([[0, 1]], [[0, 1]]),
      /classId 3 needs.*got \[1, 2\]/,
    ],
    ['a curve', () => new metrics.AUC({ curve: 'DET' }), /Unknown curve 'DET'; expected one of: ROC, PR, PRGAIN/],
    ['numThresholds', () => new metrics.AUC({ numThresholds: 1 }), /numThresholds to be 2 or more, got 1/],
    ['numLabels', () => new metrics.AUC({ numLabels: 2 }), /numLabels is for multiLabel/],
    [
      'labels of AUC',
      () => new metrics.AUC({ multiLabel: true }).updateState([1], [1]),
      /\[samples, labels\], got \[1\]/,
    ],
    [
      'specificity',
      () => new metrics.SensitivityAtSpecificity({ specificity: 1.5 }),
      /specificity between 0 and 1, got 1.5/,
    ],
    ['beta', () => new metrics.FBetaScore({ beta: 0 }), /beta > 0, got 0/],
    ['average', () => new metrics.F1Score({ average: 'mean' as 'macro' }), /Unknown average 'mean'/],
    [
      'targetClassIds',
      () => new metrics.IoU({ numClasses: 2, targetClassIds: [2] }),
      /targetClassIds from 0 to 1, got \[2\]/,
    ],
    ['shapes of R2', () => new metrics.R2Score().updateState([1, 2], [1, 2]), /\[samples, outputs\], got \[2\]/],
    [
      'weights',
      () => new metrics.Mean().updateState([1, 2], [1, 2, 3]),
      /sampleWeight of shape \[3\] does not fit values of shape \[2\]/,
    ],
    ['no function', () => new metrics.MeanMetricWrapper({ fn: 3 as never }), /fn to be a function/],
  ];
  it.each(cases)('%s', (_, run, message) => expect(run).toThrow(message));
});
