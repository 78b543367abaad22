import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';

const values = (x: tf.Tensor): number[] => Array.from(x.dataSync());
const close = (x: tf.Tensor, expected: readonly number[], digits = 5): void => {
  const found = values(x);
  expect(found).toHaveLength(expected.length);
  found.forEach((value, i) => expect(value).toBeCloseTo(expected[i], digits));
};

/** The same function at once and as a graph. */
const both = <A extends unknown[], R>(fn: (...args: A) => R): [string, (...args: A) => R][] => [
  ['at once', fn],
  ['in a graph', tf.function(fn)],
];

describe('cond', () => {
  for (const [how, f] of both((x: tf.Tensor) =>
    tf.cond(
      x.sum().greater(0),
      () => ({ y: x.mul(2), n: 1 }),
      () => ({ y: x.neg(), n: 2 }),
    ),
  ))
    it(`takes the branch that the condition says, ${how}`, () => {
      close(f(tf.tensor([1, 2])).y, [2, 4]);
      const { y, n } = f(tf.tensor([-1, -2]));
      close(y, [1, 2]);
      expect(n.item()).toBe(2);
    });

  it('decides anew at every call of a graph, and runs one branch alone', () => {
    const f = tf.function((x: tf.Tensor) =>
      tf.cond(
        x.greater(1),
        () => x.log(),
        () => x.mul(0),
      ),
    );
    close(f(tf.scalar(Math.E)), [1]);
    close(f(tf.scalar(-1)), [-0]);
    expect(f.traceCount).toBe(1);
  });

  it('has gradients of both branches, at what they capture and at what decides', () => {
    for (const [, f] of both((x: tf.Tensor, w: tf.Tensor) =>
      tf.cond(
        x.greater(0),
        () => x.mul(w).square(),
        () => w.mul(3),
      ),
    )) {
      const [dx, dw] = tf.grads((x, w) => f(x, w))([2, 5]);
      close(dx, [2 * 2 * 25]);
      close(dw, [2 * 5 * 4]);
      const tape = new tf.GradientTape();
      const [x, w] = [tf.scalar(-2), tf.scalar(5)];
      tape.watch([x, w]);
      const [ex, ew] = tape.gradient(
        tape.record(() => f(x, w)),
        [x, w],
        { unconnectedGradients: 'zero' },
      );
      close(ex, [0]);
      close(ew, [3]);
    }
  });

  it('has second gradients inside a graph', () => {
    const second = tf.function((x: tf.Tensor) =>
      tf.grad((a) =>
        tf.grad((b) =>
          tf.cond(
            b.greater(0),
            () => b.pow(3),
            () => b.square(),
          ),
        )(a),
      )(x),
    );
    close(second(tf.scalar(2)), [12]);
    close(second(tf.scalar(-2)), [2]);
  });

  it('assigns variables in the branch that runs', () => {
    const count = tf.variable(0);
    const other = tf.variable(10);
    const f = tf.function((x: tf.Tensor) =>
      tf.cond(
        x.greater(0),
        () => {
          count.assign(count.add(1));
          return count.mul(1);
        },
        () => {
          other.assign(other.sub(count));
          return other.mul(1);
        },
      ),
    );
    close(f(tf.scalar(1)), [1]);
    close(f(tf.scalar(1)), [2]);
    close(f(tf.scalar(-1)), [8]);
    expect([count.read().item(), other.read().item()]).toEqual([2, 8]);
  });

  it('nests', () => {
    const f = tf.function((x: tf.Tensor, y: tf.Tensor) =>
      tf.cond(
        x.greater(0),
        () =>
          tf.cond(
            y.greater(0),
            () => x.add(y),
            () => x.sub(y),
          ),
        () => x.mul(y),
      ),
    );
    close(f(tf.scalar(2), tf.scalar(3)), [5]);
    close(f(tf.scalar(2), tf.scalar(-3)), [5]);
    close(f(tf.scalar(-2), tf.scalar(3)), [-6]);
    close(tf.grads((x, y) => f(x, y))([2, -3])[1], [-1]);
  });

  it('says what differs between its branches', () => {
    const wrong = (otherwise: (x: tf.Tensor) => tf.Tensor) => () =>
      tf.function((x: tf.Tensor) =>
        tf.cond(
          x.sum().greater(0),
          () => x,
          () => otherwise(x),
        ),
      )(tf.ones([2]));
    expect(wrong((x) => x.sum())).toThrow(
      /cond: whenTrue must give what whenFalse gives.*float32 \[\].*float32 \[2\]/s,
    );
    expect(() =>
      tf.cond(
        tf.ones([2]) as never,
        () => 1,
        () => 2,
      ),
    ).toThrow(/one element/);
  });
});

describe('switchCase', () => {
  for (const [how, f] of both((i: tf.Tensor, x: tf.Tensor) =>
    tf.switchCase(i, [() => x, () => x.square(), () => x.sqrt()]),
  ))
    it(`takes the branch with the number, the last one out of range, ${how}`, () => {
      const at = (i: number) => f(tf.scalar(i, 'int32'), tf.scalar(9)).item();
      expect([at(0), at(1), at(2), at(3), at(-1)]).toEqual([9, 81, 3, 3, 3]);
    });
});

describe('whileLoop', () => {
  const power = (x: tf.Tensor, n: tf.Tensor) =>
    tf.whileLoop(
      ({ i }) => i.less(n),
      ({ i, y }) => ({ i: i.add(1), y: y.mul(x) }),
      { i: tf.scalar(0), y: tf.scalar(1) },
    ).y;

  for (const [how, f] of both(power)) {
    it(`takes as many turns as the numbers ask for, ${how}`, () => {
      expect(f(tf.scalar(2), tf.scalar(10)).item()).toBe(1024);
      expect(f(tf.scalar(2), tf.scalar(0)).item()).toBe(1);
      expect(f(tf.scalar(3), tf.scalar(3)).item()).toBe(27);
    });

    it(`has gradients of each order, ${how}`, () => {
      const n = tf.scalar(4);
      const at = tf.scalar(3);
      const y = (x: tf.Tensor) => f(x, n);
      close(tf.grad(y)(at), [4 * 27]);
      close(tf.grad(tf.grad(y))(at), [12 * 9]);
      close(tf.grad(tf.grad(tf.grad(y)))(at), [24 * 3], 3);
    });
  }

  it('has gradients of each order when they are part of the graph', () => {
    const n = tf.scalar(4);
    const first = tf.function((x: tf.Tensor) => tf.grad((a) => power(a, n))(x));
    const second = tf.function((x: tf.Tensor) => tf.grad(tf.grad((a) => power(a, n)))(x));
    close(first(tf.scalar(3)), [108]);
    close(second(tf.scalar(3)), [108]);
  });

  it('stops after maximumIterations', () => {
    for (const [, f] of both((x: tf.Tensor) =>
      tf.whileLoop(
        (y) => y.less(1e9),
        (y) => y.mul(2),
        x,
        { maximumIterations: 5 },
      ),
    ))
      expect(f(tf.scalar(1)).item()).toBe(32);
  });

  it('carries variables that its body assigns', () => {
    const total = tf.variable(0);
    const f = tf.function((n: tf.Tensor) => {
      const i = tf.whileLoop(
        (turn) => turn.less(n),
        (turn) => {
          total.assign(total.add(turn));
          return turn.add(1);
        },
        tf.scalar(0),
      );
      return i.add(total);
    });
    expect(f(tf.scalar(4)).item()).toBe(4 + 6);
    expect(f(tf.scalar(3)).item()).toBe(3 + 9);
    expect(total.read().item()).toBe(9);
  });

  it('runs off the main thread', async () => {
    expect((await tf.function(power).runAsync(tf.scalar(2), tf.scalar(8))).item()).toBe(256);
  });

  it('refuses a body that gives something else', () => {
    for (const [, f] of both((x: tf.Tensor) =>
      tf.whileLoop(
        (y) => y.sum().less(3),
        (y) => y.concat([y]),
        x,
      ),
    ))
      expect(() => f(tf.ones([1]))).toThrow(/whileLoop: body must give what the loop variables gives/);
  });
});

describe('forLoop, scan and mapFn', () => {
  it('forLoop counts its turns', () => {
    for (const [, f] of both((x: tf.Tensor) => tf.forLoop(5, (i, y) => y.add(i.cast('float32').mul(x)), x)))
      expect(f(tf.scalar(2)).item()).toBe(2 + 2 * 10);
  });

  const cumulative = (x: tf.Tensor, w: tf.Tensor, reverse = false) =>
    tf.scan((state: tf.Tensor, e: tf.Tensor) => state.mul(w).add(e), x, { initializer: tf.scalar(1), reverse });

  for (const [how, f] of both(cumulative)) {
    it(`scan gives every state, ${how}`, () => {
      close(f(tf.tensor([1, 2, 3]), tf.scalar(2)), [3, 8, 19]);
      close(
        f(tf.tensor([1, 2, 3]), tf.scalar(2), true),
        [15, 7, 5].map((_, i) => [2 * (2 * (2 + 3) + 2) + 1, 2 * 5 + 2, 5][i]),
      );
    });

    it(`scan has gradients of each order, ${how}`, () => {
      const loss = (x: tf.Tensor, w: tf.Tensor) => f(x, w).square().sum();
      const [x, w] = [tf.tensor([0.5, -1, 2]), tf.scalar(0.7)];
      const numbers = (value: number): number => {
        let [state, sum] = [1, 0];
        for (const e of [0.5, -1, 2]) {
          state = state * value + e;
          sum += state * state;
        }
        return sum;
      };
      const h = 1e-3;
      const [first, second] = [
        (numbers(0.7 + h) - numbers(0.7 - h)) / (2 * h),
        (numbers(0.7 + h) - 2 * numbers(0.7) + numbers(0.7 - h)) / (h * h),
      ];
      close(tf.grads(loss)([x, w])[1], [first], 3);
      close(tf.grad((v) => tf.grads(loss)([x, v])[1])(w), [second], 2);
    });
  }

  it('scan without an initializer starts from the first element', () => {
    for (const [, f] of both((x: tf.Tensor) => tf.scan((sum: tf.Tensor, e: tf.Tensor) => sum.add(e), x)))
      close(f(tf.tensor([1, 2, 3])), [1, 3, 6]);
  });

  it('mapFn applies a function to each element, with a structure', () => {
    for (const [, f] of both((x: tf.Tensor) => tf.mapFn((row: tf.Tensor) => ({ s: row.sum(), m: row.mul(2) }), x))) {
      const { s, m } = f(
        tf.tensor([
          [1, 2],
          [3, 4],
        ]),
      );
      close(s, [3, 7]);
      close(m, [2, 4, 6, 8]);
    }
  });

  it('loops draw other random numbers in each turn and at each call', () => {
    tf.setSeed(3);
    const f = tf.function(() => tf.forLoop(3, (_i, x: tf.Tensor) => x.add(tf.randomUniform([2])), tf.zeros([2])));
    const one = values(f());
    const two = values(f());
    expect(one).not.toEqual(two);
    tf.setSeed(3);
    let sum = tf.zeros([2]);
    for (let i = 0; i < 3; i++) sum = sum.add(tf.randomUniform([2]));
    close(sum, one);
  });
});

describe('memory', () => {
  it('is given back after loops', () => {
    const f = tf.function((x: tf.Tensor) =>
      tf.grad((a: tf.Tensor) =>
        tf
          .whileLoop(
            (y) => y.sum().less(1e4),
            (y) => y.mul(2),
            a,
          )
          .sum(),
      )(x),
    );
    const x = tf.ones([100]);
    f(x).dispose();
    const before = tf.memory();
    for (let i = 0; i < 20; i++) f(x).dispose();
    expect(tf.memory()).toEqual(before);
  });
});
