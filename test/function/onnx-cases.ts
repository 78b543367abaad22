/** @file Functions that are exported to ONNX, with arguments for them. */
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';

export interface OnnxCase {
  readonly f: (...xs: Tensor[]) => unknown;
  /** Calls to compare; with a signature their sizes differ. */
  readonly inputs: readonly Tensor[][];
  readonly signature?: readonly tf.TensorSpec[];
}

const random = (shape: number[], seed: number): Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);
const w = tf.variable(random([5, 4], 1), true, 'w');
const b = tf.variable(random([4], 2), true, 'b');
const filter = tf.variable(random([3, 3, 2, 4], 3), true, 'filter');
const wide = tf.variable(random([5, 66], 14), true, 'wide');
const recurrent = tf.variable(random([4, 4], 4).mul(0.3), true, 'recurrent');

const simple = tf.layers.simpleRNN({
  units: 512,
  recurrentInitializer: tf.initializers.randomNormal({ stddev: 0.02, seed: 17 }),
});

const scanned = (x: Tensor): Tensor =>
  tf.scan((h: Tensor, e: Tensor) => h.matMul(recurrent).add(e.matMul(w)).tanh(), x, {
    initializer: tf.zeros([x.shape[1], 4]),
  }) as Tensor;

export const onnxCases: Record<string, OnnxCase> = {
  'a dense layer': {
    f: (x) => ({ y: x.matMul(w).add(b).relu(), sum: x.sum() }),
    inputs: [[random([3, 5], 5)]],
  },
  'a dense layer with its loss, for any batch': {
    f: (x, labels) => {
      const logits = x.matMul(w).add(b);
      return { probabilities: logits.softmax(), loss: logits.logSoftmax().mul(labels).sum(1).mean().neg() };
    },
    signature: [{ shape: [null, 5] }, { shape: [null, 4] }],
    inputs: [1, 2, 7].map((n) => [random([n, 5], 5), tf.oneHot(tf.range(0, n, 1, 'int32').mod(4), 4).cast('float32')]),
  },
  'a convolution with pooling, for any batch': {
    f: (x) => tf.maxPool(tf.conv2d(x as tf.Tensor, filter.read(), 1, 'same').relu(), 2, 2, 'valid').mean([1, 2]),
    signature: [{ shape: [null, 6, 6, 2] }],
    inputs: [1, 3].map((n) => [random([n, 6, 6, 2], 6)]),
  },
  'sizes in shapes, zeros and ranges': {
    f: (x) => {
      const [n] = x.shape;
      const places = tf.range(0, n, 1, 'float32').reshape([n, 1]);
      return [
        x
          .add(tf.zeros([n, 3]))
          .add(places)
          .reshape([n * 3]),
        x.reshape([3, n]).transpose(),
        x.slice([n - 1, 0], [1, 3]),
      ];
    },
    signature: [{ shape: [null, 3] }],
    inputs: [1, 4].map((n) => [random([n, 3], 7)]),
  },
  'columns of a product, for any batch': {
    f: (x) => x.matMul(wide).slice([0, 0], [-1, 65]),
    signature: [{ shape: [null, 5] }],
    inputs: [1, 90].map((n) => [random([n, 5], 13)]),
  },
  'two open dimensions': {
    f: (x, y) => x.matMul(y).sum(1).add(y.mean()),
    signature: [{ shape: [null, 3] }, { shape: [3, null] }],
    inputs: [[random([2, 3], 8), random([3, 6], 9)]],
  },
  'a recurrent layer': { f: scanned, inputs: [[random([6, 2, 5], 10)]] },
  'a recurrent layer, for any batch': {
    f: (x) => scanned(x.transpose([1, 0, 2])),
    signature: [{ shape: [null, 6, 5] }],
    inputs: [1, 3].map((n) => [random([n, 6, 5], 11)]),
  },
  'a layer of recurrent units that batches may be too large for, for any batch': {
    f: (x) => simple.apply(x),
    signature: [{ shape: [null, 32, 3] }],
    inputs: [1, 3].map((n) => [random([n, 32, 3], 15)]),
  },
  'gradients of filters whose patches may be too many to share, for any batch': {
    f: (x) =>
      tf.grad((filter) =>
        tf
          .conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'same')
          .square()
          .mean(),
      )(filter.read()),
    signature: [{ shape: [null, 118, 118, 2] }],
    inputs: [2, 3].map((n) => [random([n, 118, 118, 2], 16)]),
  },
  'branches and loops': {
    f: (x) =>
      tf.cond(
        x.sum().greater(0),
        () =>
          tf.whileLoop(
            (y) => y.sum().less(100),
            (y) => y.mul(2),
            x,
          ),
        () => tf.switchCase(x.min().abs().cast('int32'), [() => x, () => x.mul(10), () => x.add(5)]),
      ),
    inputs: [[tf.tensor([1, 2])], [tf.tensor([-1, 0])], [tf.tensor([-2.5, 1])]],
  },
  gradients: {
    f: (x) =>
      tf.grads((x, w) =>
        (x as Tensor)
          .matMul(w as Tensor)
          .tanh()
          .square()
          .mean(),
      )([x, w.read()]),
    signature: [{ shape: [null, 5] }],
    inputs: [2, 5].map((n) => [random([n, 5], 12)]),
  },
};
