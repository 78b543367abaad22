/** @file tf.print and tf.debugging.assert*, at once and in graphs: order, loops, branches, gradients. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void lines.push(`error: ${line}`));
});
afterEach(() => {
  vi.restoreAllMocks();
});

const both = <A extends unknown[], R>(fn: (...args: A) => R): [string, (...args: A) => R][] => [
  ['at once', fn],
  ['in a graph', tf.function(fn)],
];

describe('tf.print', () => {
  for (const [how, f] of both((x: Tensor) => {
    tf.print(x);
    tf.print(x, true);
    tf.print('sum', x.sum(), 'of', { x, n: 2, name: 'a' }, [x.max(), true]);
    tf.print('{} and {}', x.min(), 'text');
    tf.print('only text');
    tf.print('to the other', x, { outputStream: 'stderr', sep: ':' });
    return x.mul(2);
  }))
    it(`writes tensors, text and structures, ${how}`, () => {
      expect(f(tf.tensor([1, 2]))).toBeAllClose([2, 4]);
      expect(lines).toEqual([
        'Tensor\n    [1, 2]',
        'Tensor\n  dtype: float32\n  rank: 1\n  shape: [2]\n  values:\n    [1, 2]',
        'sum 3 of {x: [1, 2], n: 2, name: "a"} [2, true]',
        '1 and text',
        'only text',
        'error: to the other:[1, 2]',
      ]);
    });

  it('writes at every call, in order, whatever can be computed first', () => {
    const f = tf.function((x: Tensor) => {
      tf.print(
        'first',
        tf.linalg
          .cholesky(x.matMul(x, false, true).add(tf.eye(2)))
          .sum()
          .greater(0),
      );
      tf.print('second');
      tf.print('third', x.sum());
      tf.print('third', x.sum());
    });
    const expected = ['first true', 'second', 'third 4', 'third 4'];
    f(tf.ones([2, 2]));
    expect(lines).toEqual(expected);
    f(tf.ones([2, 2]));
    expect(lines).toEqual([...expected, ...expected]);
  });

  it('cuts what is long', () => {
    for (const [, f] of both((x: Tensor) => tf.print(x, { summarize: 2 }))) f(tf.range(0, 100));
    expect(lines).toEqual(['[0, 1, ..., 98, 99]', '[0, 1, ..., 98, 99]']);
    expect(() => tf.print(tf.scalar(1), { summarize: 0 })).toThrow(/summarize must be -1 or a whole number/);
  });

  it('writes complex numbers', () => {
    for (const [, f] of both((x: Tensor) => tf.print('z =', tf.complex(x, x.neg())))) f(tf.tensor([1, 2]));
    expect(lines).toEqual(['z = [1-1i, 2-2i]', 'z = [1-1i, 2-2i]']);
  });

  for (const [how, f] of both((x: Tensor) => {
    tf.print('begin');
    const y = tf.forLoop(
      3,
      (i, y) => {
        tf.print('turn', i, y);
        return y.mul(2);
      },
      x,
    );
    tf.cond(
      y.greater(10),
      () => {
        tf.print('large');
        return y;
      },
      () => {
        tf.print('small');
        return y.neg();
      },
    );
    tf.whileLoop(
      (z) => z.greater(5),
      (z) => {
        tf.print('down', z);
        return z.div(2);
      },
      y,
    );
    tf.print('end');
    return y;
  }))
    it(`writes in loops and branches, whose results nobody needs, ${how}`, () => {
      f(tf.scalar(1));
      expect(lines).toEqual(['begin', 'turn 0 1', 'turn 1 2', 'turn 2 4', 'small', 'down 8', 'end']);
    });

  it('does not write again for gradients', () => {
    const f = (x: Tensor): Tensor =>
      tf.whileLoop(
        (y) => y.less(100),
        (y) => {
          tf.print('turn');
          return tf.forLoop(
            2,
            (_, z) => {
              tf.print('inner');
              return z.mul(x);
            },
            y,
          );
        },
        x,
      );
    const once = ['turn', 'inner', 'inner'];
    const inside = tf.function((x: Tensor) => tf.grad(f)(x));
    expect(inside(tf.scalar(5))).toBeAllClose(75);
    expect(lines).toEqual([...once]);
  });

  it('writes under a tape outside, and off the main thread', async () => {
    const f = tf.function((x: Tensor) => {
      tf.print('x is', x);
      return x.square();
    });
    expect(tf.grad((x) => f(x))(3)).toBeAllClose(6);
    expect(await f.runAsync(tf.scalar(2))).toBeAllClose(4);
    expect(lines).toEqual(['x is 3', 'x is 2']);
  });
});

describe('tf.debugging', () => {
  const d = tf.debugging;
  const failing: Record<string, [(x: Tensor) => void, Tensor, Tensor, RegExp]> = {
    assert: [
      (x) => d.assert(x.greater(0), ['x is', x]),
      tf.tensor([1, 2]),
      tf.tensor([1, -2]),
      /does not hold x is \[1, -2\]/,
    ],
    assertEqual: [
      (x) => d.assertEqual(x, [1, 2]),
      tf.tensor([1, 2]),
      tf.tensor([1, 3]),
      /assertEqual: x = y .* x = \[1, 3\], y = \[1, 2\]/,
    ],
    assertNoneEqual: [(x) => d.assertNoneEqual(x, 2), tf.tensor([1, 3]), tf.tensor([1, 2]), /assertNoneEqual/],
    assertLess: [(x) => d.assertLess(x, 2), tf.tensor([1]), tf.tensor([2]), /x < y/],
    assertLessEqual: [(x) => d.assertLessEqual(x, 2), tf.tensor([2]), tf.tensor([NaN]), /x ≤ y/],
    assertGreater: [(x) => d.assertGreater(x, 2), tf.tensor([3]), tf.tensor([2]), /x > y/],
    assertGreaterEqual: [(x) => d.assertGreaterEqual(x, 2), tf.tensor([2]), tf.tensor([1]), /x ≥ y/],
    assertPositive: [(x) => d.assertPositive(x), tf.tensor([1]), tf.tensor([0]), /x > 0/],
    assertNonNegative: [
      (x) => d.assertNonNegative(x, { message: 'loss:' }),
      tf.tensor([0]),
      tf.tensor([-1]),
      /^loss: assertNonNegative/,
    ],
    assertNegative: [(x) => d.assertNegative(x), tf.tensor([-1]), tf.tensor([0]), /x < 0/],
    assertNonPositive: [(x) => d.assertNonPositive(x), tf.tensor([0]), tf.tensor([1]), /x ≤ 0/],
    assertNear: [(x) => d.assertNear(x, 1e6), tf.tensor([1e6 + 0.5]), tf.tensor([1e6 + 10]), /assertNear/],
    assertAllFinite: [
      (x) => d.assertAllFinite(x),
      tf.tensor([1e38]),
      tf.tensor([-Infinity]),
      /NaN or infinite elements in \[-Infinity\]/,
    ],
  };
  it.each(Object.entries(failing))('%s, at once and in a graph', (_, [check, right, wrong, message]) => {
    for (const [, f] of both((x: Tensor) => {
      check(x);
      return x;
    })) {
      expect(f(right)).toBeAllClose(right);
      expect(() => f(wrong)).toThrow(tf.AssertionError);
      expect(() => f(wrong)).toThrow(message);
    }
  });

  it('ends a call before variables are assigned, and in loops', async () => {
    const v = tf.variable(1);
    const f = tf.function((x: Tensor) => {
      v.assign(v.add(x));
      return tf.forLoop(
        3,
        (i, y) => {
          tf.debugging.assertLess(y, 3, { message: 'in a loop:' });
          return y.add(i.cast('float32'));
        },
        x,
      );
    });
    expect(f(tf.scalar(1))).toBeAllClose(4);
    expect(v).toBeAllClose(2);
    expect(() => f(tf.scalar(2.5))).toThrow(/in a loop: assertLess/);
    await expect(f.runAsync(tf.scalar(2.5))).rejects.toThrow(/in a loop/);
    expect(v).toBeAllClose(2);
  });

  it('checks shapes and dtypes while it traces', () => {
    const x = tf.ones([2, 3]);
    d.assertShapes([
      [x, ['N', 'D']],
      [tf.ones([3, 4]), ['D', 4]],
      [tf.ones([2]), ['N']],
      [x, [null, 3]],
    ]);
    expect(() =>
      d.assertShapes([
        [x, ['N', 'D']],
        [x, ['D', 'N']],
      ]),
    ).toThrow(/tensor 2 of 2 must have shape \[D, N\], got \[2, 3\]: D was 3 before, and is 2/);
    d.assertRank(x, 2);
    d.assertRankAtLeast(x, 1);
    d.assertRankIn(x, [2, 3]);
    d.assertScalar(1);
    d.assertType(x, 'float32');
    expect(d.assertSameFloatDtype([x, x])).toBe('float32');
    for (const fails of [
      () => d.assertRank(x, 3),
      () => d.assertRankAtLeast(x, 3),
      () => d.assertRankIn(x, [0, 1]),
      () => d.assertScalar(x),
      () => d.assertType(x, 'int32'),
      () => d.assertInteger(x),
      () => d.assertSameFloatDtype([x, x.cast('float64')]),
    ])
      expect(fails).toThrow(/assert\w+: expected .*, got/);
    expect(() => tf.function((y: Tensor) => d.assertRank(y, 1))(x)).toThrow(tf.ShapeError);
  });
});
