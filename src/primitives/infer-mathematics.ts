/** @file Inference of special functions, bits, sorting, scattering and functions of matrices. */
import { ShapeError } from '../tensor/errors.ts';
import { type Shape, broadcastShapes, formatShape, shapesEqual } from '../tensor/shape.ts';
import { expectDType, expectIndices, expectRank, expectSameDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';
import type { MathematicsParams } from './mathematics.ts';
import type { AbstractValue } from './primitives.ts';

function expectSquare(operation: 'matrixFunction' | 'eig', x: AbstractValue): void {
  expectDType(operation, x, 'float');
  const { shape } = x;
  if (shape.length < 2 || shape[shape.length - 1] !== shape[shape.length - 2])
    throw new ShapeError(`${operation}: expected square matrices, [..., n, n], got shape ${formatShape(shape)}.`);
}

function expectAxis(operation: 'argsort' | 'searchSorted', x: AbstractValue): void {
  if (x.shape.length === 0)
    throw new ShapeError(`${operation}: the input is a scalar; expected a tensor of rank 1 or more.`);
}

export const inferMathematics = {
  special: (inputs) => {
    expectSameDType('special', inputs);
    expectDType('special', inputs[0], 'float');
    const shape = inputs.map((x): Shape => x.shape).reduce((a, b) => broadcastShapes(a, b, 'special'));
    return [{ dtype: inputs[0].dtype, shape }];
  },
  nextAfter: (inputs) => {
    expectSameDType('nextAfter', inputs);
    expectDType('nextAfter', inputs[0], 'float');
    return [{ dtype: inputs[0].dtype, shape: broadcastShapes(inputs[0].shape, inputs[1].shape, 'nextAfter') }];
  },
  bitwise: (inputs) => {
    expectSameDType('bitwise', inputs);
    expectDType('bitwise', inputs[0], 'int');
    return [{ dtype: inputs[0].dtype, shape: broadcastShapes(inputs[0].shape, inputs[1].shape, 'bitwise') }];
  },
  populationCount: ([x]) => {
    expectDType('populationCount', x, 'int');
    return [{ dtype: 'uint8', shape: x.shape }];
  },
  argsort: ([x]) => {
    expectAxis('argsort', x);
    return [{ dtype: 'int32', shape: x.shape }];
  },
  searchSorted: ([sorted, values]) => {
    expectSameDType('searchSorted', [sorted, values]);
    expectAxis('searchSorted', sorted);
    expectAxis('searchSorted', values);
    if (!shapesEqual(sorted.shape.slice(0, -1), values.shape.slice(0, -1)))
      throw new ShapeError(
        `searchSorted: sorted of shape ${formatShape(sorted.shape)} and values of shape ${formatShape(values.shape)} must agree ` +
          `everywhere but on the last axis.`,
      );
    return [{ dtype: 'int32', shape: values.shape }];
  },
  matrixFunction: ([x]) => {
    expectSquare('matrixFunction', x);
    return [{ dtype: x.dtype, shape: x.shape }];
  },
  eig: ([x]) => {
    expectSquare('eig', x);
    const values = { dtype: x.dtype, shape: x.shape.slice(0, -1) };
    const vectors = { dtype: x.dtype, shape: x.shape };
    return [values, values, vectors, vectors];
  },
  scatterReduce: ([x, indices, updates]) => {
    expectSameDType('scatterReduce', [x, updates]);
    expectIndices('scatterReduce', indices);
    expectRank('scatterReduce', indices, 1, 'indices');
    if (x.shape.length === 0 || !shapesEqual(updates.shape, [indices.shape[0], ...x.shape.slice(1)]))
      throw new ShapeError(
        `scatterReduce: ${indices.shape[0]} indices into shape ${formatShape(x.shape)} need updates of shape ` +
          `${formatShape([indices.shape[0], ...x.shape.slice(1)])}, but they came with ${formatShape(updates.shape)}.`,
      );
    return [{ dtype: x.dtype, shape: x.shape }];
  },
} satisfies Pick<InferenceRules, keyof MathematicsParams>;
