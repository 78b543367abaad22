/** @file ConcreteFunction: what goes in and out, calls, variables, text. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { settledMemory } from '../support/memory.ts';
import '../support/tensors.ts';

describe('a concrete function', () => {
  const w = tf.variable(tf.ones([3, 2]), true, 'w');
  const steps = tf.variable(0, false, 'steps');
  const f = tf.function(
    (x: Tensor, options: { scale: Tensor; mode: string }) => {
      steps.assign(steps.add(1));
      const y = x
        .matMul(w)
        .mul(options.scale)
        .add(tf.tensor([5, 6]));
      return { y, z: [tf.complex(y, y), 'text'], mode: options.mode };
    },
    { name: 'affine' },
  );
  const concrete = f.getConcreteFunction({ shape: [4, 3] }, { scale: tf.scalar(2), mode: 'a' } as never);

  it('says what goes in and comes out', () => {
    expect(concrete.name).toBe('affine');
    expect(concrete.inputs).toEqual([
      { dtype: 'float32', shape: [4, 3], name: 'x' },
      { dtype: 'float32', shape: [], name: 'options.scale' },
    ]);
    expect(concrete.structuredInputs).toEqual([
      { dtype: 'float32', shape: [4, 3], name: 'x' },
      { scale: { dtype: 'float32', shape: [], name: 'options.scale' }, mode: 'a' },
    ]);
    expect(concrete.structuredOutputs).toEqual({
      y: { dtype: 'float32', shape: [4, 2] },
      z: [{ dtype: 'complex64', shape: [4, 2] }, 'text'],
      mode: 'a',
    });
    expect(concrete.outputs.map(({ dtype }) => dtype)).toEqual(['float32', 'complex64']);
    expect(concrete.variables.map(({ name }) => name).sort()).toEqual(['steps', 'w']);
    expect(concrete.trainableVariables.map(({ name }) => name)).toEqual(['w']);
    expect(concrete.capturedConstants.some((x) => x.size === 2)).toBe(true);
    expect(f.concreteFunctions[0]).toBe(concrete);
  });

  it('is called, and refuses what it was not traced for', async () => {
    const result = concrete.call(tf.ones([4, 3]), { scale: 2, mode: 'a' }) as { y: Tensor; mode: string };
    expect(result.y.arraySync()).toEqual(Array.from({ length: 4 }, () => [11, 12]));
    expect(result.mode).toBe('a');
    expect(((await concrete.callAsync(tf.ones([4, 3]), { scale: 0, mode: 'a' })) as { y: Tensor }).y).toBeAllClose(
      Array.from({ length: 4 }, () => [5, 6]),
    );
    expect(steps).toBeAllClose(2);
    expect(() => concrete.call(tf.ones([1, 3]), { scale: 2, mode: 'a' })).toThrow(
      /affine: x must be float32 \[4, 3\].*got float32 \[1, 3\]/,
    );
    expect(() => concrete.call(tf.ones([4, 3]), { scale: 2, mode: 'b' })).toThrow(
      /options\.mode must be "a", as when it was traced, got "b"/,
    );
  });

  it('takes other sizes where the signature leaves them open', () => {
    const open = tf.function((x: Tensor) => x.sum(0), { inputSignature: [{ shape: [null, 2] }] });
    const any = open.getConcreteFunction();
    expect(any.inputs).toEqual([{ shape: [null, 2] }]);
    for (const n of [1, 2, 5]) expect(any.call(tf.ones([n, 2]))).toBeAllClose([n, n]);
  });

  it('has gradients when it is called under a tape', () => {
    const g = tf.function((x: Tensor) => x.square()).getConcreteFunction(tf.scalar(0));
    expect(tf.grad((x) => g.call(x) as Tensor)(3)).toBeAllClose(6);
  });

  it('prints its graph, with the graphs of loops and branches', () => {
    const text = concrete.prettyPrint();
    expect(text).toMatch(/^affine\(/);
    expect(text).toMatch(/x %\d+: float32\[4, 3\]/);
    expect(text).toMatch(/w %\d+: float32\[3, 2\]/);
    expect(text).toMatch(/= matMul\(%\d+, %\d+, transposeA=false, transposeB=false\)/);
    const loop = tf
      .function((x: Tensor) =>
        tf.cond(
          x.greater(0),
          () => tf.forLoop(3, (_, y) => y.mul(2), x),
          () => x.neg(),
        ),
      )
      .getConcreteFunction(tf.scalar(1));
    expect(loop.prettyPrint()).toMatch(/branch\(.*branches=\[\(.*\) \{\n {4}%.*= neg[^]*scan\([^]*body=\([^]*= mul\(/);
    expect(String(loop)).toBe(loop.prettyPrint());
  });
});

describe('a call that fails', () => {
  it('leaves no memory behind, nor anything assigned', async () => {
    const [gone, kept] = ['gone', 'kept'].map((name) => tf.variable(tf.ones([2]), true, name));
    const passing = tf.function((x: Tensor, y: Tensor) => [x, x.add(y), tf.randomUniform([2]).add(y)]);
    const reading = tf.function((x: Tensor) => [x, x.add(gone)]);
    const assigning = tf.function((x: Tensor) => {
      kept.assign(x.neg());
      gone.assign(x);
    });
    const [x, y] = [tf.ones([2]), tf.ones([2])];
    tf.dispose([passing(x, y), reading(x), assigning(x)]);
    kept.assign(y);
    for (const tensor of [gone, y]) tensor.dispose();
    const calls: [() => unknown, () => Promise<unknown>, RegExp][] = [
      [() => passing(x, y), () => passing.runAsync(x, y), /Tensor .* was disposed/],
      [() => reading(x), () => reading.runAsync(x), /Variable gone .* was disposed and cannot be read/],
      [() => assigning(x), () => assigning.runAsync(x), /Variable gone .* was disposed and cannot be assigned/],
    ];
    const before = await settledMemory();
    for (const [call, later, message] of calls) {
      expect(call).toThrow(message);
      await expect(later()).rejects.toThrow(message);
    }
    expect(tf.memory()).toEqual(before);
    expect(kept).toBeAllClose([1, 1]);
  });
});

describe('a variable', () => {
  it('is given back in its own dtype, whatever a layer around the call computes in', () => {
    const scale = tf.variable(tf.ones([2]));
    const f = tf.function(() => [scale.read(), scale.mul(2)]);
    f();
    class Scaled extends tf.layers.Layer {
      override call(): Tensor[] {
        return f();
      }
    }
    const results = new Scaled({ dtype: 'mixed_float16' }).apply(tf.ones([2])) as Tensor[];
    expect(results[0]).toHaveType('float32', [2]);
    expect(results[1]).toBeAllClose([2, 2]);
  });
});
