/** @file tf.mixedPrecision: casting structures, finding what is not finite. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

const { allFinite, castFloats } = tf.mixedPrecision;

describe('castFloats', () => {
  it('casts floating leaves and nothing else', () => {
    const structure = {
      x: tf.tensor([1.5]),
      list: [tf.variable([2.5]), tf.tensor([1], null, 'int32')],
      n: 3,
      none: null,
    };
    const { x, list, n, none } = castFloats(structure, 'float16') as unknown as typeof structure & { list: Tensor[] };
    expect([x.dtype, list[0].dtype, list[1].dtype, n, none]).toEqual(['float16', 'float16', 'int32', 3, null]);
    expect(() => castFloats(x, 'int32')).toThrow(/expected float16, float32 or float64, got int32/);
  });

  it('lets gradients come back in the dtype that was there', () => {
    const w = tf.variable([3, 4]);
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      const [half] = castFloats([w], 'float16') as unknown as Tensor[];
      expect(half.dtype).toBe('float16');
      return half.square().sum().cast('float32');
    });
    const gradient = tape.gradient(y, w) as Tensor;
    expect(gradient).toHaveType('float32', [2]);
    expect(gradient).toBeAllClose([6, 8]);
  });
});

describe('allFinite', () => {
  it.each([
    [[1, 2], true],
    [[1, NaN], false],
    [[Infinity], false],
    [[-Infinity, 0], false],
    [[], true],
  ] as const)('of %j is %s', (values, expected) => {
    for (const dtype of ['float16', 'float32', 'float64'] as const)
      expect(allFinite({ x: tf.tensor([...values], null, dtype), n: 1 }).item()).toBe(Number(expected));
  });

  it('counts what has no fractions, and nothing, as finite', () => {
    expect(allFinite([tf.tensor([1], null, 'int32'), null, undefined, tf.tensor([true])]).item()).toBe(1);
    expect(allFinite([tf.complex([1], [NaN])]).item()).toBe(0);
    expect(allFinite(tf.tensor([65504], null, 'float16').mul(2)).item()).toBe(0);
  });

  it('decides inside a traced function', () => {
    const f = tf.function((x: Tensor) =>
      tf.cond(
        allFinite([x]),
        () => x,
        () => x.mul(0),
      ),
    );
    expect(f(tf.tensor([1, 2]))).toBeAllClose([1, 2]);
    expect(allFinite(f(tf.tensor([1, NaN]))).item()).toBe(0);
    expect(
      tf
        .function((x: Tensor) => allFinite(x))(tf.tensor([NaN]))
        .item(),
    ).toBe(0);
  });
});
