/** @file tf.function: traces, retraces, variables, random numbers, gradients, errors, memory. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { settledMemory } from '../support/memory.ts';
import '../support/tensors.ts';

describe('traces', () => {
  it('runs the original once for each signature', () => {
    const calls: string[] = [];
    const f = tf.function((x: Tensor, scale: number) => {
      calls.push(`${x.dtype}[${x.shape.join()}] ${scale}`);
      return x.mul(scale);
    });
    expect(f(tf.tensor([1, 2]), 3)).toBeAllClose([3, 6]);
    expect(f(tf.tensor([4, 5]), 3)).toBeAllClose([12, 15]);
    expect(f.traceCount).toBe(1);
    expect(f(tf.tensor([[1]]), 3)).toBeAllClose([[3]]);
    expect(f(tf.tensor([1, 2], [2], 'int32'), 3)).toHaveType('int32', [2]);
    expect(f(tf.tensor([1, 2]), 4)).toBeAllClose([4, 8]);
    expect(calls).toEqual(['float32[2] 3', 'float32[1,1] 3', 'int32[2] 3', 'float32[2] 4']);
  });

  it('tells structures, variables and objects apart', () => {
    const [v, w] = [tf.variable(1), tf.variable(10)];
    const f = tf.function((x: { a: Tensor; b?: Tensor[] }, variable: tf.Variable) =>
      x.a.add(variable).add(tf.addN(x.b ?? [tf.scalar(0)])),
    );
    expect(f({ a: tf.scalar(1) }, v)).toBeAllClose(2);
    expect(f({ a: tf.scalar(1) }, w)).toBeAllClose(11);
    expect(f({ a: tf.scalar(1), b: [tf.scalar(2), tf.scalar(3)] }, w)).toBeAllClose(16);
    expect(f({ a: tf.scalar(5) }, v)).toBeAllClose(6);
    expect(f.traceCount).toBe(3);
  });

  it('returns structures with plain values, arguments, constants and repeated tensors', () => {
    const constant = tf.tensor([7]);
    const f = tf.function((x: Tensor) => {
      const y = x.add(1);
      return { y, again: [y, y.mul(1)], x, constant, folded: tf.scalar(2).mul(3), n: 5, text: 'a', nothing: null };
    });
    const x = tf.tensor([1, 2]);
    for (const result of [f(x), f(x)]) {
      expect(result.y).toBeAllClose([2, 3]);
      expect(result.again[0]).toBeAllClose([2, 3]);
      expect(result.again[1]).toBeAllClose([2, 3]);
      expect(result.x).toBeAllClose([1, 2]);
      expect(result.constant).toBeAllClose([7]);
      expect(result.folded).toBeAllClose(6);
      expect([result.n, result.text, result.nothing]).toEqual([5, 'a', null]);
      // Results are the caller's: disposing of them touches nothing else.
      tf.dispose(result);
    }
    expect(x.isDisposed || constant.isDisposed).toBe(false);
  });

  it('computes what depends on no argument while tracing', () => {
    const f = tf.function((x: Tensor) => x.add(tf.range(0, 3).square().sum()));
    expect(f(tf.scalar(1))).toBeAllClose(6);
    expect(f.getConcreteFunction(tf.scalar(1)).graph.nodes.map(({ primitive }) => primitive)).toEqual(['add']);
  });

  it('shares equal subexpressions and drops what nothing needs', () => {
    const f = tf.function((x: Tensor) => {
      x.exp().sum();
      return x.mul(2).add(1).mul(x.mul(2).add(1));
    });
    const { graph } = f.getConcreteFunction(tf.tensor([3]));
    expect(graph.nodes.map(({ primitive }) => primitive)).toEqual(['mul', 'add', 'mul']);
    expect(f(tf.tensor([3]))).toBeAllClose([49]);
  });

  it('adds to a matrix product seen as images what is as long as their channels', () => {
    const [x, w, bias] = [tf.randomNormal([6, 3]), tf.randomNormal([8, 3]), tf.tensor([10, 20])];
    const f = (a: Tensor, b: Tensor, c: Tensor): Tensor => a.matMul(b, false, true).reshape([2, 3, 4, 2]).add(c);
    expect(tf.function(f)(x, w, bias)).toBeAllClose(f(x, w, bias));
  });

  it('does not take -0 for 0', () => {
    const f = tf.function((x: Tensor) => [tf.div(x, tf.scalar(0)), tf.div(x, tf.scalar(-0))]);
    const [up, down] = f(tf.scalar(1));
    expect([up.item(), down.item()]).toEqual([Infinity, -Infinity]);
  });

  it('inlines functions that it calls', () => {
    const inner = tf.function((x: Tensor) => x.add(1));
    const outer = tf.function((x: Tensor) => inner(inner(x)).mul(2));
    expect(outer(tf.scalar(1))).toBeAllClose(6);
    expect([outer.traceCount, inner.traceCount]).toEqual([1, 0]);
  });

  it('holds on to tensors that it captured', () => {
    const captured = tf.tensor([10, 20]);
    const f = tf.function((x: Tensor) => x.add(captured));
    f(tf.tensor([0, 0]));
    captured.dispose();
    expect(f(tf.tensor([1, 2]))).toBeAllClose([11, 22]);
  });

  it('traces anew after a trace that failed', () => {
    let fails = true;
    const f = tf.function((x: Tensor) => {
      if (fails) throw new Error('not yet');
      return x.add(1);
    });
    expect(() => f(tf.scalar(1))).toThrow('not yet');
    fails = false;
    expect(f(tf.scalar(1))).toBeAllClose(2);
    // Operations run at once again after the failure.
    expect(tf.scalar(1).add(1).item()).toBe(2);
  });

  it('shows its graph', () => {
    const f = tf.function((x: Tensor) => x.matMul(x, false, true).sum(0), { name: 'gram' });
    const text = String(f.getConcreteFunction(tf.ones([2, 3])));
    expect(text).toMatch(/^gram\(x %0: float32\[2, 3\]\) \{/);
    expect(text).toMatch(/= matMul\(%0, %0, transposeA=false, transposeB=true\)/);
  });
});

describe('input signatures', () => {
  it('make tensors of numbers and refuse what does not fit', () => {
    const f = tf.function((x: Tensor | number | number[][]) => (x as Tensor).mul(2), {
      inputSignature: [{ shape: [null, 2] }],
      name: 'twice',
    });
    expect(f([[1, 2]])).toBeAllClose([[2, 4]]);
    expect(f([[3, 4]])).toBeAllClose([[6, 8]]);
    expect(f.traceCount).toBe(1);
    expect(f(tf.zeros([3, 2]))).toHaveType('float32', [3, 2]);
    expect(() => f(tf.zeros([3]))).toThrow(/twice: x must be float32 \[\?, 2\].*got float32 \[3\]/);
    expect(() => f(tf.zeros([1, 2], 'int32'))).toThrow(/got int32 \[1, 2\]/);
  });
});

describe('variables', () => {
  it('are read at each call, and assigned with effect on later reads', () => {
    const count = tf.variable(0, false);
    const weight = tf.variable([1, 2]);
    const f = tf.function((x: Tensor) => {
      const before = count.read();
      count.assign(count.add(1));
      return [before.mul(1), count.mul(10), weight.mul(x)];
    });
    f(tf.scalar(1));
    weight.assign(tf.tensor([5, 6]));
    const [before, after, product] = f(tf.scalar(2));
    expect([before.item(), after.item(), count.item()]).toEqual([1, 20, 2]);
    expect(product).toBeAllClose([10, 12]);
    expect(f.traceCount).toBe(1);
  });

  it('swap, take arguments, constants, and values computed once', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map((n) => tf.variable(n));
    const f = tf.function((x: Tensor) => {
      const old = a.read();
      a.assign(b.read());
      b.assign(old);
      c.assign(x);
      d.assign(tf.scalar(3).mul(4));
    });
    f(tf.scalar(7));
    expect([a, b, c, d].map((v) => v.item())).toEqual([2, 1, 7, 12]);
    f(tf.scalar(8));
    expect([a, b, c, d].map((v) => v.item())).toEqual([1, 2, 8, 12]);
  });

  it('outlive tensors that they were assigned from, and readers outlive assignments', () => {
    const v = tf.variable([1]);
    const read = v.read();
    const next = tf.tensor([2]);
    v.assign(next);
    next.dispose();
    expect(v).toBeAllClose([2]);
    expect(read).toBeAllClose([1]);
  });

  it('that were disposed of say so by name, and stay so', async () => {
    const v = tf.variable([1, 2], true, 'gone');
    const f = tf.function((x: Tensor) => {
      v.assign(v.add(x));
      return v.read();
    });
    const running = f.runAsync(tf.scalar(1));
    for (let turn = 0; turn < 5; turn++) await Promise.resolve(); // it waits for its turn, then reads
    v.dispose();
    expect(await running).toBeAllClose([2, 3]);
    expect(v.isDisposed).toBe(true);
    for (const use of [() => v.add(1), () => v.assign(tf.ones([2])), () => f(tf.scalar(1))])
      expect(use).toThrow(/Variable gone \(float32 \[2\]\) was disposed/);
  });

  it('cannot be made of symbolic values, but of concrete ones and in initScope', () => {
    let made: tf.Variable | null = null;
    const f = tf.function((x: Tensor) => {
      made ??= tf.initScope(() => tf.variable(tf.randomNormal([2])));
      return x.mul(made);
    });
    const first = f(tf.scalar(1));
    expect(f(tf.scalar(1))).toBeAllClose(first);
    expect(() => tf.function((x: Tensor) => tf.variable(x).read())(tf.scalar(1))).toThrow(tf.TraceError);
  });
});

describe('variables that a function makes', () => {
  it('in every call are refused: the graph would have one for all calls', () => {
    const f = tf.function((x: Tensor) => tf.variable(0).add(x), { name: 'maker' });
    expect(() => f(tf.scalar(1))).toThrow(/maker makes a tf.variable in every call.*w \?\?= tf.variable/);
    expect(tf.scalar(1).add(1)).toBeAllClose(2);
  });

  it('in its first call are kept', () => {
    let count: tf.Variable | null = null;
    const f = tf.function((x: Tensor) => {
      count ??= tf.variable(0);
      count.assign(count.add(x));
      return count.read();
    });
    expect(f(tf.scalar(2))).toBeAllClose(2);
    expect(f(tf.scalar(2))).toBeAllClose(4);
    expect(f.traceCount).toBe(1);
  });

  it('are the state of an optimizer that first steps inside', () => {
    const [w, reference] = [tf.variable([1, 2]), tf.variable([1, 2])];
    const [inside, outside] = [tf.train.adam(0.1), tf.train.adam(0.1)];
    let calls = 0;
    const step = tf.function(() => {
      calls++;
      const tape = new tf.GradientTape();
      const loss = tape.record(() => w.square().sum());
      inside.applyGradients([[tape.gradient(loss, w), w]]);
    });
    for (let i = 0; i < 3; i++) {
      step();
      outside.minimize(() => reference.square().sum());
    }
    expect(w).toBeAllClose(reference);
    expect(calls).toBe(1);
  });
});

describe('random numbers', () => {
  it('are drawn anew at each call, and are those of eager execution', () => {
    const draw = (x: Tensor): Tensor => x.add(tf.randomNormal([4])).mul(tf.dropout(tf.ones([4]), 0.5));
    const traced = tf.function(draw);
    tf.setSeed(42);
    const results = [traced(tf.zeros([4])), traced(tf.zeros([4]))];
    expect(results[0]).not.toBeAllClose(results[1]);
    tf.setSeed(42);
    expect(draw(tf.zeros([4]))).toBeAllClose(results[0]);
    expect(draw(tf.zeros([4]))).toBeAllClose(results[1]);
  });

  it('are constants where they have a seed of their own', () => {
    const f = tf.function((x: Tensor) => x.add(tf.randomUniform([2], 0, 1, 'float32', 5)));
    expect(f(tf.scalar(0))).toBeAllClose(f(tf.scalar(0)));
    expect(f(tf.scalar(0))).toBeAllClose(tf.randomUniform([2], 0, 1, 'float32', 5));
  });
});

describe('gradients', () => {
  const model = (x: Tensor, w: tf.Variable): Tensor => tf.tanh(x.matMul(w)).square().mean();

  it('are the same inside, outside and without', () => {
    const w = tf.variable(tf.randomNormal([3, 2], 0, 1, 'float32', 1));
    const x = tf.randomNormal([4, 3], 0, 1, 'float32', 2);
    const gradientOf = (f: (x: Tensor) => Tensor): Tensor => {
      const tape = new tf.GradientTape();
      const y = tape.record(() => f(x));
      return tape.gradient(y, w) as Tensor;
    };
    const eager = gradientOf((v) => model(v, w));
    expect(gradientOf(tf.function((v: Tensor) => model(v, w)))).toBeAllClose(eager);
    const inside = tf.function((v: Tensor) => {
      const tape = new tf.GradientTape();
      const y = tape.record(() => model(v, w));
      return tape.gradient(y, w) as Tensor;
    });
    expect(inside(x)).toBeAllClose(eager);
  });

  it('of second order inside of a function', () => {
    const f = tf.function((x: Tensor) => tf.grad((v) => tf.grad((u) => u.sin())(v))(x));
    expect(f(tf.scalar(0.7))).toBeAllClose(-Math.sin(0.7));
  });

  it('flow through arguments and through results that are arguments', () => {
    const f = tf.function((x: Tensor) => [x, x.square()]);
    expect(
      tf.grad((x) => {
        const [same, square] = f(x);
        return same.add(square);
      })(3),
    ).toBeAllClose(7);
  });

  it('respect stopGradient and customGrad in a function that a tape sees from outside', () => {
    const double = tf.customGrad((x: Tensor) => ({ value: x.mul(1), gradFunc: (dy) => dy.mul(100) }));
    const f = tf.function((x: Tensor) => x.mul(tf.stopGradient(x)).add(double(x)));
    expect(tf.grad((x) => f(x))(3)).toBeAllClose(103);
    expect(f(tf.scalar(3))).toBeAllClose(12);
  });

  it('at a variable that was assigned are those of what is read after it, traced or not', () => {
    const v = tf.variable(1);
    const doubled = (x: Tensor): Tensor => {
      v.assign(v.mul(2));
      return v.mul(x);
    };
    const gradientOf = (f: (x: Tensor) => Tensor): Tensor | null => {
      v.assign(tf.scalar(1));
      const tape = new tf.GradientTape();
      const y = tape.record(() => f(tf.scalar(3)));
      return tape.gradient(y, v);
    };
    const inside = tf.function((x: Tensor) => {
      const tape = new tf.GradientTape();
      const y = tape.record(() => doubled(x));
      return tape.gradient(y, v) as Tensor;
    });
    expect(gradientOf(doubled)).toBeAllClose(3);
    expect(gradientOf(tf.function(doubled))).toBeAllClose(3);
    expect(inside(tf.scalar(3))).toBeAllClose(3);
  });

  it('assign variables while a tape is open', () => {
    const count = tf.variable(0, false);
    const f = tf.function((x: Tensor) => {
      count.assign(count.add(1));
      return x.mul(count);
    });
    expect(tf.grad((x) => f(x))(5)).toBeAllClose(1);
    expect(tf.grad((x) => f(x))(5)).toBeAllClose(2);
  });
});

describe('errors', () => {
  it('say that a value is not known inside', () => {
    const f = tf.function((x: Tensor) => (x.item() > 0 ? x : x.neg()));
    expect(() => f(tf.scalar(1))).toThrow(tf.TraceError);
    expect(() => f(tf.scalar(1))).toThrow(/inside tf.function/);
  });

  it('come from shapes at trace time, in the words of the operation', () => {
    const f = tf.function((x: Tensor) => x.matMul(tf.ones([4, 2])));
    expect(() => f(tf.ones([2, 3]))).toThrow(tf.ShapeError);
  });

  it('refuse tensors that leaked out of a trace', () => {
    let leaked: Tensor | null = null;
    tf.function((x: Tensor) => {
      leaked = x.add(1);
      return leaked;
    })(tf.scalar(1));
    expect(() => (leaked as unknown as Tensor).add(1)).toThrow(/outside of it/);
    expect(() => tf.function((x: Tensor) => x.add(leaked as unknown as Tensor))(tf.scalar(1))).toThrow(/outside of it/);
  });

  it('refuse asynchronous functions', () => {
    const f = tf.function(async (x: Tensor) => x.add(1));
    expect(() => f(tf.scalar(1))).toThrow(/promise/);
  });
});

describe('runAsync', () => {
  it('gives what a call gives, and lets the event loop go on', async () => {
    const f = tf.function((x: Tensor) => ({ y: x.matMul(x).sum() }));
    const x = tf.ones([300, 300]);
    let ticks = 0;
    // A run may end before the event loop first comes to this; it would always, if it held the thread.
    for (let attempt = 0; attempt < 100 && ticks === 0; attempt++) {
      const own = x.clone();
      const result = f.runAsync(own);
      setImmediate(() => ticks++);
      own.dispose();
      expect((await result).y).toBeAllClose(300 ** 3);
    }
    expect(ticks).toBeGreaterThan(0);
  });

  it('is refused inside of a trace', async () => {
    const inner = tf.function((x: Tensor) => x.add(1), { name: 'inner' });
    let pending: Promise<Tensor> | null = null;
    tf.function((x: Tensor) => {
      pending = inner.runAsync(x);
      return x;
    })(tf.scalar(1));
    await expect(pending).rejects.toThrow(/call inner itself/);
  });

  it('runs that assign variables take their turns', async () => {
    const total = tf.variable(0);
    const f = tf.function((x: Tensor) => {
      total.assign(total.add(x));
      return total.read();
    });
    const results = await Promise.all([1, 2, 3, 4].map((n) => f.runAsync(tf.scalar(n))));
    expect(results.map((r) => r.item())).toEqual([1, 3, 6, 10]);
  });
});

describe('memory', () => {
  it('is back to where it was after calls whose results are disposed', async () => {
    const w = tf.variable(tf.ones([8, 8]));
    const f = tf.function((x: Tensor) => {
      w.assign(w.mul(0.9).add(tf.randomNormal([8, 8])));
      return { y: x.matMul(w), x, w: w.read() };
    });
    const x = tf.ones([2, 8]);
    tf.dispose(f(x));
    const before = await settledMemory();
    for (let i = 0; i < 5; i++) tf.dispose(f(x));
    for (let i = 0; i < 5; i++) tf.dispose(await f.runAsync(x));
    expect(tf.memory()).toEqual(before);
  });
});
