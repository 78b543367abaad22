/** @file Values, first and second gradients against PyTorch (test/fixtures/autodiff/make.py), in float64 and float32. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { DType, Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

interface Fixture {
  readonly name: string;
  readonly inputs: readonly { readonly shape: number[]; readonly values: number[] }[];
  readonly shape: number[];
  readonly value: number[];
  readonly first: readonly number[][];
  readonly second: readonly number[][];
}

const { cases } = JSON.parse(readFileSync(new URL('../fixtures/autodiff/cases.json', import.meta.url), 'utf8')) as {
  cases: Fixture[];
};

/** What each case of the fixture is here. */
const functions: Record<string, (...x: Tensor[]) => Tensor> = {
  neg: tf.neg,
  abs: tf.abs,
  square: tf.square,
  exp: tf.exp,
  expm1: tf.expm1,
  sin: tf.sin,
  cos: tf.cos,
  atan: tf.atan,
  sinh: tf.sinh,
  cosh: tf.cosh,
  tanh: tf.tanh,
  asinh: tf.asinh,
  erf: tf.erf,
  sigmoid: tf.sigmoid,
  logSigmoid: tf.logSigmoid,
  softplus: tf.softplus,
  relu: tf.relu,
  elu: tf.elu,
  selu: tf.selu,
  gelu: (x) => tf.gelu(x),
  geluTanh: (x) => tf.gelu(x, true),
  silu: tf.silu,
  leakyRelu: (x) => tf.leakyRelu(x),
  relu6: (x) => tf.relu6(x.mul(4)),
  clipByValue: (x) => tf.clipByValue(x, -1, 1),
  softmax: (x) => tf.softmax(x),
  logSoftmax: (x) => tf.logSoftmax(x, 0),
  logSumExp: (x) => tf.logSumExp(x, 1),
  cumsum: (x) => tf.cumsum(x, 1),
  max: (x) => tf.max(x, 1),
  min: (x) => tf.min(x, 0),
  mean: (x) => tf.mean(x, 0),
  prod: (x) => tf.prod(x, 1),
  prodZeros: (x) => tf.prod(x, 1),
  variance: (x) => tf.variance(x, 1),
  std: (x) => tf.std(x),
  norm: (x) => tf.norm(x, 'euclidean', 1),
  norm3: (x) => tf.norm(x, 3, 1),
  transpose: (x) => tf.transpose(x),
  reverse: (x) => tf.reverse(x, 1),
  tile: (x) => tf.tile(x, [2, 3]),
  pad: (x) =>
    tf.pad(x, [
      [1, 1],
      [2, 0],
    ]),
  topk: (x) => tf.topk(x, 2).values,
  gather: (x) => tf.gather(x, [2, 0, 2], 1),
  slice: (x) => tf.slice(x, [0, 1]),
  sqrt: tf.sqrt,
  rsqrt: tf.rsqrt,
  reciprocal: tf.reciprocal,
  log: tf.log,
  log1p: tf.log1p,
  tan: tf.tan,
  asin: tf.asin,
  acos: tf.acos,
  atanh: tf.atanh,
  acosh: tf.acosh,
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  maximum: tf.maximum,
  minimum: tf.minimum,
  squaredDifference: tf.squaredDifference,
  atan2: tf.atan2,
  div: tf.div,
  pow: tf.pow,
  mod: tf.mod,
  where: (a, b) => tf.where([true, false, true], a, b),
  matMul: (a, b) => tf.matMul(a, b),
  matMulTransposed: (a, b) => tf.matMul(a, b, true, true),
  dot: tf.dot,
  outerProduct: tf.outerProduct,
  tensordot: (a, b) =>
    tf.tensordot(a, b, [
      [0, 2],
      [1, 0],
    ]),
  concat: (a, b) => tf.concat([a, b], 1),
  stack: (a, b) => tf.stack([a, b], 1),
  batchNorm: (x, mean, deviation, offset, scale) => tf.batchNorm(x, mean, deviation.square(), offset, scale),
  conv2d: (x, w) => tf.conv2d(x, w),
  conv2dStride: (x, w) => tf.conv2d(x, w, [2, 3]),
  conv2dSame: (x, w) => tf.conv2d(x, w, 2, 'same'),
  conv2dDilated: (x, w) => tf.conv2d(x, w, 1, 1, 'NHWC', [2, 1]),
  conv2dGroups: (x, w) => tf.conv2d(x, w),
  conv2dPadding: (x, w) =>
    tf.conv2d(x, w, 2, [
      [0, 0],
      [2, 0],
      [1, 3],
      [0, 0],
    ]),
  depthwiseConv2d: (x, w) => tf.depthwiseConv2d(x, w),
  conv2dTranspose: (x, w) => tf.conv2dTranspose(x, w, [1, 7, 4, 4], 2),
  maxPool: (x) => tf.maxPool(x, 2),
  maxPoolPadded: (x) => tf.maxPool(x, 3, 2, 1),
  avgPool: (x) => tf.avgPool(x, 2),
  avgPoolPadded: (x) => tf.avgPool(x, 3, 2, 1),
  layerNorm: (x) => {
    const { mean, variance } = tf.moments(x, 1, true);
    return tf.batchNorm(x, mean, variance, null, null, 1e-5);
  },
  crossEntropy: (x) => tf.neg(tf.gatherAlong(tf.logSoftmax(x), [[2], [0], [1]])).squeeze(1),
  attention: (q, k, v) => tf.matMul(tf.matMul(q, k, false, true).div(2).softmax(), v),
};

const weights = (like: Tensor, shift: number): Tensor =>
  tf.tensor(
    Array.from({ length: like.size }, (_, i) => Math.cos(1.3 * i + shift)),
    like.shape,
    like.dtype,
  );

function gradientsOf(inputs: readonly Tensor[], f: () => Tensor): Tensor[] {
  const tape = new tf.GradientTape();
  tape.watch([...inputs]);
  return tape.gradient(tape.record(f), inputs, { unconnectedGradients: 'zero' }) as Tensor[];
}

const tolerances: Partial<Record<DType, { rtol: number; atol: number }>> = {
  float64: { rtol: 1e-10, atol: 1e-11 },
  float32: { rtol: 2e-4, atol: 2e-4 },
};

describe.each(['float64', 'float32'] as const)('%s', (dtype) => {
  it.each(cases.map((fixture) => [fixture.name, fixture] as const))('%s', (name, fixture) => {
    const f = functions[name];
    if (!f) throw new Error(`The fixture has a case ${name} that this test does not know.`);
    const close = tolerances[dtype];
    const inputs = fixture.inputs.map(({ shape, values }) => tf.tensor(values, shape, dtype));
    const y = f(...inputs);
    expect(y).toHaveType(dtype, fixture.shape);
    expect(y).toBeAllClose(tf.tensor(fixture.value, fixture.shape, 'float64'), close);
    const first = (): Tensor[] =>
      gradientsOf(inputs, () => {
        const result = f(...inputs);
        return result.add(result.square().mul(0.3)).mul(weights(result, 0.4)).sum();
      });
    first().forEach((g, i) => {
      expect(g).toHaveType(dtype, fixture.inputs[i].shape);
      expect(g.flatten(), `gradient at input ${i}`).toBeAllClose(fixture.first[i], close);
    });
    const second = gradientsOf(inputs, () => tf.addN(first().map((g) => g.mul(weights(g, 0.9)).sum())));
    second.forEach((g, i) =>
      expect(g.flatten(), `second gradient at input ${i}`).toBeAllClose(fixture.second[i], close),
    );
  });
});

it('has a case in the fixture for every function', () => {
  expect(cases.map(({ name }) => name).sort()).toEqual(Object.keys(functions).sort());
});
