/** @file Tensors as images, and grids of them. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, sizeOf } from '../tensor/shape.ts';
import { element, textElement } from './markup.ts';
import { type NumericInput, type Numbers, extent, readNumbers } from './numbers.ts';
import { bad, good, neutralTitle, sansSerif } from './palette.ts';
import { type Raster, rasterToPNG, svgToPNG } from './png.ts';

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

export interface ImageGridOptions extends PixelOptions {
  /** How many images stand side by side. Default: as many as make the grid about twice as wide as high, up to 10. */
  columns?: number;
  /** A line above each image. */
  titles?: ArrayLike<string | number>;
  /** Colours the titles: true is right (green), false is wrong (red). */
  correct?: ArrayLike<boolean | number>;
  /** Screen pixels a pixel of the images; small images are enlarged where it is left out. */
  scale?: number;
  /** No more images than this are shown. Default 100. */
  maxImages?: number;
  /** Shape of one image, [height, width] or [height, width, channels], where the images come as flat rows. */
  imageShape?: Shape;
}

/** A grid of images as a value: shows itself as SVG with the images inside, or as one PNG. */
export class ImageGrid implements Displayable {
  private readonly images: readonly Raster[];
  private readonly total: number;
  private readonly options: ImageGridOptions;
  private drawing: Promise<string> | undefined;

  constructor(images: readonly Raster[], total: number, options: ImageGridOptions) {
    this.images = images;
    this.total = total;
    this.options = options;
  }

  /** The grid as SVG source. */
  toSVG(): Promise<string> {
    this.drawing ??= gridSVG(this.images, this.options);
    return this.drawing;
  }

  /** The grid as the bytes of a PNG file. */
  async toPNG(options: { scale?: number; background?: string } = {}): Promise<Uint8Array> {
    return svgToPNG(await this.toSVG(), options);
  }

  toString(): string {
    const [{ width, height } = { width: 0, height: 0 }] = this.images;
    const count = this.total > this.images.length ? `${this.images.length} of ${this.total}` : `${this.images.length}`;
    const titles = Array.from(this.options.titles ?? []).slice(0, this.images.length);
    return `${count} images of ${width} x ${height} pixels${titles.length ? `: ${titles.join(', ')}` : ''}`;
  }

  async [displaySymbol](): Promise<MimeBundle> {
    const [svg, png] = [await this.toSVG(), await this.toPNG()];
    return { 'image/svg+xml': svg, 'image/png': Buffer.from(png).toString('base64'), 'text/plain': this.toString() };
  }
}

/**
 * Shows images side by side.
 *
 * @param images shape [n, height, width] or [n, height, width, channels], or a list of images; with `imageShape` [n, pixels]
 * @throws ShapeError, ArgumentError
 * @example
 * tf.vis.imageGrid(digits, { titles: labels, columns: 8 })
 */
export function imageGrid(images: NumericInput, options: ImageGridOptions = {}): ImageGrid {
  const operation = 'tf.vis.imageGrid';
  const numbers = readNumbers(images, operation);
  const [total, ...rest] = numbers.shape;
  const shape = options.imageShape ?? rest;
  if (numbers.shape.length < 2 || sizeOf(shape) !== sizeOf(rest))
    throw new ShapeError(
      `${operation} expects images of shape [n, height, width] or [n, height, width, channels]` +
        `${options.imageShape ? `, or [n, ${sizeOf(shape)}] for imageShape ${formatShape(shape)}` : ''}; got ${formatShape(numbers.shape)}.`,
    );
  const { columns, maxImages = 100 } = options;
  for (const [name, value] of Object.entries({ columns, maxImages }))
    if (value !== undefined && !(Number.isInteger(value) && value >= 1))
      throw new ArgumentError(`${operation}: ${name} must be a whole number of at least 1, got ${value}.`);
  const range = rangeOf(numbers, options);
  const rasters = Array.from({ length: Math.min(total, maxImages) }, (_, i) =>
    toRaster(numbers, shape, i * sizeOf(shape), range, operation),
  );
  if (options.scale !== undefined) wholeScale(options.scale, operation);
  return new ImageGrid(rasters, total, options);
}

/** 8-bit pixels of the image that begins at `offset`. */
function toRaster(
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

function rangeOf({ values, integers }: Numbers, { range }: PixelOptions): readonly [number, number] {
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
const enlargement = ({ height, width }: Raster, target: number): number =>
  Math.max(1, Math.round(target / Math.max(height, width)));

function wholeScale(scale: number, operation: string): number {
  if (!(Number.isInteger(scale) && scale >= 1))
    throw new ArgumentError(`${operation}: scale must be a whole number of at least 1, got ${scale}.`);
  return scale;
}

async function gridSVG(images: readonly Raster[], options: ImageGridOptions): Promise<string> {
  const [{ width, height } = { width: 0, height: 0 }] = images;
  const scale = options.scale ?? (images[0] ? enlargement(images[0], 72) : 1);
  const columns = Math.min(images.length, options.columns ?? Math.min(10, Math.ceil(Math.sqrt(images.length * 2))));
  const titleHeight = options.titles ? 18 : 0;
  const gap = 8;
  const cell = { width: width * scale + gap, height: height * scale + gap + titleHeight };
  const rows = columns === 0 ? 0 : Math.ceil(images.length / columns);
  const drawn = await Promise.all(
    images.map(async (raster, i) => {
      const x = (i % columns) * cell.width;
      const y = Math.floor(i / columns) * cell.height;
      const png = Buffer.from(await rasterToPNG(raster, scale)).toString('base64');
      const title = options.titles?.[i];
      return (
        (title === undefined
          ? ''
          : gridTitle(String(title), options.correct?.[i], x + (width * scale) / 2, y + 13, width * scale + gap)) +
        element('image', {
          x,
          y: y + titleHeight,
          width: width * scale,
          height: height * scale,
          href: `data:image/png;base64,${png}`,
          style: 'image-rendering:pixelated',
        })
      );
    }),
  );
  const size = { width: Math.max(1, columns * cell.width - gap), height: Math.max(1, rows * cell.height - gap) };
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      ...size,
      viewBox: `0 0 ${size.width} ${size.height}`,
      'font-family': sansSerif,
    },
    ...drawn,
  );
}

function gridTitle(title: string, correct: boolean | number | undefined, x: number, y: number, room: number): string {
  const fontSize = 12;
  const most = Math.max(1, Math.floor(room / (fontSize * 0.58)));
  return textElement(
    {
      x,
      y,
      'text-anchor': 'middle',
      'font-size': fontSize,
      'font-weight': 500,
      fill: correct === undefined ? neutralTitle : correct ? good : bad,
    },
    title.length > most ? `${title.slice(0, most - 1)}…` : title,
  );
}
