/** @file Inference of reductions, scans along an axis, and sorting. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, normalizeAxis, reducedShape } from '../tensor/shape.ts';
import { type DTypeClass, expectDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';
import type { AbstractValue, PrimitiveName, ReductionParams } from './primitives.ts';

const reduction =
  (operation: PrimitiveName, wanted: DTypeClass) =>
  ([x]: readonly AbstractValue[], { axes, keepDims }: ReductionParams): AbstractValue[] => {
    expectDType(operation, x, wanted);
    for (const axis of axes) normalizeAxis(axis, x.shape.length, operation);
    return [{ dtype: x.dtype, shape: reducedShape(x.shape, axes, keepDims) }];
  };

/** @throws ShapeError where there is no element to choose. */
function expectElements(operation: PrimitiveName, shape: Shape, axes: readonly number[]): void {
  for (const axis of axes)
    if (shape[axis] === 0)
      throw new ShapeError(
        `${operation}: axis ${axis} of shape ${formatShape(shape)} is empty, so it has no ${operation}.`,
      );
}

const extremum =
  (operation: PrimitiveName) =>
  (inputs: readonly AbstractValue[], params: ReductionParams): AbstractValue[] => {
    const outputs = reduction(operation, 'any')(inputs, params);
    expectElements(operation, inputs[0].shape, params.axes);
    return outputs;
  };

const position =
  (operation: PrimitiveName) =>
  ([x]: readonly AbstractValue[], params: { readonly axis: number }): AbstractValue[] => {
    expectDType(operation, x, 'number');
    const axis = normalizeAxis(params.axis, x.shape.length, operation);
    expectElements(operation, x.shape, [axis]);
    return [{ dtype: 'int32', shape: reducedShape(x.shape, [axis], false) }];
  };

const alongAxis =
  (operation: PrimitiveName, wanted: DTypeClass) =>
  ([x]: readonly AbstractValue[], { axis }: { readonly axis: number }): AbstractValue[] => {
    expectDType(operation, x, wanted);
    normalizeAxis(axis, x.shape.length, operation);
    return [{ dtype: x.dtype, shape: x.shape }];
  };

export const inferReductions = {
  sum: reduction('sum', 'number'),
  prod: reduction('prod', 'number'),
  max: extremum('max'),
  min: extremum('min'),
  argMax: position('argMax'),
  argMin: position('argMin'),
  cumsum: alongAxis('cumsum', 'number'),
  softmax: alongAxis('softmax', 'float'),
  logSoftmax: alongAxis('logSoftmax', 'float'),
  topK: ([x], { k }) => {
    expectDType('topK', x, 'number');
    const last = x.shape.at(-1);
    if (last === undefined) throw new ShapeError('topK: the input is a scalar; expected a tensor of rank 1 or more.');
    if (!Number.isInteger(k) || k < 0 || k > last)
      throw new ArgumentError(
        `topK: k is ${k}, but the last axis of shape ${formatShape(x.shape)} has ${last} elements; expected an integer from 0 to ${last}.`,
      );
    const shape = [...x.shape.slice(0, -1), k];
    return [
      { dtype: x.dtype, shape },
      { dtype: 'int32', shape },
    ];
  },
} satisfies Partial<InferenceRules>;
