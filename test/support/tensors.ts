/** @file `expect(tensor).toBeAllClose(expected)`: elementwise comparison of tensors, variables and nested arrays. */
import { expect } from 'vitest';
import { Tensor, type TensorLike, tensor } from '../../src/index.ts';
import { toNumbers } from '../../src/tensor/host.ts';

interface Tolerance {
  /** Allowed in relation to the expected number. Default 1e-5. */
  rtol?: number;
  /** Allowed at any number. Default 1e-6. */
  atol?: number;
}

interface TensorMatchers<R = unknown> {
  /** Same shape, and every element `|actual - expected| <= atol + rtol |expected|`; NaN equals NaN. */
  toBeAllClose(expected: TensorLike, tolerance?: Tolerance): R;
  /** A tensor of this dtype and shape. */
  toHaveType(dtype: string, shape: readonly number[]): R;
}

declare module 'vitest' {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- vitest declares the parameter with this default
  interface Assertion<T = any> extends TensorMatchers<T> {}
}

expect.extend({
  toBeAllClose(actual: TensorLike, expected: TensorLike, { rtol = 1e-5, atol = 1e-6 }: Tolerance = {}) {
    const [a, b] = [actual, expected].map((value) =>
      value instanceof Tensor ? value : tensor(value, undefined, 'float64'),
    );
    if (a.shape.join() !== b.shape.join())
      return { pass: false, message: () => `expected shape [${b.shape.join(', ')}], got [${a.shape.join(', ')}]` };
    const got = toNumbers(a.dataSync(), a.dtype);
    const wanted = toNumbers(b.dataSync(), b.dtype);
    let wrong = 0;
    let worst = -1;
    let worstError = -1;
    for (let i = 0; i < wanted.length; i++) {
      if (Object.is(got[i], wanted[i]) || got[i] === wanted[i]) continue;
      const error = Math.abs(got[i] - wanted[i]);
      // Not near infinity: every number is at an infinite distance that is within infinite bounds.
      if (Number.isFinite(wanted[i]) && error <= atol + rtol * Math.abs(wanted[i])) continue;
      wrong++;
      if (!(error <= worstError)) [worst, worstError] = [i, error];
    }
    return {
      pass: wrong === 0,
      message: () =>
        wrong === 0
          ? 'expected the tensors to differ'
          : `${wrong} of ${wanted.length} elements differ by more than ${atol} + ${rtol}·|expected|; the worst is ` +
            `element ${worst}: ${got[worst]}, expected ${wanted[worst]}`,
    };
  },
  toHaveType(actual: unknown, dtype: string, shape: readonly number[]) {
    const text = (value: unknown): string =>
      value instanceof Tensor ? `${value.dtype} [${value.shape.join(', ')}]` : String(value);
    const wanted = `${dtype} [${shape.join(', ')}]`;
    return { pass: text(actual) === wanted, message: () => `expected a tensor ${wanted}, got ${text(actual)}` };
  },
});
