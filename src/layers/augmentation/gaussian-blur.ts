/** @file Gaussian blur whose width is a tensor. */
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';

/** The weights `[batch, 2 radius + 1]` of a bell of width sigma `[batch]`; beyond `within` pixels, where given, they are 0. */
function bell(sigma: Tensor, radius: number, within?: Tensor): Tensor {
  const distance = ops.cast(ops.range(-radius, radius + 1, 1, 'int32'), sigma.dtype);
  const width = ops.reshape(sigma, [-1, 1]);
  const weights = ops.exp(ops.mul(ops.square(ops.div(distance, width)), -0.5));
  const counted = within
    ? ops.where(ops.lessEqual(ops.abs(distance), ops.reshape(within, [-1, 1])), weights, ops.zerosLike(weights))
    : weights;
  return ops.div(counted, ops.sum(counted, -1, true));
}

/** How wide the bell is along an axis. */
export interface Blur {
  /** Standard deviation in pixels, `[batch]`. */
  readonly sigma: Tensor;
  /** Pixels to either side that count at most. */
  readonly radius: number;
  /** Pixels to either side that count, `[batch]`; default `radius`. */
  readonly within?: Tensor;
}

/** Images `[batch, height, width, channels]` blurred along both axes, each image with bells of its own; beyond the border are zeros. */
export function gaussianBlur(images: Tensor, down: Blur, across: Blur): Tensor {
  const [batch, height, width, channels] = images.shape;
  // All planes as channels of one image: the filter of each is its own.
  const planes = ops.reshape(ops.transpose(images, [0, 3, 1, 2]), [1, batch * channels, height, width]);
  const filter = ({ sigma, radius, within }: Blur): Tensor => {
    const full = ops.broadcastTo(bell(sigma, radius, within), [batch, 2 * radius + 1]);
    return ops.transpose(ops.repeat(full, channels, 0), [1, 0]);
  };
  const along = (x: Tensor, blur: Blur, axis: 0 | 1): Tensor => {
    const size = 2 * blur.radius + 1;
    const shape = [...(axis === 0 ? [size, 1] : [1, size]), batch * channels, 1];
    return ops.depthwiseConv2d(x, ops.cast(ops.reshape(filter(blur), shape), x.dtype), 1, 'same', 'NCHW');
  };
  const blurred = along(along(planes, down, 0), across, 1);
  return ops.transpose(ops.reshape(blurred, [batch, channels, height, width]), [0, 2, 3, 1]);
}
