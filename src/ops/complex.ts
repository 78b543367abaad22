/** @file Complex numbers: making them, and their parts. */
import * as p from '../primitives/calls.ts';
import { ComplexTensor } from '../tensor/complex.ts';
import { isFloating } from '../tensor/dtype.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, toPair, toTensor } from './convert.ts';
import { op } from '../symbolic/op.ts';

const asFloat32 = (x: Tensor): Tensor => p.cast(x, 'float32');

/**
 * Complex numbers with the given parts, which broadcast.
 *
 * @example `tf.complex([1, 2], [3, 4]) // 1+3i, 2+4i`
 */
export const complex = op('complex', function complex(real: TensorLike, imag: TensorLike): Tensor {
  const [re, im] = toPair(real, imag, 'complex').map(asFloat32);
  // A sum with zeros broadcasts as arithmetic does, and says the same of shapes that do not fit.
  const shape = p.add(re, im).shape;
  return new ComplexTensor(own(p.broadcastTo(re, shape)), own(p.broadcastTo(im, shape)));
});
const own = (x: Tensor): Tensor => p.reshape(x, x.shape);

/** The real parts; a real tensor is its own. @example `tf.real(tf.complex([1, 2], [3, 4]))` is `[1, 2]` */
export const real = op('real', function real(x: TensorLike): Tensor {
  const value = toTensor(x, 'real');
  return ownTensor(value instanceof ComplexTensor ? own(value.re) : value, x);
});

/** The imaginary parts; zeros of a real tensor. @example `tf.imag(tf.complex([1, 2], [3, 4]))` is `[3, 4]` */
export const imag = op('imag', function imag(x: TensorLike): Tensor {
  const value = toTensor(x, 'imag');
  return value instanceof ComplexTensor ? own(value.im) : p.sub(value, value);
});

/**
 * The conjugate: the imaginary part with the other sign. A real tensor is its own.
 *
 * @example `tf.conj(tf.complex([1], [3]))` is `[[1, -3]]`
 */
export const conj = op('conj', function conj(x: TensorLike): Tensor {
  const value = toTensor(x, 'conj');
  return value instanceof ComplexTensor ? new ComplexTensor(own(value.re), p.neg(value.im)) : ownTensor(value, x);
});

/**
 * The angle in (-π, π]: 0 or π of a real number.
 *
 * @example `tf.angle(tf.complex([0, -1], [1, 0]))` is `[1.571, 3.142]`
 */
export const angle = op('angle', function angle(x: TensorLike): Tensor {
  const value = toTensor(x, 'angle');
  if (value instanceof ComplexTensor) return p.atan2(value.im, value.re);
  const number = isFloating(value.dtype) ? value : asFloat32(value);
  return p.atan2(p.sub(number, number), number);
});
