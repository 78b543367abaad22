/** @file What refused calls say: the operation, what came, what was expected. */
import { describe, expect, it } from 'vitest';
import type { DType } from '../../src/tensor/dtype.ts';
import { ArgumentError, DTypeError, EngineError, ShapeError } from '../../src/tensor/errors.ts';
import { infer } from '../../src/primitives/infer.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from '../../src/primitives/primitives.ts';
import { bind } from '../../src/primitives/bind.ts';
import { fromHost } from '../../src/engine/index.ts';

const value = (shape: readonly number[], dtype: DType = 'float32'): AbstractValue => ({ dtype, shape });
const refusal =
  <P extends PrimitiveName>(primitive: P, inputs: AbstractValue[], params: PrimitiveParams[P]) =>
  () =>
    infer(primitive, inputs, params);
const valid = {
  strides: [1, 1],
  padding: [
    [0, 0],
    [0, 0],
  ],
  dilations: [1, 1],
  groups: 1,
} as const;

describe('a refused call', () => {
  it.each<[() => unknown, new (message: string) => Error, RegExp]>([
    [refusal('add', [value([2, 3]), value([4])], {}), ShapeError, /add: shapes \[2, 3\] and \[4\] do not broadcast/],
    [
      refusal('add', [value([2]), value([2], 'int32')], {}),
      DTypeError,
      /add: inputs must have one dtype.*float32 and int32.*tf\.cast/,
    ],
    [
      refusal('sqrt', [value([2], 'int32')], {}),
      DTypeError,
      /sqrt: input must have a floating dtype.*came as int32 \[2\]/,
    ],
    [refusal('logicalAnd', [value([2]), value([2])], {}), DTypeError, /logicalAnd: input must have bool/],
    [refusal('select', [value([2]), value([2]), value([2])], {}), DTypeError, /select: condition must have bool/],
    [
      refusal('matMul', [value([2, 3]), value([4, 5])], { transposeA: false, transposeB: false }),
      ShapeError,
      /matMul: inner dimensions of shapes \[2, 3\] and \[4, 5\].*3 and 4/,
    ],
    [
      refusal('matMul', [value([3]), value([3, 5])], { transposeA: false, transposeB: false }),
      ShapeError,
      /matMul: shapes \[3\] and \[3, 5\] must have rank 2/,
    ],
    [
      refusal('reshape', [value([2, 3])], { shape: [4] }),
      ShapeError,
      /reshape: .*\[2, 3\] has 6 elements.*\[4\] with 4/,
    ],
    [
      refusal('transpose', [value([2, 3])], { permutation: [0, 0] }),
      ArgumentError,
      /transpose: permutation \[0, 0\].*\[2, 3\]/,
    ],
    [refusal('broadcastTo', [value([2])], { shape: [3] }), ShapeError, /broadcastTo: shape/],
    [
      refusal('slice', [value([4])], { begin: [3], size: [2], strides: [1] }),
      ShapeError,
      /slice: .*axis 0.*element 4 of 4/,
    ],
    [
      refusal('concat', [value([2, 3]), value([2, 4])], { axis: 0 }),
      ShapeError,
      /concat: shapes \[2, 3\], \[2, 4\].*axis 0/,
    ],
    [refusal('gather', [value([2]), value([1])], { axis: 0 }), DTypeError, /gather: indices must be int32.*float32/],
    [
      refusal('scatterAdd', [value([2]), value([3], 'int32')], { axis: 0, size: 4 }),
      ShapeError,
      /scatterAdd: .*2 rows.*3 indices/,
    ],
    [
      refusal('sum', [value([2], 'bool')], { axes: [0], keepDims: false }),
      DTypeError,
      /sum: input must have a number dtype.*bool/,
    ],
    [refusal('max', [value([0])], { axes: [0], keepDims: false }), ShapeError, /max: axis 0 of shape \[0\] is empty/],
    [refusal('topK', [value([3])], { k: 4 }), ArgumentError, /topK: k is 4.*3 elements/],
    [
      refusal('conv2d', [value([1, 5, 5, 3]), value([3, 3, 4, 8])], valid),
      ShapeError,
      /conv2d: filters of shape \[3, 3, 4, 8\].*take 4 channels.*\[1, 5, 5, 3\] have 3/,
    ],
    [
      refusal('conv2d', [value([1, 2, 5, 3]), value([3, 3, 3, 8])], valid),
      ShapeError,
      /conv2d: a window.*3 pixels does not fit into the 2 of the height/,
    ],
    [
      refusal('maxPool2d', [value([5, 5, 3])], {
        windowShape: [2, 2],
        strides: [2, 2],
        padding: [
          [0, 0],
          [0, 0],
        ],
      }),
      ShapeError,
      /maxPool2d: images must have rank 4.*\[5, 5, 3\]/,
    ],
    [() => fromHost(new Float32Array(3), 'float32', [2, 2]), ShapeError, /shape \[2, 2\] has 4 elements, but 3/],
  ])('%#', (call, kind, message) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(message);
  });

  it('by the engine names the operation and its operands, and keeps no memory', () => {
    const x = fromHost(new Float32Array(4), 'float32', [4]);
    const indices = fromHost(Int32Array.of(9), 'int32', [1]);
    expect(() => bind('gather', [x, indices], { axis: 0 })).toThrow(EngineError);
    expect(() => bind('gather', [x, indices], { axis: 0 })).toThrow(/gather of float32 \[4\], int32 \[1\] failed/);
    const one = fromHost(Int32Array.of(1), 'int32', []);
    const zero = fromHost(Int32Array.of(0), 'int32', []);
    expect(() => bind('floorDiv', [one, zero], {})).toThrow(EngineError);
  });
});
