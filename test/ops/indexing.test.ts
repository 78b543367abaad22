/** @file `x.at` and `x.setAt` against numpy: results of 400 mixtures of indices, their gradients, traces, and errors. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Index, Tensor } from '../../src/index.ts';
import '../support/tensors.ts';

interface Case {
  readonly shape: number[];
  readonly indices: (number | '...' | 'new' | { span?: string; list?: tf.NestedArray; mask?: boolean[] })[];
  readonly resultShape: number[];
  readonly result: number[];
  readonly value: number[];
  readonly valueShape: number[];
  readonly written: number[];
}
const { cases } = JSON.parse(readFileSync(new URL('../fixtures/ops/indexing.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

const decode = (index: Case['indices'][number]): Index => {
  if (typeof index === 'number' || index === '...') return index;
  if (index === 'new') return tf.newAxis;
  return (index.span as tf.SpanText) ?? index.list ?? tf.tensor(index.mask as boolean[], undefined, 'bool');
};
const whole = (values: number[], shape: number[]): Tensor => tf.tensor(values, shape, 'int32');
const counted = (...shape: number[]): Tensor =>
  tf
    .range(
      0,
      shape.reduce((a, b) => a * b, 1),
    )
    .reshape(shape);
/** Indices as operands of a traced function: tensors stay, lists become them. */
const listsAsTensors = (indices: readonly Index[]): Index[] =>
  indices.map((index) =>
    Array.isArray(index) || typeof index === 'number' ? tf.tensor(index, undefined, 'int32') : index,
  );

describe('as numpy', () => {
  it('reads', () => {
    cases.forEach((row, i) => {
      const y = whole(
        row.written.map((_, k) => k),
        row.shape,
      ).at(...row.indices.map(decode));
      expect([y.shape, [...y.dataSync()]], `case ${i}: ${JSON.stringify(row.indices)}`).toEqual([
        row.resultShape,
        row.result,
      ]);
    });
  });

  it('writes into a copy', () => {
    cases.forEach((row, i) => {
      const x = whole(
        row.written.map((_, k) => k),
        row.shape,
      );
      const y = x.setAt(row.indices.map(decode), whole(row.value, row.valueShape));
      expect([y.shape, [...y.dataSync()]], `case ${i}: ${JSON.stringify(row.indices)}`).toEqual([
        row.shape,
        row.written,
      ]);
      expect(x.dataSync()[0]).toBe(0);
    });
  });

  it('does both in tf.function, with lists that come as operands', () => {
    for (const row of cases
      .filter(({ indices }) => indices.some((index) => typeof index === 'object' && 'list' in index))
      .slice(0, 40)) {
      const indices = listsAsTensors(row.indices.map(decode));
      const operands = indices.filter(
        (index): index is Tensor => index instanceof tf.Tensor && index.dtype === 'int32',
      );
      const withOperands = (given: Tensor[]): Index[] => {
        const rest = [...given];
        return indices.map((index) => (operands.includes(index as Tensor) ? (rest.shift() as Tensor) : index));
      };
      const x = whole(
        row.written.map((_, k) => k),
        row.shape,
      );
      const read = tf.function((...given: Tensor[]) => given[0].at(...withOperands(given.slice(1))));
      const write = tf.function((...given: Tensor[]) => given[0].setAt(withOperands(given.slice(2)), given[1]));
      expect([...read(x, ...operands).dataSync()]).toEqual(row.result);
      expect([...write(x, whole(row.value, row.valueShape), ...operands).dataSync()]).toEqual(row.written);
    }
  }, 120_000);
});

describe('indices', () => {
  it('of every kind', () => {
    const x = counted(3, 4);
    expect(x.at(-1)).toBeAllClose([8, 9, 10, 11]);
    expect(x.at(':', '::2')).toBeAllClose([
      [0, 2],
      [4, 6],
      [8, 10],
    ]);
    expect(x.at(tf.span(1, null), tf.span(null, null, -2))).toBeAllClose([
      [7, 5],
      [11, 9],
    ]);
    expect(x.at([0, 2], [1, 3])).toBeAllClose([1, 11]);
    expect(x.at(new Int32Array([2, 0]), 1n)).toBeAllClose([9, 1]);
    expect(x.at(x.greater(9))).toBeAllClose([10, 11]);
    expect(x.at([true, false, true], -1)).toBeAllClose([3, 11]);
    expect(x.at('...', tf.newAxis).shape).toEqual([3, 4, 1]);
    expect(x.at(tf.scalar(1, 'int64'))).toBeAllClose([4, 5, 6, 7]);
    expect(x.at(tf.variable(tf.tensor([1], undefined, 'int32')))).toBeAllClose([[4, 5, 6, 7]]);
    expect(x.at(x.greater(99)).shape).toEqual([0]);
    expect(x.at().shape).toEqual([3, 4]);
    expect(tf.at([5, 6, 7], -2).item()).toBe(6);
    expect(tf.variable(x).at(0, 0).item()).toBe(0);
  });

  it('leave the dtype alone', () => {
    for (const dtype of ['float16', 'float64', 'int8', 'int64', 'uint8', 'bool'] as const) {
      const x = tf.tensor([1, 0, 1, 0], undefined, dtype);
      expect(x.at('::-1')).toHaveType(dtype, [4]);
      expect(x.at([3, 0])).toHaveType(dtype, [2]);
      expect(x.setAt([0], 0)).toHaveType(dtype, [4]);
    }
    expect(tf.complex([1, 2], [3, 4]).at(1).imag().item()).toBe(4);
    expect(tf.complex([1, 2], [3, 4]).setAt([0], 7).real()).toBeAllClose([7, 2]);
  });

  it('of tensors without elements', () => {
    expect(tf.zeros([0, 3]).at(':', 1).shape).toEqual([0]);
    expect(tf.zeros([2, 3]).at([] as number[]).shape).toEqual([0, 3]);
    expect(tf.zeros([2, 0]).setAt([0], 1).shape).toEqual([2, 0]);
    expect(() => tf.zeros([0, 3]).at(0)).toThrow(/axis has no elements/);
  });

  it('give a tensor of its own', () => {
    const x = counted(2);
    x.at().dispose();
    x.setAt([tf.tensor([false, false])], 3).dispose();
    expect(x).toBeAllClose([0, 1]);
  });
});

describe('gradients', () => {
  it('flow to what was read and to what was put', () => {
    const x = counted(2, 3);
    expect(tf.grad((y: Tensor) => y.at([0, 0], '::2').square().sum())(x)).toBeAllClose([
      [0, 0, 8],
      [0, 0, 0],
    ]);
    const [gx, gv] = tf.grads((y: Tensor, v: Tensor) =>
      y
        .setAt([[0, 0], 1], v)
        .mul(counted(2, 3))
        .sum(),
    )([x, tf.tensor([5, 6])]);
    expect(gx).toBeAllClose([
      [0, 0, 2],
      [3, 4, 5],
    ]);
    expect(gv).toBeAllClose([0, 1]); // the second one was put last
  });
});

describe('errors', () => {
  const x = counted(3, 4);
  it.each<[string, () => unknown, RegExp]>([
    ['a place out of range', () => x.at(3), /at: place 3 is out of axis 0 of shape \[3, 4\]; expected -3 to 2/],
    ['a place of a list', () => x.at(':', [0, 4]), /place 4 is out of axis 1/],
    ['too many', () => x.at(0, 0, 0), /3 axes are indexed, but shape \[3, 4\] has 2/],
    ['two ellipses', () => x.at('...', '...'), /only once/],
    ['a fraction', () => x.at(0.5), /whole numbers, got 0.5/],
    ['text', () => x.at('1-3' as never), /'1-3' is no index/],
    ['a step of 0', () => x.at('::0'), /step must not be 0/],
    ['places of floats', () => x.at(tf.tensor([0, 1])), /integer dtype or bool.*float32 \[2\]/],
    ['a mask of another shape', () => x.at([true, false]), /mask of shape \[2\] does not fit.*\[3\]/],
    ['lists that do not broadcast', () => x.at([0, 1], [0, 1, 2]), /do not broadcast/],
    ['undefined', () => x.at(undefined as never), /undefined is no index/],
    ['a value that does not fit', () => x.setAt([0], [1, 2]), /do(es)? not broadcast/],
    [
      'a mask in a trace',
      () => tf.function((y: Tensor) => y.at(y.greater(0)))(x),
      /mask takes is not known inside tf.function/,
    ],
  ])('%s', (_, call, message) => expect(call).toThrow(message));
});
