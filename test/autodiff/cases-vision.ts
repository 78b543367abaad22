/** @file Differentiable calls of convolutions, pooling, images, losses and sparse tensors, for the gradient checks. */
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
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
  sigmoidCrossEntropyWithLogits: of(tf.sigmoidCrossEntropyWithLogits, numbers([2, 3], 0, 1), numbers([2, 3])),
  weightedCrossEntropyWithLogits: of(
    (z, x) => tf.weightedCrossEntropyWithLogits(z, x, 1.7),
    numbers([2, 3], 0, 1),
    numbers([2, 3]),
  ),
  softmaxCrossEntropyWithLogits: of(
    (z, x) => tf.softmaxCrossEntropyWithLogits(z, x, 0),
    numbers([2, 3]),
    numbers([2, 3]),
  ),
  sparseSoftmaxCrossEntropyWithLogits: of((x) => tf.sparseSoftmaxCrossEntropyWithLogits([2, 0], x), numbers([2, 3])),
  logPoissonLoss: of((z, x) => tf.logPoissonLoss(z, x, true), numbers([2, 3], 1.2, 3), numbers([2, 3])),
  l2Loss: of(tf.l2Loss, numbers([3])),
  nceLoss: of(
    (w, b, x) => tf.nceLoss(w, b, [[1], [3]], x, 2, 5, { seed: 4 }),
    numbers([5, 2]),
    numbers([5]),
    numbers([2, 2]),
  ),
  sampledSoftmaxLoss: of(
    (w, b, x) => tf.sampledSoftmaxLoss(w, b, [[1], [3]], x, 2, 5, { seed: 4 }),
    numbers([5, 2]),
    numbers([5]),
    numbers([2, 2]),
  ),
  ctcLoss: of((x) => tf.ctcLoss([[1, 2], [2, 2]], x, [2, 1], [4, 3]), numbers([4, 2, 3])), // prettier-ignore
  sparseToDense: of((values) => tf.sparseToDense([[0, 1], [1, 0]], values, [2, 2]), numbers([2])), // prettier-ignore
};
/** About random choices and places. */
export const visionWithoutGradient = [
  ...['ctcGreedyDecoder', 'ctcBeamSearchDecoder', 'logUniformCandidateSampler', 'uniformCandidateSampler'],
  'SparseTensor',
];

const pixels = (channels = 1, low?: number, high?: number): Tensor => numbers([1, 3, 4, channels], low, high);
const colors = (): Tensor => numbers([1, 2, 2, 3], 0.1, 0.9);
const onColors = (f: Case['f']): Case => of(f, colors());
const all = (...tensors: Tensor[]): Tensor => tf.concat(tensors.map((tensor) => tensor.flatten()));
const { image, sparse } = tf;

/** The same for `tf.image`. */
export const imageCases: Readonly<Record<string, Case>> = {
  extractPatches: of((x) => image.extractPatches(x, [2, 3], 1, 1, 'same'), pixels(2)),
  resize: of(
    (x) =>
      all(
        ...(
          ['bilinear', 'nearest', 'bicubic', 'area', 'lanczos3', 'lanczos5', 'gaussian', 'mitchellcubic'] as const
        ).map((method) => image.resize(x, [2, 6], method, false, true)),
      ),
    pixels(),
  ),
  resizeBilinear: of((x) => image.resizeBilinear(x, [5, 3], true), pixels()),
  resizeNearestNeighbor: of((x) => image.resizeNearestNeighbor(x, [5, 3], false, true), pixels()),
  resizeWithPad: of((x) => image.resizeWithPad(x, 5, 5), pixels()),
  resizeWithCropOrPad: of((x) => image.resizeWithCropOrPad(x, 5, 2), pixels()),
  cropToBoundingBox: of((x) => image.cropToBoundingBox(x, 1, 1, 2, 2), pixels()),
  padToBoundingBox: of((x) => image.padToBoundingBox(x, 1, 0, 4, 5), pixels()),
  centralCrop: of((x) => image.centralCrop(x, 0.5), pixels()),
  flipLeftRight: of(image.flipLeftRight, pixels()),
  flipUpDown: of(image.flipUpDown, pixels()),
  transpose: of(image.transpose, pixels()),
  rot90: of((x) => image.rot90(x, 3), pixels()),
  cropAndResize: of(
    (x, boxes) => image.cropAndResize(x, boxes, [0, 0], [2, 3]),
    pixels(),
    tf.tensor([0.13, 0.21, 0.87, 0.79, 0.91, 0.37, 0.18, 0.94], [2, 4], 'float64'),
  ),
  transform: of(
    (x, t) => image.transform(x, t, 'bilinear', 'constant'),
    pixels(),
    tf.tensor([0.9, 0.13, 0.21, -0.11, 0.83, 0.37, 0.011, 0.017], [1, 8], 'float64'),
  ),
  mapCoordinates: of(
    (x, places) =>
      all(
        ...(['constant', 'reflect', 'wrap', 'nearest'] as const).map((mode) =>
          image.mapCoordinates(x, places, 'bilinear', mode, 0.3),
        ),
      ),
    pixels(),
    // Within the image and beyond its border, away from whole numbers, where the slope jumps.
    tf.tensor([0.13, 1.21, -0.71, 2.83, 1.37, 0.56, 3.42, -1.18], [2, 1, 2, 2], 'float64'),
  ),
  rotateWithOffset: of((x) => image.rotateWithOffset(x, 0.7), pixels()),
  extractGlimpse: of((x) => image.extractGlimpse(x, [2, 3], [[0.1, -0.6]], true, true, 'zero'), pixels()),
  rgbToYiq: onColors(image.rgbToYiq),
  yiqToRgb: onColors(image.yiqToRgb),
  rgbToYuv: onColors(image.rgbToYuv),
  yuvToRgb: onColors(image.yuvToRgb),
  grayscaleToRGB: of(image.grayscaleToRGB, pixels()),
  rgbToGrayscale: onColors(image.rgbToGrayscale),
  rgbToHsv: onColors(image.rgbToHsv),
  hsvToRgb: onColors(image.hsvToRgb),
  adjustBrightness: of((x, d) => image.adjustBrightness(x, d), colors(), numbers([])),
  adjustContrast: of((x, f) => image.adjustContrast(x, f), colors(), numbers([])),
  adjustHue: onColors((x) => image.adjustHue(x, 0.13)),
  adjustSaturation: onColors((x) => image.adjustSaturation(x, 0.7)),
  adjustGamma: onColors((x) => image.adjustGamma(x, 1.7, 0.8)),
  perImageStandardization: onColors(image.perImageStandardization),
  convertImageDtype: onColors((x) => image.convertImageDtype(x.square(), 'float64')),
  sobelEdges: of(image.sobelEdges, pixels()),
  imageGradients: of((x) => all(...image.imageGradients(x)), pixels()),
  totalVariation: of(image.totalVariation, pixels()),
  psnr: of((a, b) => image.psnr(a, b, 1), pixels(), pixels()),
  ssim: of((a, b) => image.ssim(a, b, 1, 2), pixels(1, 0, 1), pixels(1, 0, 1)),
  ssimMultiscale: of(
    (a, b) => image.ssimMultiscale(a, a.mul(0.8).add(b.mul(0.1)), 1, [0.4, 0.6], 2),
    numbers([1, 4, 4, 1], 0, 1),
    numbers([1, 4, 4, 1], 0, 1),
  ),
  drawBoundingBoxes: of(
    (x, palette) => image.drawBoundingBoxes(x, [[[0, 0, 0.6, 0.7]]], palette),
    pixels(3),
    numbers([1, 3]),
  ),
  randomFlipLeftRight: of((x) => image.randomFlipLeftRight(x, 1), pixels()),
  randomFlipUpDown: of((x) => image.randomFlipUpDown(x, 1), pixels()),
  randomBrightness: onColors((x) => image.randomBrightness(x, 0.2, 1)),
  randomContrast: onColors((x) => image.randomContrast(x, 0.5, 1.5, 1)),
  randomHue: onColors((x) => image.randomHue(x, 0.1, 1)),
  randomSaturation: onColors((x) => image.randomSaturation(x, 0.4, 0.9, 1)),
  randomCrop: of((x) => image.randomCrop(x, [1, 2, 2, 1], 1), pixels()),
  statelessRandomFlipLeftRight: of((x) => image.statelessRandomFlipLeftRight(x, 1), pixels()),
  statelessRandomFlipUpDown: of((x) => image.statelessRandomFlipUpDown(x, 1), pixels()),
  statelessRandomBrightness: onColors((x) => image.statelessRandomBrightness(x, 0.2, 1)),
  statelessRandomContrast: onColors((x) => image.statelessRandomContrast(x, 0.5, 1.5, 1)),
  statelessRandomHue: onColors((x) => image.statelessRandomHue(x, 0.1, 1)),
  statelessRandomSaturation: onColors((x) => image.statelessRandomSaturation(x, 0.4, 0.9, 1)),
  statelessRandomCrop: of((x) => image.statelessRandomCrop(x, [1, 2, 2, 1], 1), pixels()),
};
/** Of places and booleans. */
export const imageWithoutGradient = [
  ...['nonMaxSuppression', 'nonMaxSuppressionAsync', 'nonMaxSuppressionWithScore', 'nonMaxSuppressionWithScoreAsync'],
  ...['nonMaxSuppressionPadded', 'nonMaxSuppressionPaddedAsync', 'combinedNonMaxSuppression'],
  ...['sampleDistortedBoundingBox', 'threshold'],
];

/** The same for `tf.fused`. */
export const fusedCases: Readonly<Record<string, Case>> = {
  conv2d: of(
    (x, filter, bias) => tf.fused.conv2d({ x, filter, strides: 1, pad: 'same', bias, activation: 'sigmoid' }),
    pixels(),
    numbers([2, 2, 1, 2]),
    numbers([2]),
  ),
  depthwiseConv2d: of(
    (x, filter) => tf.fused.depthwiseConv2d({ x, filter, strides: 1, pad: 'same', activation: 'elu' }),
    pixels(2),
    numbers([2, 2, 2, 1]),
  ),
  matMul: of(
    (a, b, alpha) => tf.fused.matMul({ a, b, activation: 'prelu', preluActivationWeights: alpha }),
    numbers([2, 3]),
    numbers([3, 2]),
    numbers([2]),
  ),
};

const places = [[0, 1], [1, 0], [1, 2]]; // prettier-ignore
const grid = (values: Tensor): tf.SparseTensor => new tf.SparseTensor(places, values, [3, 3]);
const others = (values: Tensor): tf.SparseTensor => new tf.SparseTensor([[0, 1], [2, 2]], values, [3, 3]); // prettier-ignore
const onValues = (f: (x: tf.SparseTensor) => tf.SparseTensor): Case => of((v) => f(grid(v)).toDense(), numbers([3]));
const onPair = (f: (a: tf.SparseTensor, b: tf.SparseTensor) => tf.SparseTensor): Case =>
  of((a, b) => f(grid(a), others(b)).toDense(), numbers([3]), numbers([2]));
const onSegments = (f: typeof sparse.segmentSum): Case => of((x) => f(x, [0, 2, 1, 2], [0, 0, 1, 3]), numbers([3, 2]));

/** The same for `tf.sparse`, at the values. */
export const sparseCases: Readonly<Record<string, Case>> = {
  fromDense: of((x) => sparse.fromDense(x).values, numbers([2, 3])),
  toDense: of((v) => sparse.toDense(grid(v), 2), numbers([3])),
  reorder: onValues(sparse.reorder),
  retain: onValues((x) => sparse.retain(x, [true, false, true])),
  mask: onValues((x) => sparse.mask(x, [0])),
  mapValues: onValues((x) => sparse.mapValues(tf.sin, x)),
  concat: onPair((a, b) => sparse.concat(0, [a, b])),
  slice: onValues((x) => sparse.slice(x, [1, 0], [2, 2])),
  split: onValues((x) => sparse.split(x, 2)[0]),
  reshape: onValues((x) => sparse.reshape(x, [9])),
  expandDims: onValues((x) => sparse.expandDims(x, 0)),
  transpose: onValues((x) => sparse.transpose(x)),
  resetShape: onValues((x) => sparse.resetShape(x, [4, 4])),
  fillEmptyRows: of((v, d) => sparse.fillEmptyRows(grid(v), d).output.toDense(), numbers([3]), numbers([])),
  sparseFillEmptyRows: of((v) => sparse.sparseFillEmptyRows(places, v, [3, 3], 1).outputValues, numbers([3])),
  add: onPair((a, b) => sparse.add(a, b)),
  maximum: onPair(sparse.maximum),
  minimum: onPair(sparse.minimum),
  mul: of((v, d) => sparse.mul(grid(v), d).toDense(), numbers([3]), numbers([3])),
  reduceSum: of((v) => sparse.reduceSum(grid(v), 1), numbers([3])),
  reduceMax: of((v) => sparse.reduceMax(grid(v), 1), numbers([3])),
  softmax: onValues(sparse.softmax),
  sparseDenseMatMul: of((v, b) => sparse.sparseDenseMatMul(grid(v), b, true), numbers([3]), numbers([3, 2])),
  sparseMatMul: onPair(sparse.sparseMatMul),
  segmentSum: onSegments(sparse.segmentSum),
  segmentMean: onSegments(sparse.segmentMean),
  segmentSqrtN: onSegments(sparse.segmentSqrtN),
  sparseSegmentSum: onSegments(sparse.sparseSegmentSum),
  sparseSegmentMean: onSegments(sparse.sparseSegmentMean),
  embeddingLookupSparse: of(
    (table, w) => sparse.embeddingLookupSparse(table, grid(tf.tensor([1, 0, 2], [3], 'int32')), grid(w), 'sqrtn'),
    numbers([3, 2]),
    numbers([3], 0.5, 2),
  ),
};
/** Of places alone. */
export const sparseWithoutGradient = ['SparseTensor', 'eye', 'toIndicator', 'sparseReshape'];
