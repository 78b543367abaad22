/** @file Sparse tensors against TensorFlow; their gradients; printing. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import { displaySymbol } from '../../src/display.ts';
import '../support/tensors.ts';
import { fixture } from './vision-fixtures.ts';

const { sparse, SparseTensor } = tf;
const close = { rtol: 1e-5, atol: 1e-6 };

describe('against TensorFlow', () => {
  it('every operation', () => {
    const { inputs, outputs } = fixture('sparse');
    const [grid, other, right, left] = inputs;
    const [a, b] = [sparse.fromDense(grid), sparse.fromDense(other)];
    const filled = sparse.fillEmptyRows(a, 9);
    const results = [
      a.indices,
      a.values,
      sparse.add(a, b).toDense(),
      sparse.reduceSum(a, 1),
      sparse.reduceMax(a, 0),
      sparse.concat(1, [a, b]).toDense(),
      sparse.slice(a, [1, 1], [3, 9]).toDense(),
      sparse.reshape(a, [2, -1]).toDense(),
      sparse.transpose(a).toDense(),
      sparse.softmax(a).toDense(),
      sparse.sparseDenseMatMul(a, right),
      sparse.sparseDenseMatMul(a, left, true, true),
      sparse.sparseDenseMatMul(left, a),
      sparse.maximum(a, b).toDense(),
      sparse.minimum(a, b).toDense(),
      filled.output.toDense(),
      filled.emptyRowIndicator,
      ...sparse.split(a, 2, 1).map((part) => part.toDense()),
    ];
    expect(results.length).toBe(outputs.length);
    results.forEach((result, i) => expect(result, `result ${i}`).toBeAllClose(outputs[i], close));
  });
  it('embeddings and segments', () => {
    const { inputs, outputs } = fixture('embeddingLookupSparse');
    const places = [[0, 0], [0, 1], [2, 0], [3, 2]]; // prettier-ignore
    const ids = new SparseTensor(places, tf.tensor([1, 3, 0, 1], [4], 'int32'), [4, 3]);
    const weights = new SparseTensor(places, [2, 0.5, 1, 3], [4, 3]);
    const results = [null, weights].flatMap((w) =>
      (['sum', 'mean', 'sqrtn'] as const).map((c) => sparse.embeddingLookupSparse(inputs[0], ids, w, c)),
    );
    results.forEach((result, i) => expect(result, `embedding ${i}`).toBeAllClose(outputs[i], close));
    const segments = fixture('segments');
    [sparse.segmentSum, sparse.segmentMean, sparse.segmentSqrtN].forEach((f, i) =>
      expect(f(segments.inputs[0], [0, 2, 3, 5, 5], [0, 0, 1, 3, 3])).toBeAllClose(segments.outputs[i], close),
    );
  });
  // The examples of TensorFlow.js's documentation.
  it("TensorFlow.js's operations of parts", () => {
    const filled = sparse.sparseFillEmptyRows(
      [[0, 0], [1, 0], [1, 3], [1, 4], [3, 2], [3, 3]], // prettier-ignore
      [0, 10, 13, 14, 32, 33],
      [5, 6],
      -1,
    );
    expect(filled.outputValues).toBeAllClose([0, 10, 13, 14, -1, 32, 33, -1]);
    expect(filled.emptyRowIndicator.arraySync()).toEqual([0, 0, 1, 0, 1]);
    expect(filled.reverseIndexMap.arraySync()).toEqual([0, 1, 2, 3, 5, 6]);
    const reshaped = sparse.sparseReshape(
      [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 2, 3]], // prettier-ignore
      [2, 3, 6],
      [9, -1],
    );
    expect(reshaped.outputIndices.arraySync()).toEqual([[0, 0], [0, 1], [1, 2], [4, 2], [8, 1]]); // prettier-ignore
    expect(reshaped.outputShape.arraySync()).toEqual([9, 4]);
    const rows = [[1, 2, 3, 4], [-1, -2, -3, -4], [6, 7, 8, 9]]; // prettier-ignore
    expect(sparse.sparseSegmentMean(rows, [0, 1, 2], [0, 0, 2]).arraySync()).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [6, 7, 8, 9], // prettier-ignore
    ]);
    expect(sparse.sparseSegmentSum(rows, [0, 1], [0, 1]).arraySync()).toEqual(rows.slice(0, 2));
    expect(tf.sparseToDense([4, 5, 6, 1, 2, 3], [10, 11, 12, 13, 14, 15], [8]).arraySync()).toEqual([
      0, 13, 14, 15, 10, 11, 12, 0,
    ]);
    expect(tf.sparseToDense([[0, 1], [1, 0]], 5, [2, 2], -1).arraySync()).toEqual([[-1, 5], [5, -1]]); // prettier-ignore
  });
});

describe('gradients', () => {
  it('of a product at both operands are those of dense matrices', () => {
    const places = [[0, 1], [1, 0], [1, 2]]; // prettier-ignore
    const values = tf.tensor([2, -3, 0.5]);
    const right = tf.randomNormal([3, 2], 0, 1, 'float32', 1);
    const product = (v: Tensor, b: Tensor): Tensor =>
      sparse
        .sparseDenseMatMul(new SparseTensor(places, v, [2, 3]), b)
        .square()
        .sum();
    const whole = (v: Tensor, b: Tensor): Tensor =>
      tf
        .matMul(new SparseTensor(places, v, [2, 3]).toDense(), b)
        .square()
        .sum();
    const [sparseGradients, denseGradients] = [tf.grads(product)([values, right]), tf.grads(whole)([values, right])];
    sparseGradients.forEach((g, i) => expect(g).toBeAllClose(denseGradients[i], { rtol: 1e-4 }));
  });
});

describe('forms', () => {
  const x = new SparseTensor([[2, 0], [0, 1]], [7, 5], [3, 2]); // prettier-ignore
  it('order, selection, other values', () => {
    expect(sparse.reorder(x).values).toBeAllClose([5, 7]);
    expect(sparse.retain(x, [false, true]).toDense()).toBeAllClose([[0, 5], [0, 0], [0, 0]]); // prettier-ignore
    expect(sparse.mask(x, [0]).values).toBeAllClose([7]);
    expect(sparse.mapValues(tf.square, x).values).toBeAllClose([49, 25]);
    expect(sparse.eye(2, 3).toDense()).toBeAllClose([[1, 0, 0], [0, 1, 0]]); // prettier-ignore
    expect(x.toDense(-1)).toBeAllClose([[-1, 5], [-1, -1], [7, -1]]); // prettier-ignore
    expect(sparse.mul(x, [10, 100]).toDense()).toBeAllClose([[0, 500], [0, 0], [70, 0]]); // prettier-ignore
    expect(sparse.expandDims(x).denseShape).toEqual([3, 2, 1]);
    expect(sparse.resetShape(x, [4, 4]).toDense().shape).toEqual([4, 4]);
    expect(sparse.sparseMatMul(x, sparse.transpose(x)).toDense()).toBeAllClose(
      tf.matMul(x.toDense(), x.toDense(), false, true),
    );
    const words = new SparseTensor([[0, 0], [0, 1], [1, 0]], tf.tensor([2, 0, 2], [3], 'int32'), [2, 2]); // prettier-ignore
    expect(sparse.toIndicator(words, 3).arraySync()).toEqual([[1, 0, 1], [0, 0, 1]]); // prettier-ignore
    expect(sparse.add(x, tf.ones([3, 2])) as Tensor).toBeAllClose([[1, 6], [1, 1], [8, 1]]); // prettier-ignore
  });
  it('without elements', () => {
    const none = sparse.fromDense(tf.zeros([2, 3]));
    expect(none.nnz).toBe(0);
    expect(none.toDense()).toBeAllClose(tf.zeros([2, 3]));
    expect(sparse.reduceSum(none).item()).toBe(0);
    expect(sparse.sparseDenseMatMul(none, tf.ones([3, 2]))).toBeAllClose(tf.zeros([2, 2]));
    expect(new SparseTensor([], [], [2, 3]).toDense()).toBeAllClose(tf.zeros([2, 3]));
  });
  it('pass through tf.function, whose indices are not known inside', () => {
    const f = tf.function((s: tf.SparseTensor, b: Tensor) => sparse.sparseDenseMatMul(s, b).add(s.toDense().sum()));
    const b = tf.ones([2, 2]);
    expect(f(x, b)).toBeAllClose(tf.matMul(x.toDense(), b).add(12));
    expect(() => tf.function((s: tf.SparseTensor) => sparse.reorder(s).values)(x)).toThrow(
      /sparse\.reorder.*tf\.function/,
    );
  });
  it('print and show what they are', () => {
    expect(String(x)).toMatch(
      /^SparseTensor \[3, 2\] with 2 values\n {2}indices: [\s\S]*\n {2}values: [\s\S]*7[\s\S]*5/,
    );
    expect(x[displaySymbol]()).toEqual({ 'text/plain': String(x) });
  });
  it('refuse what does not fit', () => {
    expect(() => new SparseTensor([[0, 1]], [1, 2], [2, 2])).toThrow(
      /indices \[n, 2\] and values \[n\].*\[1, 2\] and \[2\]/,
    );
    expect(() => new SparseTensor([[0]], [1], [-1])).toThrow(/whole numbers/);
    expect(() => sparse.sparseDenseMatMul(x, tf.ones([3, 2]))).toThrow(/do not fit/);
    expect(() => sparse.add(x, sparse.eye(2))).toThrow(/one shape/);
    expect(() => sparse.transpose(x, [0, 0])).toThrow(/each of 2 axes once/);
    expect(() => tf.sparseToDense([[0, 1]], [1], [3])).toThrow(/\[n, 1\].*\[1, 2\]/);
  });
});
