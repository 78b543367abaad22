/** @file Where NaN comes from, where tensors were disposed, and gradients against differences. */
import { afterEach, describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

afterEach(() => {
  tf.debugging.disableCheckNumerics();
  tf.debugging.traceDisposals(false);
});

const messageOf = (fn: () => unknown): string => {
  try {
    fn();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error');
};

describe('enableCheckNumerics', () => {
  it('names the operation, its operands, and the line that asked for it', () => {
    tf.debugging.enableCheckNumerics();
    const x = tf.tensor([
      [1, 2],
      [-3, 4],
    ]);
    const message = messageOf(() => x.add(1).log().sum());
    expect(message).toMatch(/^log made 1 NaN of 4 elements, the first at \[1, 0\] of float32 \[2, 2\]\./);
    expect(message).toMatch(/input 1: float32 \[2, 2\], from -2 to 5/);
    expect(message).toMatch(/numerics\.test\.ts:\d+:\d+/);
    expect(message).not.toMatch(/src\/ops/);
    expect(() => tf.div(1, [0, 2])).toThrow(tf.NumericsError);
    expect(messageOf(() => tf.div(1, [0, 2]))).toMatch(/^div made 1 infinite of 2/);
  });

  it('looks into functions of tf.function, and into gradients', () => {
    const f = tf.function((x: Tensor) => x.sub(1).sqrt());
    f(tf.tensor([2]));
    tf.debugging.enableCheckNumerics();
    expect(messageOf(() => f(tf.tensor([0])))).toMatch(/^sqrt made 1 NaN[^]*numerics\.test\.ts/);
    expect(() => tf.grad((x) => x.sqrt().sum())([0])).toThrow(/^div made/);
    tf.debugging.disableCheckNumerics();
    expect(f(tf.tensor([0]))).toBeAllClose([NaN]);
  });

  it('lets infinity be that was given, and what is finite', () => {
    tf.debugging.enableCheckNumerics();
    const mask = tf.tensor([0, -Infinity]);
    expect(tf.tensor([1, 2]).add(mask).softmax()).toBeAllClose([1, 0]);
    expect(messageOf(() => mask.sub(mask))).toMatch(/^sub made 1 NaN[^]*with 1 infinite/);
  });

  it('stops the step of a fit that makes NaN', async () => {
    const model = tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones' })],
    });
    model.compile({ optimizer: tf.train.sgd(1), loss: (_: Tensor, y: Tensor) => y.sub(1e9).neg().log() });
    tf.debugging.enableCheckNumerics();
    await expect(model.fit(tf.ones([2, 1]).mul(1e30), tf.ones([2, 1]), { verbose: 0 })).rejects.toThrow(/made .* of/);
  });
});

describe('checkNumerics', () => {
  it('gives the tensor back, or an error with the message', () => {
    const x = tf.tensor([1, 2]);
    expect(tf.debugging.checkNumerics(x, 'weights')).toBeAllClose([1, 2]);
    expect(() => tf.debugging.checkNumerics([1, NaN], 'weights')).toThrow(/weights/);
    const f = tf.function((v: Tensor) => tf.debugging.checkNumerics(v.log(), 'logs').mul(2));
    expect(f(tf.tensor([1]))).toBeAllClose([0]);
    expect(() => f(tf.tensor([-1]))).toThrow(/logs/);
  });
});

describe('a use after dispose', () => {
  it('says how it was disposed, and where if asked to remember', () => {
    const x = tf.tensor([1, 2]);
    x.dispose();
    expect(() => x.add(1)).toThrow(/was disposed by dispose\(\) \(tf\.debugging\.traceDisposals\(\)/);
    let lost: Tensor | undefined;
    tf.tidy(() => void (lost = tf.ones([2])));
    expect(() => lost!.add(1)).toThrow(/at the end of a tf\.tidy\(\)/);
    tf.debugging.traceDisposals();
    const y = tf.tensor([1]);
    y.dispose();
    tf.tidy(() => void (lost = tf.ones([2])));
    expect(messageOf(() => y.add(1))).toMatch(/by dispose\(\), at .*numerics\.test\.ts:\d+:\d+/);
    expect(messageOf(() => lost!.add(1))).toMatch(/tf\.tidy\(\), at .*numerics\.test\.ts:\d+:\d+/);
  });
});

describe('test.computeGradient', () => {
  it('finds right gradients right and wrong ones wrong', () => {
    const x = tf.tensor([0.3, -1.2, 2], [3], 'float64');
    const w = tf.tensor([1, 2, 3], [3], 'float64');
    const right = tf.test.computeGradient((a, b) => a.sin().mul(b), [x, w]);
    expect(right.theoretical[0]).toHaveType('float64', [3, 3]);
    expect(tf.test.maxError(right.theoretical, right.numerical)).toBeLessThan(1e-8);
    const wrong = tf.customGrad((a: Tensor) => ({ value: a.sin(), gradFunc: (dy: Tensor) => dy }));
    const { theoretical, numerical } = tf.test.computeGradient((a) => wrong(a), [x]);
    expect(tf.test.maxError(theoretical, numerical)).toBeGreaterThan(0.5);
    expect(() => tf.test.computeGradient((a) => a, [tf.tensor([1], [1], 'int32')])).toThrow(/int32/);
  });
});
