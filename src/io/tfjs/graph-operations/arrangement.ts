/** @file Shapes, slices, joining, reductions and creation in graphs. */
import { stopGradient } from '../../../autodiff/index.ts';
import * as ops from '../../../ops/index.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { GraphNode } from '../graph-node.ts';
import type { Operands, OperationTable } from './operation.ts';

type Pair = [number, number];
const pairs = (numbers: readonly number[]): Pair[] =>
  Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);

const reduction =
  (reduce: (x: Tensor, axis: number[], keepDims: boolean) => Tensor): OperationTable[string] =>
  (operands, node) => {
    const axes = operands.numbers(1);
    const keep = node.boolean('keep_dims', node.boolean('keepDims'));
    return axes.length === 0 ? operands.tensor(0) : reduce(operands.tensor(0), axes, keep);
  };

const argument =
  (find: (x: Tensor, axis: number) => Tensor): OperationTable[string] =>
  (operands) =>
    find(operands.tensor(0), operands.count > 1 ? operands.number(1) : 0);

const cumulative =
  (add: (x: Tensor, axis: number, exclusive: boolean, reverse: boolean) => Tensor): OperationTable[string] =>
  (operands, node) =>
    add(operands.tensor(0), operands.number(1), node.boolean('exclusive'), node.boolean('reverse'));

const identity: OperationTable[string] = (operands) => operands.values[0];

const sizesOf = (x: Tensor): Tensor => ops.tensor(Int32Array.from(x.shape));

const gather: OperationTable[string] = (operands, node) =>
  ops.gather(
    operands.tensor(0),
    ops.cast(operands.tensor(1), 'int32'),
    operands.count > 2 ? operands.number(2) : 0,
    node.number('batch_dims', 0),
  );

const pad: OperationTable[string] = (operands) =>
  ops.pad(operands.tensor(0), pairs(operands.numbers(1)), operands.count > 2 ? operands.number(2) : 0);

/** How many outputs a node has by its attributes. */
const outputs = (node: GraphNode, name: string, otherwise: number): number => node.number(name, otherwise);

const filled = (operands: Operands, value: number, node: GraphNode): Tensor =>
  ops.fill(operands.numbers(0), value, node.dtype('dtype', node.dtype('T')));

export const arrangement: OperationTable = {
  Identity: identity,
  IdentityN: (operands) => [...operands.values],
  Snapshot: identity,
  PreventGradient: identity,
  CheckNumerics: identity,
  PlaceholderWithDefault: identity,
  StopGradient: (operands) => stopGradient(operands.tensor(0)),
  Print: identity,
  PrintV2: () => [],
  Assert: () => [],
  NoOp: () => [],
  Rank: (operands) => ops.scalar(operands.tensor(0).rank, 'int32'),
  Size: (operands) => ops.scalar(operands.tensor(0).size, 'int32'),
  Shape: (operands) => sizesOf(operands.tensor(0)),
  ShapeN: (operands) => operands.tensors().map(sizesOf),
  Reshape: (operands) => ops.reshape(operands.tensor(0), operands.numbers(1)),
  EnsureShape: identity,
  ExpandDims: (operands) => ops.expandDims(operands.tensor(0), operands.number(1)),
  Squeeze: (operands, node) => {
    const axes = node.numbers('squeeze_dims', node.numbers('axis'));
    return ops.squeeze(operands.tensor(0), axes.length > 0 ? axes : null);
  },
  Transpose: (operands) => ops.transpose(operands.tensor(0), operands.numbers(1)),
  BroadcastTo: (operands) => ops.broadcastTo(operands.tensor(0), operands.numbers(1)),
  BroadcastArgs: (operands) => {
    const [a, b] = [operands.numbers(0), operands.numbers(1)];
    const rank = Math.max(a.length, b.length);
    const at = (sizes: number[], i: number): number => sizes[sizes.length - rank + i] ?? 1;
    return ops.tensor(Int32Array.from({ length: rank }, (_, i) => (at(a, i) === 1 ? at(b, i) : at(a, i))));
  },
  Pad: pad,
  PadV2: pad,
  MirrorPad: (operands, node) =>
    ops.mirrorPad(
      operands.tensor(0),
      pairs(operands.numbers(1)),
      node.text('mode', 'REFLECT').toLowerCase() as 'reflect' | 'symmetric',
    ),
  SpaceToBatchND: (operands) => ops.spaceToBatchND(operands.tensor(0), operands.numbers(1), pairs(operands.numbers(2))),
  BatchToSpaceND: (operands) => ops.batchToSpaceND(operands.tensor(0), operands.numbers(1), pairs(operands.numbers(2))),
  DepthToSpace: (operands, node) =>
    ops.depthToSpace(
      operands.tensor(0),
      node.number('block_size', 2),
      node.text('data_format', 'NHWC') as 'NHWC' | 'NCHW',
    ),
  SpaceToDepth: (operands, node) =>
    ops.spaceToDepth(
      operands.tensor(0),
      node.number('block_size', 2),
      node.text('data_format', 'NHWC') as 'NHWC' | 'NCHW',
    ),
  ConcatV2: (operands) => ops.concat(operands.tensors(0, operands.count - 1), operands.number(operands.count - 1)),
  Concat: (operands) => ops.concat(operands.tensors(1), operands.number(0)),
  Pack: (operands, node) => ops.stack(operands.tensors(), node.number('axis', 0)),
  Unpack: (operands, node) => ops.unstack(operands.tensor(0), node.number('axis', 0)),
  Tile: (operands) => ops.tile(operands.tensor(0), operands.numbers(1)),
  Split: (operands, node) => ops.split(operands.tensor(1), outputs(node, 'num_split', 1), operands.number(0)),
  SplitV: (operands) => {
    const x = operands.tensor(0);
    const axis = operands.number(2);
    const sizes = operands.numbers(1);
    const whole = x.shape.at(axis) ?? 0;
    const known = sizes.reduce((sum, size) => sum + Math.max(size, 0), 0);
    return ops.split(
      x,
      sizes.map((size) => (size < 0 ? whole - known : size)),
      axis,
    );
  },
  Slice: (operands) => ops.slice(operands.tensor(0), operands.numbers(1), operands.numbers(2)),
  StridedSlice: (operands, node) =>
    ops.stridedSlice(
      operands.tensor(0),
      operands.numbers(1),
      operands.numbers(2),
      operands.numbers(3),
      node.number('begin_mask', 0),
      node.number('end_mask', 0),
      node.number('ellipsis_mask', 0),
      node.number('new_axis_mask', 0),
      node.number('shrink_axis_mask', 0),
    ),
  Gather: gather,
  GatherV2: gather,
  GatherNd: (operands) => ops.gatherND(operands.tensor(0), operands.tensor(1)),
  ScatterNd: (operands) => ops.scatterND(operands.tensor(0), operands.tensor(1), operands.numbers(2)),
  TensorScatterUpdate: (operands) =>
    ops.tensorScatterUpdate(operands.tensor(0), operands.tensor(1), operands.tensor(2)),
  SparseToDense: (operands) =>
    ops.sparseToDense(
      operands.tensor(0),
      operands.tensor(2),
      operands.numbers(1),
      operands.count > 3 ? ops.cast(operands.tensor(3), operands.tensor(2).dtype) : 0,
    ),
  Reverse: (operands) => {
    const flags = operands.numbers(1);
    return ops.reverse(
      operands.tensor(0),
      flags.flatMap((flag, axis) => (flag ? [axis] : [])),
    );
  },
  ReverseV2: (operands) => ops.reverse(operands.tensor(0), operands.numbers(1)),
  Sum: reduction((x, axis, keep) => ops.sum(x, axis, keep)),
  Mean: reduction((x, axis, keep) => ops.mean(x, axis, keep)),
  Prod: reduction((x, axis, keep) => ops.prod(x, axis, keep)),
  Max: reduction((x, axis, keep) => ops.max(x, axis, keep)),
  Min: reduction((x, axis, keep) => ops.min(x, axis, keep)),
  All: reduction((x, axis, keep) => ops.all(x, axis, keep)),
  Any: reduction((x, axis, keep) => ops.any(x, axis, keep)),
  EuclideanNorm: reduction((x, axis, keep) => ops.euclideanNorm(x, axis, keep)),
  ArgMax: argument((x, axis) => ops.argMax(x, axis)),
  ArgMin: argument((x, axis) => ops.argMin(x, axis)),
  Cumsum: cumulative(ops.cumsum),
  Cumprod: cumulative(ops.cumprod),
  Softmax: (operands) => ops.softmax(operands.tensor(0)),
  LogSoftmax: (operands) => ops.logSoftmax(operands.tensor(0)),
  Bincount: (operands) => {
    const weights = operands.tensor(2);
    return ops.bincount(operands.tensor(0), weights.size > 0 ? weights : null, operands.number(1));
  },
  DenseBincount: (operands, node) => {
    const weights = operands.tensor(2);
    const binary = node.boolean('binary_output');
    return ops.denseBincount(operands.tensor(0), weights.size > 0 ? weights : null, operands.number(1), binary);
  },
  Fill: (operands) => ops.broadcastTo(operands.tensor(1), operands.numbers(0)),
  Ones: (operands, node) => filled(operands, 1, node),
  Zeros: (operands, node) => filled(operands, 0, node),
  OnesLike: (operands) => ops.onesLike(operands.tensor(0)),
  ZerosLike: (operands) => ops.zerosLike(operands.tensor(0)),
  Range: (operands) => ops.range(operands.number(0), operands.number(1), operands.number(2), operands.tensor(0).dtype),
  LinSpace: (operands) => ops.linspace(operands.number(0), operands.number(1), operands.number(2)),
  OneHot: (operands, node) => {
    const [indices, depth, on, off] = [operands.tensor(0), operands.number(1), operands.tensor(2), operands.tensor(3)];
    const axis = node.number('axis', -1);
    const last = ops.where(ops.oneHot(ops.cast(indices, 'int32'), depth, 1, 0, 'bool'), on, off);
    if (axis < 0 || axis === last.rank - 1) return last;
    const axes = last.shape.map((_, i) => i).slice(0, -1);
    axes.splice(axis, 0, last.rank - 1);
    return ops.transpose(last, axes);
  },
  MatrixBandPart: (operands) => ops.linalg.bandPart(operands.tensor(0), operands.number(1), operands.number(2)),
};
