/** @file The discrete Fourier transform along one axis, of any length, as products with small matrices on the device. */
import { fromHost } from '../../engine/index.ts';
import * as p from '../../primitives/calls.ts';
import { toHostArray } from '../../tensor/host.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { scalarLike } from '../convert.ts';
import { type Direction, bluesteinLength, chirp, chirpSpectrum, fourierMatrix, stagesOf, twiddles } from './tables.ts';

/** Complex numbers of any floating dtype; null for imaginary parts that are all 0. */
export interface Parts {
  readonly re: Tensor;
  readonly im: Tensor | null;
}
export interface ComplexParts extends Parts {
  readonly im: Tensor;
}

/** A table on the device, in the dtype of what it meets. */
const constant = (values: Float64Array, shape: Shape, like: Tensor): Tensor =>
  fromHost(toHostArray(values, like.dtype), like.dtype, shape);

// Inside, numbers are [batch, parts, n, columns]: parts are the real and the imaginary ones, or only the real ones.

/** The product with factors of shape `like`, real parts and then imaginary ones, that broadcast over batch and columns. */
function twist(z: Tensor, table: Float64Array, shape: Shape): Tensor {
  const length = sizeOf(shape);
  const parts = z.rank - shape.length - 2;
  const complex = constant(table, [2, ...shape, 1], z);
  if (z.shape[parts] === 1) return p.mul(z, complex);
  const crossed = new Float64Array(2 * length);
  for (let i = 0; i < length; i++) [crossed[i], crossed[length + i]] = [-table[length + i], table[length + i]];
  const direct = p.mul(z, constant(table.subarray(0, length), [...shape, 1], z));
  return p.add(direct, p.mul(p.reverse(z, [parts]), constant(crossed, [2, ...shape, 1], z)));
}

/** Products with the matrix of one stage along the axis that is `length` long now. */
function stage(z: Tensor, length: number, direction: Direction): Tensor {
  const [batch, parts, n, columns] = z.shape;
  const matrix = constant(fourierMatrix(length, direction, parts === 1), [2 * length, parts * length], z);
  const rest = (n / length) * columns;
  // Vectors are multiplied all at once.
  const product =
    rest === 1
      ? p.matMul(p.reshape(z, [batch, parts * length]), matrix, false, true)
      : p.matMul(matrix, p.reshape(z, [batch, parts * length, rest]));
  return p.reshape(product, [batch, 2, n, columns]);
}

/**
 * By stages (Cooley & Tukey, 1965) that leave their results sorted (Stockham): after each one the axis that is done joins
 * the columns.
 */
function byStages(z: Tensor, stages: readonly number[], direction: Direction): Tensor {
  const [batch, , n, columns] = z.shape;
  let state = z;
  let [left, done] = [n, columns];
  for (const length of stages) {
    const transformed = stage(p.reshape(state, [batch, state.shape[1], left, done]), length, direction);
    left /= length;
    if (left === 1) state = transformed;
    else {
      const split = p.reshape(transformed, [batch, 2, length, left, done]);
      const turned = twist(split, twiddles(length, left, direction), [length, left]);
      state = p.transpose(turned, [0, 1, 3, 2, 4]);
    }
    done *= length;
    state = p.reshape(state, [batch, 2, left, done]);
  }
  return p.reshape(state, [batch, 2, n, columns]);
}

/** As a convolution with a chirp, whose length is a power of two (Bluestein, 1970). */
function byChirp(z: Tensor, direction: Direction): Tensor {
  const n = z.shape[2];
  const length = bluesteinLength(n);
  const around = twist(z, chirp(n, direction), [n]);
  const padded = p.pad(around, [
    [0, 0],
    [0, 0],
    [0, length - n],
    [0, 0],
  ]);
  const stages = stagesOf(length) as readonly number[];
  const filtered = twist(byStages(padded, stages, -1), chirpSpectrum(n, direction), [length]);
  const convolved = p.slice(byStages(filtered, stages, 1), [0, 0, 0, 0], filtered.shape.with(2, n));
  return p.mul(twist(convolved, chirp(n, direction), [n]), scalarLike(1 / length, z));
}

/**
 * `X[k] = Σⱼ x[j] e^(direction · 2πi · jk/n)` along `axis`, times 1/n for direction 1: so that both undo each other.
 */
export function transform({ re, im }: Parts, axis: number, direction: Direction): ComplexParts {
  const { shape } = re;
  const n = shape[axis];
  if (n <= 1 || re.size === 0) return { re, im: im ?? p.sub(re, re) };
  const inner: Shape = [sizeOf(shape.slice(0, axis)), 1, n, sizeOf(shape.slice(axis + 1))];
  const packed = im ? p.concat([p.reshape(re, inner), p.reshape(im, inner)], 1) : p.reshape(re, inner);
  const stages = stagesOf(n);
  const sums = stages ? byStages(packed, stages, direction) : byChirp(packed, direction);
  const result = direction === 1 ? p.mul(sums, scalarLike(1 / n, sums)) : sums;
  const part = (which: number): Tensor => p.reshape(p.slice(result, [0, which, 0, 0], inner), shape);
  return { re: part(0), im: part(1) };
}

/** Complex numbers times constants along `axis`: real parts, then imaginary ones. */
export function turn({ re, im }: Parts, table: Float64Array, axis: number): ComplexParts {
  const { shape } = re;
  const n = shape[axis];
  const places = shape.map((_, a) => (a === axis ? n : 1));
  const [c, s] = [table.subarray(0, n), table.subarray(n)].map((values) => constant(values, places, re));
  if (!im) return { re: p.mul(re, c), im: p.mul(re, s) };
  return { re: p.sub(p.mul(re, c), p.mul(im, s)), im: p.add(p.mul(re, s), p.mul(im, c)) };
}

/** The first `length` elements along `axis`, with zeros after them where there are fewer. */
export function fitTo(x: Tensor, axis: number, length: number): Tensor {
  const missing = length - x.shape[axis];
  if (missing === 0) return x;
  if (missing > 0)
    return p.pad(
      x,
      x.shape.map((_, a) => [0, a === axis ? missing : 0] as const),
    );
  return p.slice(
    x,
    x.shape.map(() => 0),
    x.shape.with(axis, length),
  );
}
