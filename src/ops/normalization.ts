/** @file Normalisation by given statistics, and dropout. */
import * as p from '../primitives/calls.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, scalarLike, toFloat, toOperands, toPair } from './convert.ts';
import type { Generator } from '../engine/random/philox.ts';
import { randomMask } from './random.ts';
import { op } from '../symbolic/op.ts';

/**
 * `(x - mean) / √(variance + ε) · scale + offset` (Ioffe & Szegedy, 2015). All operands broadcast.
 *
 * @param offset Added at the end; left out if null.
 * @param scale Factor; left out if null.
 * @param varianceEpsilon Keeps the root away from 0.
 * @example `tf.batchNorm([[1], [3]], [2], [1], [0], [1], 0)` is `[[-1], [1]]`
 */
export const batchNorm = op(
  'batchNorm',
  function batchNorm(
    x: TensorLike,
    mean: TensorLike,
    variance: TensorLike,
    offset?: TensorLike | null,
    scale?: TensorLike | null,
    varianceEpsilon = 0.001,
  ): Tensor {
    const [value, center, spread] = toOperands([x, mean, variance], 'batchNorm');
    const inverse = p.rsqrt(p.add(spread, scalarLike(varianceEpsilon, spread)));
    const factor = scale == null ? inverse : p.mul(...toPair(inverse, scale, 'batchNorm'));
    const normalized = p.mul(...toPair(p.sub(value, center), factor, 'batchNorm'));
    return offset == null ? normalized : p.add(...toPair(normalized, offset, 'batchNorm'));
  },
);

/**
 * Sets a random fraction `rate` of the elements to 0 and scales the others by `1 / (1 - rate)`, so that the sum stays the
 * same in expectation (Srivastava et al., 2014).
 *
 * @param rate From 0 up to, but without, 1.
 * @param noiseShape Shape of the random mask, broadcast to `x`; that of `x` by default.
 * @param seed For the same mask each time; or a generator that goes on; otherwise the global generator goes on.
 * @throws ArgumentError if `rate` is out of range.
 * @example `tf.dropout([1, 2], 0)` is `[1, 2]`
 */
export const dropout = op(
  'dropout',
  function dropout(x: TensorLike, rate: number, noiseShape?: Shape | null, seed?: number | Generator): Tensor {
    if (!(rate >= 0 && rate < 1))
      throw new ArgumentError(`dropout: expected a rate of at least 0 and below 1, got ${rate}.`);
    const value = toFloat(x, 'dropout');
    if (rate === 0) return ownTensor(value, x);
    const kept = p.cast(randomMask(noiseShape ?? value.shape, 1 - rate, seed), value.dtype);
    return p.mul(value, p.mul(kept, scalarLike(1 / (1 - rate), value)));
  },
);
