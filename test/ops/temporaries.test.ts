/** @file What operations and backward passes make on their way is gone when they have ended, and nothing that somebody wants. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

/** How many tensors more there are after `f`, whose result is disposed of. */
function left(f: () => unknown): number {
  const before = tf.memory().numTensors;
  const result = f();
  tf.dispose(result as Tensor);
  return tf.memory().numTensors - before;
}

describe('an operation', () => {
  const x = tf.tensor([
    [1, -2, 3],
    [4, 5, -6],
  ]);
  const z = tf.complex([1, 2], [3, 4]);
  const operations: Record<string, () => unknown> = {
    mean: () => tf.mean(x),
    moments: () => tf.moments(x, 1),
    gelu: () => tf.gelu(x),
    'split, of several results': () => tf.split(x, 3, 1),
    'the logarithm of complex numbers': () => tf.log(z),
    'a ragged tensor': () => tf.ragged.constant([[1, 2], [3]]),
    'one that takes numbers': () => tf.add([1, 2], 3),
    'one in another': () => tf.tidy(() => tf.variance(x).add(tf.std(x))),
  };
  it.each(Object.entries(operations))('leaves nothing but its result: %s', (_, f) => {
    expect(left(f)).toBe(0);
  });

  it('leaves nothing where it fails', () => {
    expect(left(() => expect(() => tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]))).toThrow())).toBe(2); // the operands
  });

  it('gives its result to the tidy around it', () => {
    expect(left(() => tf.tidy(() => void tf.mean(x)))).toBe(0);
  });

  it('gives back what it was given', () => {
    expect(tf.cast(x, 'float32')).toBeAllClose(x);
    expect(x.isDisposed).toBe(false);
  });

  it('leaves alone what functions of users put aside', () => {
    const aside: Tensor[] = [];
    tf.cond(
      tf.scalar(true),
      () => {
        aside.push(tf.add(x, 1));
        return x;
      },
      () => x,
    );
    expect(aside[0].isDisposed || aside[0].isSymbolic).toBe(aside[0].isSymbolic);
  });

  it('keeps for tapes what they noted', () => {
    const tape = new tf.GradientTape({ persistent: true });
    tape.watch(x);
    const y = tape.record(() => tf.gelu(x).mul(tf.softplus(x)));
    expect(tape.gradient(y, x)).toBeAllClose(tape.gradient(y, x) as Tensor);
  });

  it('keeps for branches and loops what they capture', () => {
    const run = (): Tensor =>
      tf.tidy(
        () =>
          tf.whileLoop(
            ([i]) => i.less(3),
            ([i, y]) => [i.add(1), tf.tidy(() => y.add(tf.mean([2, 4])))],
            [tf.scalar(0), tf.scalar(1)],
          )[1],
      );
    expect(run().dataSync()[0]).toBe(10);
  });
});

describe('a backward pass', () => {
  it('gives back gradients that nobody wants any more', () => {
    const million = 250_000; // elements: 1 MB
    let before = 0;
    let during = 0;
    // Its gradient is the last one that is taken.
    const first = tf.customGrad((x: Tensor) => ({
      value: x.add(0),
      gradFunc: (dy: Tensor) => {
        during = tf.memory().numBytes;
        return dy;
      },
    }));
    tf.tidy(() => {
      const x = tf.ones([million]);
      const tape = new tf.GradientTape();
      tape.watch(x);
      const y = tape.record(() => {
        let h = first(x);
        for (let i = 0; i < 40; i++) h = tf.tanh(h);
        return h.sum();
      });
      before = tf.memory().numBytes;
      tape.gradient(y, x);
    });
    expect(during - before).toBeLessThan(8e6);
  });

  it('keeps gradients of tensors on the way that were asked for, and those given to it', () => {
    const x = tf.tensor([1, 2]);
    const given = tf.tensor([1, 10]);
    const tape = new tf.GradientTape();
    tape.watch(x);
    const [middle, y] = tape.record(() => {
      const square = x.square();
      return [square, square.mul(3).add(square)];
    });
    const [atX, atMiddle] = tape.gradient(y, [x, middle], { outputGradients: given });
    expect(atX).toBeAllClose([8, 160]);
    expect(atMiddle).toBeAllClose([4, 40]);
    expect(given.isDisposed).toBe(false);
  });

  it('leaves to a gradient function what it keeps', () => {
    const kept: Tensor[] = [];
    const double = tf.customGrad((x: Tensor) => ({
      value: x.mul(2),
      gradFunc: (dy: Tensor) => {
        kept.push(dy.mul(2));
        return kept[kept.length - 1];
      },
    }));
    const x = tf.tensor([1, 2]);
    const tape = new tf.GradientTape();
    tape.watch(x);
    const y = tape.record(() => double(double(x)));
    expect(tape.gradient(y, x)).toBeAllClose([4, 4]);
    expect(kept).toHaveLength(2);
  });
});
