/** @file Lowerings of reductions, scans and sorting. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { isFloating } from '../../../tensor/dtype.ts';
import type { ReductionParams } from '../../../primitives/primitives.ts';
import type { KernelName } from '../kernel-names.ts';
import { type Lowering, type Lowerings, asNumber } from '../lowering.ts';
import type { Scope } from '../scope.ts';
import { backendDType } from '../storage.ts';

type Reduction = 'sum' | 'prod' | 'max' | 'min';

/** @param axes What the kernel calls them */
const reduction =
  <P extends Reduction>(name: KernelName, axes: 'axis' | 'reductionIndices'): Lowering<P> =>
  (s, [x], { params, outputs: [{ dtype, shape }] }) => {
    const { axes: list } = params as ReductionParams;
    if (list.length === 0) return x;
    const reduced = s.one(name, { x: asNumber(s, x) }, { [axes]: [...list], keepDims: true });
    return s.cast(s.reshape(reduced, shape), backendDType[dtype]!);
  };

/** NaN, which some backends drop, is looked for beside the extreme and put back. */
const extremum = <P extends Reduction>(name: KernelName, axes: 'axis' | 'reductionIndices'): Lowering<P> => {
  const plain = reduction<P>(name, axes);
  return (s, operands, call) => {
    const extreme = plain(s, operands, call) as TensorInfo;
    const { axes: list } = call.params as ReductionParams;
    if (!isFloating(call.inputs[0].dtype) || list.length === 0) return extreme;
    const isNaN = s.cast(s.unary('IsNan', operands[0]), 'int32');
    const count = s.reshape(s.one('Sum', { x: isNaN }, { axis: [...list], keepDims: true }), call.outputs[0].shape);
    const any = s.binary('Greater', count, s.scalar(count, 0));
    return s.select(any, s.filled('float32', extreme.shape, NaN), extreme);
  };
};

/** Runs `along` on `x` with `axis` moved to the end. */
function onLastAxis(s: Scope, x: TensorInfo, axis: number, along: (moved: TensorInfo) => TensorInfo): TensorInfo {
  const order = x.shape.map((_, i) => i);
  // Two axes change place, so that the way back is the way there.
  [order[axis], order[order.length - 1]] = [order[order.length - 1], order[axis]];
  return s.transpose(along(s.transpose(x, order)), order);
}

const shifted = (s: Scope, x: TensorInfo, axis: number): TensorInfo =>
  s.binary('Sub', x, s.one('Max', { x }, { reductionIndices: [axis], keepDims: true }));
const summed = (s: Scope, x: TensorInfo, axis: number): TensorInfo =>
  s.one('Sum', { x }, { axis: [axis], keepDims: true });

const position =
  <P extends 'argMax' | 'argMin'>(name: KernelName): Lowering<P> =>
  (s, [x], { params, outputs: [{ shape }] }) =>
    s.reshape(s.one(name, { x: asNumber(s, x) }, { axis: (params as { axis: number }).axis }), shape);

export const reductionLowerings: Lowerings<
  Reduction | 'argMax' | 'argMin' | 'cumsum' | 'softmax' | 'logSoftmax' | 'topK'
> = {
  sum: reduction('Sum', 'axis'),
  prod: reduction('Prod', 'axis'),
  max: extremum('Max', 'reductionIndices'),
  min: extremum('Min', 'axis'),
  argMax: position('ArgMax'),
  argMin: position('ArgMin'),
  cumsum: (s, [x], { params: { axis, exclusive, reverse } }) =>
    onLastAxis(s, x, axis, (moved) =>
      s.one('Cumsum', { x: moved }, { axis: moved.shape.length - 1, exclusive, reverse }),
    ),
  softmax: (s, [x], { params: { axis } }) => {
    const powers = s.unary('Exp', shifted(s, x, axis));
    return s.binary('RealDiv', powers, summed(s, powers, axis));
  },
  logSoftmax: (s, [x], { params: { axis } }) => {
    const centred = shifted(s, x, axis);
    return s.binary('Sub', centred, s.unary('Log', summed(s, s.unary('Exp', centred), axis)));
  },
  topK: (s, [x], { params: { k } }) => s.all('TopK', { x }, { k, sorted: true }),
};
