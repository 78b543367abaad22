/** @file vectorizedMap against the function of each element: every primitive and operation, gradients, control flow, nesting. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';
import { type Case, linalgCases, operationCases, primitiveCases } from './cases.ts';

const size = 3;
/** Elements near the one that a case has. */
const batchOf = (x: Tensor): Tensor => tf.stack(Array.from({ length: size }, (_, i) => x.mul(1 + 0.03 * i)));
const close = { rtol: 1e-9, atol: 1e-10 };

/** Compares with the elements one after another, where all inputs are batched and where one alone is. */
function check({ f, inputs }: Case): void {
  const batches = inputs.map(batchOf);
  const choices =
    inputs.length > 1 ? [inputs.map(() => true), ...inputs.map((_, i) => inputs.map((__, k) => i === k))] : [[true]];
  for (const choice of choices) {
    const given = batches.filter((_, i) => choice[i]);
    const run = (elements: readonly Tensor[]): Tensor => {
      let place = 0;
      return f(...inputs.map((input, i) => (choice[i] ? elements[place++] : input)));
    };
    const expected = tf.stack(
      Array.from({ length: size }, (_, i) => run(given.map((batch) => batch.slice(i, 1).squeeze([0])))),
    );
    expect(tf.vectorizedMap(run, given), `batched: ${choice.join()}`).toBeAllClose(expected, close);
  }
}

const rows = (cases: Partial<Record<string, Case>>): [string, Case][] =>
  Object.entries(cases).flatMap(([name, row]) => (row ? [[name, row] as [string, Case]] : []));

/** The shapes of their results depend on values, which may differ between elements. */
const dataDependent = ['unique', 'uniqueWithCounts', 'setdiff1d'];

describe('primitives', () => {
  it.each(rows(primitiveCases))('%s', (_, row) => check(row));
});
describe('operations', () => {
  it.each(rows(operationCases))('%s', (name, row) => {
    if (dataDependent.includes(name)) expect(() => check(row)).toThrow(tf.TraceError);
    else check(row);
  });
});
describe('tf.linalg', () => {
  it.each(rows(linalgCases))('%s', (_, row) => check(row));
});

/** The function mapped at once, in a graph, and element by element. */
function alike(fn: (element: Tensor) => Tensor, elems: Tensor): void {
  const expected = tf.mapFn(fn, elems);
  expect(tf.vectorizedMap(fn, elems)).toBeAllClose(expected, { rtol: 1e-6 });
  const graph = tf.function((all: Tensor) => tf.vectorizedMap(fn, all));
  expect(graph(elems), 'in a graph').toBeAllClose(expected, { rtol: 1e-6 });
}

describe('control flow', () => {
  const xs = tf.tensor([-2, -0.5, 0.3, 3]);
  const w = tf.variable(1.5);

  it('takes each element the way that its condition says', () => {
    const f = (x: Tensor): Tensor =>
      tf.cond(
        x.greater(0),
        () => x.mul(w).log(),
        () => x.square(),
      );
    alike(f, xs);
    alike((x: Tensor) => tf.grad(f)(x), xs);
  });

  it('has one of many branches, and one for all', () => {
    alike(
      (i: Tensor) => tf.switchCase(i, [() => tf.scalar(1), () => w.mul(2), () => w.square()]),
      tf.tensor([0, 2, 5, 1], [4], 'int32'),
    );
    const which = tf.scalar(1, 'int32');
    alike((x: Tensor) => tf.switchCase(which, [() => x, () => x.mul(w)]), xs);
  });

  it('goes on in a loop until the last element has left it', () => {
    const f = (x: Tensor): Tensor =>
      tf.whileLoop(
        ([y]: Tensor[]) => y.abs().less(10),
        ([y, count]: Tensor[]) => [y.mul(w).add(x), count.add(1)],
        [x, tf.scalar(0)],
      )[0];
    alike(f, xs);
    alike((x: Tensor) => tf.grad(f)(x), xs);
    const grads = (): Tensor => {
      const tape = new tf.GradientTape();
      const y = tape.record(() => tf.vectorizedMap(f, xs).sum());
      return tape.gradient(y, w) as Tensor;
    };
    const separate = tf.addN(
      [0, 1, 2, 3].map((i) => tf.variableGrads(() => f(xs.slice(i, 1).squeeze()), [w]).grads[w.name]),
    );
    expect(grads()).toBeAllClose(separate, { rtol: 1e-5 });
    expect(tf.function(grads)()).toBeAllClose(separate, { rtol: 1e-5 });
  });

  it('runs loops of known length, whose counters are the same for all', () => {
    alike((x: Tensor) => tf.forLoop(4, (i, y) => y.sin().add(i), x), xs);
    alike((row: Tensor) => tf.scan((sum: Tensor, y: Tensor) => sum.mul(0.5).add(y), row), tf.randomNormal([3, 5]));
    alike(
      (x: Tensor) =>
        tf.grad(
          (v) =>
            tf.whileLoop(
              ([i]: Tensor[]) => i.less(3),
              ([i, y]: Tensor[]) => [i.add(1), y.sin()],
              [tf.scalar(0), v],
            )[1],
        )(x),
      xs,
    );
  });

  it('nests, with elements of several sizes', () => {
    const [a, b] = [tf.randomNormal([3, 2]), tf.randomNormal([4, 2])];
    const products = tf.vectorizedMap((x: Tensor) => tf.vectorizedMap((y: Tensor) => tf.dot(x, y), b), a);
    expect(products).toBeAllClose(tf.matMul(a, b, false, true));
    alike(
      (x: Tensor) =>
        tf.vectorizedMap(
          (y: Tensor) =>
            tf.cond(
              x.sum().greater(y.sum()),
              () => x,
              () => y,
            ),
          b,
        ),
      a,
    );
  });

  it('calls traced functions, custom gradients and gradients of gradients', () => {
    const square = tf.function((x: Tensor) => x.square().mul(w));
    alike((x: Tensor) => square(x), xs);
    const clipped = tf.customGrad((x: Tensor, save: (t: Tensor[]) => void) => {
      const value = x.exp();
      save([value]);
      return { value, gradFunc: (dy: Tensor, [y]: Tensor[]) => dy.mul(y).clipByValue(-1, 1) };
    });
    alike((x: Tensor) => tf.grad((v) => clipped(v))(x), xs);
    alike((x: Tensor) => tf.grad((v) => tf.grad((u) => u.sin().mul(u))(v))(x), xs);
  });

  it('is recorded by a tape around it', () => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => tf.vectorizedMap((x: Tensor) => x.mul(w).sin(), xs).sum());
    expect(tape.gradient(y, w)).toBeAllClose(xs.mul(xs.mul(w).cos()).sum());
  });
});

describe('what goes in and comes out', () => {
  it('repeats first axes of length 1, and results that are the same for all', () => {
    const { sum, one } = tf.vectorizedMap(({ a, b }: { a: Tensor; b: Tensor }) => ({ sum: a.add(b), one: 1 }), {
      a: tf.tensor([
        [1, 2],
        [3, 4],
      ]),
      b: tf.tensor([[10, 20]]),
    });
    expect(sum).toBeAllClose([
      [11, 22],
      [13, 24],
    ]);
    expect(one).toBeAllClose([1, 1]);
    expect(() => tf.vectorizedMap(([a]: Tensor[]) => a, [tf.ones([2]), tf.ones([3])])).toThrow(
      /2 elements along it and another, of shape \[3\], 3/,
    );
    expect(() => tf.vectorizedMap((x: Tensor) => x, tf.scalar(1))).toThrow(/rank 1 or more/);
    expect(tf.vectorizedMap((x: Tensor) => x.sum(), tf.zeros([0, 3]))).toHaveType('float32', [0]);
  });

  it('takes complex numbers', () => {
    const z = tf.complex([1, 2], [3, -1]);
    expect(tf.vectorizedMap((x: Tensor) => x.mul(x).real(), z)).toBeAllClose([-8, 3]);
  });

  it("draws random numbers of each element's own", () => {
    const draw = (): Tensor => tf.vectorizedMap((x: Tensor) => x.add(tf.randomUniform([])), tf.zeros([8]));
    for (const drawn of [draw(), tf.function(draw)()]) expect(new Set(drawn.dataSync()).size).toBe(8);
  });

  it('survives a tidy in the function, and says what cannot be', () => {
    expect(tf.vectorizedMap((x: Tensor) => tf.tidy(() => x.mul(2).add(1)), tf.tensor([1, 2]))).toBeAllClose([3, 5]);
    expect(() => tf.vectorizedMap((x: Tensor) => x.mul(x.item()), tf.ones([2]))).toThrow(/inside tf.vectorizedMap/);
    const v = tf.variable(1);
    expect(() => tf.vectorizedMap((x: Tensor) => (v.assign(x), x), tf.ones([2]))).toThrow(/cannot be assigned/);
    expect(() => tf.vectorizedMap((x: Tensor) => x.add([1, 2, 3]), tf.ones([4, 2]))).toThrow(/shapes \[2\] and \[3\]/);
  });
});
