/** @file Convolutions against Keras 3 (test/fixtures/layers/convolutional.py), what TensorFlow cannot compute, and what they refuse. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { describeLayerCases } from '../support/layer-cases.ts';

describeLayerCases('convolutional.json');

const { layers } = tf;

/** Every convolution, and its number of spatial axes. */
const kinds = [
  [1, layers.Conv1D],
  [2, layers.Conv2D],
  [3, layers.Conv3D],
  [1, layers.Conv1DTranspose],
  [2, layers.Conv2DTranspose],
  [3, layers.Conv3DTranspose],
  [1, layers.DepthwiseConv1D],
  [2, layers.DepthwiseConv2D],
  [1, layers.SeparableConv1D],
  [2, layers.SeparableConv2D],
] as const;

const sizes = [5, 4, 3];
const sample = (axes: number): tf.Tensor => tf.randomNormal([2, ...sizes.slice(0, axes), 4], 0, 1, 'float32', 3);
const toFirst = (axes: number): number[] => [0, axes + 1, ...sizes.slice(0, axes).map((_, i) => i + 1)];

describe('every convolution', () => {
  for (const [axes, type] of kinds) {
    const { name } = type;
    const make = (options: object): tf.layers.Layer => new type({ filters: 4, kernelSize: 2, ...options });
    describe(name, () => {
      it('gives the same with its channels first', () => {
        for (const padding of ['valid', 'same']) {
          const [last, first] = [
            make({ padding, strides: 2 }),
            make({ padding, strides: 2, dataFormat: 'channels_first' }),
          ];
          const x = sample(axes);
          const y = tf.transpose(last.apply(x), toFirst(axes));
          first.ensureBuilt(tf.transpose(x, toFirst(axes)).shape);
          first.setWeights(last.getWeights());
          expect(first.apply(tf.transpose(x, toFirst(axes)))).toBeAllClose(y, { rtol: 1e-5, atol: 1e-5 });
          expect(first.getConfig().dataFormat).toBe('channelsFirst');
        }
      });

      it('computes in half precision on weights in single precision', () => {
        const [single, mixed] = [make({}), make({ dtype: 'mixed_float16' })];
        const x = sample(axes);
        const y = single.apply(x);
        mixed.ensureBuilt(x.shape);
        mixed.setWeights(single.getWeights());
        const half = mixed.apply(x);
        expect([half.dtype, mixed.weights[0].dtype]).toEqual(['float16', 'float32']);
        expect(tf.cast(half, 'float32')).toBeAllClose(y, { rtol: 0.01, atol: 0.02 });
      });

      it('penalises and projects its weights, and says what it is', () => {
        const l2 = { className: 'L2', config: { l2: 1 } };
        const kernels = name.startsWith('Separable')
          ? ['depthwise', 'pointwise']
          : [name.startsWith('Depthwise') ? 'depthwise' : 'kernel'];
        const options = kernels.map((kernel) => ({
          [`${kernel}Initializer`]: 'ones',
          [`${kernel}Regularizer`]: l2,
          [`${kernel}Constraint`]: 'nonNeg',
        }));
        const layer = make(Object.assign({ biasRegularizer: l2, activation: 'relu' }, ...options) as object);
        layer.apply(sample(axes));
        expect(layer.losses).toHaveLength(kernels.length + 1);
        layer.weights.slice(0, -1).forEach((weight, i) => {
          expect(layer.losses[i].item()).toBeCloseTo(weight.shape.reduce((a, b) => a * b));
          expect(weight.constraint).toBeDefined();
        });
        expect(layer.detail()).toBe(
          `${sizes
            .slice(0, axes)
            .map(() => 2)
            .join('x')}, relu`,
        );
      });

      it('refuses an input of another rank or with other channels', () => {
        const layer = make({});
        expect(() => layer.apply(tf.ones([1, 4]))).toThrow(`rank ${axes + 2}`);
        layer.apply(sample(axes));
        expect(() => layer.apply(tf.ones([1, ...sizes.slice(0, axes), 2]))).toThrow(/whose axis -1 has size 4/);
      });
    });
  }
});

describe('transposed convolutions', () => {
  it('with gaps are those of a kernel with zeros in the gaps', () => {
    const x = tf.randomNormal([1, 4, 3, 2], 0, 1, 'float32', 1);
    for (const padding of ['valid', 'same'] as const) {
      const dilated = layers.conv2dTranspose({ filters: 3, kernelSize: 2, dilationRate: [2, 1], padding });
      const y = dilated.apply(x);
      const spread = layers.conv2dTranspose({ filters: 3, kernelSize: [3, 2], padding, useBias: false });
      spread.ensureBuilt(x.shape);
      const [first, second] = tf.split(dilated.kernel!.read(), 2, 0);
      spread.setWeights([tf.concat([first, tf.zerosLike(first), second], 0)]);
      expect(y).toBeAllClose(spread.apply(x), { rtol: 1e-5, atol: 1e-5 });
      expect(dilated.computeOutputShape([null, 4, null, 2])).toEqual([null, padding === 'same' ? 4 : 6, null, 3]);
    }
  });

  it('keep the size of even kernels without output padding, which TensorFlow refuses', () => {
    const layer = layers.conv1dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same', outputPadding: 0 });
    expect(layer.apply(tf.ones([1, 5, 1])).shape).toEqual([1, 8, 1]);
  });
});

describe('convolutions of sequences', () => {
  it('with causal padding see nothing that comes later', () => {
    const layer = layers.conv1d({ filters: 2, kernelSize: 3, dilationRate: 2, padding: 'causal' });
    const x = tf.randomNormal([1, 8, 2], 0, 1, 'float32', 5);
    const changed = tf.concat([tf.slice(x, [0, 0, 0], [1, 5, 2]), tf.ones([1, 3, 2])], 1);
    const start = (y: tf.Tensor): tf.Tensor => tf.slice(y, [0, 0, 0], [1, 5, 2]);
    expect(start(layer.apply(changed))).toBeAllClose(start(layer.apply(x)));
  });
});

describe('convolutions', () => {
  it('know what they give for sizes that are not known', () => {
    const layer = layers.conv2d({ filters: 3, kernelSize: 3, strides: 2 });
    expect(layer.computeOutputShape([null, null, 9, 2])).toEqual([null, null, 4, 3]);
    expect(layers.depthwiseConv2d({ kernelSize: 3 }).computeOutputShape([null, 5, 5, null])).toEqual([
      null,
      3,
      3,
      null,
    ]);
  });

  it('are known by Keras’s other names, and saved under their own', () => {
    const layer = layers.deserialize({ className: 'Convolution2D', config: { filters: 1, kernelSize: 2 } });
    expect(layer).toBeInstanceOf(layers.Conv2D);
    expect(layers.Convolution3DTranspose).toBe(layers.Conv3DTranspose);
    expect(layers.serialize(layers.separableConv1d({ filters: 1, kernelSize: 1 })).className).toBe('SeparableConv1D');
  });

  it('cost a graph no more than their operations', () => {
    const conv = layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' });
    const pool = layers.maxPooling2d();
    const traced = tf.function((x: tf.Tensor) => pool.apply(conv.apply(x)));
    const { graph } = traced.getConcreteFunction(tf.ones([2, 8, 8, 1]));
    expect(graph.nodes.map(({ primitive }) => primitive)).toEqual(['conv2d', 'add', 'relu', 'maxPool2d']);
  });

  it('say what does not fit', () => {
    const conv = { filters: 4, kernelSize: 3 };
    expect(() => layers.conv2d({ ...conv, strides: 2, dilationRate: 2 })).toThrow(/strides or dilationRate to be 1/);
    expect(() => layers.conv2d({ ...conv, groups: 3 })).toThrow(/multiple of groups, got 4 and 3/);
    expect(() => layers.conv1d({ ...conv, groups: 2 }).apply(tf.ones([1, 5, 3]))).toThrow(/3 channels do not split/);
    expect(() => layers.conv3d({ ...conv, kernelSize: [1, 2] })).toThrow(/kernelSize to be .* or 3 of them/);
    expect(() => layers.conv2d({ ...conv, padding: 'causal' as 'same' })).toThrow(/padding to be valid or same/);
    expect(() => layers.conv1d(conv).apply(tf.ones([1, 2, 1]))).toThrow(/reaches over 3 does not fit into axis 1/);
    expect(() => layers.conv2dTranspose({ ...conv, strides: 2, outputPadding: 2 })).toThrow(
      /outputPadding to be below/,
    );
    expect(() => layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 0 })).toThrow(/depthMultiplier/);
    expect(() => layers.separableConv1d({ filters: 0, kernelSize: 3 })).toThrow(/filters/);
  });
});
