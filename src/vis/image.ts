/** @file Tensors as images. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import { type NumericInput, type Numbers, extent, readNumbers } from './numbers.ts';
import { type Raster, rasterToPNG } from './png.ts';

export interface PixelOptions {
  /**
   * Values of black and of white. Left out: 0 and 255 for integers; for floats 0 and 1 where all values lie there, else -1
   * and 1, else 0 and 255, else the least and the greatest value.
   */
  range?: readonly [black: number, white: number];
}

export interface ImageOptions extends PixelOptions {
  /** Screen pixels a pixel of the image; small images are enlarged where it is left out. */
  scale?: number;
}

/** An image as a value: shows itself, and gives its PNG file. */
export class Picture implements Displayable {
  private readonly raster: Raster;
  private readonly scale: number;

  constructor(raster: Raster, scale: number) {
    this.raster = raster;
    this.scale = scale;
  }

  /** The bytes of a PNG file. */
  toPNG(): Promise<Uint8Array> {
    return rasterToPNG(this.raster, this.scale);
  }

  toString(): string {
    const kind = { 1: 'grey', 2: 'grey with opacity', 3: 'RGB', 4: 'RGBA' }[this.raster.channels];
    return `Image, ${this.raster.width} x ${this.raster.height} pixels, ${kind}`;
  }

  async [displaySymbol](): Promise<MimeBundle> {
    return { 'image/png': Buffer.from(await this.toPNG()).toString('base64'), 'text/plain': this.toString() };
  }
}

/**
 * Shows a tensor as an image.
 *
 * @param pixels shape [height, width], or [height, width, channels] with 1 (grey), 3 (RGB) or 4 (RGBA) channels
 * @throws ShapeError for other shapes
 * @example
 * tf.vis.image(tf.randomUniform([28, 28]))
 */
export function image(pixels: NumericInput, options: ImageOptions = {}): Picture {
  const raster = imageRaster(pixels, options);
  return new Picture(raster, wholeScale(options.scale ?? enlargement(raster, 200), 'tf.vis.image'));
}

/** The 8-bit pixels of one image. @throws ShapeError */
export function imageRaster(pixels: NumericInput, options: PixelOptions = {}): Raster {
  const numbers = readNumbers(pixels, 'tf.vis.image');
  return toRaster(numbers, numbers.shape, 0, rangeOf(numbers, options), 'tf.vis.image');
}

/** 8-bit pixels of the image that begins at `offset`. */
export function toRaster(
  { values }: Numbers,
  shape: Shape,
  offset: number,
  [black, white]: readonly [number, number],
  operation: string,
): Raster {
  const [height, width, channels = 1] = shape;
  if (
    shape.length < 2 ||
    shape.length > 3 ||
    (channels !== 1 && channels !== 3 && channels !== 4) ||
    height * width === 0
  )
    throw new ShapeError(
      `${operation} expects images of shape [height, width] or [height, width, 1, 3 or 4], got ${formatShape(shape)}.`,
    );
  const pixels = new Uint8Array(height * width * channels);
  const scale = 255 / (white - black || 1);
  for (let i = 0; i < pixels.length; i++) {
    const level = (values[offset + i] - black) * scale;
    pixels[i] = level <= 0 || Number.isNaN(level) ? 0 : level >= 255 ? 255 : Math.round(level);
  }
  return { pixels, width, height, channels };
}

export function rangeOf({ values, integers }: Numbers, { range }: PixelOptions): readonly [number, number] {
  if (range) return range;
  const [low, high] = extent(values);
  const usual = integers
    ? [[0, 255]]
    : [
        [0, 1],
        [-1, 1],
        [0, 255],
      ];
  const fitting = usual.find(([black, white]) => low >= black && high <= white);
  return fitting ? [fitting[0], fitting[1]] : [low, high];
}

/** The factor that makes an image about `target` pixels high. */
export const enlargement = ({ height, width }: Raster, target: number): number =>
  Math.max(1, Math.round(target / Math.max(height, width)));

export function wholeScale(scale: number, operation: string): number {
  if (!(Number.isInteger(scale) && scale >= 1))
    throw new ArgumentError(`${operation}: scale must be a whole number of at least 1, got ${scale}.`);
  return scale;
}
