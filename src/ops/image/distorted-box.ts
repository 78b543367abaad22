/** @file Random boxes that still show enough of the objects of an image (Szegedy et al., 2014). */
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { seedOrDrawn } from '../drawn-seed.ts';
import { hostTensor } from '../host-tensor.ts';
import { Generator } from '../../engine/random/philox.ts';

export interface DistortedBoxOptions {
  readonly seed?: number;
  /** The share of some object's area that the box must show. */
  readonly minObjectCovered?: number;
  /** Width by height, from the least to the greatest. */
  readonly aspectRatioRange?: readonly [number, number];
  /** The box' share of the image's area, from the least to the greatest. */
  readonly areaRange?: readonly [number, number];
  /** After so many boxes that did not do, the whole image is given. */
  readonly maxAttempts?: number;
  /** Whether an image without boxes is one object; else it is an error. */
  readonly useImageIfNoBoundingBoxes?: boolean;
}

export interface DistortedBox {
  /** `[top, left, 0]`, int32, for `tf.slice`. */
  readonly begin: Tensor;
  /** `[height, width, -1]`, int32, for `tf.slice`. */
  readonly size: Tensor;
  /** `[1, 1, 4]`: the box in shares of the image, for `tf.image.drawBoundingBoxes`. */
  readonly bboxes: Tensor;
}

type Box = readonly [top: number, left: number, bottom: number, right: number];

/** A box of some area and proportions within the image; null where the numbers drawn fit none. */
function draw(
  generator: Generator,
  height: number,
  width: number,
  [leastRatio, greatestRatio]: readonly [number, number],
  [leastArea, greatestArea]: readonly [number, number],
): Box | null {
  const ratio = leastRatio + (greatestRatio - leastRatio) * generator.uniform53();
  const area = height * width;
  const least = Math.round(Math.sqrt((leastArea * area) / ratio));
  const most = Math.min(
    Math.round(Math.sqrt((greatestArea * area) / ratio)),
    height,
    Math.floor((width + 0.4999) / ratio),
  );
  if (most < Math.min(least, most) || most < 1) return null;
  const low = Math.min(least, most);
  const rows = Math.max(1, low + generator.below(most - low + 1));
  const columns = Math.max(1, Math.round(rows * ratio));
  const covered = (rows * columns) / area;
  if (columns > width || covered < leastArea || covered > greatestArea) return null;
  const [top, left] = [generator.below(height - rows + 1), generator.below(width - columns + 1)];
  return [top, left, top + rows, left + columns];
}

const areaOf = ([top, left, bottom, right]: Box): number => Math.max(0, bottom - top) * Math.max(0, right - left);

/** Whether a box shows enough of one of the objects. */
const shows = (box: Box, objects: readonly Box[], share: number): boolean =>
  objects.some((object) => {
    const common: Box = [
      Math.max(box[0], object[0]),
      Math.max(box[1], object[1]),
      Math.min(box[2], object[2]),
      Math.min(box[3], object[3]),
    ];
    return areaOf(object) > 0 && areaOf(common) / areaOf(object) >= share;
  });

/**
 * A random part of an image that still shows one of its objects: to cut training images by.
 *
 * @param imageSize `[height, width, channels]`
 * @param boundingBoxes `[batch, n, 4]`: the objects, as top, left, bottom, right in shares of the image.
 * @example
 * const { begin, size } = tf.image.sampleDistortedBoundingBox(image.shape, boxes, { seed: 1 });
 * tf.slice(image, begin.arraySync(), size.arraySync());
 */
export function sampleDistortedBoundingBox(
  imageSize: readonly number[],
  boundingBoxes: TensorLike,
  {
    seed,
    minObjectCovered = 0.1,
    aspectRatioRange = [0.75, 1.33],
    areaRange = [0.05, 1],
    maxAttempts = 100,
    useImageIfNoBoundingBoxes = false,
  }: DistortedBoxOptions = {},
): DistortedBox {
  const operation = 'image.sampleDistortedBoundingBox';
  const [height, width] = imageSize;
  if (imageSize.length < 2 || ![height, width].every((n) => Number.isInteger(n) && n > 0))
    throw new ArgumentError(
      `${operation}: expected imageSize [height, width, channels], got ${formatShape(imageSize)}.`,
    );
  for (const [name, [low, high]] of Object.entries({ aspectRatioRange, areaRange }))
    if (!(low > 0 && low <= high))
      throw new ArgumentError(
        `${operation}: expected ${name} of two positive numbers in order, got ${low} and ${high}.`,
      );
  if (!(minObjectCovered >= 0) || !(areaRange[1] <= 1))
    throw new ArgumentError(`${operation}: expected minObjectCovered of 0 or more and areas of 1 or less.`);
  const boxes = toTensor(boundingBoxes, operation);
  if (boxes.rank !== 3 || boxes.shape[2] !== 4)
    throw new ShapeError(`${operation}: expected boundingBoxes [batch, n, 4], got ${formatShape(boxes.shape)}.`);
  const edges = boxes.dataSync();
  const objects = Array.from({ length: edges.length / 4 }, (_, i): Box => {
    const [top, left, bottom, right] = edges.slice(4 * i, 4 * i + 4);
    return [top * height, left * width, bottom * height, right * width];
  });
  if (objects.length === 0 && !useImageIfNoBoundingBoxes)
    throw new ArgumentError(
      `${operation}: there are no boundingBoxes; set useImageIfNoBoundingBoxes to take the whole image for one.`,
    );
  const whole: Box = [0, 0, height, width];
  const wanted = objects.length > 0 ? objects : [whole];
  const generator = new Generator(seedOrDrawn(seed));
  let chosen: Box = whole;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const box = draw(generator, height, width, aspectRatioRange, areaRange);
    if (box && shows(box, wanted, minObjectCovered)) {
      chosen = box;
      break;
    }
  }
  const [top, left, bottom, right] = chosen;
  return {
    begin: hostTensor([top, left, 0]),
    size: hostTensor([bottom - top, right - left, -1]),
    bboxes: hostTensor([top / height, left / width, bottom / height, right / width], [1, 1, 4], 'float32'),
  };
}
