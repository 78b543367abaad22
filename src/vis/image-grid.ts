/** @file Grids of images, with titles or with labels and predictions. */
import type { MimeBundle } from '../display.ts';
import { type Displayable, displaySymbol } from '../display.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape, sizeOf } from '../tensor/shape.ts';
import { type PixelOptions, enlargement, rangeOf, toRaster, wholeScale } from './image.ts';
import { type Caption, type CaptionOptions, captionsOf } from './image-captions.ts';
import { element, textElement } from './markup.ts';
import { type NumericInput, readNumbers } from './numbers.ts';
import { bad, good, neutralText, neutralTitle, sansSerif } from './palette.ts';
import { type Raster, rasterToPNG, svgToPNG } from './png.ts';

export interface ImageGridOptions extends PixelOptions, CaptionOptions {
  /** How many images stand side by side. Default: as many as make the grid about twice as wide as high, up to 10. */
  columns?: number;
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
  private readonly captions: readonly Caption[];
  private readonly layout: GridLayout;
  private drawing: Promise<string> | undefined;

  /** @param total how many images there are, of which `images` are shown */
  constructor(images: readonly Raster[], total: number, captions: readonly Caption[], layout: GridLayout) {
    this.images = images;
    this.total = total;
    this.captions = captions;
    this.layout = layout;
  }

  /** The grid as SVG source. */
  toSVG(): Promise<string> {
    this.drawing ??= gridSVG(this.images, this.captions, this.layout, this.toString());
    return this.drawing;
  }

  /** The grid as the bytes of a PNG file. */
  async toPNG(options: { scale?: number; background?: string } = {}): Promise<Uint8Array> {
    return svgToPNG(await this.toSVG(), options);
  }

  toString(): string {
    const [{ width, height } = { width: 0, height: 0 }] = this.images;
    const count = this.total > this.images.length ? `${this.images.length} of ${this.total}` : `${this.images.length}`;
    const titles = this.captions.map(({ text, below }) => `${text}${below ? ` (${below})` : ''}`);
    const marked = this.captions.filter(({ correct }) => correct !== undefined);
    const right = marked.filter(({ correct }) => correct).length;
    return (
      `${count} images of ${width} x ${height} pixels${titles.length ? `: ${titles.join(', ')}` : ''}` +
      `${marked.length ? `; ${right} of ${marked.length} right` : ''}`
    );
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
 * tf.vis.imageGrid(x, { labels: y, predictions: model.predict(x), classNames })
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
  const captions = captionsOf(options, total, operation).slice(0, rasters.length);
  return new ImageGrid(rasters, total, captions, options);
}

/** How a grid stands. */
type GridLayout = Pick<ImageGridOptions, 'columns' | 'scale'>;

const gap = 8;
const fontSize = 12;
const lineHeight = 16;
/** Images whose captions are longer stand further apart, up to this. */
const widestCaption = 130;

async function gridSVG(
  images: readonly Raster[],
  captions: readonly Caption[],
  layout: GridLayout,
  label: string,
): Promise<string> {
  const [{ width, height } = { width: 0, height: 0 }] = images;
  const scale = layout.scale ?? (images[0] ? enlargement(images[0], 72) : 1);
  const columns = Math.min(images.length, layout.columns ?? Math.min(10, Math.ceil(Math.sqrt(images.length * 2))));
  const lines = captions.length === 0 ? 0 : captions.some(({ below }) => below !== undefined) ? 2 : 1;
  const titleHeight = lines === 0 ? 0 : lines * lineHeight + 2;
  const shown = { width: width * scale, height: height * scale };
  const longest = Math.max(0, ...captions.map((caption) => widthOf(marked(caption))));
  const cell = {
    width: Math.max(shown.width, Math.min(widestCaption, longest)) + gap,
    height: shown.height + gap + titleHeight,
  };
  const rows = columns === 0 ? 0 : Math.ceil(images.length / columns);
  const drawn = await Promise.all(
    images.map(async (raster, i) => {
      const middle = (i % columns) * cell.width + (cell.width - gap) / 2;
      const [x, y] = [middle - shown.width / 2, Math.floor(i / columns) * cell.height];
      const png = Buffer.from(await rasterToPNG(raster, scale)).toString('base64');
      const caption = captions[i];
      return (
        (caption ? drawCaption(caption, middle, y, cell.width) : '') +
        element('image', {
          ...{ x, y: y + titleHeight, ...shown, href: `data:image/png;base64,${png}` },
          style: 'image-rendering:pixelated',
        }) +
        // Not by the colour of a word alone: a frame stands out in a large grid.
        (caption?.correct !== false
          ? ''
          : element('rect', {
              ...{ x: x - 1.5, y: y + titleHeight - 1.5, width: shown.width + 3, height: shown.height + 3 },
              ...{ fill: 'none', stroke: bad, 'stroke-width': 3 },
            }))
      );
    }),
  );
  // Frames reach a little beyond their images.
  const edge = captions.some(({ correct }) => correct === false) ? 3 : 0;
  const size = {
    width: Math.max(1, columns * cell.width - gap) + 2 * edge,
    height: Math.max(1, rows * cell.height - gap) + edge,
  };
  return element(
    'svg',
    {
      ...{ xmlns: 'http://www.w3.org/2000/svg', ...size, viewBox: `${-edge} 0 ${size.width} ${size.height}` },
      ...{ role: 'img', 'aria-label': label, 'font-family': sansSerif },
    },
    ...drawn,
  );
}

const widthOf = (text: string): number => text.length * fontSize * 0.58;
/** Right and wrong are marked by a sign as well as by colour . */
const marked = ({ text, correct }: Caption): string =>
  correct === undefined ? text : `${correct ? '✓' : '✗'} ${text}`;

function drawCaption(caption: Caption, x: number, y: number, room: number): string {
  const cut = (text: string) => {
    const most = Math.max(1, Math.floor(room / (fontSize * 0.58)));
    return text.length > most ? `${text.slice(0, most - 1)}…` : text;
  };
  const color = caption.correct === undefined ? neutralTitle : caption.correct ? good : bad;
  const at = { x, 'text-anchor': 'middle', 'font-size': fontSize };
  return (
    textElement({ ...at, y: y + 13, 'font-weight': 500, fill: color }, cut(marked(caption))) +
    (caption.below === undefined
      ? ''
      : textElement({ ...at, y: y + 13 + lineHeight - 1, 'font-size': 11, fill: neutralText }, cut(caption.below)))
  );
}
