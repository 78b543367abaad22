/** @file What layers for augmentation draw, and how they are used: seeds, ranges, single images, models. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { BoundingBoxes } from '../../src/layers/augmentation/bounding-boxes.ts';
import type { ImageLayer } from '../../src/layers/augmentation/image-layer.ts';
import '../support/tensors.ts';

const { layers } = tf;
const numbers = (x: tf.Tensor): number[] => Array.from(tf.cast(x, 'float32').dataSync() as Float32Array);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const many = tf.zeros([4000, 2, 4, 3]);
/** The part of a transformation of 4,000 images that has this name. */
const drawn = (layer: unknown, name: string, images = many): number[] =>
  numbers((layer as ImageLayer<Record<string, tf.Tensor>>).getRandomTransformation(images)[name]);
const seeded = { seed: 12 };

function expectUniform(values: readonly number[], low: number, high: number): void {
  const width = high - low;
  expect(Math.min(...values)).toBeGreaterThanOrEqual(low - 1e-5 * width);
  expect(Math.max(...values)).toBeLessThanOrEqual(high + 1e-5 * width);
  // Both ends are reached nearly, and the mean is in the middle: within five of its standard deviations.
  expect(Math.min(...values)).toBeLessThan(low + 0.02 * width);
  expect(Math.max(...values)).toBeGreaterThan(high - 0.02 * width);
  expect(Math.abs(mean(values) - (low + high) / 2)).toBeLessThan((5 * width) / Math.sqrt(12 * values.length));
}
const expectShare = (values: readonly number[], probability: number): void =>
  expect(Math.abs(mean(values) - probability)).toBeLessThan(5 * Math.sqrt(0.25 / values.length));

describe('draws', () => {
  it('uniform numbers, one for each image', () => {
    expectUniform(drawn(layers.randomRotation({ factor: 0.25, ...seeded }), 'angle'), -90, 90);
    expectUniform(drawn(layers.randomRotation({ factor: [0.1, 0.2] }), 'angle'), 36, 72);
    const zoom = layers.randomZoom({ heightFactor: [0.3, 0.1], widthFactor: 0.5, ...seeded });
    expectUniform(drawn(zoom, 'heightZoom'), 1.1, 1.3);
    expectUniform(drawn(zoom, 'widthZoom'), 0.5, 1.5);
    const shift = drawn(
      layers.randomTranslation({ heightFactor: 0.5, widthFactor: [0, 0.25], ...seeded }),
      'translations',
    );
    expectUniform(shift.filter((_, i) => i % 2 === 0), 0, 1); // prettier-ignore
    expectUniform(shift.filter((_, i) => i % 2 === 1), -1, 1); // prettier-ignore
    expectUniform(drawn(layers.randomBrightness({ factor: 0.2, ...seeded }), 'rgbDelta'), -51, 51);
    expectUniform(drawn(layers.randomContrast({ factor: 0.3, ...seeded }), 'contrastFactor'), 0.7, 1.3);
    expectUniform(drawn(layers.randomContrast({ factor: [0.1, 0.5], ...seeded }), 'contrastFactor'), 0.9, 1.5);
    expectUniform(drawn(layers.randomHue({ factor: 0.4, ...seeded }), 'factor'), -0.2, 0.2);
    expectUniform(drawn(layers.randomSharpness({ factor: [0.2, 0.6], ...seeded }), 'factor'), 0.2, 0.6);
    expectUniform(drawn(layers.randomColorDegeneration({ factor: 0.7, ...seeded }), 'factor'), 0, 0.7);
    expectUniform(drawn(layers.solarization({ thresholdFactor: [0.2, 0.6] }), 'thresholds'), 51, 153);
    expectUniform(drawn(layers.solarization({ additionFactor: 0.5 }), 'additions'), 0, 127.5);
    expectUniform(drawn(layers.randomGaussianBlur({ sigma: [0.2, 0.8], ...seeded }), 'blurFactor'), 0.2, 0.8);
    expectUniform(drawn(layers.randomElasticTransform({ scale: [0.5, 1], ...seeded }), 'distortionFactor'), 0.5, 1);
  });

  it('shear to either side, saturation about 1', () => {
    const [x, y] = [0, 1].map((axis) =>
      drawn(layers.randomShear({ xFactor: [0.1, 0.3], yFactor: 0.2, ...seeded }), 'shearFactor').filter((_, i) => i % 2 === axis),
    ); // prettier-ignore
    expectUniform(x.map(Math.abs), 0.1, 0.3);
    expectShare(x.map((value) => Number(value > 0)), 0.5); // prettier-ignore
    expectUniform(y, -0.2, 0.2);
    const saturation = drawn(layers.randomSaturation({ factor: [0.25, 0.75], ...seeded }), 'factor');
    expectUniform(saturation.map((value) => value / (1 + value)), 0.25, 0.75); // prettier-ignore
  });

  it('probabilities', () => {
    expectShare(drawn(layers.randomFlip(seeded), 'flips'), 0.5);
    expectShare(drawn(layers.randomGrayscale({ factor: 0.3, ...seeded }), 'shouldApply'), 0.3);
    // Of one number the probability is itself uniform from 0 on: half of it on average.
    expectShare(drawn(layers.randomInvert({ factor: 0.6, ...seeded }), 'applyInversion'), 0.3);
    expectShare(drawn(layers.randomInvert({ factor: [0.6, 1] }), 'applyInversion'), 0.8);
    expectShare(drawn(layers.randomPerspective({ factor: 1, ...seeded }), 'applyPerspective'), 0.5);
    expectShare(drawn(layers.randomErasing({ factor: [1, 1] }), 'applyErasing'), 1);
    expectShare(drawn(layers.randomGaussianBlur({ factor: [0, 0] }), 'shouldApplyBlur'), 0);
    expectShare(drawn(layers.randomElasticTransform({ factor: [0.2, 0.2] }), 'applyTransform'), 0.2);
  });

  it('bits, from the least up to but without the greatest', () => {
    const lost = drawn(layers.randomPosterization({ factor: [2, 5], ...seeded }), 'shiftFactor');
    expect([...new Set(lost)].sort()).toEqual([4, 5, 6]);
    expect(new Set(drawn(layers.randomPosterization({ factor: 3 }), 'shiftFactor'))).toEqual(new Set([5]));
  });

  it('corners that move by up to half the scale', () => {
    const layer = layers.randomPerspective({ scale: 0.4, ...seeded });
    const { startPoints, endPoints } = layer.getRandomTransformation(many);
    expect(startPoints.slice([0], [1])).toBeAllClose([[[0, 0], [3, 0], [0, 1], [3, 1]]]); // prettier-ignore
    const rightmost = numbers(endPoints).filter((_, i) => i % 8 === 2);
    expectUniform(rightmost, 3 * 0.8, 3 * 1.2);
  });

  it('rectangles of the areas asked for, anywhere', () => {
    const images = tf.zeros([400, 40, 60, 1]);
    const { batchMasks } = layers.randomErasing({ scale: [0.25, 0.36], ...seeded }).getRandomTransformation(images);
    const areas = numbers(tf.sum(tf.cast(batchMasks, 'float32'), [1, 2, 3]));
    // Each side from a half to six tenths, whole pixels.
    expect(Math.min(...areas)).toBeGreaterThanOrEqual(20 * 30);
    expect(Math.max(...areas)).toBeLessThanOrEqual(25 * 37);
    const covered = numbers(tf.mean(tf.cast(batchMasks, 'float32'), 0));
    expect(Math.min(...covered.slice(0, 1))).toBeLessThan(0.05);
    expect(Math.max(...covered)).toBeGreaterThan(0.95);
    const cut = layers.cutMix({ factor: [1, 1], ...seeded }).getRandomTransformation(images);
    const share = tf.mean(tf.cast(cut.batchMasks, 'float32'), [1, 2, 3]);
    expect(
      tf
        .abs(tf.sub(tf.sub(1, cut.mixWeight), share))
        .max()
        .dataSync()[0],
    ).toBeLessThan(0.06);
    expectUniform(numbers(cut.mixWeight), 0, 1);
  });

  it('shares of the beta distribution and orders', () => {
    const { mixWeight, permutationOrder } = layers.mixUp({ alpha: 0.2, ...seeded }).getRandomTransformation(many);
    const shares = numbers(mixWeight);
    expect(Math.abs(mean(shares) - 0.5)).toBeLessThan(0.04);
    // Its variance: 1 / (4 (2 alpha + 1)).
    expect(mean(shares.map((share) => (share - 0.5) ** 2))).toBeCloseTo(1 / (4 * 1.4), 2);
    const order = numbers(permutationOrder);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 4000 }, (_, i) => i));
    expect(order.filter((place, i) => place === i).length).toBeLessThan(10);
    expect(Math.abs(mean(drawn(layers.mixUp({ alpha: 2 }), 'mixWeight')) - 0.5)).toBeLessThan(0.03);
    // Numbers too small for float32 are still shares.
    for (const share of drawn(layers.mixUp({ alpha: 1e-4 }), 'mixWeight')) expect(share >= 0 && share <= 1).toBe(true);
  });

  it('places of crops, one for the batch', () => {
    const layer = layers.randomCrop({ height: 3, width: 4, ...seeded });
    const images = tf.zeros([2, 5, 8, 1]);
    const places = Array.from({ length: 200 }, () => layer.getRandomTransformation(images)!);
    expect(new Set(places.map(({ top }) => top.dataSync()[0]))).toEqual(new Set([0, 1, 2]));
    expect(new Set(places.map(({ left }) => left.dataSync()[0]))).toEqual(new Set([0, 1, 2, 3, 4]));
  });

  it('which layers RandAugment and AugMix take', () => {
    const few = many.slice([0], [2]);
    const rand = layers.randAugment({ numOps: 40, ...seeded });
    expect(new Set(drawn(rand, 'layerIdxes', few)).size).toBe(11);
    const mix = layers.augMix({ numChains: 8, chainDepth: 6, allOps: false, ...seeded });
    const { choices, chainMixingWeights, weightSample } = mix.getRandomTransformation(few);
    expect(new Set(numbers(choices))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(tf.sum(chainMixingWeights)).toBeAllClose(1);
    expect(weightSample.dataSync()[0]).toBeGreaterThanOrEqual(0);
  });
});

const images = tf.randomUniform([3, 8, 10, 3], 0, 255, 'float32', 7);
interface Common {
  seed?: number;
  dataFormat?: 'channelsFirst' | 'channelsLast';
  dtype?: 'mixed_float16';
}
type Make = (options: Common) => tf.layers.Layer;
const all: Readonly<Record<string, Make>> = {
  randomFlip: (o) => layers.randomFlip(o),
  randomRotation: (o) => layers.randomRotation({ factor: 0.2, ...o }),
  randomZoom: (o) => layers.randomZoom({ heightFactor: 0.2, widthFactor: 0.3, ...o }),
  randomTranslation: (o) => layers.randomTranslation({ heightFactor: 0.2, widthFactor: 0.3, ...o }),
  randomShear: (o) => layers.randomShear({ xFactor: 0.3, yFactor: 0.1, ...o }),
  randomPerspective: (o) => layers.randomPerspective({ factor: [1, 1], scale: 0.4, ...o }),
  randomElasticTransform: (o) => layers.randomElasticTransform({ factor: [1, 1], ...o }),
  randomCrop: (o) => layers.randomCrop({ height: 4, width: 5, ...o }),
  randomBrightness: (o) => layers.randomBrightness({ factor: 0.3, ...o }),
  randomContrast: (o) => layers.randomContrast({ factor: 0.3, ...o }),
  randomHue: (o) => layers.randomHue({ factor: 0.3, ...o }),
  randomSaturation: (o) => layers.randomSaturation({ factor: 0.4, ...o }),
  randomSharpness: (o) => layers.randomSharpness({ factor: 0.9, ...o }),
  randomGrayscale: (o) => layers.randomGrayscale(o),
  randomInvert: (o) => layers.randomInvert({ factor: [0.5, 0.5], ...o }),
  randomPosterization: (o) => layers.randomPosterization({ factor: [1, 6], ...o }),
  randomColorDegeneration: (o) => layers.randomColorDegeneration({ factor: 0.8, ...o }),
  randomColorJitter: (o) => layers.randomColorJitter({ brightnessFactor: 0.2, contrastFactor: 0.2, saturationFactor: 0.5, hueFactor: 0.3, ...o }), // prettier-ignore
  randomGaussianBlur: (o) => layers.randomGaussianBlur({ factor: [1, 1], sigma: [0.5, 1], ...o }),
  randomErasing: (o) => layers.randomErasing({ factor: [1, 1], scale: [0.3, 0.5], fillValue: 3, ...o }),
  solarization: (o) => layers.solarization({ additionFactor: 0.3, thresholdFactor: 0.7, ...o }),
  equalization: ({ seed: _none, ...o }) => layers.equalization(o),
  cutMix: (o) => layers.cutMix(o),
  mixUp: (o) => layers.mixUp({ alpha: 1, ...o }),
  augMix: (o) => layers.augMix({ numChains: 2, chainDepth: 2, ...o }),
  randAugment: (o) => layers.randAugment({ numOps: 2, ...o }),
};
const training = { training: true };

describe.each(Object.entries(all))('%s', (name, make) => {
  const isRandom = name !== 'equalization';

  it('one seed gives one sequence, traced too', () => {
    const [a, b, c] = [make({ seed: 3 }), make({ seed: 3 }), make({ seed: 3 })];
    const traced = tf.function((x: tf.Tensor) => c.apply(x, training));
    const sequence = [0, 1, 2].map(() => a.apply(images, training));
    for (const expected of sequence) {
      expect(b.apply(images, training)).toBeAllClose(expected);
      expect(traced(images)).toBeAllClose(expected, { rtol: 1e-4, atol: 2e-2 });
    }
    const differ = (x: tf.Tensor, y: tf.Tensor): boolean => tf.any(tf.notEqual(x, y)).dataSync()[0] === 1;
    if (isRandom) expect(differ(sequence[0], sequence[1]) || differ(sequence[1], sequence[2])).toBe(true);
  });

  it('the same with the channels first', () => {
    const first = make({ seed: 5, dataFormat: 'channelsFirst' }).apply(tf.transpose(images, [0, 3, 1, 2]), training);
    const last = make({ seed: 5 }).apply(images, training);
    expect(tf.transpose(first, [0, 2, 3, 1])).toBeAllClose(last, { rtol: 1e-4, atol: 2e-2 });
  });

  it('in half precision', () => {
    const mixed = make({ seed: 5, dtype: 'mixed_float16' }).apply(images, training);
    expect(mixed.dtype).toBe('float16');
    // Values up to 255 have steps of an eighth; equalized ones may fall into the next bin.
    expect(tf.cast(mixed, 'float32')).toBeAllClose(make({ seed: 5 }).apply(images, training), { rtol: 0.01, atol: 4 });
  });

  it('changes nothing in inference, takes one image and bytes', () => {
    const layer = make({ seed: 2 });
    if (name !== 'randomCrop') expect(layer.apply(images, { training: false })).toBeAllClose(images);
    const one = layer.apply(images.slice([0], [1]).squeeze([0]), training);
    expect(one.shape).toEqual(name === 'randomCrop' ? [4, 5, 3] : [8, 10, 3]);
    const ofBytes = make({ seed: 2 }).apply(tf.cast(images, 'uint8'), training);
    expect(ofBytes.dtype).toBe('float32');
    const symbolic = layer.apply(tf.input({ shape: [8, 10, 3], dtype: 'uint8' }));
    expect([symbolic.dtype, symbolic.shape.slice(1)]).toEqual(['float32', ofBytes.shape.slice(1)]);
  });
});

it('augments without being told outside of models, and follows models inside', async () => {
  const invert = layers.randomInvert({ factor: [1, 1] });
  expect(invert.apply(images)).toBeAllClose(tf.sub(255, images));
  const input = tf.input({ shape: [8, 10, 3] });
  const model = tf.model({ inputs: input, outputs: invert.apply(input) as tf.SymbolicTensor });
  expect(model.predict(images) as tf.Tensor).toBeAllClose(images);
  expect(model.apply(images, training)).toBeAllClose(tf.sub(255, images));

  const classifier = tf.sequential();
  classifier.add(layers.inputLayer({ inputShape: [8, 10, 3] }));
  classifier.add(layers.pipeline({ layers: [layers.randomFlip({ seed: 1 }), layers.randomRotation({ factor: 0.1 })] }));
  classifier.add(layers.randomCrop({ height: 6, width: 6 }));
  classifier.add(layers.randAugment({ numOps: 1 }));
  classifier.add(layers.rescaling({ scale: 1 / 255 }));
  classifier.add(layers.flatten());
  classifier.add(layers.dense({ units: 2, activation: 'softmax' }));
  classifier.compile({ optimizer: 'sgd', loss: 'sparseCategoricalCrossentropy' });
  const history = await classifier.fit(images, tf.tensor([0, 1, 1], [3], 'int32'), { epochs: 2, verbose: 0 });
  for (const loss of history.history.loss) expect(Number.isFinite(Number(loss))).toBe(true);
  const [a, b] = [classifier.predict(images), classifier.predict(images)] as tf.Tensor[];
  expect(a).toBeAllClose(b);
});

it('pipelines are made again from their configs, and hand masks and structures on', () => {
  const pipeline = layers.pipeline({
    layers: [
      layers.randomBrightness({ factor: [0.1, 0.1] }),
      layers.maxNumBoundingBoxes({ maxNumber: 2, fillValue: 0 }),
    ],
  });
  const again = tf.layers.deserialize(JSON.parse(JSON.stringify(tf.layers.serialize(pipeline)))) as typeof pipeline;
  expect(again.getConfig()).toEqual(pipeline.getConfig());
  const boundingBoxes = { boxes: tf.ones([3, 1, 4]), labels: tf.ones([3, 1]) };
  const result = again.apply<Record<string, tf.Tensor>>({ images, boundingBoxes });
  expect(result.images).toBeAllClose(tf.minimum(tf.add(images, 25.5), 255), { rtol: 1e-5, atol: 1e-3 });
  expect((result.boundingBoxes as unknown as BoundingBoxes).boxes.shape).toEqual([3, 2, 4]);
  expect(again.apply(images, { training: false })).toBeAllClose(images);
  expect(again.computeOutputShape([null, 8, 10, 3])).toEqual([null, 8, 10, 3]);
});
