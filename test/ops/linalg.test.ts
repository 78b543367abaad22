/** @file Linear algebra: properties that define the results, values known from elsewhere, and refusals. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

const { linalg } = tf;
const close = { rtol: 1e-9, atol: 1e-10 };
const noise = (shape: number[], seed = 1): Tensor => tf.randomNormal(shape, 0, 1, 'float64', seed);

describe('decompositions', () => {
  it('svd with full matrices has square orthogonal factors', () => {
    for (const shape of [
      [2, 5, 3],
      [2, 3, 5],
      [1, 4, 4],
    ]) {
      const x = noise(shape);
      const [s, u, v] = linalg.svd(x, true);
      for (const [factor, n] of [
        [u, shape[1]],
        [v, shape[2]],
      ] as const) {
        expect(factor.shape).toEqual([shape[0], n, n]);
        expect(tf.matMul(factor, factor, true)).toBeAllClose(tf.eye(n, n, [shape[0]], 'float64'), close);
      }
      const sigma = linalg.setDiag(tf.zerosLike(x), s);
      expect(tf.matMul(tf.matMul(u, sigma), v, false, true)).toBeAllClose(x, close);
    }
  });

  it('qr with full matrices has a square q', () => {
    const x = noise([2, 5, 3]);
    const [q, r] = linalg.qr(x, true);
    expect(tf.matMul(q, q, true)).toBeAllClose(tf.eye(5, 5, [2], 'float64'), close);
    expect(tf.matMul(q, r)).toBeAllClose(x, close);
    expect(linalg.bandPart(r, 0, -1)).toBeAllClose(r, { rtol: 0, atol: 0 });
  });

  it('lu gives back the rows of x in the order of its permutation', () => {
    const x = noise([6, 6]);
    const [factors, permutation] = linalg.lu(x);
    const l = linalg.setDiag(linalg.bandPart(factors, -1, 0), tf.ones([6], 'float64'));
    expect(tf.matMul(l, linalg.bandPart(factors, 0, -1))).toBeAllClose(tf.gather(x, permutation), close);
  });

  it('eigh reads the lower half only', () => {
    const [values] = linalg.eigh([
      [2, 99],
      [1, 2],
    ]);
    expect(values).toBeAllClose(tf.tensor([1, 3]), { rtol: 1e-6 });
  });

  it.each(['float32', 'float16'] as const)('%s stays what it is', (dtype) => {
    const x = tf.tensor(
      [
        [4, 2],
        [2, 3],
      ],
      [2, 2],
      dtype,
    );
    expect(linalg.cholesky(x).dtype).toBe(dtype);
    expect(linalg.svd(x)[0].dtype).toBe(dtype);
  });

  it('whole numbers become float32', () => {
    expect(linalg.det(tf.tensor([[2, 0], [0, 3]], [2, 2], 'int32'))).toBeAllClose(tf.scalar(6), {}); // prettier-ignore
  });

  it('matrices without rows have decompositions without rows', () => {
    expect(linalg.cholesky(tf.zeros([0, 0])).shape).toEqual([0, 0]);
    expect(linalg.det(tf.zeros([2, 0, 0])).arraySync()).toEqual([1, 1]);
    expect(linalg.svd(tf.zeros([0, 3])).map(({ shape }) => shape)).toEqual([[0], [0, 0], [3, 0]]);
  });
});

describe('solvers', () => {
  it('solve broadcasts batches', () => {
    const [a, b] = [noise([2, 1, 4, 4]), noise([3, 4, 2], 2)];
    const x = linalg.solve(a, b);
    expect(x.shape).toEqual([2, 3, 4, 2]);
    expect(tf.matMul(a, x)).toBeAllClose(tf.broadcastTo(b, [2, 3, 4, 2]), close);
  });

  it('the inverse of the inverse is the matrix', () => {
    const x = noise([3, 5, 5]);
    expect(linalg.inv(linalg.inv(x))).toBeAllClose(x, { rtol: 1e-7, atol: 1e-8 });
  });

  it('det is that of cofactors, and its sign that of the permutation', () => {
    const values = [[0, 2, 1], [3, 0, 4], [5, 6, 0]]; // prettier-ignore
    expect(linalg.det(tf.tensor(values, [3, 3], 'float64'))).toBeAllClose(tf.scalar(58, 'float64'), close);
    const [sign, logarithm] = linalg.slogdet(tf.tensor(values, [3, 3], 'float64').neg());
    expect(sign.arraySync()).toBe(-1);
    expect(logarithm).toBeAllClose(tf.scalar(Math.log(58), 'float64'), close);
  });

  it('slogdet does not overflow where det does', () => {
    const x = tf.eye(300, 300, [], 'float32').mul(20);
    expect(linalg.det(x).arraySync()).toBe(Infinity);
    expect(linalg.slogdet(x)[1]).toBeAllClose(tf.scalar(300 * Math.log(20)), { rtol: 1e-6 });
  });

  it('singular matrices: det 0, slogdet [0, -Infinity]', () => {
    const singular = [[1, 2], [2, 4]]; // prettier-ignore
    expect(linalg.det(singular)).toBeAllClose(tf.scalar(0), {});
    const [sign, logarithm] = linalg.slogdet(singular);
    expect(sign).toBeAllClose(tf.scalar(0), {});
    expect(logarithm.arraySync()).toBe(-Infinity);
  });

  it('lstsq leaves a residual at right angles to the columns', () => {
    const [a, b] = [noise([6, 3]), noise([6, 2], 2)];
    const residual = tf.sub(tf.matMul(a, linalg.lstsq(a, b)), b);
    expect(tf.matMul(a, residual, true)).toBeAllClose(tf.zeros([3, 2], 'float64'), close);
  });

  it('of many solutions lstsq gives the shortest', () => {
    expect(linalg.lstsq([[1, 1]], [[2]])).toBeAllClose(tf.tensor([[1], [1]]), { rtol: 1e-6 });
  });

  it('pinv and rank of a matrix that has lost a rank', () => {
    const x = tf.matMul(noise([4, 2]), noise([2, 5], 2));
    expect(linalg.matrixRank(x).arraySync()).toBe(2);
    const inverse = linalg.pinv(x);
    expect(tf.matMul(tf.matMul(x, inverse), x)).toBeAllClose(x, close);
    expect(tf.matMul(tf.matMul(inverse, x), inverse)).toBeAllClose(inverse, close);
  });

  it('gramSchmidt keeps the directions of TensorFlow.js', () => {
    // The example of its documentation.
    expect(linalg.gramSchmidt([[1, 2], [3, 4]])).toBeAllClose(tf.tensor([[0.4472136, 0.8944272], [0.8944272, -0.4472136]]), { rtol: 1e-6 }); // prettier-ignore
  });
});

describe('where singular values are equal', () => {
  it('pseudo-inverse and least squares have their gradients', () => {
    const eye = tf.eye(2, 2, [], 'float64');
    const weights = tf.tensor([1, 2, 3, 4], [2, 2], 'float64');
    // d(A⁻¹) = -A⁻¹·dA·A⁻¹
    expect(tf.grad((a: Tensor) => linalg.pinv(a).mul(weights).sum())(eye)).toBeAllClose(weights.neg(), close);
    const tall = tf.eye(3, 2, [], 'float64');
    const b = tf.tensor([1, 2, 3], [3, 1], 'float64');
    const f = (a: Tensor): Tensor => linalg.lstsq(a, b).square().sum();
    const step = 1e-6;
    const slopes = Array.from({ length: 6 }, (_, i) => {
      const moved = (by: number): Tensor => tall.add(tf.oneHot([i], 6, by, 0, 'float64').reshape([3, 2]));
      return (
        f(moved(step))
          .sub(f(moved(-step)))
          .item() /
        (2 * step)
      );
    });
    expect(tf.grad(f)(tall)).toBeAllClose(tf.tensor(slopes, [3, 2], 'float64'), { rtol: 1e-6, atol: 1e-7 });
  });

  it('qr does not lose small or large numbers', () => {
    for (const scale of [1e-200, 1e200]) {
      const x = noise([4, 3]).mul(scale);
      const [q, r] = linalg.qr(x);
      expect(tf.matMul(q, q, true)).toBeAllClose(tf.eye(3, 3, [], 'float64'), close);
      expect(tf.matMul(q, r).div(scale)).toBeAllClose(x.div(scale), close);
    }
  });

  it('neither does eigh', () => {
    const x = noise([6, 6]);
    const symmetric = x.add(x.transpose());
    const [expected] = linalg.eigh(symmetric);
    for (const scale of [1e-160, 1e200, 1e-310]) {
      const [values, vectors] = linalg.eigh(symmetric.mul(scale));
      const tolerance = scale < 1e-300 ? { rtol: 1e-9, atol: 1e-9 } : close;
      expect(values.div(scale)).toBeAllClose(expected, tolerance);
      expect(tf.matMul(vectors, vectors, true)).toBeAllClose(tf.eye(6, 6, [], 'float64'), close);
    }
  });

  it('eigh does not look above the diagonal', () => {
    expect(linalg.eigh([[2, NaN], [1, 2]])[0]).toBeAllClose([1, 3]); // prettier-ignore
    expect(linalg.eigh([[2, 1e30], [1, 2]])[0]).toBeAllClose([1, 3]); // prettier-ignore
  });

  it('the rank counts what rounding leaves standing, as numpy does', () => {
    const hilbert = tf.tensor(
      Array.from({ length: 144 }, (_, i) => 1 / (Math.floor(i / 12) + (i % 12) + 1)),
      [12, 12],
      'float64',
    );
    expect(linalg.matrixRank(hilbert).item()).toBe(11);
    expect(linalg.matrixRank(hilbert, 1e-3).item()).toBe(4);
  });

  it('a vector on the right is told how to be a column; cross takes dtypes that differ', () => {
    expect(() => linalg.solve(tf.eye(2), [1, 2])).toThrow(/got a vector of shape \[2\].*tf.expandDims\(v, -1\)/);
    expect(linalg.cross(tf.tensor([1, 0, 0], undefined, 'float64'), tf.tensor([0, 1, 0]))).toHaveType('float64', [3]);
  });
});

describe('parts', () => {
  const x = tf.tensor([[1, 2, 3], [4, 5, 6]], [2, 3], 'int32'); // prettier-ignore
  it('bandPart', () => {
    expect(linalg.bandPart(x, 0, 1).arraySync()).toEqual([[1, 2, 0], [0, 5, 6]]); // prettier-ignore
    expect(linalg.bandPart(x, -1, 0).arraySync()).toEqual([[1, 0, 0], [4, 5, 0]]); // prettier-ignore
  });
  it('diagPart, setDiag, diag, trace', () => {
    expect(linalg.diagPart(x).arraySync()).toEqual([1, 5]);
    expect(linalg.setDiag(x, [7, 8]).arraySync()).toEqual([[7, 2, 3], [4, 8, 6]]); // prettier-ignore
    expect(linalg.diag([true, false]).arraySync()).toEqual([[1, 0], [0, 0]]); // prettier-ignore
    expect(linalg.trace(x).arraySync()).toBe(6);
  });
  it('cross', () => {
    expect(linalg.cross([1, 0, 0], [0, 1, 0]).arraySync()).toEqual([0, 0, 1]);
  });
});

describe('in a tf.function', () => {
  /** Device nodes before, between and after host ones, some of whose values are results. */
  const f = (a: Tensor, b: Tensor): Record<string, Tensor> => {
    const definite = tf.matMul(a, a, true).add(tf.eye(3, 3, [], 'float64'));
    const factor = linalg.cholesky(definite);
    const [s] = linalg.svd(factor.mul(2));
    return { definite, factor, solution: linalg.choleskySolve(factor, b).add(s.sum()), input: a };
  };
  const [a, b] = [noise([3, 3]), noise([3, 2], 2)];

  it.each(['at once', 'asynchronously'])('gives what it gives outside, %s', async (way) => {
    const traced = tf.function(f);
    const expected = f(a, b);
    tf.dispose(Object.values(traced(a, b))); // traced and compiled
    const before = tf.engine().memory().storages;
    const got = way === 'at once' ? traced(a, b) : await traced.runAsync(a, b);
    expect(Object.keys(got)).toEqual(Object.keys(expected));
    for (const [name, tensor] of Object.entries(got)) expect(tensor, name).toBeAllClose(expected[name], close);
    tf.dispose(Object.values(got));
    expect(tf.engine().memory().storages).toBeLessThanOrEqual(before); // fewer where others were collected meanwhile
  });

  it('its gradient is compiled too', () => {
    const gradient = tf.function((x: Tensor) => tf.grad((y: Tensor) => linalg.logdet(tf.matMul(y, y, true)))(x));
    // d log det(XᵀX) / dX = 2·X⁻ᵀ
    expect(gradient(a)).toBeAllClose(tf.transpose(linalg.inv(a)).mul(2), { rtol: 1e-7, atol: 1e-8 });
  });
});

describe('refusals say what was expected and what came', () => {
  it.each<[string, () => unknown, RegExp]>([
    ['a vector', () => linalg.inv([1, 2]), /linalg\.inv: expected a matrix.*\[2\]/],
    ['not square', () => linalg.cholesky(tf.zeros([2, 3])), /linalg\.cholesky: expected square.*\[2, 3\]/],
    ['not definite', () => linalg.cholesky([[1, 2], [2, 1]]), /positive definite.*leading 2 x 2.*tf\.eye/], // prettier-ignore
    ['rows that do not fit', () => linalg.solve(tf.eye(3), tf.zeros([2, 1])), /as many rows.*\[3, 3\].*\[2, 1\]/],
    ['NaN', () => linalg.svd([[NaN, 1]]), /finite numbers/],
    ['too many vectors', () => linalg.gramSchmidt(tf.ones([3, 2])), /3 vectors of length 2/],
    ['a diagonal of the wrong length', () => linalg.setDiag(tf.zeros([2, 3]), [1, 2, 3]), /have 2 elements.*\[3\]/],
    ['a negative regularizer', () => linalg.lstsq([[1]], [[1]], { l2Regularizer: -1 }), /at least 0, got -1/],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message);
  });

  it('gradients that do not exist', () => {
    const gradient = tf.grad((x: Tensor) => linalg.svd(x, true)[1].sum());
    expect(() => gradient(noise([4, 2]))).toThrow(/fullMatrices.*no gradient/);
  });
});

describe('eigenvalues of matrices that are not symmetric', () => {
  /** Of parts that are not the same for each length and phase of the vectors as well. */
  const loss = (a: Tensor): Tensor => {
    const [values, vectors] = linalg.eig(a);
    const weights = tf.cos(tf.range(0, a.size)).reshape([...a.shape]);
    const ofValues = tf
      .real(values)
      .mul([1, 2, 3])
      .sum()
      .add(tf.imag(values).square().mul([1, 3, 2]).sum());
    return ofValues.add(tf.real(vectors).mul(weights).sum()).sub(tf.imag(vectors).mul(weights).square().sum());
  };
  // Two of the eigenvalues are complex.
  const a = tf.tensor([[1, 2, 0.3], [-1, 0.5, 2], [0.7, -0.2, 1.5]], null, 'float64'); // prettier-ignore

  it('have gradients, as differences have them', () => {
    const at = (i: number, by: number): number => loss(a.setAt([Math.floor(i / 3), i % 3], a.at(Math.floor(i / 3), i % 3).add(by))).item(); // prettier-ignore
    const differences = Array.from({ length: 9 }, (_, i) => (at(i, 1e-3) - at(i, -1e-3)) / 2e-3);
    expect(tf.grad(loss)(a).flatten()).toBeAllClose(differences, { rtol: 1e-3, atol: 3e-3 });
    expect(tf.function(tf.grad(loss))(a)).toBeAllClose(tf.grad(loss)(a));
    expect(tf.grad(loss)(a)).toHaveType('float64', [3, 3]);
  });

  it('have gradients of those alone, which add up to that of the trace', () => {
    const batch = tf.stack([a, a.mul(2)]);
    const gradient = tf.grad((x: Tensor) => tf.real(linalg.eigvals(x)).sum())(batch);
    expect(gradient).toBeAllClose(tf.eye(3, 3, [2]), { atol: 1e-5 });
  });

  it('have one product with conjugates, vdot', () => {
    expect(tf.vdot(tf.complex([1, 2], [3, 4]), tf.complex([1, 1], [1, 0])).arraySync()).toEqual([6, -6]);
  });
});

it('triangular matrices of bands are solved, and what lies outside of them is not read', () => {
  const lower = linalg.bandedTriangularSolve([[2, 3, 4], [NaN, 1, 2]], [[2], [7], [16]]); // prettier-ignore
  expect(lower).toBeAllClose([[1], [2], [3]]);
  const upper = linalg.bandedTriangularSolve([[1, 2, NaN], [2, 3, 4]], [[4], [12], [12]], { lower: false }); // prettier-ignore
  expect(upper).toBeAllClose([[1], [2], [3]]);
  const adjoint = linalg.bandedTriangularSolve([[2, 3, 4], [0, 1, 2]], [[4], [12], [12]], { adjoint: true }); // prettier-ignore
  expect(adjoint).toBeAllClose([[1], [2], [3]]);
  expect(() => linalg.bandedTriangularSolve([1], [[1]])).toThrow(tf.ShapeError);
});
