/** @file Colours: spaces, and changes of brightness, contrast, hue and the like. */
import * as p from '../../primitives/calls.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { type Shape, formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toFloat, toTensor } from '../convert.ts';
import { hostTensor } from '../host-tensor.ts';
import { inFloats, toColors } from './operands.ts';
import { op } from '../../symbolic/op.ts';

const lastAxis = (x: Tensor): number => x.rank - 1;
/** Each channel by itself, as a vector of all pixels: taken apart in one movement of the whole image. */
function channels(x: Tensor): [Tensor, Tensor, Tensor] {
  const pixels = x.size / 3;
  const apart = p.transpose(p.reshape(x, [pixels, 3]), [1, 0]);
  const channel = (i: number): Tensor => p.reshape(p.slice(apart, [i, 0], [1, pixels]), [pixels]);
  return [channel(0), channel(1), channel(2)];
}
/** Three vectors as the channels of an image of this shape. */
function join(parts: readonly Tensor[], shape: Shape): Tensor {
  const rows = p.concat(parts.map((part) => p.reshape(part, [1, part.size])), 0); // prettier-ignore
  return p.reshape(p.transpose(rows, [1, 0]), shape);
}
/** A number, or a scalar tensor, beside `like`. */
const factorLike = (factor: TensorLike, like: Tensor, operation: string): Tensor =>
  typeof factor === 'number' ? scalarLike(factor, like) : p.cast(toTensor(factor, operation), like.dtype);

/** Colour times a matrix [from channel, to channel]. */
const mixed =
  (operation: string, ...rows: readonly (readonly number[])[]) =>
  (images: TensorLike): Tensor => {
    const x = toColors(toFloat(images, operation), operation);
    const matrix = hostTensor(rows.flat(), [rows.length, rows[0].length], x.dtype);
    return p.reshape(p.matMul(p.reshape(x, [x.size / 3, 3]), matrix), x.shape);
  };

/**
 * Red, green and blue to luma and chrominance of NTSC.
 *
 * @example `tf.image.rgbToYiq([[[1, 0, 0]]])` is `[[[0.299, 0.5959, 0.2115]]]`
 */
export const rgbToYiq: (images: TensorLike) => Tensor = op(
  'image.rgbToYiq',
  mixed(
    'image.rgbToYiq',
    [0.299, 0.59590059, 0.2115],
    [0.587, -0.27455667, -0.52273617],
    [0.114, -0.32134392, 0.31119955],
  ),
);
/** The inverse of {@link rgbToYiq}. @example `tf.image.yiqToRgb([[[1, 0, 0]]])` is `[[[1, 1, 1]]]` */
export const yiqToRgb: (images: TensorLike) => Tensor = op(
  'image.yiqToRgb',
  mixed('image.yiqToRgb', [1, 1, 1], [0.95598634, -0.27201283, -1.10674021], [0.6208248, -0.64720424, 1.70423049]),
);
/**
 * Red, green and blue to luma and chrominance of PAL.
 *
 * @example `tf.image.rgbToYuv([[[1, 1, 1]]])` is `[[[1, 0, 0]]]`
 */
export const rgbToYuv: (images: TensorLike) => Tensor = op(
  'image.rgbToYuv',
  mixed(
    'image.rgbToYuv',
    [0.299, -0.14714119, 0.61497538],
    [0.587, -0.28886916, -0.51496512],
    [0.114, 0.43601035, -0.10001026],
  ),
);
/** The inverse of {@link rgbToYuv}. @example `tf.image.yuvToRgb([[[1, 0, 0]]])` is `[[[1, 1, 1]]]` */
export const yuvToRgb: (images: TensorLike) => Tensor = op(
  'image.yuvToRgb',
  mixed('image.yuvToRgb', [1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]),
);

/**
 * Three equal channels from one. @param image `[..., 1]` @returns `[..., 3]`
 *
 * @example `tf.image.grayscaleToRGB([[[5]]])` is `[[[5, 5, 5]]]`
 */
export const grayscaleToRGB = op('image.grayscaleToRGB', function grayscaleToRGB(image: TensorLike): Tensor {
  const x = toTensor(image, 'image.grayscaleToRGB');
  if (x.rank < 1 || x.shape[x.rank - 1] !== 1)
    throw new ShapeError(`image.grayscaleToRGB: expected a last axis of 1 channel, got shape ${formatShape(x.shape)}.`);
  return p.broadcastTo(x, x.shape.with(lastAxis(x), 3));
});

/**
 * Brightness as the eye sees it: `0.2989 red + 0.587 green + 0.114 blue`. @param image `[..., 3]` @returns `[..., 1]`
 *
 * @example `tf.image.rgbToGrayscale([[[1, 0, 0]]])` is `[[[0.2989]]]`
 */
export const rgbToGrayscale = op('image.rgbToGrayscale', (image: TensorLike): Tensor =>
  inFloats(toColors(image, 'image.rgbToGrayscale'), (x) =>
    p.sum(p.mul(x, hostTensor([0.2989, 0.587, 0.114], [3], x.dtype)), [lastAxis(x)], true),
  ),
);

/**
 * Red, green and blue in [0, 1] to hue, saturation and value in [0, 1]. @param images `[..., 3]`
 *
 * @example `tf.image.rgbToHsv([[[0, 1, 0]]])` is `[[[0.3333, 1, 1]]]`
 */
export const rgbToHsv = op('image.rgbToHsv', function rgbToHsv(images: TensorLike): Tensor {
  const x = toColors(toFloat(images, 'image.rgbToHsv'), 'image.rgbToHsv');
  const [red, green, blue] = channels(x);
  const [zero, one, sixth] = [scalarLike(0, x), scalarLike(1, x), scalarLike(1 / 6, x)];
  const value = p.maximum(p.maximum(red, green), blue);
  const range = p.sub(value, p.minimum(p.minimum(red, green), blue));
  const isGrey = p.lessEqual(range, zero);
  const isBlack = p.lessEqual(value, zero);
  const saturation = p.select(isBlack, zero, p.div(range, p.select(isBlack, one, value)));
  const unit = p.div(sixth, p.select(isGrey, one, range));
  const towards = (a: Tensor, b: Tensor, from: number): Tensor =>
    p.add(p.mul(unit, p.sub(a, b)), scalarLike(from / 6, x));
  const hue = p.select(
    p.equal(red, value),
    towards(green, blue, 0),
    p.select(p.equal(green, value), towards(blue, red, 2), towards(red, green, 4)),
  );
  const positive = p.select(p.less(hue, zero), p.add(hue, one), hue);
  return join([p.select(isGrey, zero, positive), saturation, value], x.shape);
});

/**
 * The inverse of {@link rgbToHsv}. @param images `[..., 3]`: hue, saturation and value in [0, 1]
 *
 * @example `tf.image.hsvToRgb([[[0.5, 1, 1]]])` is `[[[0, 1, 1]]]`
 */
export const hsvToRgb = op('image.hsvToRgb', function hsvToRgb(images: TensorLike): Tensor {
  const x = toColors(toFloat(images, 'image.hsvToRgb'), 'image.hsvToRgb', 'hue, saturation, value');
  const [hue, saturation, value] = channels(x);
  const number = (n: number): Tensor => scalarLike(n, x);
  const angle = p.mul(hue, number(6));
  const unit = (y: Tensor): Tensor => p.minimum(p.maximum(y, number(0)), number(1));
  const distance = (from: number): Tensor => p.abs(p.sub(angle, number(from)));
  const pure = [p.sub(distance(3), number(1)), p.sub(number(2), distance(2)), p.sub(number(2), distance(4))];
  const grey = p.sub(number(1), saturation);
  return join(
    pure.map((share) => p.mul(p.add(grey, p.mul(saturation, unit(share))), value)),
    x.shape,
  );
});

/**
 * Adds `delta` to all colours. Integer images count as [0, 1] and are cut at the ends of their dtype.
 *
 * @example `tf.image.adjustBrightness([[[0.5]]], 0.2)` is `[[[0.7]]]`
 */
export const adjustBrightness = op('image.adjustBrightness', (image: TensorLike, delta: TensorLike): Tensor =>
  inFloats(toTensor(image, 'image.adjustBrightness'), (x) => p.add(x, factorLike(delta, x, 'image.adjustBrightness'))),
);

/**
 * `(x - mean) · contrastFactor + mean`, with the mean of each channel of each image. @param images `[..., height, width, channels]`
 *
 * @example `tf.image.adjustContrast([[[1], [3]]], 2)` is `[[[0], [4]]]`
 */
export const adjustContrast = op(
  'image.adjustContrast',
  function adjustContrast(images: TensorLike, contrastFactor: TensorLike): Tensor {
    const value = toTensor(images, 'image.adjustContrast');
    if (value.rank < 3)
      throw new ShapeError(
        `image.adjustContrast: expected images of rank 3 or more, got shape ${formatShape(value.shape)}.`,
      );
    return inFloats(value, (x) => {
      const total = p.sum(x, [x.rank - 3, x.rank - 2], true);
      const mean = p.div(total, scalarLike(x.shape[x.rank - 3] * x.shape[x.rank - 2], x));
      return p.add(p.mul(p.sub(x, mean), factorLike(contrastFactor, x, 'image.adjustContrast')), mean);
    });
  },
);

/**
 * Turns the circle of hues by `delta`, of which 1 is all the way round. @param image `[..., 3]`
 *
 * @example `tf.image.adjustHue([[[1, 0, 0]]], 0.5)` is `[[[0, 1, 1]]]`
 */
export const adjustHue = op('image.adjustHue', (image: TensorLike, delta: TensorLike): Tensor =>
  inFloats(toColors(image, 'image.adjustHue'), (x) => {
    const [hue, saturation, value] = channels(rgbToHsv(x));
    const turned = p.mod(p.add(hue, factorLike(delta, x, 'image.adjustHue')), scalarLike(1, x));
    return hsvToRgb(join([turned, saturation, value], x.shape));
  }),
);

/**
 * Multiplies the saturation, which stays within [0, 1]. @param image `[..., 3]`
 *
 * @example `tf.image.adjustSaturation([[[1, 0.5, 0.5]]], 0)` is `[[[1, 1, 1]]]`
 */
export const adjustSaturation = op(
  'image.adjustSaturation',
  (image: TensorLike, saturationFactor: TensorLike): Tensor =>
    inFloats(toColors(image, 'image.adjustSaturation'), (x) => {
      const [hue, saturation, value] = channels(rgbToHsv(x));
      const scaled = p.mul(saturation, factorLike(saturationFactor, x, 'image.adjustSaturation'));
      const bounded = p.minimum(p.maximum(scaled, scalarLike(0, x)), scalarLike(1, x));
      return hsvToRgb(join([hue, bounded, value], x.shape));
    }),
);

/** `gain · xᵞ`. @example `tf.image.adjustGamma([[[0.5]]], 2)` is `[[[0.25]]]` */
export const adjustGamma = op(
  'image.adjustGamma',
  function adjustGamma(image: TensorLike, gamma = 1, gain = 1): Tensor {
    if (!(gamma >= 0)) throw new ArgumentError(`image.adjustGamma: expected gamma of 0 or more, got ${gamma}.`);
    return inFloats(toTensor(image, 'image.adjustGamma'), (x) =>
      p.mul(p.pow(x, scalarLike(gamma, x)), scalarLike(gain, x)),
    );
  },
);

/**
 * `(x - mean) / max(deviation, 1 / √size)` for each image: mean 0 and variance 1, and no division by 0 for one colour.
 *
 * @param image `[..., height, width, channels]`
 * @example `tf.image.perImageStandardization([[[1], [3]]])` is `[[[-1], [1]]]`
 */
export const perImageStandardization = op(
  'image.perImageStandardization',
  function perImageStandardization(image: TensorLike): Tensor {
    const given = toTensor(image, 'image.perImageStandardization');
    const x = isFloating(given.dtype) ? given : p.cast(given, 'float32');
    if (x.rank < 3)
      throw new ShapeError(
        `image.perImageStandardization: expected images of rank 3 or more, got shape ${formatShape(x.shape)}.`,
      );
    const axes = [x.rank - 3, x.rank - 2, x.rank - 1];
    const count = axes.reduce((product, axis) => product * x.shape[axis], 1);
    const mean = (y: Tensor): Tensor => p.div(p.sum(y, axes, true), scalarLike(count, y));
    const centred = p.sub(x, mean(x));
    const deviation = p.sqrt(mean(p.square(centred)));
    return p.div(centred, p.maximum(deviation, scalarLike(1 / Math.sqrt(count), x)));
  },
);

/**
 * Black and white by a threshold, as int32 0 and 255.
 *
 * @param image `[height, width, 1 or 3]` with colours from 0 to 255.
 * @param method `'binary'`: `threshValue`; `'otsu'`: the threshold that parts dark and bright pixels best (Otsu, 1979).
 * @param inverted Whether dark pixels become white.
 * @param threshValue As a share of 255.
 * @example `tf.image.threshold([[[50], [200]]])` is `[[[0], [255]]]`
 */
export const threshold = op(
  'image.threshold',
  function threshold(
    image: TensorLike,
    method: 'binary' | 'otsu' = 'binary',
    inverted = false,
    threshValue = 0.5,
  ): Tensor {
    const given = toFloat(image, 'image.threshold');
    const depth = given.shape[2];
    if (given.rank !== 3 || (depth !== 1 && depth !== 3))
      throw new ShapeError(
        `image.threshold: expected an image [height, width, 1 or 3], got shape ${formatShape(given.shape)}.`,
      );
    if (method !== 'binary' && method !== 'otsu')
      throw new ArgumentError(`image.threshold: expected 'binary' or 'otsu', got ${JSON.stringify(method)}.`);
    const grey = depth === 3 ? rgbToGrayscale(given) : given;
    const border = method === 'otsu' ? otsu(grey) : scalarLike(threshValue * 255, grey);
    const chosen = inverted ? p.lessEqual(grey, border) : p.greater(grey, border);
    return p.mul(p.cast(chosen, 'int32'), hostTensor([255], []));
  },
);

/** The level at which the variance between the pixels up to it and those above is largest. */
function otsu(grey: Tensor): Tensor {
  const levels = 256;
  const flat = p.reshape(p.cast(p.round(grey), 'int32'), [grey.size]);
  const bounded = p.minimum(p.maximum(flat, scalarLike(0, flat)), scalarLike(levels - 1, flat));
  const ones = p.broadcastTo(scalarLike(1, grey), [grey.size]);
  const histogram = p.scatterAdd(ones, bounded, 0, levels);
  const level = hostTensor(Array.from({ length: levels }, (_, i) => i), [levels], grey.dtype); // prettier-ignore
  const below = p.cumsum(histogram, 0);
  const above = p.sub(scalarLike(grey.size, grey), below);
  const sumBelow = p.cumsum(p.mul(histogram, level), 0);
  const sumAbove = p.sub(p.sum(p.mul(histogram, level)), sumBelow);
  const mean = (sum: Tensor, count: Tensor): Tensor => p.div(sum, p.maximum(count, scalarLike(1, count)));
  const between = p.mul(p.mul(below, above), p.square(p.sub(mean(sumBelow, below), mean(sumAbove, above))));
  return p.cast(p.argMax(between, 0), grey.dtype);
}
