/** @file Differentiable calls of convolutions, pooling, images, losses and sparse tensors, for the gradient checks. */
import * as tf from '../../src/index.ts';
import { type Case, numbersOf, of } from './numbers.ts';

const numbers = numbersOf(11);

export const visionCases: Readonly<Record<string, Case>> = {
  conv1d: of((x, w) => tf.conv1d(x, w, 2, 'causal', 'NWC', 2), numbers([1, 6, 2]), numbers([2, 2, 2])),
  conv3d: of(
    (x, w) => tf.conv3d(x, w, [1, 2, 1], 'same', 'NCDHW', [2, 1, 1]),
    numbers([1, 2, 3, 3, 2]),
    numbers([2, 2, 2, 1, 2]),
  ),
  separableConv2d: of(
    (x, d, w) => tf.separableConv2d(x, d, w, 1, 'same'),
    numbers([1, 3, 3, 2]),
    numbers([2, 2, 2, 1]),
    numbers([1, 1, 2, 2]),
  ),
  conv1dTranspose: of((x, w) => tf.conv1dTranspose(x, w, [1, 6, 2], 2, 'same'), numbers([1, 3, 2]), numbers([3, 2, 2])),
  conv3dTranspose: of(
    (x, w) => tf.conv3dTranspose(x, w, [1, 4, 4, 3, 1], 2, 'same'),
    numbers([1, 2, 2, 2, 2]),
    numbers([3, 2, 2, 1, 2]),
  ),
  maxPool1d: of((x) => tf.maxPool1d(x, 3, 2, 'same'), numbers([1, 6, 2])),
  avgPool1d: of((x) => tf.avgPool1d(x, 3, 2, 'same'), numbers([1, 6, 2])),
  maxPool3d: of((x) => tf.maxPool3d(x, 2, [1, 2, 1], 'same'), numbers([1, 3, 3, 2, 2])),
  avgPool3d: of((x) => tf.avgPool3d(x, 2, [1, 2, 1], 'same'), numbers([1, 3, 3, 2, 2])),
  pool: of((x) => tf.pool(x, 2, 'max', 'same', 2).add(tf.pool(x, 2, 'avg', 'same', 2)), numbers([1, 4, 5, 2])),
  maxPoolWithArgmax: of((x) => tf.maxPoolWithArgmax(x, 2, 1, 'same').result, numbers([1, 3, 4, 2])),
  dilation2d: of((x, w) => tf.dilation2d(x, w, 1, 'same'), numbers([1, 3, 4, 2]), numbers([2, 2, 2])),
  erosion2d: of((x, w) => tf.erosion2d(x, w, 1, 'same'), numbers([1, 3, 4, 2]), numbers([2, 2, 2])),
  fractionalMaxPool: of((x) => tf.fractionalMaxPool(x, [1.4, 1.5], { seed: 1 }).result, numbers([1, 5, 6, 2])),
  fractionalAvgPool: of(
    (x) => tf.fractionalAvgPool(x, [1.4, 1.5], { seed: 1, overlapping: true }).result,
    numbers([1, 5, 6, 2]),
  ),
  spaceToDepth: of((x) => tf.spaceToDepth(x, 2), numbers([1, 4, 2, 2])),
  depthToSpace: of((x) => tf.depthToSpace(x, 2, 'NCHW'), numbers([1, 4, 2, 2])),
  spaceToBatchND: of((x) => tf.spaceToBatchND(x, [2], [[1, 0]]), numbers([2, 3, 2])),
  batchToSpaceND: of((x) => tf.batchToSpaceND(x, [2], [[1, 0]]), numbers([4, 2, 2])),
};
