/** @file Gradients of slices stay blocks until they are summed: side by side, with gaps, overlapping, taken twice. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { withObservers } from '../../src/primitives/bind.ts';
import '../support/tensors.ts';

const x = tf.range(0, 24, 1, 'float64').reshape([4, 6]);
const other = x.clone();
const weights = tf.linspace(-1, 2, 24, 'float64').reshape([4, 6]);
/** Slices by begin and size; each counts with weights of its own, and not linearly. */
const blocks =
  (list: readonly (readonly [number[], number[]])[]) =>
  (y: Tensor): Tensor =>
    list
      .map(([begin, size]) =>
        y
          .slice(begin, size)
          .square()
          .mul(weights.slice([0, 0], size))
          .sum(),
      )
      .reduce((a, b) => a.add(b));
/** What each slice gives, embedded by hand. */
function expected(list: readonly (readonly [number[], number[]])[]): number[][] {
  const sum = Array.from({ length: 4 }, () => new Array<number>(6).fill(0));
  const [values, factors] = [x, weights].map((t) => t.arraySync<number[][]>());
  for (const [[r, c], [height, width]] of list)
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++) sum[r + i][c + j] += 2 * values[r + i][c + j] * factors[i][j];
  return sum;
}

describe('the gradient of slices', () => {
  it.each<[string, [number[], number[]][]]>([
    [
      'that make up the whole',
      [
        [
          [0, 0],
          [1, 6],
        ],
        [
          [1, 0],
          [2, 6],
        ],
        [
          [3, 0],
          [1, 6],
        ],
      ],
    ],
    [
      'in another order',
      [
        [
          [0, 4],
          [4, 2],
        ],
        [
          [0, 0],
          [4, 4],
        ],
      ],
    ],
    [
      'with gaps',
      [
        [
          [0, 1],
          [4, 1],
        ],
        [
          [0, 4],
          [4, 1],
        ],
      ],
    ],
    [
      'that overlap',
      [
        [
          [0, 0],
          [4, 4],
        ],
        [
          [0, 2],
          [4, 4],
        ],
      ],
    ],
    [
      'taken twice',
      [
        [
          [1, 0],
          [1, 6],
        ],
        [
          [1, 0],
          [1, 6],
        ],
        [
          [2, 0],
          [1, 6],
        ],
      ],
    ],
    [
      'along both axes',
      [
        [
          [0, 0],
          [2, 3],
        ],
        [
          [2, 3],
          [2, 3],
        ],
      ],
    ],
    [
      'of which one is whole',
      [
        [
          [0, 0],
          [4, 6],
        ],
        [
          [0, 0],
          [4, 2],
        ],
      ],
    ],
    [
      'of which one is empty',
      [
        [
          [0, 0],
          [0, 6],
        ],
        [
          [1, 0],
          [1, 6],
        ],
      ],
    ],
    [
      'alone',
      [
        [
          [1, 1],
          [2, 2],
        ],
      ],
    ],
  ])('%s', (_, list) => {
    const gradient = tf.grad(blocks(list));
    expect(gradient(x)).toBeAllClose(expected(list));
    expect(tf.function(gradient)(x)).toBeAllClose(expected(list));
    const twice = tf.grad((y: Tensor) => gradient(y).mul(other).sum())(x);
    expect(twice).toBeAllClose(expected(list)); // (2 w x)' x = 2 w x
  });

  it('of split is one concatenation', () => {
    const called: string[] = [];
    const tape = new tf.GradientTape();
    tape.watch(x);
    const y = tape.record(() => tf.split(x, 3, 1).reduce((a, b) => a.mul(b)));
    const gradient = withObservers([{ observe: (primitive) => called.push(primitive) }], () => tape.gradient(y, x));
    expect(called).toContain('concat');
    expect(called).not.toContain('pad');
    const [a, b, c] = tf.split(x, 3, 1);
    expect(gradient).toBeAllClose(tf.concat([b.mul(c), a.mul(c), a.mul(b)], 1));
  });
});
