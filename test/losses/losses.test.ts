/** @file What losses do beyond formulas: masks of their own, logits that are known, dtypes, weights, custom ones, mistakes. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

const gradient = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor => tf.grad(f)(x);

describe('dtypes', () => {
  it('half precision is computed in float32, with the logits of a softmax kept', () => {
    const logits = tf.tensor([[12, -12, 0]], null, 'float16');
    const loss = new tf.losses.SparseCategoricalCrossentropy().apply([1], tf.activations.softmax(logits));
    expect(loss).toHaveType('float32', []);
    expect(loss).toBeAllClose(24, { atol: 1e-4 });
  });

  it('a dtype may be asked for, and is part of the config then', () => {
    const loss = new tf.losses.MeanSquaredError({ dtype: 'float64' });
    expect(loss.apply([[0, 1]], [[1, 3]])).toHaveType('float64', []);
    expect(loss.getConfig()).toEqual({
      name: 'mean_squared_error',
      reduction: 'sum_over_batch_size',
      dtype: 'float64',
    });
    expect(new tf.losses.MeanSquaredError().apply([[0]], tf.tensor([[1]], null, 'float64')).dtype).toBe('float64');
    expect(() => new tf.losses.Dice({ dtype: 'int32' })).toThrow(/floating dtype.*'int32'/);
  });

  it('targets may be integers, booleans and large class numbers', () => {
    expect(new tf.losses.MeanAbsoluteError().apply(tf.tensor([[1], [2]], null, 'int32'), [[0.5], [0.5]])).toBeAllClose(
      1,
    );
    expect(new tf.losses.BinaryCrossentropy().apply(tf.tensor([[true]], null, 'bool'), [[0.5]])).toBeAllClose(
      Math.log(2),
    );
  });
});

describe('weights', () => {
  const [yTrue, yPred] = [tf.zeros([2, 3, 4]), tf.ones([2, 3, 4])];
  const sum = new tf.losses.MeanSquaredError({ reduction: 'sum' });

  it('weigh samples and steps', () => {
    expect(sum.apply(yTrue, yPred, [1, 10])).toBeAllClose(33);
    expect(sum.apply(yTrue, yPred, [[1], [10]])).toBeAllClose(33);
    expect(sum.apply(yTrue, yPred, [[1, 0, 0], [10, 20, 0]])).toBeAllClose(31); // prettier-ignore
    expect(sum.apply(yTrue, yPred, [[1], [10]], [[1, 1, 0], [1, 0, 0]])).toBeAllClose(12); // prettier-ignore
    expect(sum.apply(yTrue, yPred, [1, 10], [[1, 1, 0], [1, 0, 0]])).toBeAllClose(12); // prettier-ignore
    expect(new tf.losses.Dice().apply(yPred, yPred, [1, 3])).toBeAllClose(0, { atol: 1e-6 });
  });

  it('that do not fit are refused', () => {
    expect(() => sum.apply(yTrue, yPred, [1, 2, 3])).toThrow(
      /sampleWeight of shape \[3\].*\[2, 3\].*one weight for each sample, \[2\]/,
    );
  });

  it('that are all 0, and masks that hold nowhere, give 0', () => {
    const loss = new tf.losses.MeanSquaredError({ reduction: 'meanWithSampleWeight' });
    expect(loss.apply(yTrue, yPred, [0, 0])).toBeAllClose(0);
    expect(new tf.losses.MeanSquaredError().apply(yTrue, yPred, null, tf.zeros([2, 3], 'bool'))).toBeAllClose(0);
  });

  it('a batch without samples adds nothing', () => {
    expect(new tf.losses.MeanSquaredError().apply(tf.zeros([0, 3]), tf.zeros([0, 3]))).toBeAllClose(0);
  });
});

describe('samples that do not count', () => {
  it('of a class to ignore: value 0, gradient 0, and the mean is of the others, NaN or not', () => {
    const loss = new tf.losses.SparseCategoricalCrossentropy({ ignoreClass: -1, fromLogits: true });
    const logits = tf.tensor([[1, 2], [NaN, 0], [0, 0]]); // prettier-ignore
    const [first, last] = [Math.log(1 + Math.exp(1)), Math.log(2)];
    expect(loss.apply([0, -1, 1], logits)).toBeAllClose((first + last) / 2);
    const byLogits = gradient((x) => loss.apply([0, -1, 1], x), logits).arraySync() as number[][];
    expect(byLogits[1]).toEqual([0, 0]);
    expect(byLogits.flat().every(Number.isFinite)).toBe(true);
  });

  it('of a class of its own in the circle loss: finite gradients', () => {
    const x = tf.tensor([[1, 0], [0.6, 0.8], [0, 1]]); // prettier-ignore
    const alone = new tf.losses.Circle();
    expect(alone.apply([0, 1, 2], x)).toBeAllClose(0);
    expect(gradient((e) => alone.apply([0, 1, 2], e), x)).toBeAllClose(tf.zeros([3, 2]));
    expect(
      gradient((e) => alone.apply([0, 0, 1], e), x)
        .isFinite()
        .all(),
    ).toBeAllClose(true);
  });

  it('a class without any probability has a finite gradient in the generalized cross-entropy', () => {
    const loss = (x: tf.Tensor) => tf.losses.categoricalGeneralizedCrossEntropy([1], tf.activations.softmax(x));
    const logits = tf.tensor([[200, -200]]);
    expect(loss(logits)).toBeAllClose([2]);
    expect(gradient(loss, logits)).toBeAllClose([[0, 0]]);
  });

  it('the circle loss takes references', () => {
    const [a, b] = [tf.tensor([[1, 0]]), tf.tensor([[1, 0], [0, 1]])]; // prettier-ignore
    const values = tf.losses.circle([0], a, { refLabels: [0, 1], refEmbeddings: b, removeDiagonal: false });
    // Distances 0 to its own and 1 to the other: exp(-80 · 0.4²) · exp(80 · 0.4 · -0.4).
    expect(values).toBeAllClose([Math.log1p(Math.exp(-12.8 - 12.8))], { atol: 1e-9 });
  });
});

describe('memory', () => {
  it('is given back with the scope, the masks of losses too', () => {
    const loss = new tf.losses.SparseCategoricalCrossentropy({ ignoreClass: 0 });
    const [yTrue, yPred] = [tf.tensor([0, 1], null, 'int32'), tf.tensor([[0.5, 0.5], [0.2, 0.8]])]; // prettier-ignore
    const run = () => tf.tidy(() => void loss.apply(yTrue, yPred));
    run();
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) run();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('logits that are known', () => {
  it('make cross-entropies exact where probabilities are 0', () => {
    const x = tf.tensor([[40, -40]]);
    const p = tf.activations.softmax(x);
    expect(tf.losses.categoricalCrossentropy([[0, 1]], p)).toBeAllClose([80]);
    expect(tf.losses.sparseCategoricalCrossentropy([1], p)).toBeAllClose([80]);
    expect(tf.losses.binaryCrossentropy([[1]], tf.activations.sigmoid(tf.tensor([[-50]])))).toBeAllClose([50]);
    expect(tf.losses.binaryFocalCrossentropy([[1]], tf.activations.sigmoid(tf.tensor([[-50]])))).toBeAllClose([50]);
  });
});

describe('losses of one’s own', () => {
  class QuarticError extends tf.losses.Loss {
    override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
      return yPred.sub(yTrue).pow(4).mean(-1);
    }
  }

  it('by subclassing', () => {
    const loss = new QuarticError({ reduction: 'sum' });
    expect(loss.apply([[0], [1]], [[1], [3]])).toBeAllClose(17);
    expect(loss.name).toMatch(/^quartic_error/);
    expect(() => tf.losses.deserialize(tf.losses.serialize(loss))).toThrow(
      /Unknown loss 'QuarticError'.*registerClass/,
    );
    const again = tf.losses.deserialize(tf.losses.serialize(loss), { QuarticError });
    expect(again.getConfig()).toEqual(loss.getConfig());
    tf.serialization.registerClass(QuarticError, 'Tests');
    expect(tf.losses.serialize(loss)).toMatchObject({ registeredName: 'Tests>QuarticError' });
    expect(tf.losses.get('QuarticError')).toBeInstanceOf(QuarticError);
  });

  it('of functions, ours with options or a user’s', () => {
    const largest = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => yPred.sub(yTrue).abs().max(-1);
    const loss = tf.losses.get(largest);
    expect(loss.name).toBe('largest');
    expect(loss.apply([[0, 1]], [[1, 3]])).toBeAllClose(2);
    // Ranks are matched as for ours.
    expect(loss.apply([0, 1], [[1], [3]])).toBeAllClose(1.5);
    expect(tf.losses.deserialize(tf.losses.serialize(largest), { largest }).apply([[0]], [[3]])).toBeAllClose(3);

    const huber = new tf.losses.LossFunctionWrapper({ fn: tf.losses.huber, delta: 2, reduction: 'sum', name: 'near' });
    expect(huber.apply([[0]], [[3]])).toBeAllClose(4);
    expect(huber.getConfig()).toEqual({
      name: 'near',
      reduction: 'sum',
      delta: 2,
      fn: { className: 'function', config: 'huber' },
    });
    expect(tf.losses.deserialize(tf.losses.serialize(huber)).apply([[0]], [[3]])).toBeAllClose(4);
    expect(tf.losses.get({ className: 'function', config: 'mean_squared_error' }).apply([[0]], [[3]])).toBeAllClose(9);
  });

  it('symbolic predictions make symbolic losses', () => {
    const input = tf.input({ shape: [3] });
    const error = tf.losses.meanSquaredError(input, tf.mul(input, 2)) as tf.KerasTensor;
    expect(error).toBeInstanceOf(tf.KerasTensor);
    expect(error.partialShape).toEqual([null]);
  });
});

describe('names and mistakes', () => {
  it('crossentropy goes by the shapes', () => {
    const named = (yTrue: number[], yPred: number[]) =>
      tf.losses.get('crossentropy', { shape: yTrue }, { shape: yPred }).name;
    expect(named([4, 1], [4, 1])).toBe('binary_crossentropy');
    expect(named([4], [4, 3])).toBe('sparse_categorical_crossentropy');
    expect(named([4, 1], [4, 3])).toBe('sparse_categorical_crossentropy');
    expect(named([4, 3], [4, 3])).toBe('categorical_crossentropy');
    expect(() => tf.losses.get('ce')).toThrow(/depends on the shapes/);
  });

  it('classes, and functions under the names that Keras and users give them', () => {
    expect(tf.losses.get(tf.losses.Huber)).toBeInstanceOf(tf.losses.Huber);
    const farthest = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => yPred.sub(yTrue).abs().max(-1);
    tf.serialization.registerClass(farthest, 'Tests');
    expect(tf.losses.serialize(farthest)).toEqual({ className: 'function', config: 'Tests>farthest' });
    expect(tf.losses.get(tf.losses.serialize(farthest)).apply([[0]], [[3]])).toBeAllClose(3);
    expect(tf.losses.get('farthest').apply([[0]], [[3]])).toBeAllClose(3);
    expect(tf.losses.serialize(tf.losses.meanSquaredError)).toEqual({
      className: 'function',
      config: 'mean_squared_error',
    });
  });

  it('configs by class name, with options', () => {
    const loss = tf.losses.get({ className: 'Huber', config: { delta: 3, reduction: 'sum' } });
    expect(loss.getConfig()).toEqual({ name: 'huber_loss', reduction: 'sum', delta: 3 });
  });

  it('refuses what does not fit, and says what would', () => {
    expect(() => tf.losses.get('mzf')).toThrow(/Unknown loss 'mzf'.*meanSquaredError.*mse/);
    expect(() => new tf.losses.CategoricalGeneralizedCrossEntropy({ q: 1 })).toThrow(/0 < q < 1, got 1/);
    expect(() => new tf.losses.CategoricalCrossentropy({ labelSmoothing: -1 })).toThrow(
      /labelSmoothing between 0 and 1, got -1/,
    );
    expect(() => tf.losses.ctc([1, 2], tf.zeros([1, 4, 3]))).toThrow(
      /class numbers of shape \[batch, maxLabels\].*got \[2\]/,
    );
    expect(() => tf.losses.circle([0], tf.zeros([1, 2, 3]))).toThrow(
      /embeddings of shape \[samples, size\], got \[1, 2, 3\]/,
    );
    expect(() => tf.losses.sparseCategoricalCrossentropy([0, 1], tf.zeros([3, 2]))).toThrow(
      /class numbers of shape \[3\]/,
    );
    expect(tf.losses.sparseCategoricalCrossentropy([0, 2, -1], tf.ones([3, 2]), { fromLogits: true })).toBeAllClose([
      Math.log(2),
      NaN,
      NaN,
    ]);
    const ignoring = new tf.losses.SparseCategoricalCrossentropy({ ignoreClass: 255 });
    ignoring.checkTargets(tf.tensor([0, 1, 255], null, 'int32'), [null, 2]);
    expect(() => ignoring.checkTargets(tf.tensor([0, 2], null, 'int32'), [null, 2])).toThrow(/label 2 at position 1/);
  });
});

describe('TensorFlow.js’s losses', () => {
  it('are as they were', () => {
    expect(tf.losses.absoluteDifference([1, 2], [2, 4])).toBeAllClose(1.5);
    expect(tf.losses.meanSquaredError([1, 2], [2, 4], 1)).toBeAllClose(2.5);
    expect(tf.losses.computeWeightedLoss([1, 2], [1, 0])).toBeAllClose(1);
    expect(tf.losses.huberLoss([0], [3], 1, 1)).toBeAllClose(2.5);
  });

  it('are taken where a loss is asked for', () => {
    const loss = tf.losses.get(tf.losses.softmaxCrossEntropy);
    expect(loss.apply([[0, 1]], [[1, 1]])).toBeAllClose(Math.log(2));
    expect(loss.apply([[0, 1]], [[1, 1]], [3])).toBeAllClose(3 * Math.log(2));
  });
});
