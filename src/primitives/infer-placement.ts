/** @file Inference of primitives that move elements: reshape, transpose, slice, pad, concat, gather, scatter. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { broadcastShapes, formatShape, normalizeAxis, shapesEqual, sizeOf } from '../tensor/shape.ts';
import { expectDType, expectIndices, expectRank, expectSameDType } from './expectations.ts';
import type { InferenceRules } from './infer.ts';

const isPermutation = (permutation: readonly number[], rank: number): boolean =>
  permutation.length === rank &&
  new Set(permutation).size === rank &&
  permutation.every((axis) => axis >= 0 && axis < rank);

export const inferPlacement = {
  reshape: ([x], { shape }) => {
    if (sizeOf(shape) !== sizeOf(x.shape))
      throw new ShapeError(
        `reshape: a tensor of shape ${formatShape(x.shape)} has ${sizeOf(x.shape)} elements and cannot become shape ${formatShape(shape)} with ${sizeOf(shape)}.`,
      );
    return [{ dtype: x.dtype, shape }];
  },
  transpose: ([x], { permutation }) => {
    if (!isPermutation(permutation, x.shape.length))
      throw new ArgumentError(
        `transpose: permutation ${formatShape(permutation)} does not name each axis of shape ${formatShape(x.shape)} once; ` +
          `expected the numbers 0 to ${x.shape.length - 1} in some order.`,
      );
    return [{ dtype: x.dtype, shape: permutation.map((axis) => x.shape[axis]) }];
  },
  broadcastTo: ([x], { shape }) => {
    if (x.shape.length > shape.length || !shapesEqual(broadcastShapes(x.shape, shape, 'broadcastTo'), shape))
      throw new ShapeError(
        `broadcastTo: shape ${formatShape(x.shape)} does not broadcast to ${formatShape(shape)}; ` +
          `counted from the last, each dimension must be equal or 1.`,
      );
    return [{ dtype: x.dtype, shape }];
  },
  slice: ([x], { begin, size, strides }) => {
    for (const [name, list] of Object.entries({ begin, size, strides }))
      if (list.length !== x.shape.length)
        throw new ArgumentError(
          `slice: ${name} ${formatShape(list)} must have one number for each axis of shape ${formatShape(x.shape)}.`,
        );
    x.shape.forEach((dimension, axis) => {
      if (!Number.isInteger(strides[axis]) || strides[axis] < 1)
        throw new ArgumentError(`slice: stride ${strides[axis]} of axis ${axis} must be a positive integer.`);
      const last = begin[axis] + (size[axis] - 1) * strides[axis];
      if (begin[axis] < 0 || size[axis] < 0 || (size[axis] > 0 && last >= dimension))
        throw new ShapeError(
          `slice: begin ${formatShape(begin)} with size ${formatShape(size)} and strides ${formatShape(strides)} leaves ` +
            `shape ${formatShape(x.shape)} on axis ${axis}: it ends at element ${last} of ${dimension}.`,
        );
    });
    return [{ dtype: x.dtype, shape: size }];
  },
  pad: ([x], { paddings }) => {
    if (paddings.length !== x.shape.length)
      throw new ArgumentError(
        `pad: paddings has ${paddings.length} pairs; expected one [before, after] for each axis of shape ${formatShape(x.shape)}.`,
      );
    for (const [before, after] of paddings)
      if (!Number.isInteger(before) || !Number.isInteger(after) || before < 0 || after < 0)
        throw new ArgumentError(`pad: paddings must be integers of 0 or more, but one pair is [${before}, ${after}].`);
    return [
      { dtype: x.dtype, shape: x.shape.map((dimension, axis) => paddings[axis][0] + dimension + paddings[axis][1]) },
    ];
  },
  concat: (inputs, params) => {
    if (inputs.length === 0) throw new ArgumentError('concat: expected at least one tensor, but the list is empty.');
    expectSameDType('concat', inputs);
    const [first] = inputs;
    const axis = normalizeAxis(params.axis, first.shape.length, 'concat');
    for (const { shape } of inputs)
      if (shape.length !== first.shape.length || shape.some((d, i) => i !== axis && d !== first.shape[i]))
        throw new ShapeError(
          `concat: shapes ${inputs.map((i) => formatShape(i.shape)).join(', ')} must agree everywhere but on axis ${axis}.`,
        );
    const total = inputs.reduce((sum, { shape }) => sum + shape[axis], 0);
    return [{ dtype: first.dtype, shape: first.shape.map((d, i) => (i === axis ? total : d)) }];
  },
  reverse: ([x], { axes }) => {
    for (const axis of axes) normalizeAxis(axis, x.shape.length, 'reverse');
    return [{ dtype: x.dtype, shape: x.shape }];
  },
  gather: ([x, indices], params) => {
    expectIndices('gather', indices);
    const axis = normalizeAxis(params.axis, x.shape.length, 'gather');
    return [{ dtype: x.dtype, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }];
  },
  scatterAdd: ([updates, indices], params) => {
    expectDType('scatterAdd', updates, 'number', 'updates');
    expectIndices('scatterAdd', indices);
    expectRank('scatterAdd', indices, 1, 'indices');
    const axis = normalizeAxis(params.axis, updates.shape.length, 'scatterAdd');
    if (updates.shape[axis] !== indices.shape[0])
      throw new ShapeError(
        `scatterAdd: updates of shape ${formatShape(updates.shape)} have ${updates.shape[axis]} rows on axis ${axis}, but there are ${indices.shape[0]} indices.`,
      );
    return [{ dtype: updates.dtype, shape: updates.shape.map((d, i) => (i === axis ? params.size : d)) }];
  },
  gatherAlong: ([x, indices], params) => {
    expectIndices('gatherAlong', indices);
    expectRank('gatherAlong', indices, x.shape.length, 'indices');
    const axis = normalizeAxis(params.axis, x.shape.length, 'gatherAlong');
    if (indices.shape.some((d, i) => i !== axis && d !== x.shape[i]))
      throw new ShapeError(
        `gatherAlong: indices of shape ${formatShape(indices.shape)} must agree with shape ${formatShape(x.shape)} everywhere but on axis ${axis}.`,
      );
    return [{ dtype: x.dtype, shape: indices.shape }];
  },
  scatterAlongAdd: ([updates, indices], params) => {
    expectDType('scatterAlongAdd', updates, 'number', 'updates');
    expectIndices('scatterAlongAdd', indices);
    if (!shapesEqual(updates.shape, indices.shape))
      throw new ShapeError(
        `scatterAlongAdd: updates of shape ${formatShape(updates.shape)} and indices of shape ${formatShape(indices.shape)} must have one shape.`,
      );
    const axis = normalizeAxis(params.axis, updates.shape.length, 'scatterAlongAdd');
    return [{ dtype: updates.dtype, shape: updates.shape.map((d, i) => (i === axis ? params.size : d)) }];
  },
} satisfies Partial<InferenceRules>;
