import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { readFixture } from '../support/fixtures.ts';
import '../support/tensors.ts';

type C = readonly [number, number];
const z = (...numbers: C[]): tf.Tensor =>
  tf.complex(
    numbers.map(([re]) => re),
    numbers.map(([, im]) => im),
  );
const close = (x: tf.Tensor, ...expected: C[]): void => {
  expect(x.dtype).toBe('complex64');
  const found = [...x.dataSync()];
  expect(found).toHaveLength(2 * expected.length);
  expected.flat().forEach((value, i) => expect(found[i]).toBeCloseTo(value, 4));
};
const mul = ([a, b]: C, [c, d]: C): C => [a * c - b * d, a * d + b * c];
const samples: C[] = [
  [1, 2],
  [-0.5, 0.25],
  [0.3, -1.5],
  [-2, -1],
];

const inverses = readFixture<Record<string, { readonly values: C[]; readonly expected: C[] }>>('complex/inverses.json');

describe('complex numbers', () => {
  it('are made of two tensors that broadcast, and taken apart', () => {
    const x = tf.complex([[1], [2]], [3, 4]);
    expect([x.dtype, x.shape]).toEqual(['complex64', [2, 2]]);
    expect(x.arraySync()).toEqual([
      [
        [1, 3],
        [1, 4],
      ],
      [
        [2, 3],
        [2, 4],
      ],
    ]);
    expect([...x.real().dataSync(), ...tf.imag(x).dataSync()]).toEqual([1, 1, 2, 2, 3, 4, 3, 4]);
    expect(String(z([1, -2.5], [0, 3]))).toContain('[1-2.5i, 0+3i]');
    close(tf.conj(z([1, 2])), [1, -2]);
    expect(z([1, 2])[tf.displaySymbol]()).toEqual({ 'text/plain': 'Tensor complex64 [1]\n[1+2i]' });
    expect(tf.angle(z([0, 2], [-1, 0])).arraySync()).toEqual([Math.fround(Math.PI / 2), Math.fround(Math.PI)]);
  });

  it('meet real numbers', () => {
    close(z([1, 2]).add(1), [2, 2]);
    close(tf.tensor([2]).mul(z([1, 2])), [2, 4]);
    close(tf.cast([3], 'complex64'), [3, 0]);
    expect(z([3, 4]).cast('float32').arraySync()).toEqual([3]);
    expect(z([3, 4]).abs().arraySync()).toEqual([5]);
  });

  it.each([
    ['exp', ([a, b]: C): C => [Math.exp(a) * Math.cos(b), Math.exp(a) * Math.sin(b)]],
    ['log', ([a, b]: C): C => [Math.log(Math.hypot(a, b)), Math.atan2(b, a)]],
    ['square', (a: C): C => mul(a, a)],
    ['reciprocal', ([a, b]: C): C => [a / (a * a + b * b), -b / (a * a + b * b)]],
    ['sin', ([a, b]: C): C => [Math.sin(a) * Math.cosh(b), Math.cos(a) * Math.sinh(b)]],
    ['cos', ([a, b]: C): C => [Math.cos(a) * Math.cosh(b), -Math.sin(a) * Math.sinh(b)]],
    ['sinh', ([a, b]: C): C => [Math.sinh(a) * Math.cos(b), Math.cosh(a) * Math.sin(b)]],
  ] as const)('%s is the function of a complex number', (name, expected) => {
    close(z(...samples)[name](), ...samples.map(expected));
  });

  it('functions undo one another', () => {
    const x = z(...samples);
    close(x.sqrt().square(), ...samples);
    close(x.log().exp(), ...samples);
    close(x.div(z([2, 3])).mul(z([2, 3])), ...samples);
    close(x.pow(2), ...samples.map((s) => mul(s, s)));
    close(x.tanh().mul(x.cosh()).sub(x.sinh()), ...samples.map((): C => [0, 0]));
    close(x.tan().mul(x.cos()).sub(x.sin()), ...samples.map((): C => [0, 0]));
  });

  it('move, add up and multiply', () => {
    const x = z(...samples).reshape([2, 2]);
    close(x.sum(), [-1.2, -0.25]);
    close(x.transpose().flatten(), samples[0], samples[2], samples[1], samples[3]);
    close(x.prod(), samples.reduce(mul));
    close(tf.concat([x, x], 0).slice([3, 0], [1, 2]).flatten(), samples[2], samples[3]);
    const [a, b, c, d] = samples;
    const plus = (u: C, v: C): C => [u[0] + v[0], u[1] + v[1]];
    close(
      x.matMul(x).flatten(),
      plus(mul(a, a), mul(b, c)),
      plus(mul(a, b), mul(b, d)),
      plus(mul(c, a), mul(d, c)),
      plus(mul(c, b), mul(d, d)),
    );
    expect(x.equal(x).all().item()).toBe(1);
  });

  it('large and small ones neither overflow nor vanish', () => {
    expect(z([3e30, 4e30]).abs().item()).toBeCloseTo(5e30, -25);
    expect([...z([0, 0], [Infinity, 1]).abs().dataSync()]).toEqual([0, Infinity]);
    close(z([1e30, 1e30]).div(z([1e30, 1e30])), [1, 0]);
    close(z([0, 0]).pow(z([0, 0])), [1, 0]);
  });

  it('have gradients as TensorFlow defines them', () => {
    const tape = new tf.GradientTape({ persistent: true });
    const x = z([3, 4]);
    tape.watch(x);
    const [size, cube] = tape.record(() => [x.abs().square(), x.mul(x).mul(x)]);
    close(tape.gradient(size, x)!, [6, 8]);
    // The conjugate of 3z².
    const [re, im] = mul([3, 4], [3, 4]);
    close(tape.gradient(cube, x)!, [3 * re, -3 * im]);
    expect(
      tf
        .grad((r) => tf.complex(r, r).abs())(tf.scalar(0))
        .item(),
    ).toBe(0);
  });

  it('go through tf.function, cond and tidy', () => {
    const f = tf.function((x: tf.Tensor) => ({
      y: x.mul(x),
      r: tf.cond(
        x.abs().greater(1),
        () => x,
        () => x.neg(),
      ),
    }));
    const { y, r } = f(tf.complex(0.5, 0.5));
    close(y, [0, 0.5]);
    close(r, [-0.5, -0.5]);
    const kept = tf.tidy(() => z([1, 2]).add(z([1, 1])));
    close(kept, [2, 3]);
    kept.dispose();
    expect(kept.isDisposed).toBe(true);
  });

  it('are refused where they have no meaning', () => {
    expect(() => z([1, 2]).less(1)).toThrow(/less: complex64 is not among its dtypes/);
    expect(() => tf.complex([1, 2], [1, 2, 3])).toThrow(/broadcast/);
    expect(() => z([1, 2]).round()).toThrow(/round: complex64 is not among its dtypes/);
  });

  it.each(Object.entries(inverses))("%s is numpy's, at the branch cuts and far out", (name, { values, expected }) => {
    const found = z(...values)[name as 'asin']();
    const parts = [...found.dataSync()];
    expected.flat().forEach((wanted, i) => {
      const size = Math.hypot(...expected[Math.floor(i / 2)]);
      expect(Math.abs(parts[i] - wanted), `${name} of ${values[Math.floor(i / 2)].join()}`).toBeLessThan(
        2e-6 * Math.max(1e-3, size),
      );
    });
  });

  it('have means, norms and differences', () => {
    const x = z(...samples).reshape([2, 2]);
    close(x.mean(), [-0.3, -0.0625]);
    close(x.mean(1), [0.25, 1.125], [-0.85, -1.25]);
    const squares = samples.map(([re, im]) => re * re + im * im);
    const total = squares.reduce((a, b) => a + b);
    expect(x.norm()).toBeAllClose(Math.sqrt(total));
    expect(x.norm(1)).toBeAllClose(squares.reduce((sum, s) => sum + Math.sqrt(s), 0));
    expect(x.norm(3)).toBeAllClose(Math.cbrt(squares.reduce((sum, s) => sum + s ** 1.5, 0)));
    expect(x.variance()).toBeAllClose(total / 4 - (0.3 ** 2 + 0.0625 ** 2));
    close(tf.squaredDifference(z([1, 2]), z([0, 1])), [2, 0]);
    close(tf.divNoNan(z([1, 2], [3, 4]), z([0, 0], [0, 1])), [0, 0], [4, -3]);
    expect([...z([1, Infinity], [1, 2], [NaN, 0]).isInf().dataSync()]).toEqual([1, 0, 0]);
    expect([...z([1, Infinity], [1, 2], [NaN, 0]).isFinite().dataSync()]).toEqual([0, 1, 0]);
    close(tf.log1p(z([1e-6, 1e-6])), [1e-6, 1e-6]);
    expect(
      tf
        .expm1(z([1e-6, 0]))
        .real()
        .item(),
    ).toBeCloseTo(1e-6, 11);
  });

  it('are made in patterns', () => {
    close(tf.ones([2], 'complex64'), [1, 0], [1, 0]);
    close(tf.zerosLike(z([1, 2])), [0, 0]);
    close(tf.eye(2, 2, [], 'complex64').flatten(), [1, 0], [0, 0], [0, 0], [1, 0]);
    close(tf.linalg.diag(z([1, 2])).flatten(), [1, 2]);
    close(
      tf.linalg.bandPart(z(...samples).reshape([2, 2]), 0, -1).flatten(),
      samples[0],
      samples[1],
      [0, 0],
      samples[3],
    );
  });

  it('are held by variables', () => {
    const v = tf.variable(z([3, 4]), true, 'weight');
    expect([v.dtype, v.shape, v.name]).toEqual(['complex64', [1], 'weight']);
    v.assign(v.mul(z([0, 1])));
    close(v.read(), [-4, 3]);
    const tape = new tf.GradientTape();
    const loss = tape.record(() => v.abs().square().sum());
    expect(tape.watchedVariables().map(({ name }) => name)).toEqual(['weight']);
    close(tape.gradient(loss, v) as tf.Tensor, [-8, 6]);
    const step = tf.function(() => {
      v.assign(v.mul(z([0, 1])).add(1));
      return v.mul(2);
    });
    close(step(), [-4, -8]);
    close(v.read(), [-2, -4]);
    close(step(), [10, -4]);
    const looped = tf.function(() => tf.forLoop(3, (_, s) => (v.assign(v.mul(z([0, 1]))), s.add(1)), tf.scalar(0)));
    looped();
    // (5 - 2i) turned three quarters.
    close(v.read(), [-2, -5]);
    v.trainable = false;
    const second = new tf.GradientTape();
    const other = second.record(() => v.abs().sum());
    expect(second.gradient(other, v)).toBe(null);
    expect(() => v.assign(tf.zeros([1]))).toThrow(/holds complex64; cannot assign float32/);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) tf.tidy(() => v.assign(v.mul(z([0, 1]))) && undefined);
    expect(tf.memory().numTensors).toBe(before);
    v.dispose();
    expect(v.isDisposed).toBe(true);
    expect(() => v.read()).toThrow(/disposed/);
  });

  it('are trained', () => {
    const target = z([1, -2], [0.5, 3]);
    const v = tf.variable(tf.zeros([2], 'complex64'));
    const optimizer = tf.train.sgd(0.1);
    for (let i = 0; i < 60; i++) optimizer.minimize(() => tf.squaredDifference(v, target).real().sum());
    close(v.read(), [1, -2], [0.5, 3]);
  });

  describe('in matrices', () => {
    const wave = (shape: number[], seed: number): tf.Tensor => {
      const size = shape.reduce((a, b) => a * b, 1);
      const values = (by: number): number[] => Array.from({ length: size }, (_, i) => Math.sin(1.7 * i * by + seed));
      return tf.complex(tf.tensor(values(1), shape), tf.tensor(values(1.3), shape));
    };
    const same = (x: tf.Tensor, y: tf.Tensor): void => {
      const difference = x.sub(y).abs();
      expect(x.shape).toEqual(y.shape);
      expect(difference.max().item()).toBeLessThan(2e-5);
    };
    const { adjoint } = tf.linalg;
    const identity = (n: number): tf.Tensor => tf.eye(n, n, [], 'complex64');
    const definite = (x: tf.Tensor): tf.Tensor => x.matMul(adjoint(x)).add(identity(x.shape[x.rank - 2]));

    it('adjoint ones are transposed and conjugate', () => {
      close(adjoint(z([1, 2], [3, 4]).reshape([1, 2])).flatten(), [1, -2], [3, -4]);
      same(adjoint(adjoint(wave([2, 3, 4], 1))), wave([2, 3, 4], 1));
    });

    it('have factors of Cholesky', () => {
      const a = definite(wave([2, 3, 3], 0));
      const l = tf.linalg.cholesky(a);
      same(l.matMul(adjoint(l)), a);
      same(l, tf.linalg.bandPart(l, -1, 0));
      expect(tf.linalg.diagPart(l).imag().abs().max().item()).toBeLessThan(1e-7);
      const b = wave([2, 3, 2], 5);
      same(a.matMul(tf.linalg.choleskySolve(l, b)), b);
    });

    it('have orthonormal columns', () => {
      for (const shape of [
        [4, 2],
        [3, 3],
        [2, 2, 4],
      ]) {
        const a = wave(shape, 2);
        const [q, r] = tf.linalg.qr(a);
        same(q.matMul(r), a);
        same(adjoint(q).matMul(q), tf.broadcastTo(identity(q.shape[q.rank - 1]), adjoint(q).matMul(q).shape));
        same(r, tf.linalg.bandPart(r, 0, -1));
      }
      expect(() => tf.linalg.qr(wave([4, 2], 2), true)).toThrow(/no full q/);
    });

    it('solve equations', () => {
      const [a, b] = [wave([2, 3, 3], 3), wave([3, 2], 4)];
      same(a.matMul(tf.linalg.solve(a, b)), tf.broadcastTo(b, [2, 3, 2]));
      same(a.matMul(tf.linalg.inv(a)), tf.broadcastTo(identity(3), [2, 3, 3]));
      for (const lower of [true, false]) {
        const half = lower ? tf.linalg.bandPart(a, -1, 0) : tf.linalg.bandPart(a, 0, -1);
        same(half.matMul(tf.linalg.triangularSolve(a, b, { lower })), tf.broadcastTo(b, [2, 3, 2]));
        const other = tf.linalg.triangularSolve(a, b, { lower, transpose: true });
        same(adjoint(half).matMul(other), tf.broadcastTo(b, [2, 3, 2]));
      }
      const tall = wave([4, 2], 6);
      const best = tf.linalg.lstsq(tall, wave([4, 1], 7));
      same(adjoint(tall).matMul(tall.matMul(best)), adjoint(tall).matMul(wave([4, 1], 7)));
      same(tall.matMul(tf.linalg.pinv(tall)).matMul(tall), tall);
    });

    it('have functions', () => {
      // e^(iθσ) is a rotation.
      const turn = tf.complex(tf.zeros([2, 2]), [
        [0, 0.3],
        [0.3, 0],
      ]);
      close(
        tf.linalg.expm(turn).flatten(),
        [Math.cos(0.3), 0],
        [0, Math.sin(0.3)],
        [0, Math.sin(0.3)],
        [Math.cos(0.3), 0],
      );
      const a = definite(wave([2, 2], 1));
      const root = tf.linalg.sqrtm(a);
      same(root.matMul(root), a);
    });

    it('have gradients', () => {
      // Of ln det(x·xᴴ + 1): 2 (x·xᴴ + 1)⁻¹ x.
      const x = wave([3, 2], 8);
      const tape = new tf.GradientTape();
      tape.watch(x);
      const value = tape.record(() => tf.linalg.logdet(definite(x)).real());
      same(tape.gradient(value, x) as tf.Tensor, tf.linalg.solve(definite(x), x).mul(2));
    });

    it('say what is missing', () => {
      expect(() => tf.linalg.svd(wave([2, 2], 1))).toThrow(/svd: complex64 is not among its dtypes/);
    });
  });
});
