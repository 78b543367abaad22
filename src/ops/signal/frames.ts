/** @file Signals in overlapping frames, and frames in signals again. */
import { fromHost } from '../../engine/index.ts';
import * as p from '../../primitives/calls.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, normalizeAxis } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { op } from '../../symbolic/op.ts';

function expectCount(operation: string, name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError(`${operation}: expected ${name} to be a whole number of 1 or more, got ${value}.`);
}

/** For each place of each frame, which sample it is. */
const samples = (frames: number, frameLength: number, frameStep: number): Int32Array =>
  Int32Array.from(
    { length: frames * frameLength },
    (_, i) => Math.floor(i / frameLength) * frameStep + (i % frameLength),
  );

/**
 * Frames of `frameLength` samples along `axis`, of which each begins `frameStep` after the one before.
 *
 * @param signal `[..., samples, ...]`
 * @param padEnd Whether frames that begin within the signal may reach beyond its end, with `padValue` there.
 * @returns `[..., frames, frameLength, ...]`: ⌈samples / frameStep⌉ frames with `padEnd`, else as many as fit.
 * @example tf.signal.frame([1, 2, 3, 4, 5], 3, 2) // [[1, 2, 3], [3, 4, 5]]
 */
export const frame = op(
  'signal.frame',
  function frame(
    signal: TensorLike,
    frameLength: number,
    frameStep: number,
    padEnd = false,
    padValue = 0,
    axis = -1,
  ): Tensor {
    const value = toTensor(signal, 'frame');
    expectCount('frame', 'frameLength', frameLength);
    expectCount('frame', 'frameStep', frameStep);
    const at = normalizeAxis(axis, value.rank, 'frame');
    const length = value.shape[at];
    const frames = padEnd
      ? Math.ceil(length / frameStep)
      : Math.max(0, 1 + Math.floor((length - frameLength) / frameStep));
    const missing = Math.max(0, (frames - 1) * frameStep + frameLength - length);
    const padded =
      padEnd && missing > 0
        ? p.pad(
            value,
            value.shape.map((_, a) => [0, a === at ? missing : 0] as const),
            padValue,
          )
        : value;
    const places = fromHost(samples(frames, frameLength, frameStep), 'int32', [frames, frameLength]);
    return p.gather(padded, places, at);
  },
);

/**
 * A signal of frames: each begins `frameStep` after the one before, and where they overlap they add up.
 *
 * @param signal `[..., frames, frameLength]`
 * @returns `[..., (frames - 1) · frameStep + frameLength]`
 * @example tf.signal.overlapAndAdd([[1, 1, 1], [1, 1, 1]], 2) // [1, 1, 2, 1, 1]
 */
export const overlapAndAdd = op(
  'signal.overlapAndAdd',
  function overlapAndAdd(signal: TensorLike, frameStep: number): Tensor {
    const value = toTensor(signal, 'overlapAndAdd');
    expectCount('overlapAndAdd', 'frameStep', frameStep);
    if (value.rank < 2)
      throw new ShapeError(
        `overlapAndAdd: expected frames, [..., frames, frameLength], got shape ${formatShape(value.shape)}.`,
      );
    const [frames, frameLength] = value.shape.slice(-2);
    const batch = value.shape.slice(0, -2);
    const length = frames === 0 ? 0 : (frames - 1) * frameStep + frameLength;
    const places = fromHost(samples(frames, frameLength, frameStep), 'int32', [frames * frameLength]);
    return p.scatterAdd(p.reshape(value, [...batch, frames * frameLength]), places, batch.length, length);
  },
);
