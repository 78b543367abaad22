import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';

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
    expect(() => tf.variable(z([1, 2]))).toThrow(/complex64/);
  });
});
