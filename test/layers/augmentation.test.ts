/** @file Image augmentation: what layers make of images by a given transformation as in Keras, and what they draw. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { BoundingBoxes } from '../../src/layers/augmentation/bounding-boxes.ts';
import type { ImageLayer } from '../../src/layers/augmentation/image-layer.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

interface AugmentationCase {
  readonly layer: string;
  readonly options: { readonly dataFormat?: string };
  readonly images: FixtureArray;
  readonly transformation: unknown;
  readonly output: FixtureArray;
  readonly configKeys: readonly string[];
  readonly cotangent?: FixtureArray;
  readonly gradient?: FixtureArray;
  readonly labels?: FixtureArray;
  readonly labelsAfter?: FixtureArray;
  readonly masks?: FixtureArray;
  readonly masksAfter?: FixtureArray;
  readonly boxes?: { readonly boxes: FixtureArray; readonly labels: FixtureArray };
  readonly boxesAfter?: { readonly boxes?: FixtureArray; readonly labels?: FixtureArray };
}

type Augmentation = ImageLayer<unknown>;

function make(layer: string, options: object = {}): Augmentation {
  const type = tf.layers[layer as 'RandomFlip'] as unknown as new (options: object) => Augmentation;
  return new type({ name: 'augmentation', ...options });
}

const isArray = (value: unknown): value is FixtureArray =>
  typeof value === 'object' && value !== null && 'shape' in value && 'values' in value;

function tensorsOf(value: unknown): unknown {
  if (isArray(value)) return toTensor(value);
  if (Array.isArray(value)) return value.map(tensorsOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, tensorsOf(child)]));
}

/** Keys of Keras's configs that mean nothing here: its policies of dtypes. */
const withoutUs = new Set(['dtype']);
const snake = (name: string): string => name.replace(/(?<=[a-z0-9])([A-Z])/g, '_$1').toLowerCase();

describe('as in Keras, by the same transformation', () => {
  for (const fixture of readFixture<AugmentationCase[]>('layers/augmentation.json')) {
    const { layer: kind, options } = fixture;
    const images = toTensor(fixture.images);
    const transformation = tensorsOf(fixture.transformation);
    const values = Math.max(...fixture.images.values) > 2 ? 255 : 1;
    // Of values up to 255 in float32.
    const close = { rtol: 2e-5, atol: 2e-5 * values };

    describe(`${kind} ${JSON.stringify(options)}`, () => {
      it('images', () => {
        const layer = make(kind, options);
        expect(layer.transformImages(images, transformation)).toBeAllClose(toTensor(fixture.output), close);
        const traced = tf.function((x: tf.Tensor) => layer.transformImages(x, transformation));
        expect(traced(images)).toBeAllClose(toTensor(fixture.output), close);
      });

      if (fixture.gradient && fixture.cotangent) {
        const [gradient, cotangent] = [fixture.gradient, toTensor(fixture.cotangent)];
        it('gradient', () => {
          const layer = make(kind, options);
          const loss = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(layer.transformImages(x, transformation), cotangent));
          expect(tf.grad(loss)(images)).toBeAllClose(toTensor(gradient), { rtol: 1e-4, atol: 1e-4 });
        });
      }

      if (fixture.labels && fixture.labelsAfter) {
        const [labels, after] = [toTensor(fixture.labels), toTensor(fixture.labelsAfter)];
        it('labels', () => {
          expect(make(kind, options).transformLabels(labels, transformation)).toBeAllClose(after, close);
        });
      }

      if (fixture.masks && fixture.masksAfter) {
        const [masks, after] = [toTensor(fixture.masks), toTensor(fixture.masksAfter)];
        it('masks', () => {
          expect(make(kind, options).transformSegmentationMasks(masks, transformation)).toBeAllClose(after, close);
        });
      }

      if (fixture.boxes && fixture.boxesAfter) {
        const [given, after] = [tensorsOf(fixture.boxes) as BoundingBoxes, fixture.boxesAfter];
        it('boxes', () => {
          const [batch, ...rest] = images.shape;
          const [height, width] = options.dataFormat === 'channelsFirst' ? rest.slice(1) : rest;
          const size = { batch, height, width, channels: 3 };
          const { boxes, labels } = make(kind, options).transformBoundingBoxes(given, transformation, size);
          if (after.boxes) expect(boxes).toBeAllClose(toTensor(after.boxes), { rtol: 1e-4, atol: 1e-4 });
          if (after.labels) expect(labels).toBeAllClose(toTensor(after.labels));
        });
      }

      it('made again from its config, which has what Keras has', () => {
        const layer = make(kind, { ...options, seed: 4 });
        const config = JSON.parse(JSON.stringify(tf.layers.serialize(layer))) as ReturnType<typeof tf.layers.serialize>;
        const again = tf.layers.deserialize(config) as Augmentation;
        expect(JSON.parse(JSON.stringify(again.getConfig()))).toEqual(config.config);
        expect(again.transformImages(images, transformation)).toBeAllClose(toTensor(fixture.output), close);
        const keys = Object.keys(config.config).map(snake);
        expect(fixture.configKeys.filter((key) => !keys.includes(key) && !withoutUs.has(key))).toEqual([]);
      });
    });
  }
});
