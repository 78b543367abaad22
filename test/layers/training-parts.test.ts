/** @file Optimizers, losses and metrics in hand-written loops, and their mistakes. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import '../support/tensors.ts';

describe('optimizers', () => {
  it('minimize lowers what a function computes, and gives it back when asked', () => {
    const w = tf.variable(tf.tensor([3, -2]));
    const frozen = tf.variable(tf.scalar(1), false);
    const optimizer = tf.train.sgd(0.25);
    const cost = () => tf.mul(tf.sum(tf.square(w)), frozen);
    expect(optimizer.minimize(cost, true)).toBeAllClose(13);
    expect(w.read()).toBeAllClose([1.5, -1]);
    expect(optimizer.minimize(cost)).toBeNull();
    expect(w.read()).toBeAllClose([0.75, -0.5]);
    expect(frozen.read()).toBeAllClose(1);
    expect(() => optimizer.minimize(() => tf.square(w))).toThrow(/expected a scalar to minimize, got shape \[2\]/);
  });

  it('minimize changes only the variables that are named', () => {
    const [a, b] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1))];
    tf.train.sgd(0.1).minimize(() => tf.add(tf.square(a), tf.square(b)), false, [b]);
    expect([a, b].map((v) => v.read().dataSync()[0])).toEqual([1, Math.fround(0.8)]);
  });

  it('leave variables without a gradient as they are, and refuse a step without any', () => {
    const [a, b] = [tf.variable(tf.scalar(1), true, 'a'), tf.variable(tf.scalar(1), true, 'b')];
    const optimizer = tf.train.adam();
    optimizer.applyGradients([[null, a], [tf.scalar(1), b]]); // prettier-ignore
    expect(a.read()).toBeAllClose(1);
    expect(b.read()).toBeAllClose(0.999);
    expect(() => optimizer.applyGradients([[null, a], [null, b]])).toThrow(/adam: no gradient for any of the variables a, b/); // prettier-ignore
  });

  it('take arguments by place as in TensorFlow.js and by name as in Keras', () => {
    expect(tf.train.adam(0.1, 0.8, 0.9, 1e-3).getConfig()).toMatchObject({
      learningRate: 0.1,
      beta1: 0.8,
      beta2: 0.9,
      epsilon: 1e-3,
    });
    expect(tf.optimizers.adam({ learningRate: 0.1 }).getConfig()).toMatchObject({ learningRate: 0.1, beta1: 0.9 });
    expect(tf.train.momentum(0.1, 0.9, true).getConfig()).toMatchObject({ momentum: 0.9, nesterov: true });
    expect(tf.train.rmsprop(0.1, 0.5).rho).toBe(0.5);
    expect(tf.train.sgd().learningRate).toBe(0.01);
  });

  it('refuse options out of range', () => {
    expect(() => tf.train.sgd(-1)).toThrow(/sgd: expected a learningRate of at least 0, got -1/);
    expect(() => tf.train.adam({ beta1: 1 })).toThrow(/adam: expected beta1 in 0 <= beta1 < 1, got 1/);
    expect(() => tf.optimizers.sgd({ momentum: 2 })).toThrow(/momentum between 0 and 1, got 2/);
    expect(() => tf.optimizers.sgd({ clipNorm: 1, clipValue: 1 })).toThrow(
      /one of clipNorm, clipValue, globalClipNorm; got 2/,
    );
    expect(() => tf.optimizers.sgd({ clipNorm: 0 })).toThrow(/clipNorm > 0, got 0/);
  });

  it('hold no memory beyond their state after eager steps', () => {
    const w = tf.variable(tf.ones([10]));
    const g = tf.ones([10]);
    const optimizer = tf.train.adam();
    optimizer.applyGradients([[g, w]]);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) optimizer.applyGradients([[g, w]]);
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('losses', () => {
  it('meet targets [n] with predictions [n, 1] without broadcasting to [n, n]', () => {
    const yTrue = tf.tensor([1, 2, 3]);
    const yPred = tf.tensor([[1], [2], [5]]);
    expect(tf.losses.meanSquaredError(yTrue, yPred)).toBeAllClose([0, 0, 4]);
    expect(new tf.losses.MeanAbsoluteError().apply(yTrue, yPred)).toBeAllClose(2 / 3);
  });

  it('have gradients that stay finite at the ends of the probabilities', () => {
    const tape = new tf.GradientTape();
    const p = tf.variable(tf.tensor([[0, 1]]));
    const loss = tape.record(() => tf.losses.categoricalCrossentropy(tf.tensor([[1, 0]]), p.read()));
    expect(loss).toBeAllClose([-Math.log(1e-7)], { rtol: 1e-3 });
    expect([...tape.gradient(loss, p)!.dataSync()].every((value) => Number.isFinite(Number(value)))).toBe(true);
  });

  it('use the logits of a softmax for the gradient: probabilities minus target', () => {
    const z = tf.variable(tf.tensor([[50, -50, 0]]));
    const tape = new tf.GradientTape();
    const loss = tape.record(() =>
      tf.losses.sparseCategoricalCrossentropy(tf.tensor([1], null, 'int32'), tf.activations.softmax(z.read())),
    );
    expect(loss).toBeAllClose([100]);
    expect(tape.gradient(loss, z)).toBeAllClose([[1, -1, 0]]);
  });

  it('refuse shapes and options that do not fit', () => {
    expect(() => tf.losses.categoricalCrossentropy(tf.ones([2, 3]), tf.ones([2, 4]))).toThrow(
      /targets of the predictions' shape \[2, 4\], got \[2, 3\]/,
    );
    expect(() =>
      new tf.losses.BinaryCrossentropy({ labelSmoothing: 2 }).apply(tf.ones([1, 1]), tf.ones([1, 1])),
    ).toThrow(/labelSmoothing between 0 and 1/);
    expect(() => new tf.losses.Huber({ delta: 0 })).toThrow(/delta > 0, got 0/);
    expect(() => new tf.losses.MeanSquaredError({ reduction: 'avg' as 'sum' })).toThrow(/reduction .*got 'avg'/);
    expect(() => new tf.losses.MeanSquaredError().apply(tf.ones([3, 1]), tf.ones([3, 1]), tf.ones([2]))).toThrow(
      /sampleWeight of shape \[2\]/,
    );
  });
});

describe('metrics', () => {
  it('Mean and Sum take numbers and tensors, weighted or not', () => {
    const mean = new tf.metrics.Mean();
    expect(mean.result()).toBeAllClose(0);
    mean.updateState(4);
    mean.updateState(tf.tensor([[1, 2], [3, 6]])); // prettier-ignore
    // A sample counts once, whatever it is made of.
    expect(mean.result()).toBeAllClose((4 + 1.5 + 4.5) / 3);
    mean.resetState();
    mean.updateState(tf.tensor([1, 3]), tf.tensor([3, 1]));
    expect(mean.result()).toBeAllClose(6 / 4);
    const sum = new tf.metrics.Sum();
    sum.updateState(tf.tensor([1, 3]), tf.tensor([3, 1]));
    sum.updateState(2);
    expect(sum.result()).toBeAllClose(8);
  });

  it('are updated inside tf.function', () => {
    const accuracy = new tf.metrics.SparseCategoricalAccuracy();
    const update = tf.function((y: tf.Tensor, p: tf.Tensor) => accuracy.updateState(y, p));
    const p = tf.tensor([[0.9, 0.1], [0.2, 0.8]]); // prettier-ignore
    update(tf.tensor([0, 1]), p);
    update(tf.tensor([0, 0]), p);
    expect(accuracy.result()).toBeAllClose(0.75);
  });

  it('keep a subclass by its own state', () => {
    class Largest extends tf.metrics.Metric {
      private readonly largest = this.addVariable('largest');
      override updateState(_yTrue: tf.Tensor, yPred: tf.Tensor) {
        this.largest.assign(tf.maximum(this.largest, tf.max(yPred)));
      }
      override result() {
        return this.largest.read();
      }
    }
    const largest = new Largest();
    largest.updateState(tf.scalar(0), tf.tensor([1, 5]));
    largest.updateState(tf.scalar(0), tf.tensor([2]));
    expect(largest.result()).toBeAllClose(5);
    largest.resetState();
    expect(largest.result()).toBeAllClose(0);
  });
});
