/** @file Determinants of singular matrices have gradients; matrices of no rows have inverses and determinants. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';
import '../support/tensors.ts';

const fixture = readFixture<{ cases: { matrix: number[][]; gradient: number[][] }[] }>('autodiff/determinants.json');
const both = [
  (x: Tensor) => tf.grad((v) => tf.linalg.det(v).sum())(x),
  tf.function((x: Tensor) => tf.grad((v) => tf.linalg.det(v).sum())(x)),
];

describe('the gradient of a determinant', () => {
  it.each(fixture.cases)('is the matrix of cofactors: %j', ({ matrix, gradient }) => {
    for (const run of both)
      expect(run(tf.tensor(matrix, undefined, 'float64'))).toBeAllClose(gradient, { rtol: 1e-9, atol: 1e-10 });
  });

  it('agrees with differences for singular and regular matrices in one batch, and twice', () => {
    const x = tf.tensor(
      [
        [
          [1, 2],
          [2, 4],
        ],
        [
          [3, 1],
          [0, 2],
        ],
        [
          [0, 0],
          [0, 5],
        ],
      ],
      undefined,
      'float64',
    );
    const { theoretical, numerical } = tf.test.computeGradient((v) => tf.linalg.det(v), [x]);
    expect(tf.test.maxError(theoretical, numerical)).toBeLessThan(1e-8);
    const twice = tf.test.computeGradient((v) => tf.grad((u) => tf.linalg.det(u).square().sum())(v), [x]);
    expect(tf.test.maxError(twice.theoretical, twice.numerical)).toBeLessThan(1e-6);
    expect(tf.vectorizedMap((v: Tensor) => tf.grad((u) => tf.linalg.det(u))(v), x)).toBeAllClose(both[0](x));
  });
});

describe('matrices of no rows', () => {
  it('have an inverse of no rows and the determinant 1, at once and in a graph', () => {
    const none = tf.zeros([2, 0, 0]);
    for (const wrap of [(f: (x: Tensor) => Tensor) => f, (f: (x: Tensor) => Tensor) => tf.function(f)]) {
      expect(wrap((x) => tf.linalg.inv(x))(none)).toHaveType('float32', [2, 0, 0]);
      expect(wrap((x) => tf.linalg.det(x))(none)).toBeAllClose([1, 1]);
      expect(wrap((x) => tf.linalg.inv(x))(tf.zeros([0, 0]))).toHaveType('float32', [0, 0]);
      expect(wrap((x) => tf.grad((v) => tf.linalg.inv(v).sum())(x))(none)).toHaveType('float32', [2, 0, 0]);
    }
  });
});
