/** @file tf.image against TensorFlow, eagerly and traced. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import type { Tensor } from '../../src/index.ts';
import '../support/tensors.ts';
import { fixture, fixtureNames } from './vision-fixtures.ts';

const { image } = tf;
const close = { rtol: 1e-4, atol: 2e-5 };
type Call = (...inputs: Tensor[]) => Tensor | Tensor[];

/** The call eagerly and traced. */
function check(name: string, call: Call, tolerance = close, dtype: tf.DType = 'float32'): void {
  const { inputs, outputs } = fixture(name, dtype);
  const traced = tf.function((...given: Tensor[]) => [call(...given)].flat());
  for (const [how, results] of [
    ['eager', [call(...inputs)].flat()],
    ['traced', traced(...inputs)],
  ] as const) {
    expect(results.length).toBe(outputs.length);
    results.forEach((result, i) => expect(result, `${name} ${i}, ${how}`).toBeAllClose(outputs[i], tolerance));
  }
}

describe('resizing', () => {
  it.each(fixtureNames('resize').filter((name) => name !== 'resize aspect'))('%s', (name) => {
    const [, method, size, antialias] = name.split(' ');
    const wanted = size.split('x').map(Number);
    // TensorFlow looks bicubic weights up in a table of 1,024 places.
    const tolerance = method === 'bicubic' && antialias === 'False' ? { rtol: 0, atol: 2e-3 } : close;
    check(name, (x) => image.resize(x, wanted, method as 'bilinear', false, antialias === 'True'), tolerance);
  });

  it.each([...fixtureNames('bilinear'), ...fixtureNames('nearest')])('%s', (name) => {
    const [method, size, align, half] = name.split(' ');
    const f = method === 'bilinear' ? image.resizeBilinear : image.resizeNearestNeighbor;
    check(name, (x) => f(x, size.split('x').map(Number), align === 'True', half === 'True'));
  });

  it('keeps proportions, pads and crops', () => {
    check('resize aspect', (x) => image.resize(x, [12, 12], 'bilinear', true));
    check('resizeWithPad', (x) => [image.resizeWithPad(x, 7, 12), image.resizeWithPad(x, 9, 4, 'nearest')]);
    check('resizeWithCropOrPad', (x) => [image.resizeWithCropOrPad(x, 9, 2), image.resizeWithCropOrPad(x, 3, 8)]);
  });

  it('gives float32 of bytes, but the nearest of bytes are bytes', () => {
    const bytes = tf.tensor([[[0], [255]]], [1, 2, 1], 'uint8');
    expect(image.resize(bytes, [2, 4])).toHaveType('float32', [2, 4, 1]);
    expect(image.resize(bytes, [2, 4], 'nearest')).toHaveType('uint8', [2, 4, 1]);
    expect(image.resizeBilinear(bytes, [1, 3], true)).toBeAllClose([[[0], [127.5], [255]]]);
  });

  it('a pixel that is NaN stays among its neighbours', () => {
    const x = tf.tensor([NaN, 1, 1, 1, 1, 1], [1, 6, 1]);
    expect([...image.resize(x, [1, 12]).dataSync()].filter(Number.isNaN).length).toBeLessThan(5);
  });
});

describe('places', () => {
  it.each(fixtureNames('cropAndResize'))('%s', (name) => {
    const [, method, rows] = name.split(' ');
    const size = rows === '3' ? [3, 4] : [1, 1];
    check(name, (x, boxes) => image.cropAndResize(x, boxes, [0, 1, 1, 0], size, method as 'nearest', 0.5));
  });
  it.each(fixtureNames('transform'))('%s', (name) => {
    const [, interpolation, fill] = name.split(' ');
    check(name, (x, t) => image.transform(x, t, interpolation as 'nearest', fill as 'wrap', 0.25, [5, 7]));
  });
  it.each(fixtureNames('extractGlimpse'))('%s', (name) => {
    const [, centered, normalized] = name.split(' ').map((word) => word === 'True');
    check(name, (x, offsets) => image.extractGlimpse(x, [3, 4], offsets, centered, normalized, 'zero'));
  });

  it('a turn by a right angle about the middle of pixels moves them', () => {
    const x = tf.tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 3, 3, 1]);
    const turned = image.rotateWithOffset(x, Math.PI / 2, 0, 1 / 3);
    expect(turned.flatten()).toBeAllClose([3, 6, 9, 2, 5, 8, 1, 4, 7]);
    const corner = image.rotateWithOffset(tf.ones([1, 4, 4, 4]), Math.PI / 4, [9, 8, 7]);
    expect(corner.slice([0, 0, 0], [1, 1, 1]).flatten()).toBeAllClose([9, 8, 7, 255]);
  });

  it('cuts, frames, mirrors and turns', () => {
    check('centralCrop', (x) => [image.centralCrop(x, 0.5), image.centralCrop(x, 0.8)]);
    check('rot90', (x) => [0, 1, 2, 3].map((k) => image.rot90(x, k)));
    const x = tf.range(0, 6, 1, 'float32').reshape([2, 3, 1]);
    expect(image.flipLeftRight(x).flatten()).toBeAllClose([2, 1, 0, 5, 4, 3]);
    expect(image.flipUpDown(x).flatten()).toBeAllClose([3, 4, 5, 0, 1, 2]);
    expect(image.transpose(x).flatten()).toBeAllClose([0, 3, 1, 4, 2, 5]);
    expect(image.cropToBoundingBox(x, 1, 1, 1, 2).flatten()).toBeAllClose([4, 5]);
    expect(image.padToBoundingBox(x, 1, 0, 3, 3).flatten()).toBeAllClose([0, 0, 0, 0, 1, 2, 3, 4, 5]);
    expect(() => image.cropToBoundingBox(x, 1, 1, 2, 2)).toThrow(/do not lie within/);
  });
});

describe('colours', () => {
  it('spaces', () => {
    check('rgbToGrayscale', image.rgbToGrayscale);
    check('rgbToHsv', image.rgbToHsv);
    check('hsvToRgb', image.hsvToRgb);
    check('rgbToYiq', (x) => [image.rgbToYiq(x), image.yiqToRgb(x)]);
    check('rgbToYuv', (x) => [image.rgbToYuv(x), image.yuvToRgb(x)]);
    expect(image.grayscaleToRGB([[[1], [2]]])).toBeAllClose([[[1, 1, 1], [2, 2, 2]]]); // prettier-ignore
  });
  it('adjustments', () => {
    check('adjust', (x) => [
      image.adjustBrightness(x, 0.2),
      image.adjustContrast(x, 1.7),
      image.adjustHue(x, 0.3),
      image.adjustSaturation(x, 0.4),
      image.adjustGamma(x, 1.8, 0.9),
      image.perImageStandardization(x),
    ]);
  });
  it('of bytes stay bytes', () => {
    const calls: Call = (x) => [
      image.adjustBrightness(x, 0.2),
      image.adjustContrast(x, 1.7),
      image.adjustHue(x, 0.3),
      image.adjustSaturation(x, 0.4),
      image.adjustGamma(x, 1.8),
      image.rgbToGrayscale(x),
    ];
    // float32 in other orders: a number just below a whole one falls to the one before
    check('adjust bytes', calls, { rtol: 0, atol: 1 }, 'uint8');
    for (const result of calls(...fixture('adjust bytes', 'uint8').inputs) as Tensor[])
      expect(result.dtype).toBe('uint8');
  });
  it('changes of scale between dtypes', () => {
    const bytes = tf.tensor([0, 51, 255], [3], 'uint8');
    expect(image.convertImageDtype(bytes, 'float32')).toBeAllClose([0, 0.2, 1]);
    expect(image.convertImageDtype([0, 0.5, 1, 2], 'uint8', true).arraySync()).toEqual([0, 127, 255, 255]);
    expect(() => image.convertImageDtype([true], 'uint8')).toThrow(/floats or integers/);
  });
  it('a threshold between dark and bright', () => {
    const x = tf.tensor([10, 20, 15, 200, 210, 220], [2, 3, 1]);
    expect(image.threshold(x, 'otsu').flatten().arraySync()).toEqual([0, 0, 0, 255, 255, 255]);
    expect(image.threshold(x, 'binary', true, 0.8).flatten().arraySync()).toEqual([255, 255, 255, 255, 0, 0]);
    expect(image.threshold(x)).toHaveType('int32', [2, 3, 1]);
  });
});

describe('filters and quality', () => {
  it('edges, changes, variation', () => {
    check('sobelEdges', image.sobelEdges);
    check('imageGradients', image.imageGradients);
    check('totalVariation', image.totalVariation);
  });
  it('likeness', () => {
    check('psnr', (a, b) => image.psnr(a, b, 1));
    check('ssim', (a, b) => [image.ssim(a, b, 1), image.ssim(a, b, 1, 7, 1, 0.02, 0.05)]);
    check('ssimMultiscale', (a, b) => image.ssimMultiscale(a, b, 1, [0.4, 0.6], 5));
    const bytes = tf.tensor([0, 10, 20, 30], [2, 2, 1], 'uint8');
    expect(image.psnr(bytes, bytes.add(1).cast('uint8'), 255)).toBeAllClose(tf.scalar(20 * Math.log10(255)), close);
    expect(() => image.ssim(tf.ones([4, 4, 1]), tf.ones([4, 4, 1]), 1)).toThrow(/smaller than the filter of 11/);
  });
});

describe('boxes', () => {
  it('nonMaxSuppression and its variants', async () => {
    const { inputs, outputs } = fixture('nonMaxSuppression');
    const [boxes, scores] = inputs;
    expect(image.nonMaxSuppression(boxes, scores, 6, 0.3, 0.2)).toBeAllClose(outputs[0]);
    expect(await image.nonMaxSuppressionAsync(boxes, scores, 6, 0.3, 0.2)).toBeAllClose(outputs[0]);
    const soft = image.nonMaxSuppressionWithScore(boxes, scores, 6, 0.4, 0.1, 0.5);
    expect(soft.selectedIndices).toBeAllClose(outputs[1]);
    expect(soft.selectedScores).toBeAllClose(outputs[2]);
    const softLater = await image.nonMaxSuppressionWithScoreAsync(boxes, scores, 6, 0.4, 0.1, 0.5);
    expect(softLater.selectedScores).toBeAllClose(outputs[2]);
    const padded = image.nonMaxSuppressionPadded(boxes, scores, 10, 0.3, 0.2, true);
    expect(padded.selectedIndices).toBeAllClose(outputs[3]);
    expect(padded.validOutputs).toBeAllClose(outputs[4]);
    const traced = tf.function((b: Tensor, s: Tensor) => image.nonMaxSuppressionPadded(b, s, 10, 0.3, 0.2, true));
    expect(traced(boxes, scores).selectedIndices).toBeAllClose(outputs[3]);
    expect((await image.nonMaxSuppressionPaddedAsync(boxes, scores, 20)).validOutputs.item()).toBeGreaterThan(0);
    expect(image.nonMaxSuppression(tf.zeros([0, 4]), tf.zeros([0]), 3).shape).toEqual([0]);
    expect(() => tf.function((b: Tensor) => image.nonMaxSuppression(b, scores, 3))(boxes)).toThrow(/tf\.function/);
    expect(() => image.nonMaxSuppression(boxes, scores, 3, 2)).toThrow(/iouThreshold from 0 to 1/);
  });
  it.each(['False', 'True'])('combinedNonMaxSuppression, padPerClass %s', (perClass) => {
    check(`combinedNonMaxSuppression ${perClass}`, (boxes, scores) => {
      const result = image.combinedNonMaxSuppression(boxes, scores, 3, 5, 0.4, 0.1, perClass === 'True');
      return [result.nmsedBoxes, result.nmsedScores, result.nmsedClasses, result.validDetections];
    });
  });
  it('drawBoundingBoxes', () => check('drawBoundingBoxes', image.drawBoundingBoxes));
  it('sampleDistortedBoundingBox lies within the image and shows its object', () => {
    const boxes = tf.tensor([0.2, 0.2, 0.6, 0.7], [1, 1, 4]);
    for (let seed = 0; seed < 20; seed++) {
      const { begin, size, bboxes } = image.sampleDistortedBoundingBox([40, 50, 3], boxes, {
        seed,
        minObjectCovered: 0.5,
        areaRange: [0.2, 0.9],
      });
      const [top, left] = begin.dataSync();
      const [height, width] = size.dataSync();
      expect(top + height).toBeLessThanOrEqual(40);
      expect(left + width).toBeLessThanOrEqual(50);
      expect(height * width).toBeGreaterThanOrEqual(0.2 * 2000);
      const [t, l, b, r] = bboxes.dataSync();
      const shown = Math.max(0, Math.min(b, 0.6) - Math.max(t, 0.2)) * Math.max(0, Math.min(r, 0.7) - Math.max(l, 0.2));
      expect(shown / 0.2).toBeGreaterThanOrEqual(0.499);
    }
  });
});

describe('random changes', () => {
  const x = tf.randomUniform([4, 5, 6, 3], 0, 1, 'float32', 3);
  const calls: Record<string, (seed: number) => Tensor> = {
    randomFlipLeftRight: (seed) => image.randomFlipLeftRight(x, seed),
    randomFlipUpDown: (seed) => image.statelessRandomFlipUpDown(x, seed),
    randomBrightness: (seed) => image.randomBrightness(x, 0.3, seed),
    randomContrast: (seed) => image.statelessRandomContrast(x, 0.5, 1.5, seed),
    randomHue: (seed) => image.randomHue(x, 0.2, seed),
    randomSaturation: (seed) => image.statelessRandomSaturation(x, 0.2, 1.8, seed),
    randomCrop: (seed) => image.randomCrop(x, [4, 3, 2, -1], seed),
  };
  it.each(Object.keys(calls))('%s is the same for one seed', (name) => {
    expect(calls[name](5)).toBeAllClose(calls[name](5), { rtol: 0, atol: 0 });
    const others = [1, 2, 3, 4].map((seed) => calls[name](seed).sub(calls[name](5)).abs().sum().item());
    expect(Math.max(...others)).toBeGreaterThan(0);
  });
  it('draws anew at each call of a traced function', () => {
    const f = tf.function((y: Tensor) => image.randomBrightness(y, 0.5));
    const [a, b] = [f(x), f(x)];
    expect(a.sub(b).abs().sum().item()).toBeGreaterThan(0);
  });
  it("takes TensorFlow's seeds of two numbers", () => {
    const seeded: Record<string, (seed: [number, number]) => Tensor> = {
      flip: (seed) => image.statelessRandomFlipLeftRight(x, seed),
      brightness: (seed) => image.statelessRandomBrightness(x, 0.5, seed),
      crop: (seed) => image.statelessRandomCrop(x, [4, 3, 2, -1], seed),
    };
    for (const call of Object.values(seeded)) {
      expect(call([1, 2])).toBeAllClose(call([1, 2]), { rtol: 0, atol: 0 });
      const others = [3, 4, 5, 6].map((second) =>
        call([1, second])
          .sub(call([1, 2]))
          .abs()
          .sum()
          .item(),
      );
      expect(Math.max(...others)).toBeGreaterThan(0);
    }
  });
  it('flips whole images only', () => {
    const flipped = image.randomFlipLeftRight(x, 8);
    const same = [...tf.unstack(flipped)].map((one, i) => {
      const original = x.slice([i], [1]).reshape([5, 6, 3]);
      const mirrored = image.flipLeftRight(original);
      return [original, mirrored].some((candidate) => candidate.sub(one).abs().sum().item() === 0);
    });
    expect(same).toEqual([true, true, true, true]);
  });
});

it('resizing to the same size smooths where the kernel does, and gives float32', () => {
  const x = tf.tensor([0, 0, 255, 0, 0], [1, 1, 5, 1], 'uint8');
  expect(tf.image.resize(x, [1, 5])).toHaveType('float32', [1, 1, 5, 1]);
  expect(tf.image.resize(x, [1, 5], 'nearest')).toHaveType('uint8', [1, 1, 5, 1]);
  // A Gaussian of σ = 1/2 pixel, of TensorFlow.
  const smooth = tf.image.resize(x, [1, 5], 'gaussian').flatten();
  expect(smooth).toBeAllClose([0, 27.159, 200.681, 27.159, 0], { atol: 1e-3 });
});

it('resizing is chained as in TensorFlow.js', () => {
  const x = tf.ones([2, 2, 1]);
  expect(x.resizeBilinear([4, 4]).shape).toEqual([4, 4, 1]);
  expect(x.resizeNearestNeighbor([1, 1]).shape).toEqual([1, 1, 1]);
});
