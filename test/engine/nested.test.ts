/** @file Branches and loops within a session against the host's: same values, gradients, and which of them run where. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { currentEngine } from '../../src/engine/index.ts';
import type { GraphNode } from '../../src/primitives/graph.ts';
import type { NestedPrimitive } from '../../src/primitives/primitives.ts';
import '../support/tensors.ts';

const weights = tf.randomNormal([300, 3], 0, 0.1, 'float32', 1);
const bias = tf.tensor([0.1, -0.2, 0.3]);

const cases: Record<string, [(x: Tensor) => unknown, Tensor]> = {
  'a branch of two': [
    (x) =>
      tf.cond(
        x.sum().greater(0),
        () => [x.mul(2), x],
        () => [x.neg(), x.add(1)],
      ),
    tf.tensor([1, -3]),
  ],
  'a choice of four by number': [
    (x) => tf.switchCase(x.sum().cast('int32'), [() => x, () => x.mul(10), () => x.mul(20), () => x.mul(30)]),
    tf.tensor([1, 1]),
  ],
  'branches within branches, with a constant and a captured value as results': [
    (x) => {
      const y = x.add(1);
      return tf.cond(
        x.sum().less(0),
        () =>
          tf.cond(
            x.min().less(-2),
            () => [y, tf.scalar(1)],
            () => [x, tf.scalar(2)],
          ),
        () => [x, tf.scalar(3)],
      );
    },
    tf.tensor([1, -3]),
  ],
  'a scan with large constants in its body': [
    (x) =>
      tf.scan(
        (h: Tensor, e: Tensor) =>
          tf
            .matMul(e.reshape([1, 300]), weights)
            .add(bias)
            .add(h)
            .tanh(),
        x,
        { initializer: tf.zeros([1, 3]) },
      ),
    tf.randomNormal([7, 300], 0, 1, 'float32', 2),
  ],
  'a scan backwards': [
    (x) => tf.scan((h: Tensor, e: Tensor) => h.mul(0.5).add(e), x, { initializer: tf.scalar(1), reverse: true }),
    tf.range(0, 6),
  ],
  'a loop that reads nothing': [(x) => tf.forLoop(5, (i, y) => y.mul(x).add(i), x), tf.tensor([0.5, 2])],
  'a loop that carries nothing': [
    (x) => tf.mapFn((row: Tensor) => ({ a: row.sum(), b: row.greater(1) }), x),
    tf.range(0, 6).reshape([3, 2]),
  ],
  'a loop within a loop within a branch': [
    (x) =>
      tf.cond(
        x.min().greater(0),
        () => tf.forLoop(3, (i, y) => tf.forLoop(2, (j, z) => z.mul(i.add(j).cast('float32')).add(x), y), x),
        () => x,
      ),
    tf.tensor([1, 2]),
  ],
  'convolutions, which like another layout, inside and outside': [
    (x) => {
      const filter = tf.ones([2, 2, 3, 3]).div(12);
      const y = tf.conv2d(x as tf.Tensor, filter, 1, 'same');
      return tf.forLoop(3, (_, z) => tf.conv2d(z, filter, 1, 'same').add(y), y).mul(y);
    },
    tf.randomNormal([1, 4, 5, 3], 0, 1, 'float32', 3),
  ],
  'a while loop of few turns': [
    (x) =>
      tf.whileLoop(
        (y) => y.sum().less(100),
        (y) => y.mul(2),
        x,
      ),
    tf.tensor([1, 2]),
  ],
  'a while loop of none': [
    (x) =>
      tf.whileLoop(
        (y) => y.sum().less(1),
        (y) => y.mul(2),
        x,
      ),
    tf.tensor([1, 2]),
  ],
  'a while loop of many turns, with two states and something captured': [
    (x) => {
      const step = x.mul(0.5).sum();
      return tf.whileLoop(
        ({ n }) => n.less(500),
        ({ n, y }) => ({ n: n.add(1), y: y.add(step) }),
        { n: tf.scalar(0, 'int32'), y: x },
      );
    },
    tf.tensor([1, 2]),
  ],
  'dtypes that engines compute in wider ones': [
    (x) => {
      const [n, b] = [x.cast('int8'), x.greater(1)];
      return tf.forLoop(
        3,
        (_, s) => ({ n: s.n.add(tf.scalar(1, 'int8')), b: tf.logicalNot(s.b), h: s.h.mul(tf.scalar(0.5, 'float16')) }),
        {
          n,
          b,
          h: x.cast('float16'),
        },
      );
    },
    tf.tensor([1, 2]),
  ],
};

describe('within a session', () => {
  it.each(Object.entries(cases))('%s', async (_, [f, x]) => {
    const traced = tf.function(f);
    const leaves = (tree: unknown): Tensor[] =>
      tree instanceof tf.Tensor ? [tree] : Object.values(tree as object).flatMap(leaves);
    const expected = leaves(f(x));
    for (const result of [traced(x), await traced.runAsync(x)])
      leaves(result).forEach((tensor, i) => {
        expect(tensor).toHaveType(expected[i].dtype, expected[i].shape);
        expect(tensor).toBeAllClose(expected[i]);
      });
  });

  it('gradients of a recurrent network, of first and second order', () => {
    const x = tf.randomNormal([6, 2, 3], 0, 1, 'float64', 4);
    const w = tf.randomNormal([3, 3], 0, 0.4, 'float64', 5);
    const loss = (w: Tensor): Tensor =>
      (
        tf.scan((h: Tensor, e: Tensor) => h.matMul(w).add(e).tanh(), x, {
          initializer: tf.zeros([2, 3], 'float64'),
        }) as Tensor
      )
        .square()
        .sum();
    const second = (w: Tensor): Tensor => tf.grad((v) => tf.grad(loss)(v).square().sum())(w);
    expect(tf.function((w: Tensor) => tf.grad(loss)(w))(w)).toBeAllClose(tf.grad(loss)(w), { rtol: 1e-12 });
    expect(tf.function(second)(w)).toBeAllClose(second(w), { rtol: 1e-11 });
  });

  it('what the host must do stays with the host', () => {
    const f = (x: Tensor): Tensor => tf.forLoop(3, (_, y) => tf.linalg.cholesky(y.add(tf.eye(2).mul(3))), x);
    expect(tf.function(f)(tf.ones([2, 2]))).toBeAllClose(f(tf.ones([2, 2])));
  });

  it('loops that may never end, or that are very long, are not out of reach of an interrupt', () => {
    const engine = currentEngine();
    const nodeOf = (f: (x: Tensor) => Tensor): GraphNode<NestedPrimitive> =>
      tf.function(f).getConcreteFunction(tf.scalar(1)).graph.nodes.at(-1) as GraphNode<NestedPrimitive>;
    const answers = [
      (x: Tensor) => tf.forLoop(100, (_, y) => y.mul(2), x),
      (x: Tensor) => tf.forLoop(100_000, (_, y) => y.mul(2), x),
      (x: Tensor) =>
        tf.whileLoop(
          (y) => y.less(5),
          (y) => y.mul(2),
          x,
        ),
    ].map((f) => engine.nests?.(nodeOf(f as (x: Tensor) => Tensor)));
    expect(answers).toEqual([true, false, false]);
  });
});
