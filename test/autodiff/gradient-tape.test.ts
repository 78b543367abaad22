/** @file GradientTape and the gradient functions: what is watched, how tapes nest, what is refused. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { settledMemory } from '../support/memory.ts';
import '../support/tensors.ts';

describe('GradientTape', () => {
  it('watches trainable variables by their being read', () => {
    const w = tf.variable([1, 2]);
    const frozen = tf.variable([3, 4], false);
    const tape = new tf.GradientTape();
    const y = tape.record(() => w.mul(frozen).sum());
    expect(tape.watchedVariables()).toHaveLength(1);
    expect(tape.watchedVariables()[0]).toBe(w);
    const [dw, dFrozen] = tape.gradient(y, [w, frozen] as const);
    expect(dw).toBeAllClose([3, 4]);
    expect(dFrozen).toBeNull();
  });

  it('watches nothing by itself when told so', () => {
    const [a, b] = [tf.variable(2), tf.variable(3)];
    const tape = new tf.GradientTape({ watchAccessedVariables: false });
    tape.watch(b);
    const y = tape.record(() => a.mul(b));
    expect(tape.gradient(y, { a, b })).toEqual({ a: null, b: expect.any(tf.Tensor) });
  });

  it('adds up the gradients of several reads, also with an assignment between them', () => {
    const w = tf.variable(3);
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      const before = w.square();
      w.assign(tf.scalar(5));
      return before.add(w.square());
    });
    // The assigned value is a constant: 2·3 through the first read, 2·5 through the second.
    expect(tape.gradient(y, w)).toBeAllClose(16);
  });

  it('gives null, or zeros, where the target does not depend on a source', () => {
    const [x, z] = [tf.tensor([1, 2]), tf.tensor([[1, 2, 3]])];
    const connected = (): [tf.GradientTape, Tensor] => {
      const tape = new tf.GradientTape();
      tape.watch([x, z]);
      return [tape, tape.record(() => x.sum())];
    };
    const [tape, y] = connected();
    expect(tape.gradient(y, z)).toBeNull();
    const [other, again] = connected();
    expect(other.gradient(again, { z }, { unconnectedGradients: 'zero' }).z).toBeAllClose([[0, 0, 0]]);
  });

  it('does not give gradients at tensors that were not watched', () => {
    const x = tf.scalar(2);
    const tape = new tf.GradientTape();
    const y = tape.record(() => x.square());
    expect(tape.gradient(y, x)).toBeNull();
  });

  it('gives gradients at intermediate results', () => {
    const x = tf.scalar(3);
    const tape = new tf.GradientTape();
    tape.watch(x);
    const [y, z] = tape.record(() => {
      const square = x.square();
      return [square, square.square()];
    });
    expect(tape.gradient(z, y)).toBeAllClose(18);
  });

  it('keeps the structure of the sources', () => {
    const [a, b, c] = [tf.variable(1), tf.variable(2), tf.variable(3)];
    const tape = new tf.GradientTape();
    const y = tape.record(() => a.mul(b).mul(c));
    const { first, rest } = tape.gradient(y, { first: a, rest: [b, c] });
    expect(first).toBeAllClose(6);
    expect(rest[0]).toBeAllClose(3);
    expect(rest[1]).toBeAllClose(2);
  });

  it('takes several targets and output gradients', () => {
    const x = tf.variable([1, 2]);
    const tape = new tf.GradientTape({ persistent: true });
    const [y, z] = tape.record(() => [x.square(), x.mul(3).sum()]);
    expect(tape.gradient([y, z], x)).toBeAllClose([5, 7]);
    expect(tape.gradient(y, x, { outputGradients: tf.tensor([10, 100]) })).toBeAllClose([20, 400]);
    expect(() => tape.gradient(y, x, { outputGradients: tf.tensor([1]) })).toThrow(/shape \[1\], its target \[2\]/);
    expect(() => tape.gradient([y, z], x, { outputGradients: tf.tensor([1, 1]) })).toThrow(/each of 2 targets, got 1/);
  });

  it('gives gradients once unless it is persistent', () => {
    const x = tf.variable(2);
    const tape = new tf.GradientTape();
    const y = tape.record(() => x.square());
    tape.gradient(y, x);
    expect(() => tape.gradient(y, x)).toThrow(/persistent: true/);
  });

  it('nests: the outer tape sees the backward pass of the inner one, to any order', () => {
    const x = tf.variable(2, true, 'x', 'float64');
    const tapes = [0, 1, 2, 3].map(() => new tf.GradientTape());
    const derivative = (order: number): Tensor => {
      if (order === 0) return tf.exp(x).mul(x);
      const y = tapes[order - 1].record(() => derivative(order - 1));
      return tapes[order - 1].gradient(y, x) as Tensor;
    };
    // The n-th derivative of x·eˣ is (x + n)·eˣ.
    expect(derivative(4)).toBeAllClose(6 * Math.exp(2), { rtol: 1e-12 });
  });

  it('leaves out what stopRecording and stopGradient hide', () => {
    const x = tf.variable(3);
    const tape = new tf.GradientTape();
    const y = tape.record(() => x.mul(tape.stopRecording(() => x.square())).add(tf.stopGradient(x.mul(5))));
    expect(y).toBeAllClose(42);
    expect(tape.gradient(y, x)).toBeAllClose(9);
  });

  it('refuses asynchronous functions and integer sources', () => {
    const tape = new tf.GradientTape();
    expect(() => tape.record(async () => tf.scalar(1))).toThrow(/synchronous/);
    expect(() => tape.watch(tf.scalar(1, 'int32'))).toThrow(/int32/);
  });

  it('survives a tidy inside of record', () => {
    const x = tf.variable([1, 2]);
    const tape = new tf.GradientTape();
    const y = tape.record(() => tf.tidy(() => tf.tidy(() => x.exp().mul(x.mul(2))).sum()));
    expect(tape.gradient(y, x)).toBeAllClose([2 * Math.E * 2, 2 * Math.exp(2) * 3]);
  });

  it('leaves nothing behind in a tidy around it', async () => {
    const x = tf.variable([1, 2, 3]);
    const step = (): void =>
      tf.tidy(() => {
        const tape = new tf.GradientTape();
        const y = tape.record(() => tf.tidy(() => x.softmax().mul(x).sum()));
        x.assign(x.sub((tape.gradient(y, x) as Tensor).mul(0.1)));
      });
    step();
    const before = await settledMemory();
    for (let i = 0; i < 5; i++) step();
    expect(tf.memory()).toEqual(before);
  });

  it('carries gradients through casts in the dtype of each side', () => {
    const x = tf.tensor([1.5, 2], undefined, 'float32');
    const tape = new tf.GradientTape();
    tape.watch(x);
    const y = tape.record(() => x.cast('float64').square().cast('float16'));
    const gradient = tape.gradient(y, x);
    expect(gradient).toHaveType('float32', [2]);
    expect(gradient).toBeAllClose([3, 4]);
  });

  it('that is persistent records gradients that are taken while it records', () => {
    const x = tf.variable(3);
    const tape = new tf.GradientTape({ persistent: true });
    const first = tape.record(() => {
      const y = x.square().mul(x);
      return tape.gradient(y, x) as Tensor;
    });
    expect(first).toBeAllClose(27);
    const second = tape.record(() => tape.gradient(first, x) as Tensor);
    expect(second).toBeAllClose(18);
    expect(tape.gradient(second, x)).toBeAllClose(6);
  });

  it('gives jacobians of nothing, and refuses those of integers', () => {
    const x = tf.variable([1, 2]);
    const tape = new tf.GradientTape({ persistent: true });
    const [none, whole] = tape.record(() => [x.slice(0, 0).square(), x.cast('int32')]);
    expect(tape.jacobian(none, x)).toHaveType('float32', [0, 2]);
    expect(() => tape.jacobian(whole, x)).toThrow(/jacobian: gradients need a target of floating dtype.*int32/);
  });

  it('gives jacobians', () => {
    const x = tf.variable([1, 2, 3]);
    const unused = tf.variable(1);
    const tape = new tf.GradientTape();
    const y = tape.record(() => x.slice([0], [2]).square().reshape([2, 1]));
    const { dx, du } = tape.jacobian(y, { dx: x, du: unused });
    expect(dx).toBeAllClose([[[2, 0, 0]], [[0, 4, 0]]]);
    expect(du).toBeNull();
  });
});

describe('subgradients', () => {
  const at = (f: (x: Tensor) => Tensor, x: number[]): Tensor => tf.grad((v) => f(v).sum())(x);

  it('follow TensorFlow at kinks and ties', () => {
    expect(at(tf.relu, [0, -1, 1])).toBeAllClose([0, 0, 1]);
    expect(at(tf.abs, [0, -1, 1])).toBeAllClose([0, -1, 1]);
    expect(at(tf.max, [2, 1, 2])).toBeAllClose([0.5, 0, 0.5]);
    expect(at((x) => tf.clipByValue(x, 0, 1), [0, 1, 2, -1])).toBeAllClose([1, 1, 0, 0]);
    const [a, b] = tf.grads((x, y) => tf.maximum(x, y).sum())([
      [1, 2, 3],
      [1, 3, 2],
    ]);
    expect(a).toBeAllClose([1, 0, 1]);
    expect(b).toBeAllClose([0, 1, 0]);
    const [c, d] = tf.grads((x, y) => tf.minimum(x, y).sum())([[1], [1]]);
    expect(c).toBeAllClose([1]);
    expect(d).toBeAllClose([0]);
  });

  it('give no NaN for powers of zero', () => {
    const [base, exponent] = tf.grads((x, y) => tf.pow(x, y).sum())([
      [0, 0, 0, -2],
      [0, 1, 2, 2],
    ]);
    expect(base).toBeAllClose([0, 1, 0, -4]);
    expect(exponent).toBeAllClose([0, 0, 0, 0]);
  });

  it("are PyTorch's at the poles of powers and at the origin of an angle", () => {
    const [base, exponent] = tf.grads((x, y) => tf.pow(x, y).sum())([
      [0, 0, 0, -2],
      [-1, -0.5, 0.5, -1],
    ]);
    expect(base).toBeAllClose([-Infinity, -Infinity, Infinity, -0.25]);
    expect(exponent).toBeAllClose([-Infinity, -Infinity, 0, 0]);
    const [y, x] = tf.grads((a, b) => tf.atan2(a, b).sum())([
      [0, 0, 1],
      [0, 1, 0],
    ]);
    expect(y).toBeAllClose([0, 1, 0]);
    expect(x).toBeAllClose([0, 0, -1]);
  });

  it('give one maximum of a pooling window the whole gradient', () => {
    const x = tf.ones([1, 2, 2, 1]);
    expect(
      tf
        .grad((v) => tf.maxPool(v, 2).sum())(x)
        .flatten(),
    ).toBeAllClose([1, 0, 0, 0]);
  });

  it('keep exact digits near zero', () => {
    expect(tf.grad((x) => tf.prod(x))([2, 0, 3])).toBeAllClose([0, 6, 0]);
    expect(tf.grad((x) => tf.logSumExp(x))([1000, 1000])).toBeAllClose([0.5, 0.5]);
    expect(tf.grad((x) => tf.softplus(x).sum())([-200, 0, 200])).toBeAllClose([0, 0.5, 1]);
  });
});

describe('gradient functions', () => {
  it('grad, grads and their values', () => {
    const cube = (x: Tensor): Tensor => x.square().mul(x);
    expect(tf.grad(cube)([1, 2])).toBeAllClose([3, 12]);
    expect(tf.grad(cube)([1, 2], [1, 10])).toBeAllClose([3, 120]);
    const { value, grad } = tf.valueAndGrad(cube)(2);
    expect([value.item(), grad.item()]).toEqual([8, 12]);
    const both = tf.valueAndGrads((a, b) => a.mul(b))([2, 3]);
    expect([both.value, ...both.grads].map((t) => t.item())).toEqual([6, 3, 2]);
    expect(
      tf
        .grads((a, b) => a.mul(b))([2, 3])
        .map((t) => t.item()),
    ).toEqual([3, 2]);
  });

  it('grad of grad', () => {
    expect(tf.grad((x) => tf.grad((v) => v.sin())(x))(0.5)).toBeAllClose(-Math.sin(0.5));
  });

  it('refuses functions whose result does not depend on the argument', () => {
    expect(() => tf.grad(() => tf.scalar(1))(2)).toThrow(/does not depend on argument 1/);
    expect(() => tf.grad((x) => x.argMax() as Tensor)([1, 2])).toThrow(/int32/);
  });

  it('variableGrads', () => {
    const [a, b] = [tf.variable(2, true, 'a'), tf.variable(3, true, 'b')];
    const frozen = tf.variable(4, false, 'frozen');
    const { value, grads } = tf.variableGrads(() => a.mul(b).mul(frozen));
    expect(value).toBeAllClose(24);
    expect(Object.keys(grads)).toEqual(['a', 'b']);
    expect(grads.a).toBeAllClose(12);
    expect(Object.keys(tf.variableGrads(() => a.mul(b), [b]).grads)).toEqual(['b']);
    expect(() => tf.variableGrads(() => a.mul([1, 2]))).toThrow(/scalar, got shape \[2\]/);
    expect(() => tf.variableGrads(() => frozen.mul(2))).toThrow(/no trainable variable/);
    const twin = tf.variable(1, true, 'a');
    expect(() => tf.variableGrads(() => a.mul(twin))).toThrow(/one name/);
  });

  it('customGrad puts its own rule in place of the real one, to second order', () => {
    // The value of x², a gradient of x³.
    const odd = tf.customGrad((x: Tensor, save: (tensors: Tensor[]) => void) => {
      save([x]);
      return { value: x.square(), gradFunc: (dy, [saved]) => dy.mul(saved.square().mul(saved)) };
    });
    expect(odd(tf.scalar(2))).toBeAllClose(4);
    expect(tf.grad((x) => odd(x).mul(10))(2)).toBeAllClose(80);
    expect(tf.grad((x) => tf.grad((v) => odd(v))(x))(2)).toBeAllClose(12);
  });

  it('customGrad is differentiated through what it computed on the way', () => {
    const exp = tf.customGrad((x: Tensor) => {
      const value = x.exp();
      return { value, gradFunc: (dy) => dy.mul(value) };
    });
    expect(tf.grad((x) => tf.grad((v) => exp(v))(x))(1.5)).toBeAllClose(Math.exp(1.5));
  });

  it('customGrad keeps what it saved until the tape is done, past a tidy', () => {
    const scaled = tf.customGrad((x: Tensor, save: (tensors: Tensor[]) => void) => {
      const factor = tf.stopGradient(tf.scalar(7));
      save([factor]);
      return { value: x.mul(factor), gradFunc: (dy, [saved]) => dy.mul(saved) };
    });
    const x = tf.variable(2);
    const tape = new tf.GradientTape();
    const y = tape.record(() => tf.tidy(() => scaled(x.read())));
    expect(tape.gradient(y, x)).toBeAllClose(7);
  });

  it('customGrad checks what gradFunc returns', () => {
    const wrongCount = tf.customGrad((x: Tensor, y: Tensor) => ({ value: x.add(y), gradFunc: (dy) => [dy] }));
    expect(() => tf.grads((a, b) => wrongCount(a, b))([1, 2])).toThrow(/each of 2 inputs, got 1/);
    const wrongShape = tf.customGrad((x: Tensor) => ({ value: x.sum(), gradFunc: (dy) => dy }));
    expect(() => tf.grad((a) => wrongShape(a))([1, 2])).toThrow(/shape \[\], its input \[2\]/);
  });
});
