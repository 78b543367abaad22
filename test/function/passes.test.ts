/** @file Passes over graphs: what is left out, what must stay, and that values are the same to the last bit. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

const primitivesOf = (f: (x: Tensor) => unknown, x: Tensor): string[] =>
  tf
    .function(f)
    .getConcreteFunction(x)
    .graph.nodes.map(({ primitive }) => primitive);

const x = tf.tensor([NaN, -0, 0, Infinity, -Infinity, 1.5]);
const bits = (tensor: Tensor): number[] => Array.from(new Uint32Array(tensor.dataSync<Float32Array>().slice().buffer));

describe('identities', () => {
  const nothing: Record<string, (x: Tensor) => Tensor> = {
    'x * 1': (x) => x.mul(1),
    '1 * x': (x) => tf.mul(1, x),
    'x / 1': (x) => x.div(1),
    'x ^ 1': (x) => x.pow(1),
    'x - 0': (x) => x.sub(0),
    'x + -0': (x) => x.add(tf.scalar(-0)),
    '--x': (x) => x.neg().neg(),
    'a transposition of a transposition': (x) => x.reshape([2, 3]).transpose().transpose().reshape([6]),
    'a reshape of a reshape': (x) => x.reshape([2, 3]).reshape([3, 2]).reshape([6]),
    'a cast there and back': (x) => x.cast('float64').cast('float32'),
    'a slice of everything': (x) => x.slice([0], [6]),
    'the greater of it and itself': (x) => tf.maximum(x, x),
    'reversed twice': (x) => x.reverse().reverse(),
    'a part of what was joined': (x) => tf.concat([tf.ones([2]), x, tf.ones([1])]).slice([2], [6]),
    'a sum over no axis': (x) => x.sum([]),
    'either way the same': (x) => tf.where(x.greater(0), x, x),
  };
  it.each(Object.entries(nothing))('%s is x', (_, f) => {
    expect(primitivesOf(f, x)).toEqual([]);
    expect(bits(tf.function(f)(x))).toEqual(bits(x));
  });

  const something: Record<string, (x: Tensor) => Tensor> = {
    'x + 0 makes 0 of -0': (x) => x.add(0),
    'x - -0 makes 0 of -0': (x) => x.sub(tf.scalar(-0)),
    'x * 0 is NaN for NaN': (x) => x.mul(0),
    'a cast that loses digits': (x) => x.cast('int32').cast('float32'),
    'a slice across what was joined': (x) => tf.concat([tf.ones([2]), x]).slice([1], [6]),
    'every other one of what was joined': (x) => tf.concat([x, x]).stridedSlice([0], [12], [2]),
    'one that broadcasts': (x) => x.mul(tf.ones([1, 1])),
  };
  it.each(Object.entries(something))('%s', (_, f) => {
    expect(primitivesOf(f, x).length).toBeGreaterThan(0);
    expect(tf.function(f)(x)).toBeAllClose(f(x));
  });

  it('are simpler where they do not vanish', () => {
    const y = tf.ones([2, 3, 4]);
    expect(primitivesOf((y) => y.reshape([6, 4]).reshape([8, 3]), y)).toEqual(['reshape']);
    expect(primitivesOf((y) => y.transpose([1, 2, 0]).transpose([1, 2, 0]), y)).toEqual(['transpose']);
    const f = (z: Tensor): Tensor => z.transpose([1, 2, 0]).transpose([0, 2, 1]);
    const z = tf.range(0, 24).reshape([2, 3, 4]);
    expect(tf.function(f)(z)).toBeAllClose(f(z));
  });

  it('hold for integers with 0', () => {
    const n = tf.tensor([1, 2], undefined, 'int32');
    expect(primitivesOf((n) => n.add(0).sub(0).mul(1), n)).toEqual([]);
  });

  it('are left out of regions too', () => {
    const f = tf.function((x: Tensor) => tf.forLoop(3, (_, y) => y.mul(1).add(x).transpose().transpose(), x));
    const [{ params }] = f.getConcreteFunction(tf.ones([2, 2])).graph.nodes;
    const { body } = params as { body: { graph: { nodes: readonly { primitive: string }[] } } };
    expect(body.graph.nodes.map(({ primitive }) => primitive)).toEqual(['add']);
    expect(f(tf.ones([2, 2]))).toBeAllClose([
      [4, 4],
      [4, 4],
    ]);
  });

  it('take operands as they were before they were broadcast, where the result stays as large', () => {
    const wide = tf.ones([4, 6]);
    const row = (x: Tensor): Tensor => x.reshape([1, 6]).broadcastTo([4, 6]);
    expect(primitivesOf((x) => tf.mul(wide, row(x)), x)).toEqual(['reshape', 'mul']);
    expect(primitivesOf((x) => tf.where(row(x).greater(wide), row(x), wide), x)).not.toContain('broadcastTo');
    expect(primitivesOf((x) => row(x).add(1), x)).toContain('broadcastTo');
    const sum = (x: Tensor): Tensor => tf.add(row(x), row(x.mul(2)));
    expect(tf.function(sum)(tf.range(0, 6))).toBeAllClose(sum(tf.range(0, 6)));
  });

  it('keep gradients', () => {
    const f = (x: Tensor): Tensor => x.mul(1).sub(0).reshape([2, 1]).reshape([2]).square().sum();
    const traced = tf.function(f);
    const y = tf.tensor([2, 3]);
    expect(tf.grad((x) => traced(x))(y)).toBeAllClose([4, 6]);
    expect(tf.function((x: Tensor) => tf.grad(f)(x))(y)).toBeAllClose([4, 6]);
  });

  it('find an argument assigned to a variable, and one given back', () => {
    const v = tf.variable([0, 0]);
    const f = tf.function((x: Tensor) => {
      v.assign(x.mul(1));
      return [x.mul(1), v.read()];
    });
    const [a, b] = f(tf.tensor([1, 2]));
    for (const result of [a, b, v]) expect(result).toBeAllClose([1, 2]);
  });
});
