/** @file Convolution, pooling, normalization and images of graphs. */
import * as ops from '../../../ops/index.ts';
import { ArgumentError } from '../../../tensor/errors.ts';
import type { Tensor } from '../../../tensor/tensor.ts';
import type { GraphNode } from '../graph-node.ts';
import type { OperationTable, Operands } from './operation.ts';

type Pair = [number, number];
type Triple = [number, number, number];

const isChannelsFirst = (node: GraphNode): boolean => node.text('data_format', 'NHWC').startsWith('NC');

/** Of the numbers for each axis those of the spatial axes. */
function spatial(node: GraphNode, name: string, count: number): number[] {
  const all = node.numbers(name, Array<number>(count + 2).fill(1));
  return isChannelsFirst(node) ? all.slice(2) : all.slice(1, -1);
}
const pair = (node: GraphNode, name: string): Pair => spatial(node, name, 2) as Pair;
const triple = (node: GraphNode, name: string): Triple => spatial(node, name, 3) as Triple;

/** Runs what knows channels last on either order. */
function channelsLast(node: GraphNode, x: Tensor, run: (x: Tensor) => Tensor): Tensor {
  if (!isChannelsFirst(node)) return run(x);
  const axes = x.shape.map((_, i) => i);
  const last = ops.transpose(x, [0, ...axes.slice(2), 1]);
  return ops.transpose(run(last), [0, x.rank - 1, ...axes.slice(1, -1)]);
}

/** `same`, `valid`, or the pads of each axis, done beforehand. */
function padded(node: GraphNode, x: Tensor, fill = 0): { x: Tensor; pad: 'same' | 'valid' } {
  const padding = node.text('padding', 'VALID').toLowerCase();
  if (padding !== 'explicit') return { x, pad: padding as 'same' | 'valid' };
  const pads = node.numbers('explicit_paddings');
  const axes = Array.from({ length: x.rank }, (_, axis): Pair => [pads[2 * axis] ?? 0, pads[2 * axis + 1] ?? 0]);
  const last = isChannelsFirst(node) ? [axes[0], ...axes.slice(2), axes[1]] : axes;
  return { x: ops.pad(x, last, fill), pad: 'valid' };
}

const activations: Readonly<Record<string, (x: Tensor, node: GraphNode, rest: readonly Tensor[]) => Tensor>> = {
  Relu: (x) => ops.relu(x),
  Relu6: (x) => ops.relu6(x),
  Elu: (x) => ops.elu(x),
  Sigmoid: (x) => ops.sigmoid(x),
  Tanh: (x) => ops.tanh(x),
  LeakyRelu: (x, node) => ops.leakyRelu(x, node.number('leakyrelu_alpha', 0.2)),
  Prelu: (x, _node, [alpha]) => ops.prelu(x, alpha),
};

/** What is joined to a convolution or a product: bias or batch normalization, then an activation. */
function fused(node: GraphNode, operands: Operands, product: Tensor): Tensor {
  const rest = operands.tensors(2);
  const [first, second] = node.texts('fused_ops');
  let result = product;
  let used = 0;
  if (first === 'BiasAdd') {
    result = ops.add(result, rest[0]);
    used = 1;
  } else if (first === 'FusedBatchNorm') {
    const [scale, offset, mean, variance] = rest;
    result = ops.batchNorm(result, mean, variance, offset, scale, node.number('epsilon', 0.001));
    used = 4;
  }
  const activation = first === 'BiasAdd' || first === 'FusedBatchNorm' ? second : first;
  if (activation === undefined || activation === '' || activation === 'noop') return result;
  if (!Object.hasOwn(activations, activation))
    throw new ArgumentError(`Node ${node.name} (${node.op}): there is no fused operation ${activation} here.`);
  return activations[activation](result, node, rest.slice(used));
}

const conv2d: OperationTable[string] = (operands, node) =>
  channelsLast(node, operands.tensor(0), (input) => {
    const { x, pad } = padded(node, input);
    const product = ops.conv2d(x, operands.tensor(1), pair(node, 'strides'), pad, 'NHWC', pair(node, 'dilations'));
    return node.op === 'Conv2D' ? product : fused(node, operands, product);
  });

const depthwise: OperationTable[string] = (operands, node) =>
  channelsLast(node, operands.tensor(0), (input) => {
    const { x, pad } = padded(node, input);
    const dilations = pair(node, 'dilations');
    const product = ops.depthwiseConv2d(x, operands.tensor(1), pair(node, 'strides'), pad, 'NHWC', dilations);
    return node.op.startsWith('Fused') || node.op.startsWith('_Fused') ? fused(node, operands, product) : product;
  });

const conv2dTranspose: OperationTable[string] = (operands, node) => {
  const [batch, ...sizes] = operands.numbers(0);
  if (isChannelsFirst(node)) sizes.push(sizes.shift()!);
  return channelsLast(node, operands.tensor(2), (x) => {
    const pads = node.text('padding', 'VALID').toLowerCase();
    if (pads === 'explicit')
      throw new ArgumentError(`Node ${node.name}: transposed convolution with explicit padding is not here.`);
    const shape = [batch, ...sizes] as [number, number, number, number];
    const strides = pair(node, 'strides');
    return ops.conv2dTranspose(
      x,
      operands.tensor(1),
      shape,
      strides,
      pads as 'same' | 'valid',
      undefined,
      'NHWC',
      pair(node, 'dilations'),
    );
  });
};

type Pool2D = typeof ops.maxPool;
const pool2d =
  (pool: Pool2D, fill: number): OperationTable[string] =>
  (operands, node) =>
    channelsLast(node, operands.tensor(0), (input) => {
      const { x, pad } = padded(node, input, fill);
      return pool(x, pair(node, 'ksize'), pair(node, 'strides'), pad);
    });

const pool3d =
  (pool: typeof ops.maxPool3d): OperationTable[string] =>
  (operands, node) =>
    channelsLast(node, operands.tensor(0), (x) =>
      pool(
        x,
        triple(node, 'ksize'),
        triple(node, 'strides'),
        node.text('padding', 'VALID').toLowerCase() as 'same' | 'valid',
      ),
    );

const batchNorm: OperationTable[string] = (operands, node) => {
  const [input, scale, offset, mean, variance] = operands.tensors();
  const epsilon = node.number('epsilon', 0.001);
  return channelsLast(node, input, (x) => ops.batchNorm(x, mean, variance, offset, scale, epsilon));
};

const matMul: OperationTable[string] = (operands, node) => {
  const [a, b] = operands.tensors(0, 2);
  const product = ops.matMul(a, b, node.boolean('transpose_a'), node.boolean('transpose_b'));
  return node.op === '_FusedMatMul' ? fused(node, operands, product) : product;
};

const batchMatMul: OperationTable[string] = (operands, node) =>
  ops.matMul(operands.tensor(0), operands.tensor(1), node.boolean('adj_x'), node.boolean('adj_y'));

export const windows: OperationTable = {
  Conv1D: (operands, node) => {
    const [stride] = node.numbers('strides', [node.number('stride', 1)]).slice(-2);
    const pad = node.text('padding', 'VALID').toLowerCase() as 'same' | 'valid';
    return ops.conv1d(operands.tensor(0), operands.tensor(1), stride, pad, 'NWC', node.number('dilation', 1));
  },
  Conv2D: conv2d,
  _FusedConv2D: conv2d,
  Conv2DBackpropInput: conv2dTranspose,
  Conv2dTranspose: conv2dTranspose,
  DepthwiseConv2d: depthwise,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  _FusedDepthwiseConv2dNative: depthwise,
  Conv3D: (operands, node) =>
    channelsLast(node, operands.tensor(0), (x) => {
      const pad = node.text('padding', 'VALID').toLowerCase() as 'same' | 'valid';
      return ops.conv3d(x, operands.tensor(1), triple(node, 'strides'), pad, 'NDHWC', triple(node, 'dilations'));
    }),
  Dilation2D: (operands, node) => {
    const pad = node.text('padding', 'VALID').toLowerCase() as 'same' | 'valid';
    return ops.dilation2d(
      operands.tensor(0),
      operands.tensor(1),
      pair(node, 'strides'),
      pad,
      pair(node, 'rates'),
      'NHWC',
    );
  },
  AvgPool: pool2d(ops.avgPool, 0),
  MaxPool: pool2d(ops.maxPool, -Infinity),
  MaxPoolWithArgmax: (operands, node) => {
    const pad = node.text('padding', 'VALID').toLowerCase() as 'same' | 'valid';
    const includeBatch = node.boolean('include_batch_in_index');
    const { result, indexes } = ops.maxPoolWithArgmax(
      operands.tensor(0),
      pair(node, 'ksize'),
      pair(node, 'strides'),
      pad,
      includeBatch,
    );
    return [result, indexes];
  },
  AvgPool3D: pool3d(ops.avgPool3d),
  MaxPool3D: pool3d(ops.maxPool3d),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  LRN: (operands, node) =>
    ops.localResponseNormalization(
      operands.tensor(0),
      node.number('depth_radius', 5),
      node.number('bias', 1),
      node.number('alpha', 1),
      node.number('beta', 0.5),
    ),
  MatMul: matMul,
  _FusedMatMul: matMul,
  BatchMatMul: batchMatMul,
  BatchMatMulV2: batchMatMul,
  BatchMatMulV3: batchMatMul,
  Einsum: (operands, node) => ops.einsum(node.text('equation', ''), ...operands.tensors()),
  ResizeBilinear: (operands, node) =>
    ops.image.resizeBilinear(
      operands.tensor(0),
      operands.numbers(1),
      node.boolean('align_corners'),
      node.boolean('half_pixel_centers'),
    ),
  ResizeNearestNeighbor: (operands, node) =>
    ops.image.resizeNearestNeighbor(
      operands.tensor(0),
      operands.numbers(1),
      node.boolean('align_corners'),
      node.boolean('half_pixel_centers'),
    ),
  CropAndResize: (operands, node) =>
    ops.image.cropAndResize(
      operands.tensor(0),
      operands.tensor(1),
      operands.tensor(2),
      operands.numbers(3),
      node.text('method', 'bilinear') as 'bilinear' | 'nearest',
      node.number('extrapolation_value', 0),
    ),
  ImageProjectiveTransformV3: (operands, node) =>
    ops.image.transform(
      operands.tensor(0),
      operands.tensor(1),
      node.text('interpolation', 'NEAREST').toLowerCase() as 'bilinear' | 'nearest',
      node.text('fill_mode', 'CONSTANT').toLowerCase() as 'constant' | 'reflect' | 'wrap' | 'nearest',
      operands.count > 3 ? operands.number(3) : 0,
      operands.numbers(2),
    ),
};
