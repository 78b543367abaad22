/** @file Forward mode, jacobians, hessians, checkpointing, rows as gradients: against each other, by hand, and by differences. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';
import { type Case, linalgCases, operationCases, primitiveCases } from './cases.ts';

const close = { rtol: 1e-8, atol: 1e-9 };
const rows = (cases: Partial<Record<string, Case>>): [string, Case][] =>
  Object.entries(cases).flatMap(([name, row]) => (row ? [[name, row] as [string, Case]] : []));
const direction = (like: Tensor): Tensor =>
  tf.tensor(
    Array.from({ length: like.size }, (_, i) => Math.sin(1.7 * i + 0.3)),
    like.shape,
    like.dtype,
  );

describe('forward mode agrees with the tape', () => {
  /** u·(J·v) = (Jᵀ·u)·v, for all arguments together and at the last one alone. */
  function check({ f, inputs }: Case): void {
    const vectors = inputs.map(direction);
    for (const only of [null, inputs.length - 1]) {
      const given = vectors.map((v, i) => (only === null || only === i ? v : tf.zerosLike(v)));
      const { value, tangent } = tf.jvp(f, inputs, given);
      const u = direction(value);
      const tape = new tf.GradientTape();
      tape.watch([...inputs]);
      const y = tape.record(() => f(...inputs));
      const back = tape.gradient(y, inputs, { outputGradients: u, unconnectedGradients: 'zero' }) as Tensor[];
      const expected = back.reduce((sum, g, i) => sum + g.mul(given[i]).sum().item(), 0);
      expect(tangent.mul(u).sum(), only === null ? 'together' : 'alone').toBeAllClose(expected, close);
    }
    if (inputs.length > 1) {
      const single = new tf.ForwardAccumulator(inputs[0], vectors[0]);
      const y = single.record(() => f(...inputs));
      const { tangent } = tf.jvp((x) => f(x, ...inputs.slice(1)), [inputs[0]], [vectors[0]]);
      expect(single.jvp(y, { unconnectedGradients: 'zero' })).toBeAllClose(tangent, close);
    }
  }
  describe('primitives', () => it.each(rows(primitiveCases))('%s', (_, row) => check(row)));
  describe('operations', () => it.each(rows(operationCases))('%s', (_, row) => check(row)));
  describe('tf.linalg', () => it.each(rows(linalgCases))('%s', (_, row) => check(row)));
});

describe('ForwardAccumulator', () => {
  it('nests with itself and with tapes, in any order', () => {
    const x = tf.tensor(1.1, [], 'float64');
    const one = tf.tensor(1, [], 'float64');
    const cube = (): Tensor => x.mul(x).mul(x);
    const outer = new tf.ForwardAccumulator(x, one);
    const inner = new tf.ForwardAccumulator(x, one);
    const y = outer.record(() => inner.record(cube));
    expect(inner.jvp(y)).toBeAllClose(3 * 1.21);
    expect(outer.jvp(y)).toBeAllClose(3 * 1.21);
    expect(outer.jvp(inner.jvp(y) as Tensor)).toBeAllClose(6.6);

    const tape = new tf.GradientTape();
    tape.watch(x);
    const forward = new tf.ForwardAccumulator(x, one);
    const tangent = tape.record(() => forward.jvp(forward.record(cube)) as Tensor);
    expect(tape.gradient(tangent, x)).toBeAllClose(6.6);

    const around = new tf.ForwardAccumulator(x, one);
    const gradient = around.record(() => tf.grad(() => cube())(x) ?? x);
    expect(gradient).toBeDefined();
    const withTape = around.record(() => {
      const within = new tf.GradientTape();
      within.watch(x);
      return within.gradient(within.record(cube), x) as Tensor;
    });
    expect(around.jvp(withTape)).toBeAllClose(6.6);
  });

  it('follows variables, keeps structures, and gives null or zeros for what does not depend on them', () => {
    const w = tf.variable([1, 2]);
    const accumulator = new tf.ForwardAccumulator({ w }, { w: tf.tensor([1, 0]) });
    const result = accumulator.record(() => ({ y: tf.tidy(() => w.square().mul(3)), other: tf.ones([2]) }));
    expect(accumulator.jvp(result).y).toBeAllClose([6, 0]);
    expect(accumulator.jvp(result).other).toBeNull();
    expect(accumulator.jvp(result, { unconnectedGradients: 'zero' }).other).toBeAllClose([0, 0]);
  });

  it('goes through loops and branches of graphs', () => {
    const f = tf.function(
      (x: Tensor) =>
        tf.whileLoop(
          ([, y]: Tensor[]) => y.less(20),
          ([i, y]: Tensor[]) => [
            i.add(1),
            tf.cond(
              y.greater(3),
              () => y.mul(x),
              () => y.add(x.square()),
            ),
          ],
          [tf.scalar(0), x],
        )[1],
    );
    const g = tf.function((x: Tensor, v: Tensor) => tf.jvp((at) => f(at), [x], [v]).tangent);
    expect(g(tf.scalar(1.5), tf.scalar(2))).toBeAllClose(
      tf
        .grad((x) => f(x))(1.5)
        .mul(2),
    );
  });

  it('refuses what does not fit', () => {
    expect(() => new tf.ForwardAccumulator(tf.ones([2]), tf.ones([3]))).toThrow(/shape \[3\], its primal \[2\]/);
    expect(() => new tf.ForwardAccumulator(tf.ones([2], 'int32'), tf.ones([2], 'int32'))).toThrow(/floating dtype/);
    expect(() => new tf.ForwardAccumulator([tf.ones([2])], [])).toThrow(/each of 1 primals, got 0/);
    expect(() => tf.jvp((x) => x, [[1, 2]], [[1]])).toThrow(/shape \[1\], its argument \[2\]/);
  });
});

describe('products and whole matrices', () => {
  const f = (x: Tensor): Tensor => x.pow(3).sum().add(x.prod());

  it('vjp gives gradients as often as asked', () => {
    const { value, vjpFn } = tf.vjp(
      (x, y) => x.mul(y),
      [
        [1, 2],
        [3, 4],
      ],
    );
    expect(value).toBeAllClose([3, 8]);
    expect(vjpFn([1, 0])[0]).toBeAllClose([3, 0]);
    expect(vjpFn([0, 1])[1]).toBeAllClose([0, 2]);
  });

  it('hessian and hvp', () => {
    const x = [1, 2, 3];
    const expected = [
      [6, 3, 2],
      [3, 12, 1],
      [2, 1, 18],
    ];
    expect(tf.hessian(f)(x)).toBeAllClose(expected);
    expect(tf.function((at: Tensor) => tf.hessian(f)(at))(tf.tensor(x))).toBeAllClose(expected);
    expect(tf.hvp(f, [x], [[1, 0, -1]])[0]).toBeAllClose([4, 2, -16]);
    const [a, b] = tf.hvp((u, v) => u.square().mul(v).sum(), [[2], [3]], [[1], [1]]);
    expect(a).toBeAllClose([6 + 4]);
    expect(b).toBeAllClose([4]);
  });

  it('jacobians, all rows at once and one after another, of several sources', () => {
    const x = tf.variable(
      tf.tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    const z = tf.variable([5, 6]);
    for (const experimentalUsePfor of [true, false]) {
      const tape = new tf.GradientTape({ persistent: true });
      const y = tape.record(() => tf.matMul(x, z.expandDims(1)).squeeze([1]).sin());
      const { a, b } = tape.jacobian(y, { a: x, b: z }, { experimentalUsePfor });
      const cos = [Math.cos(17), Math.cos(39)];
      expect(b).toBeAllClose([
        [cos[0], 2 * cos[0]],
        [3 * cos[1], 4 * cos[1]],
      ]);
      expect(a).toBeAllClose([
        [
          [5 * cos[0], 6 * cos[0]],
          [0, 0],
        ],
        [
          [0, 0],
          [5 * cos[1], 6 * cos[1]],
        ],
      ]);
      const unused = tf.variable([1]);
      expect(tape.jacobian(y, unused, { experimentalUsePfor })).toBeNull();
      expect(tape.jacobian(y, unused, { experimentalUsePfor, unconnectedGradients: 'zero' })).toBeAllClose([[0], [0]]);
      const rowwise = tape.batchJacobian(y.expandDims(1), x, { experimentalUsePfor });
      expect(rowwise).toBeNull();
    }
  });

  it('jacobians of each example of a batch', () => {
    const x = tf.tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    const w = tf.tensor([
      [1, 0],
      [2, 1],
      [0, 3],
    ]);
    for (const experimentalUsePfor of [true, false]) {
      const tape = new tf.GradientTape();
      tape.watch(x);
      const y = tape.record(() => tf.matMul(x.square(), w));
      const expected = tf.tensor([
        [
          [2, 8, 0],
          [0, 4, 18],
        ],
        [
          [8, 20, 0],
          [0, 10, 36],
        ],
      ]);
      expect(tape.batchJacobian(y, x, { experimentalUsePfor })).toBeAllClose(expected);
    }
    const tape = new tf.GradientTape();
    tape.watch(x);
    const y = tape.record(() => x.sum(0));
    expect(() => tape.batchJacobian(y, x)).toThrow(/shapes \[3\] and \[2, 3\]/);
  });

  it('argnums and unconnected arguments', () => {
    const g = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum();
    expect(
      tf.grads(g, { argnums: 1 })([
        [1, 2],
        [3, 4],
      ]),
    ).toHaveLength(1);
    expect(
      tf.grads(g, { argnums: [-1, 0] })([
        [1, 2],
        [3, 4],
      ])[0],
    ).toBeAllClose([1, 2]);
    expect(
      tf.valueAndGrads(g, { argnums: 0 })([
        [1, 2],
        [3, 4],
      ]).grads[0],
    ).toBeAllClose([3, 4]);
    expect(() => tf.grads(g, { argnums: 2 })([1, 2])).toThrow(/argnums/);
    expect(() => tf.grads((a) => a)([1, 2])).toThrow(/argument 2/);
    expect(tf.grads((a) => a, { unconnectedGradients: 'zero' })([1, 2])[1]).toBeAllClose(0);
    expect(tf.grad(() => tf.scalar(1), { unconnectedGradients: 'zero' })([1, 2])).toBeAllClose([0, 0]);
  });
});

describe('tapes', () => {
  it('reset forgets, and a tape is let go at the end of its block', () => {
    const x = tf.variable(3);
    const tape = new tf.GradientTape();
    tape.record(() => x.square());
    tape.reset();
    expect(tape.watchedVariables()).toHaveLength(0);
    const y = tape.record(() => x.mul(2));
    expect(tape.gradient(y, x)).toBeAllClose(2);
    tape.reset();
    expect(
      tape.gradient(
        tape.record(() => x.mul(5)),
        x,
      ),
    ).toBeAllClose(5);
    const other = new tf.GradientTape({ persistent: true });
    const z = other.record(() => x.square());
    expect(other.gradient(z, x)).toBeAllClose(6);
    other[Symbol.dispose]();
    expect(other.watchedVariables()).toHaveLength(0);
  });

  it('persistent ones nest', () => {
    const x = tf.variable(2);
    const outer = new tf.GradientTape({ persistent: true });
    const inner = new tf.GradientTape({ persistent: true });
    const [first, other] = outer.record(() => {
      const [y, z] = inner.record(() => [x.pow(3), x.pow(4)]);
      return [inner.gradient(y, x) as Tensor, inner.gradient(z, x) as Tensor];
    });
    expect(outer.gradient(first, x)).toBeAllClose(12);
    expect(outer.gradient(other, x)).toBeAllClose(48);
    expect(outer.gradient([first, other], x)).toBeAllClose(60);
  });
});

describe('customGradient', () => {
  it('of several values, at once and in a graph', () => {
    const f = tf.customGradient((x: Tensor, y: Tensor) => ({
      value: [x.mul(y), x.add(y)],
      gradFunc: ([a, b]: Tensor[]) => [a.mul(y).mul(10), b.mul(7)],
    }));
    const both = (x: Tensor, y: Tensor): Tensor[] => {
      const [product, sum] = f(x, y);
      return tf
        .grads((u, v) => {
          const [a, b] = f(u, v);
          return a.add(b.mul(2));
        })([x, y])
        .concat([product, sum]);
    };
    for (const run of [both, tf.function(both)]) {
      const [dx, dy, product, sum] = run(tf.scalar(3), tf.scalar(4));
      expect(dx).toBeAllClose(40);
      expect(dy).toBeAllClose(14);
      expect(product).toBeAllClose(12);
      expect(sum).toBeAllClose(7);
    }
  });
});

describe('recomputeGrad', () => {
  const w = tf.variable(tf.randomNormal([8, 8]));
  const mask = tf.randomUniform([8, 8]).greater(0.5).cast('float32');
  const body = (x: Tensor): Tensor => tf.matMul(x, w).sin().mul(mask).exp().square().sin();
  const block = tf.recomputeGrad(body);
  const x = tf.randomNormal([8, 8]);

  function gradientsOf(f: (x: Tensor) => Tensor, x: Tensor): Tensor[] {
    const tape = new tf.GradientTape();
    tape.watch(x);
    const y = tape.record(() => f(f(x)).sum());
    return [y, ...(tape.gradient(y, [x, w]) as Tensor[])];
  }

  it('has the value and the gradients of the function, of each order, at once and in a graph', () => {
    const expected = gradientsOf(body, x);
    for (const run of [gradientsOf, tf.function(gradientsOf)])
      run(block, x).forEach((gradient, i) =>
        expect(gradient, String(i)).toBeAllClose(expected[i], { rtol: 1e-4, atol: 1e-5 }),
      );
    const second = (f: (v: Tensor) => Tensor): Tensor =>
      tf.grad((v) =>
        tf
          .grad((u) => f(u).sum())(v)
          .square()
          .sum(),
      )(x);
    expect(second(block)).toBeAllClose(second(body), { rtol: 1e-3, atol: 1e-4 });
  });

  it('draws random numbers once, and knows custom gradients', () => {
    const noisy = tf.recomputeGrad((v: Tensor) => v.mul(tf.randomUniform([4])).square());
    const tape = new tf.GradientTape();
    const v = tf.variable([1, 2, 3, 4]);
    const y = tape.record(() => noisy(v.read()));
    expect(tape.gradient(y, v)).toBeAllClose(y.mul(2).div(v));
    const clipped = tf.customGrad((at: Tensor) => ({ value: at.exp(), gradFunc: (dy: Tensor) => dy.mul(0).add(7) }));
    expect(tf.grad(tf.recomputeGrad((at: Tensor) => clipped(at.mul(2))))(1)).toBeAllClose(14);
  });

  it('holds less memory between the two passes', () => {
    const held = (f: (v: Tensor) => Tensor): number => {
      const big = tf.ones([256, 256]);
      const tape = new tf.GradientTape();
      tape.watch(big);
      return tf.tidy(() => {
        const before = tf.memory().numBytes;
        const y = tape.record(() => tf.tidy(() => f(big)));
        const bytes = tf.memory().numBytes - before;
        expect(tape.gradient(y, big)).toHaveType('float32', [256, 256]);
        return bytes;
      });
    };
    const chain = (v: Tensor): Tensor => v.sin().exp().sin().exp().sin().exp().sin().exp();
    const tensor = 256 * 256 * 4;
    expect(held(chain)).toBeGreaterThanOrEqual(8 * tensor);
    expect(held(tf.recomputeGrad(chain))).toBeLessThanOrEqual(2 * tensor);
  });
});

describe('tangents', () => {
  const [at, along] = [tf.tensor([[2, 1], [0.5, 3]], null, 'float64'), tf.tensor([[1, 2], [3, -1]], null, 'float64')]; // prettier-ignore

  it('go through functions that were traced before', () => {
    const f = tf.function((x: tf.Tensor) => x.exp());
    const expected = along.mul(at.exp());
    expect(f(at)).toBeAllClose(at.exp());
    expect(tf.jvp(f, [at], [along]).tangent).toBeAllClose(expected);
    expect(tf.jvp((x) => f.getConcreteFunction(at).call(x) as tf.Tensor, [at], [along]).tangent).toBeAllClose(expected);
    expect(tf.hvp((x) => f(x), [at], [along])[0]).toBeAllClose(expected);
  });

  it('reach a rule of a custom gradient that has branches', () => {
    const f = tf.customGrad((x: tf.Tensor) => {
      const branch = (): tf.Tensor => tf.cond(x.sum().less(100), () => x.exp(), () => x); // prettier-ignore
      return { value: tf.stopGradient(x), gradFunc: (dy: tf.Tensor) => dy.mul(branch()) };
    });
    expect(tf.hvp((x) => f(x), [at], [along])[0]).toBeAllClose(along.mul(at.exp()));
    // d(ad - bc) = [[d, -c], [-b, a]], linear in the matrix.
    expect(tf.hvp(tf.linalg.det, [at], [along])[0]).toBeAllClose([[-1, -3], [-2, 1]]); // prettier-ignore
  });
});
