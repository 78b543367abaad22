/** @file tf.image.mapCoordinates: values and gradients as in Keras, with every fill mode. */
import { describe, expect, it } from 'vitest';
import * as tf from '../../src/index.ts';
import { type FixtureArray, readFixture, toTensor } from '../support/fixtures.ts';
import '../support/tensors.ts';

interface CoordinatesCase {
  readonly fillMode: 'constant' | 'nearest' | 'wrap' | 'reflect';
  readonly interpolation: 'nearest' | 'bilinear';
  readonly images: FixtureArray;
  readonly coordinates: FixtureArray;
  readonly output: FixtureArray;
  readonly cotangent: FixtureArray;
  readonly imageGradient: FixtureArray;
  readonly coordinateGradient: FixtureArray | null;
}

const close = { rtol: 1e-4, atol: 1e-5 };

describe('mapCoordinates', () => {
  for (const fixture of readFixture<CoordinatesCase[]>('layers/coordinates.json')) {
    const { fillMode, interpolation } = fixture;
    const look = (images: tf.Tensor, coordinates: tf.Tensor): tf.Tensor =>
      tf.image.mapCoordinates(images, coordinates, interpolation, fillMode, 0.5);

    it(`${fillMode}, ${interpolation}`, () => {
      const [images, coordinates] = [toTensor(fixture.images), toTensor(fixture.coordinates)];
      expect(look(images, coordinates)).toBeAllClose(toTensor(fixture.output), close);
      expect(tf.function(look)(images, coordinates)).toBeAllClose(toTensor(fixture.output), close);
      const cotangent = toTensor(fixture.cotangent);
      const loss = (x: tf.Tensor, at: tf.Tensor): tf.Tensor => tf.sum(tf.mul(look(x, at), cotangent));
      expect(tf.grad((x) => loss(x, coordinates))(images)).toBeAllClose(toTensor(fixture.imageGradient), close);
      // Between pixels, the nearest one does not follow the coordinates.
      if (fixture.coordinateGradient && interpolation === 'bilinear')
        expect(tf.grad((at) => loss(images, at))(coordinates)).toBeAllClose(
          toTensor(fixture.coordinateGradient),
          close,
        );
    });
  }

  it('meets the first pixel again at every multiple of the size', () => {
    const sizes = Array.from({ length: 60 }, (_, i) => i + 1);
    for (const size of sizes) {
      const row = tf.reshape(tf.range(0, size), [1, 1, size, 1]);
      const columns = tf.mul(tf.tensor([-3, -1, 0, 1, 2, 7]), size);
      const at = tf.reshape(tf.stack([tf.zerosLike(columns), columns]), [2, 1, 1, 6]);
      expect(tf.max(tf.image.mapCoordinates(row, at, 'nearest', 'wrap')).dataSync()[0]).toBe(0);
    }
  });

  it('refuses what does not fit', () => {
    const images = tf.ones([1, 2, 2, 1]);
    expect(() => tf.image.mapCoordinates(images, tf.ones([2, 2, 2, 2]))).toThrow(/coordinates of shape \[2, 1/);
    const at = tf.ones([2, 1, 2, 2]);
    expect(() => tf.image.mapCoordinates(images, at, 'cubic' as 'nearest')).toThrow(/'bilinear' or 'nearest'/);
    expect(() => tf.image.mapCoordinates(images, at, 'nearest', 'mirror' as 'wrap')).toThrow(/fillMode/);
  });
});
