/** @file ComplexTensor: complex numbers as two tensors of float32, which is all that engines, tapes and traces see of them. */
import type { TypedArray } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { formatShape, shapesEqual } from './shape.ts';
import type { Storage } from './storage.ts';
import { Tensor } from './tensor.ts';

/** A tensor of dtype complex64. */
export class ComplexTensor extends Tensor {
  /** The real parts. */
  readonly re: Tensor;
  /** The imaginary parts. */
  readonly im: Tensor;

  /** Takes over both tensors. @throws DTypeError, ShapeError */
  constructor(re: Tensor, im: Tensor) {
    if (re.dtype !== 'float32' || im.dtype !== 'float32')
      throw new DTypeError(
        `complex64 is made of two float32 tensors, got ${re.dtype} and ${im.dtype}; cast them first.`,
      );
    if (!shapesEqual(re.shape, im.shape))
      throw new ShapeError(
        `complex64 is made of two tensors of one shape, got ${formatShape(re.shape)} and ${formatShape(im.shape)}.`,
      );
    super(null, 'complex64', re.shape);
    this.re = re;
    this.im = im;
  }

  override get isDisposed(): boolean {
    return this.re.isDisposed;
  }

  override get isSymbolic(): boolean {
    return this.re.isSymbolic;
  }

  override get device(): string {
    return this.re.device;
  }

  override get storage(): Storage {
    throw new DTypeError('A complex64 tensor has no memory of its own; use tf.real(x) and tf.imag(x).');
  }

  /** Real and imaginary parts in turns. */
  protected override elementsSync(): TypedArray {
    return interleave(this.re.dataSync<Float32Array>(), this.im.dataSync<Float32Array>());
  }

  protected override async elements(): Promise<TypedArray> {
    const [re, im] = await Promise.all([this.re.data<Float32Array>(), this.im.data<Float32Array>()]);
    return interleave(re, im);
  }

  override alias(): ComplexTensor {
    return new ComplexTensor(this.re.alias(), this.im.alias());
  }

  override dispose(): void {
    this.re.dispose();
    this.im.dispose();
  }
}

function interleave(re: Float32Array, im: Float32Array): Float32Array {
  const data = new Float32Array(2 * re.length);
  for (let i = 0; i < re.length; i++) {
    data[2 * i] = re[i];
    data[2 * i + 1] = im[i];
  }
  return data;
}

/** The tensors that engines, tapes and traces know: the two of a complex one, else the tensor itself. */
export const partsOf = (tensor: Tensor): Tensor[] =>
  tensor instanceof ComplexTensor ? [tensor.re, tensor.im] : [tensor];

/** A tensor of this one's kind, of the parts that `next` gives in order. */
export const ofParts = (like: Tensor, next: () => Tensor): Tensor =>
  like instanceof ComplexTensor ? new ComplexTensor(next(), next()) : next();
