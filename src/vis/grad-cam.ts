/** @file Grad-CAM: the parts of an image that speak for a class. */
import { GradientTape } from '../autodiff/index.ts';
import type { Layer } from '../layers/index.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type PixelOptions, enlargement, imageRaster, wholeScale } from './image.ts';
import { ImageGrid } from './image-grid.ts';
import { layerNamed, layersWithin, observeLayers } from './layer-outputs.ts';
import { formatShort } from './number-text.ts';
import { glow } from './palette.ts';
import type { Raster } from './png.ts';

export interface GradCamOptions extends PixelOptions {
  /**
   * The layer whose outputs, a feature map [1, height, width, channels], are looked at: its name (also inside of nested models),
   * its place, or itself. Default: the last one with such outputs.
   */
  layer?: string | number | Layer;
  /** Which output of the model; the highest one where left out. */
  classIndex?: number;
  /** Names of the classes. */
  classNames?: readonly (string | number)[];
  /** Screen pixels a pixel of the image; small images are enlarged where it is left out. */
  scale?: number;
}

/** What a model makes of an image: a feature map [1, height, width, channels], and outputs [1, classes] that follow from it. */
export type FeaturesAndPredictions = (image: Tensor) => readonly [features: Tensor, predictions: Tensor];

/** The result: shows itself as the image, the map, and both in one. */
export class GradCam extends ImageGrid {
  /** How much each place of the feature map speaks for the class, from 0 to 1: [height][width]. */
  readonly heatmap: readonly (readonly number[])[];
  readonly classIndex: number;
  /** The model's output for the class. */
  readonly score: number;
  private readonly title: string;

  constructor(
    pictures: readonly Raster[],
    found: Pick<GradCam, 'heatmap' | 'classIndex' | 'score'>,
    title: string,
    scale: number,
  ) {
    const captions = [{ text: 'image' }, { text: 'what counts' }, { text: title }];
    super(pictures, pictures.length, captions, { columns: pictures.length, scale });
    this.heatmap = found.heatmap;
    this.classIndex = found.classIndex;
    this.score = found.score;
    this.title = title;
  }

  override toString(): string {
    const rows = this.heatmap.length;
    return `Grad-CAM for ${this.title}: ${rows} x ${this.heatmap[0].length} places`;
  }
}

/**
 * Gradient-weighted class activation map (Selvaraju et al., 2017): channels of a feature map are weighted by the mean of the
 * gradient of the class's output, added up, and cut off at 0. Bright places speak for the class. A model whose last layer is a
 * softmax shows more where it gives logits instead.
 *
 * @param model a model of any kind, or a function that gives feature map and predictions
 * @param image [height, width, channels], [height, width] or [1, height, width, channels], as the model takes it
 * @throws ArgumentError where there is no such layer or class, or the outputs do not depend on the layer; ShapeError for other shapes
 * @example
 * tf.vis.gradCam(model, x.slice([0], [1]), { layer: 'conv2d_3', classNames })
 */
export function gradCam(model: Layer | FeaturesAndPredictions, image: Tensor, options: GradCamOptions = {}): GradCam {
  const operation = 'tf.vis.gradCam';
  const batch = asBatch(image, operation);
  const found = ops.tidy(() => {
    const tape = new GradientTape({ watchAccessedVariables: false });
    const { features, predictions } = tape.record(() => {
      const run = typeof model === 'function' ? model : (x: Tensor) => featuresOf(model, x, options.layer, tape);
      tape.watch(batch);
      const [features, predictions] = run(batch);
      return { features, predictions };
    });
    checkShapes(features, predictions, operation);
    const classes = predictions.shape[1];
    const outputs = Array.from(ops.cast(predictions, 'float32').dataSync() as Float32Array);
    const classIndex = options.classIndex ?? outputs.indexOf(Math.max(...outputs));
    if (!Number.isInteger(classIndex) || classIndex < 0 || classIndex >= classes)
      throw new ArgumentError(`${operation}: expected a classIndex from 0 to ${classes - 1}, got ${classIndex}.`);
    const score = tape.record(() => ops.sum(ops.slice(predictions, [0, classIndex], [1, 1])));
    const gradient = tape.gradient(score, features);
    if (!gradient)
      throw new ArgumentError(
        `${operation}: the output for class ${classIndex} does not depend on the layer's outputs; name a layer before it.`,
      );
    // Models of mixed precision give float16.
    const [channels, slopes] = [ops.cast(features, 'float32'), ops.cast(gradient, 'float32')];
    const weights = ops.mean(slopes, [0, 1, 2]);
    const map = ops.relu(ops.sum(ops.mul(ops.squeeze(channels, [0]), weights), -1));
    const most = Number(ops.max(map).dataSync()[0]);
    const normal = most > 0 ? ops.div(map, most) : map;
    const [height, width] = batch.shape.slice(1, 3);
    const large = ops.image.resizeBilinear(ops.reshape(normal, [...normal.shape, 1]), [height, width]);
    return {
      classIndex,
      score: outputs[classIndex],
      heatmap: matrixOf(normal),
      heat: Array.from(large.dataSync() as Float32Array),
    };
  });
  const picture = pictureOf(batch, options);
  const name = options.classNames?.[found.classIndex] ?? `class ${found.classIndex}`;
  const scale = options.scale === undefined ? enlargement(picture, 170) : wholeScale(options.scale, operation);
  const pictures = [picture, coloured(found.heat, picture), overlay(found.heat, picture)];
  return new GradCam(pictures, found, `${name} (${formatShort(found.score)})`, scale);
}

/** The image as a batch of one. */
function asBatch(image: Tensor, operation: string): Tensor {
  if (!(image instanceof Tensor))
    throw new ArgumentError(
      `${operation} expects an image as a tensor, got ${image === null ? 'null' : typeof image}.`,
    );
  const { shape } = image;
  const floats = image.dtype.startsWith('float') ? image : ops.cast(image, 'float32');
  if (shape.length === 4 && shape[0] === 1) return floats;
  if (shape.length === 3) return ops.reshape(floats, [1, ...shape]);
  if (shape.length === 2) return ops.reshape(floats, [1, ...shape, 1]);
  throw new ShapeError(
    `${operation} expects one image, of shape [height, width, channels] or [1, height, width, channels]; got ${formatShape(shape)}.`,
  );
}

/** The image as it is shown: where its channels are no colours, their mean. */
function pictureOf(batch: Tensor, options: PixelOptions): Raster {
  return ops.tidy(() => {
    const pixels = ops.squeeze(batch, [0]);
    return imageRaster([1, 3, 4].includes(pixels.shape[2]) ? pixels : ops.mean(pixels, -1), options);
  });
}

/** Runs a model and takes what a layer inside of it gives on the way. */
function featuresOf(
  model: Layer,
  image: Tensor,
  wanted: GradCamOptions['layer'],
  tape: GradientTape,
): readonly [Tensor, Tensor] {
  const operation = 'tf.vis.gradCam';
  const layers = wanted === undefined ? layersWithin(model) : [layerNamed(model, wanted, operation)];
  let features: Tensor | undefined;
  const predictions = observeLayers(
    layers,
    () => model.apply<Tensor>(image, { training: false }),
    (_, [output]) => {
      if (wanted === undefined && output?.rank !== 4) return;
      features = output;
      // What follows is recorded even where nothing before it has a gradient.
      tape.watch(output);
    },
  );
  if (features) return [features, predictions];
  throw new ArgumentError(
    wanted === undefined
      ? `${operation}: no layer of '${model.name}' gives a feature map [1, height, width, channels].`
      : `${operation}: layer '${layers[0].name}' was not used by '${model.name}'.`,
  );
}

function checkShapes(features: unknown, predictions: unknown, operation: string): void {
  if (!(features instanceof Tensor) || features.rank !== 4 || features.shape[0] !== 1)
    throw new ShapeError(
      `${operation} expects a feature map of shape [1, height, width, channels], got ${features instanceof Tensor ? formatShape(features.shape) : typeof features}; name another layer.`,
    );
  if (!(predictions instanceof Tensor) || predictions.rank !== 2 || predictions.shape[0] !== 1)
    throw new ShapeError(
      `${operation} expects a model with outputs of shape [1, classes], got ${predictions instanceof Tensor ? formatShape(predictions.shape) : typeof predictions}.`,
    );
}

function matrixOf(map: Tensor): number[][] {
  const [height, width] = map.shape;
  const values = Array.from(map.dataSync() as Float32Array);
  return Array.from({ length: height }, (_, row) => values.slice(row * width, (row + 1) * width));
}

const channelsOf = (color: string): number[] => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
const stops = glow.map(channelsOf);

/** The colour of a value from 0 to 1, between the palette's. */
function colorAt(value: number): number[] {
  const place = Math.min(1, Math.max(0, value)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(place));
  return stops[below].map((channel, i) => channel + (stops[below + 1][i] - channel) * (place - below));
}

function coloured(heat: readonly number[], { width, height }: Raster): Raster {
  return { pixels: Uint8Array.from(heat.flatMap(colorAt), Math.round), width, height, channels: 3 };
}

/** The image in grey, glowing where the map is high. */
function overlay(heat: readonly number[], { pixels, width, height, channels }: Raster): Raster {
  const colours = channels >= 3 ? 3 : 1;
  const mixed = heat.flatMap((value, i) => {
    const part = 0.15 + 0.6 * Math.min(1, Math.max(0, value));
    const own = Array.from(pixels.subarray(i * channels, i * channels + colours));
    const grey = own.reduce((sum, level) => sum + level, 0) / colours;
    return colorAt(value).map((level) => grey * (1 - part) + level * part);
  });
  return { pixels: Uint8Array.from(mixed, Math.round), width, height, channels: 3 };
}
