/** @file Augmentation of images with labels, boxes and masks; crops; what is refused. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { BoundingBoxes } from '../../src/layers/augmentation/bounding-boxes.ts';
import '../support/tensors.ts';

const { layers } = tf;
const numbers = (x: tf.Tensor): number[] => Array.from(tf.cast(x, 'float32').dataSync() as Float32Array);
const images = tf.randomUniform([3, 8, 10, 3], 0, 255, 'float32', 7);
const training = { training: true };

it('crops to the largest window of the proportions where it does not draw', () => {
  const layer = layers.randomCrop({ height: 2, width: 2, boundingBoxFormat: 'xyxy' });
  const ramp = tf.tile(tf.reshape(tf.range(0, 8), [1, 1, 8, 1]), [1, 4, 1, 1]);
  // From the middle four of eight columns, two by two.
  expect(layer.apply(ramp, { training: false })).toBeAllClose(tf.tensor([[2.5, 4.5], [2.5, 4.5]], [1, 2, 2, 1])); // prettier-ignore
  const small = layers.randomCrop({ height: 8, width: 16 }).apply(ramp, training);
  expect(small.shape).toEqual([1, 8, 16, 1]);
  const boxes = { boxes: tf.tensor([[[2, 0, 6, 4], [3, 1, 4, 2], [0, 0, 1, 1]]]), labels: tf.tensor([[5, 6, 7]], [1, 3], 'int32') }; // prettier-ignore
  const after = layer.apply<{ boundingBoxes: BoundingBoxes & Record<string, tf.Tensor> }>(
    { images: ramp, boundingBoxes: boxes as unknown as Record<string, tf.Tensor> },
    { training: false },
  ).boundingBoxes;
  expect(after.boxes).toBeAllClose([[[0, 0, 2, 2], [0.5, 0.5, 1, 1], [0, 0, 0, 0.5]]]); // prettier-ignore
  expect(after.labels).toBeAllClose([[5, 6, -1]]);
});

it('crops boxes with their images', () => {
  const layer = layers.randomCrop({ height: 3, width: 4, boundingBoxFormat: 'relXywh' });
  const given = { boxes: tf.tensor([[[0.25, 0.5, 0.5, 0.5]]]), labels: tf.tensor([[1]], [1, 1], 'int32') };
  const size = { batch: 1, height: 6, width: 8, channels: 3 };
  const window = { top: tf.scalar(2, 'int32'), left: tf.scalar(1, 'int32') };
  // In pixels [2, 3, 6, 6], so [1, 1, 4, 3] of the window, whose border it meets.
  const { boxes } = layer.transformBoundingBoxes(given, window, size);
  expect(boxes).toBeAllClose([[[0.25, 1 / 3, 0.75, 2 / 3]]]);
});

describe('objects', () => {
  const labels = tf.oneHot(tf.tensor([0, 1, 2], [3], 'int32'), 3);
  const masks = tf.cast(tf.greater(images.slice([0, 0, 0, 0], [3, 8, 10, 1]), 100), 'int32');
  const corners = tf.tensor([[[1, 1, 4, 5]], [[0, 2, 3, 4]], [[5, 3, 9, 8]]]);
  const given = { boxes: corners, labels: tf.tensor([[1], [2], [3]], [3, 1], 'int32') };
  const flip = (): tf.layers.RandomFlip =>
    layers.randomFlip({ mode: 'horizontal', seed: 4, boundingBoxFormat: 'xyxy' });

  it('images, labels, masks and boxes by one transformation, under either spelling', () => {
    const camel = flip().apply<Record<string, tf.Tensor>>({ images, labels, segmentationMasks: masks, boundingBoxes: given }, training); // prettier-ignore
    const snake = flip().apply<Record<string, tf.Tensor>>({ images, labels, segmentation_masks: masks, bounding_boxes: given }, training); // prettier-ignore
    const { flips } = flip().getRandomTransformation(images);
    const isFlipped = numbers(flips);
    const mirrored = [[[6, 1, 9, 5]], [[7, 2, 10, 4]], [[1, 3, 5, 8]]];
    const expected = corners.arraySync() as number[][][];
    const boxes = expected.map((own, i) => (isFlipped[i] ? mirrored[i] : own));
    for (const [result, boxesName, masksName] of [
      [camel, 'boundingBoxes', 'segmentationMasks'],
      [snake, 'bounding_boxes', 'segmentation_masks'],
    ] as const) {
      expect((result[boxesName] as unknown as BoundingBoxes).boxes).toBeAllClose(boxes);
      expect(result[masksName].dtype).toBe('int32');
      const ofImages = tf.cast(tf.greater(result.images.slice([0, 0, 0, 0], [3, 8, 10, 1]), 100), 'int32');
      expect(result[masksName]).toBeAllClose(ofImages);
      expect(result.labels).toBeAllClose(labels);
    }
  });

  it('one image with its boxes', () => {
    const layer = layers.randomTranslation({
      heightFactor: [0.25, 0.25],
      widthFactor: [0.5, 0.5],
      boundingBoxFormat: 'xyxy',
    });
    const single = { boxes: corners.slice([2], [1]).squeeze([0]), labels: tf.tensor([3], [1], 'int32') };
    const result = layer.apply<Record<string, tf.Tensor>>(
      { images: images.slice([0], [1]).squeeze([0]), labels: tf.tensor([0, 1]), boundingBoxes: single },
      training,
    );
    expect(result.images.shape).toEqual([8, 10, 3]);
    expect(result.labels).toBeAllClose([0, 1]);
    // Beyond the border nothing is left of it.
    expect((result.boundingBoxes as unknown as BoundingBoxes).boxes).toBeAllClose([[10, 5, 10, 8]]);
    expect((result.boundingBoxes as unknown as BoundingBoxes).labels).toBeAllClose([-1]);
  });

  it('ragged boxes, and as many in each image', () => {
    const boxes = tf.ragged.constant([[[1, 1, 4, 5], [0, 0, 2, 2]], [], [[5, 3, 9, 8]]], 'float32', 1); // prettier-ignore
    const names = tf.ragged.constant([[1, 2], [], [3]]);
    const layer = layers.maxNumBoundingBoxes({ maxNumber: 3 });
    const result = layer.apply<Record<string, tf.Tensor>>(
      { images, boundingBoxes: { boxes, labels: names } },
      training,
    );
    const after = result.boundingBoxes as unknown as BoundingBoxes;
    expect(after.boxes.shape).toEqual([3, 3, 4]);
    expect(after.labels).toBeAllClose([[1, 2, -1], [-1, -1, -1], [3, -1, -1]]); // prettier-ignore
    const fewer = layers.maxNumBoundingBoxes({ maxNumber: 1, fillValue: 0 });
    const cut = fewer.transformBoundingBoxes({ boxes: after.boxes, labels: after.labels });
    expect(cut.labels).toBeAllClose([[1], [-1], [3]]);
    const shapes = layer.computeOutputShape({
      images: [null, 8, 10, 3],
      boundingBoxes: { boxes: [null, 7, 4], labels: [null, 7] },
    });
    expect(shapes).toEqual({ images: [null, 8, 10, 3], boundingBoxes: { boxes: [null, 3, 4], labels: [null, 3] } });
  });

  it('mixes labels, boxes and masks with their images', () => {
    const layer = layers.mixUp({ alpha: 1, seed: 9 });
    const { mixWeight, permutationOrder } = layers.mixUp({ alpha: 1, seed: 9 }).getRandomTransformation(images);
    const result = layer.apply<Record<string, tf.Tensor>>({ images, labels, boundingBoxes: given }, training);
    const share = tf.reshape(mixWeight, [3, 1]);
    const other = tf.gather(labels, permutationOrder);
    expect(result.labels).toBeAllClose(tf.add(tf.mul(share, labels), tf.mul(tf.sub(1, share), other)));
    expect((result.boundingBoxes as unknown as BoundingBoxes).boxes.shape).toEqual([3, 2, 4]);
    expect((result.boundingBoxes as unknown as BoundingBoxes).labels.shape).toEqual([3, 2]);
    expect(() => layers.cutMix().apply({ images, boundingBoxes: given }, training)).toThrow(/CutMix cannot mix/);
  });

  it('RandAugment moves boxes as it moves images', () => {
    const layer = layers.randAugment({ numOps: 3, seed: 1, boundingBoxFormat: 'xyxy' });
    const traced = tf.function((x: tf.Tensor, boxes: tf.Tensor) => {
      const result = layer.apply<Record<string, tf.Tensor>>(
        { images: x, boundingBoxes: { ...given, boxes } },
        training,
      );
      return (result.boundingBoxes as unknown as BoundingBoxes).boxes;
    });
    const moved = Array.from({ length: 6 }, () => traced(images, corners));
    expect(moved.some((boxes) => tf.any(tf.notEqual(boxes, corners)).dataSync()[0] === 1)).toBe(true);
    for (const boxes of moved) expect(Math.max(...numbers(boxes))).toBeLessThanOrEqual(10);
  });

  it('on symbolic tensors', () => {
    const inputs = { images: tf.input({ shape: [8, 10, 3] }), labels: tf.input({ shape: [3], dtype: 'int32' }) };
    const result = layers.randomCrop({ height: 4, width: 5 }).apply<typeof inputs>(inputs);
    expect(result.images.shape).toEqual([null, 4, 5, 3]);
    expect([result.labels.shape, result.labels.dtype]).toEqual([[null, 3], 'int32']);
  });
});

describe('refuses', () => {
  it('options out of range', () => {
    expect(() => layers.randomRotation({ factor: 2 })).toThrow(/factor to be a number from -1 to 1/);
    expect(() => layers.randomZoom({ heightFactor: [-1, 0] })).toThrow(/heightFactor above -1/);
    expect(() => layers.randomBrightness({ factor: [0.1, 0.2, 0.3] })).toThrow(/factor/);
    expect(() => layers.randomPosterization({ factor: 9 })).toThrow(/from 1 to 8/);
    expect(() => layers.randomGaussianBlur({ kernelSize: 4 })).toThrow(/odd/);
    expect(() => layers.randomFlip({ mode: 'diagonal' as 'vertical' })).toThrow(/horizontalAndVertical/);
    expect(() =>
      layers.randomTranslation({ heightFactor: 0.1, widthFactor: 0.1, fillMode: 'mirror' as 'wrap' }),
    ).toThrow(/fillMode/);
    expect(() => layers.equalization({ valueRange: [1, 1] })).toThrow(/valueRange/);
    expect(() => layers.mixUp({ alpha: 0 })).toThrow(/alpha/);
    expect(() => layers.randomErasing({ fillValue: [1, 2] })).toThrow(/fillValue/);
    expect(() => layers.pipeline({ layers: [] })).toThrow(/layers/);
  });

  it('inputs that do not fit', () => {
    expect(() => layers.randomFlip().apply(tf.ones([2, 3]))).toThrow(/rank 3 or a batch of rank 4/);
    expect(() => layers.randomFlip().apply({ labels: tf.ones([2]) })).toThrow(/expected images/);
    const boundingBoxes = { boxes: tf.ones([3, 1, 4]), labels: tf.ones([3, 1]) };
    expect(() => layers.randomFlip().apply({ images, boundingBoxes })).toThrow(/boundingBoxFormat/);
    const wrong = { boxes: tf.ones([3, 1, 5]), labels: tf.ones([3, 1]) };
    expect(() => layers.randomFlip({ boundingBoxFormat: 'xyxy' }).apply({ images, boundingBoxes: wrong })).toThrow(
      /\[batch, boxes, 4\]/,
    );
  });
});
