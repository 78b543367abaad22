/** @file How alike two images are. */
import * as p from '../../primitives/calls.ts';
import { integerRange, isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toOperands } from '../convert.ts';
import { depthwiseConv2d } from '../convolution.ts';
import { hostTensor } from '../host-tensor.ts';
import { avgPool } from '../pooling.ts';
import { convertImageDtype } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/** Two images of one shape as floats, with the largest value in the same scale. */
function toImagePair(a: TensorLike, b: TensorLike, maxVal: number, operation: string): [Tensor, Tensor, number] {
  const [first, second] = toOperands([a, b], operation);
  if (first.rank < 3 || !shapesEqual(first.shape, second.shape))
    throw new ShapeError(
      `${operation}: expected two images of one shape, of rank 3 or more, got ${formatShape(first.shape)} and ${formatShape(second.shape)}.`,
    );
  // Integers become shares of their largest number, and so does the span.
  const scale = isFloating(first.dtype) ? maxVal : maxVal / integerRange(first.dtype)[1];
  const toFloats = (x: Tensor): Tensor =>
    x.dtype === 'float64' || x.dtype === 'float32' ? x : convertImageDtype(x, 'float32');
  return [toFloats(first), toFloats(second), scale];
}

const meanOver = (x: Tensor, axes: readonly number[]): Tensor =>
  p.div(p.sum(x, axes), scalarLike(axes.reduce((count, axis) => count * x.shape[axis], 1), x)); // prettier-ignore

/**
 * The peak signal to noise ratio in decibels, `10 log₁₀(maxVal² / mean((a - b)²))`, for each image.
 *
 * @param a `[..., height, width, channels]`
 * @param b Of that shape.
 * @param maxVal The span of the colours: 255 for bytes, 1 for floats.
 * @example `tf.image.psnr([[[0]]], [[[1]]], 10)` is `20`
 */
export const psnr = op('image.psnr', function psnr(a: TensorLike, b: TensorLike, maxVal: number): Tensor {
  const [first, second, scale] = toImagePair(a, b, maxVal, 'image.psnr');
  const { rank } = first;
  const error = meanOver(p.square(p.sub(first, second)), [rank - 3, rank - 2, rank - 1]);
  const peak = scalarLike((20 * Math.log(scale)) / Math.LN10, error);
  return p.sub(peak, p.mul(p.log(error), scalarLike(10 / Math.LN10, error)));
});

interface Similarity {
  readonly filterSize: number;
  readonly filterSigma: number;
  readonly k1: number;
  readonly k2: number;
  readonly maxVal: number;
}

/** Weighted means over windows, of [batch, height, width, channels]. */
function blur(x: Tensor, { filterSize, filterSigma }: Similarity): Tensor {
  const bell = Array.from({ length: filterSize }, (_, i) =>
    Math.exp(-((i - (filterSize - 1) / 2) ** 2) / (2 * filterSigma ** 2)),
  );
  const total = bell.reduce((a, b) => a + b, 0);
  const channels = x.shape[3];
  const weights = bell.flatMap((weight) => new Array<number>(channels).fill(weight / total));
  const down = depthwiseConv2d(x, hostTensor(weights, [filterSize, 1, channels, 1], x.dtype));
  return depthwiseConv2d(down, hostTensor(weights, [1, filterSize, channels, 1], x.dtype));
}

/** The similarity at each window, and the part of it that is about contrast and structure. */
function similarities(a: Tensor, b: Tensor, options: Similarity): { whole: Tensor; structure: Tensor } {
  const [c1, c2] = [options.k1, options.k2].map((k) => scalarLike((k * options.maxVal) ** 2, a));
  const twice = (x: Tensor): Tensor => p.mul(x, scalarLike(2, x));
  const [meanA, meanB] = [blur(a, options), blur(b, options)];
  const product = twice(p.mul(meanA, meanB));
  const squares = p.add(p.square(meanA), p.square(meanB));
  const luminance = p.div(p.add(product, c1), p.add(squares, c1));
  const products = twice(blur(p.mul(a, b), options));
  const sums = blur(p.add(p.square(a), p.square(b)), options);
  const structure = p.div(p.add(p.sub(products, product), c2), p.add(p.sub(sums, squares), c2));
  return { whole: p.mul(luminance, structure), structure };
}

/** Images as [batch, height, width, channels]; leading axes are restored on results of [batch, ...]. */
const asBatch = (x: Tensor): Tensor => p.reshape(x, [x.size / Math.max(1, sizeOfImage(x)), ...x.shape.slice(-3)]);
const sizeOfImage = (x: Tensor): number => x.shape.slice(-3).reduce((a, b) => a * b, 1);

function checkFilter(filterSize: number, height: number, width: number, operation: string): void {
  if (!Number.isInteger(filterSize) || filterSize < 1)
    throw new ArgumentError(`${operation}: expected a filterSize of 1 or more, got ${filterSize}.`);
  if (height < filterSize || width < filterSize)
    throw new ShapeError(
      `${operation}: images of ${height} x ${width} pixels are smaller than the filter of ${filterSize}; use a smaller filterSize or fewer powerFactors.`,
    );
}

/**
 * The structural similarity of images (Wang et al., 2004), 1 for equal ones.
 *
 * @param img1 `[..., height, width, channels]`
 * @param img2 Of that shape.
 * @param maxVal The span of the colours: 255 for bytes, 1 for floats.
 * @param filterSize Size of the bell under which colours are compared.
 * @param filterSigma Its width.
 * @param k1 Keeps quotients of means finite.
 * @param k2 Keeps quotients of variances finite.
 * @param returnIndexMap Whether to give the similarity at each window rather than its mean for each image.
 * @example `tf.image.ssim(tf.ones([12, 12, 1]), tf.ones([12, 12, 1]), 1)` is `1`
 */
export const ssim = op(
  'image.ssim',
  function ssim(
    img1: TensorLike,
    img2: TensorLike,
    maxVal: number,
    filterSize = 11,
    filterSigma = 1.5,
    k1 = 0.01,
    k2 = 0.03,
    returnIndexMap = false,
  ): Tensor {
    const [a, b, scale] = toImagePair(img1, img2, maxVal, 'image.ssim');
    checkFilter(filterSize, a.shape[a.rank - 3], a.shape[a.rank - 2], 'image.ssim');
    const options = { filterSize, filterSigma, k1, k2, maxVal: scale };
    const { whole } = similarities(asBatch(a), asBatch(b), options);
    const lead = a.shape.slice(0, -3);
    if (returnIndexMap) {
      const map = meanOver(whole, [3]);
      return p.reshape(map, [...lead, ...map.shape.slice(1)]);
    }
    return p.reshape(meanOver(whole, [1, 2, 3]), lead);
  },
);

/** Half the height and width; an odd edge is repeated first. */
function halved(x: Tensor): Tensor {
  const repeated = [1, 2].reduce((y, axis) => {
    const size = y.shape[axis];
    const places = Array.from({ length: size }, (_, i) => i);
    return size % 2 === 0 ? y : p.gather(y, hostTensor([...places, size - 1]), axis);
  }, x);
  return avgPool(repeated, 2, 2, 'valid');
}

const defaultPowers = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/**
 * The structural similarity over several scales (Wang et al., 2003): each image is halved again and again.
 *
 * The other arguments are those of {@link ssim}.
 *
 * @param powerFactors The weight of each scale; as many scales as there are factors.
 */
export const ssimMultiscale = op(
  'image.ssimMultiscale',
  function ssimMultiscale(
    img1: TensorLike,
    img2: TensorLike,
    maxVal: number,
    powerFactors: readonly number[] = defaultPowers,
    filterSize = 11,
    filterSigma = 1.5,
    k1 = 0.01,
    k2 = 0.03,
  ): Tensor {
    const operation = 'image.ssimMultiscale';
    const [first, second, scale] = toImagePair(img1, img2, maxVal, operation);
    const options = { filterSize, filterSigma, k1, k2, maxVal: scale };
    let [a, b] = [asBatch(first), asBatch(second)];
    const factors = powerFactors.map((power, level) => {
      if (level > 0) [a, b] = [halved(a), halved(b)];
      checkFilter(filterSize, a.shape[1], a.shape[2], operation);
      const { whole, structure } = similarities(a, b, options);
      const value = meanOver(level === powerFactors.length - 1 ? whole : structure, [1, 2]);
      // A negative similarity has no power.
      return p.pow(p.relu(value), scalarLike(power, value));
    });
    if (factors.length === 0) throw new ArgumentError(`${operation}: expected one powerFactor or more, got none.`);
    return p.reshape(meanOver(factors.reduce(p.mul), [1]), first.shape.slice(0, -3));
  },
);
