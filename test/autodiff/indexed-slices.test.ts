/** @file Gradients of lookups: rows, from the tape to the optimizer, at once and in graphs. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

const table = (name: string): tf.Variable =>
  tf.variable(
    Array.from({ length: 6 }, (_, i) => [i / 7, Math.cos(i), Math.sin(i)]),
    true,
    name,
  );
const indices = tf.tensor(
  [
    [4, 1],
    [4, 0],
    [1, 4],
  ],
  undefined,
  'int32',
);
const weights = tf.tensor(
  Array.from({ length: 18 }, (_, i) => Math.sin(i + 1)),
  [3, 2, 3],
);
const lossOf = (w: Tensor | tf.Variable): Tensor => tf.gather(w, indices).mul(weights).square().sum();
/** The gradient as a whole tensor, by a product with one-hot vectors. */
const denseLoss = (w: Tensor | tf.Variable): Tensor =>
  tf.matMul(tf.oneHot(indices.flatten(), 6).cast('float32'), w).reshape([3, 2, 3]).mul(weights).square().sum();
const gradientAt = (w: tf.Variable, loss = lossOf): Tensor => {
  const tape = new tf.GradientTape();
  return tape.gradient(
    tape.record(() => loss(w)),
    w,
  ) as Tensor;
};

describe('the gradient of a lookup', () => {
  it('is rows at a variable, whole elsewhere, and what TensorFlow says either way', () => {
    const w = table('w');
    const gradient = gradientAt(w);
    expect(gradient).toBeInstanceOf(tf.IndexedSlices);
    const slices = gradient as tf.IndexedSlices;
    expect(slices.indices).toBeAllClose([4, 1, 4, 0, 1, 4]);
    expect(slices.values).toHaveType('float32', [6, 3]);
    expect(gradient).toHaveType('float32', [6, 3]);
    const expected = gradientAt(w, denseLoss);
    expect(gradient).toBeAllClose(expected);
    expect(tf.grad((x) => lossOf(x))(w.read())).not.toBeInstanceOf(tf.IndexedSlices);
    expect(tf.grad((x) => lossOf(x))(w.read())).toBeAllClose(expected);
  });

  it('is the whole tensor to every operation, tape and graph', () => {
    const w = table('w');
    const expected = gradientAt(w, denseLoss);
    expect(gradientAt(w).mul(2)).toBeAllClose(expected.mul(2));
    expect(tf.stack([gradientAt(w), tf.ones([6, 3])])).toHaveType('float32', [2, 6, 3]);
    expect(tf.function(() => gradientAt(w))()).toBeAllClose(expected);
    const kept = tf.tidy(() => gradientAt(w));
    expect(kept).toBeAllClose(expected);
    kept.dispose();
    expect(kept.isDisposed).toBe(true);
    const outer = new tf.GradientTape();
    const norm = outer.record(() => gradientAt(w).square().sum());
    const other = new tf.GradientTape();
    const same = other.record(() => gradientAt(w, denseLoss).square().sum());
    expect(outer.gradient(norm, w)).toBeAllClose(other.gradient(same, w) as Tensor);
  });

  it('adds up as rows, and is whole where others are', () => {
    const w = table('w');
    const twice = gradientAt(w, (v) => lossOf(v).add(tf.gather(v, [5]).sum()));
    expect(twice).toBeInstanceOf(tf.IndexedSlices);
    expect(twice).toBeAllClose(gradientAt(w, (v) => denseLoss(v).add(tf.slice(v, 5, 1).sum())));
    const mixed = gradientAt(w, (v) => lossOf(v).add(tf.square(v).sum()));
    expect(mixed).not.toBeInstanceOf(tf.IndexedSlices);
    expect(mixed).toBeAllClose(gradientAt(w, (v) => denseLoss(v).add(tf.square(v).sum())));
    expect(gradientAt(w, (v) => tf.gather(v, tf.tensor([], [0], 'int32')).sum())).toBeAllClose(tf.zeros([6, 3]));
  });
});

describe('optimizers make of rows what they make of the whole gradient', () => {
  const optimizers: Record<string, () => tf.Optimizer> = {
    sgd: () => tf.train.sgd(0.1),
    momentum: () => tf.train.momentum(0.1, 0.9),
    nesterov: () => tf.train.momentum(0.1, 0.9, true),
    adam: () => tf.train.adam(0.1),
    amsgrad: () => tf.train.adam({ learningRate: 0.1, amsgrad: true }),
    rmsprop: () => tf.train.rmsprop(0.1),
    centered: () => tf.train.rmsprop({ learningRate: 0.1, momentum: 0.5, centered: true }),
    clipNorm: () => tf.train.adam({ learningRate: 0.1, clipNorm: 0.3 }),
    clipValue: () => tf.train.sgd({ learningRate: 0.1, clipValue: 0.05 }),
    globalClipNorm: () => tf.train.sgd({ learningRate: 0.1, globalClipNorm: 0.3 }),
  };
  it.each(Object.keys(optimizers))('%s', (name) => {
    const [rows, whole, compiled] = ['rows', 'whole', 'compiled'].map(table);
    const [a, b, c] = [0, 1, 2].map(() => optimizers[name]());
    const step = (w: tf.Variable, optimizer: tf.Optimizer, loss: (v: tf.Variable) => Tensor): void =>
      optimizer.applyGradients([[gradientAt(w, loss as typeof lossOf), w]]);
    const graph = tf.function(() => step(compiled, c, lossOf));
    for (let i = 0; i < 4; i++) {
      step(rows, a, lossOf);
      step(whole, b, denseLoss);
      graph();
    }
    expect(rows.read()).toBeAllClose(whole.read(), { rtol: 1e-4, atol: 1e-5 });
    expect(compiled.read()).toBeAllClose(whole.read(), { rtol: 1e-4, atol: 1e-5 });
  });
});
