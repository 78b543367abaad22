/** @file Weights in TensorFlow.js's form: one run of bytes, and a list that says what is in it. */
import type { WeightEntry } from '../../models/saving-port.ts';
import { fromHost, fromStrings } from '../../engine/index.ts';
import * as ops from '../../ops/index.ts';
import { type DType, type TypedArray, bytesPerElement, hostArrayOf } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { fromFloat16Bits } from '../../tensor/float16.ts';
import { sizeOf } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { type Fields, fieldsOf, sizesOf, textOf } from '../fields.ts';

/** Dtypes that the form has; others become the next that holds them. */
const written: Partial<Record<DType, 'float32' | 'int32' | 'bool'>> = {
  ...{ float16: 'float32', float32: 'float32', float64: 'float32', bool: 'bool' },
  ...{ int8: 'int32', int16: 'int32', int32: 'int32', int64: 'int32', uint8: 'int32' },
};

/** Bytes of an element on the wire. */
const widths: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

/** Buffers one after the other. */
export function joinBytes(parts: readonly (ArrayBuffer | Uint8Array)[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part instanceof Uint8Array ? part : new Uint8Array(part), at);
    at += part.byteLength;
  }
  return joined;
}

function bytesOf(tensor: Tensor): { dtype: string; bytes: Uint8Array } {
  if (tensor.dtype === 'string') {
    const parts = tensor.bytesSync<Uint8Array[]>().flatMap((element) => {
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, element.byteLength, true);
      return [length, element];
    });
    return { dtype: 'string', bytes: joinBytes(parts) };
  }
  if (tensor.dtype === 'complex64') {
    const [real, imag] = [ops.real(tensor), ops.imag(tensor)].map((part) => part.dataSync() as Float32Array);
    const pairs = Float32Array.from({ length: 2 * real.length }, (_, i) => (i % 2 === 0 ? real : imag)[i >> 1]);
    return { dtype: 'complex64', bytes: new Uint8Array(pairs.buffer) };
  }
  const dtype = written[tensor.dtype]!;
  const { buffer, byteOffset, byteLength } = ops.cast(tensor, dtype).storage.readSync();
  return { dtype, bytes: new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice() };
}

/**
 * Tensors by name as one buffer and a list of what is in it. float16 and float64 become float32, integers int32.
 *
 * @example
 * const { data, specs } = await tf.io.encodeWeights({ kernel, bias });
 */
export async function encodeWeights(
  tensors: Readonly<Record<string, Tensor | Variable>> | readonly { name: string; tensor: Tensor | Variable }[],
  group?: string,
): Promise<{ data: ArrayBuffer; specs: WeightEntry[] }> {
  const list = Array.isArray(tensors)
    ? (tensors as readonly { name: string; tensor: Tensor | Variable }[])
    : Object.entries(tensors as Record<string, Tensor | Variable>).map(([name, tensor]) => ({ name, tensor }));
  const parts = list.map(({ name, tensor: given }) => {
    const tensor = given instanceof Tensor ? given : given.value;
    const { dtype, bytes } = ops.tidy(() => bytesOf(tensor));
    return { bytes, spec: { name, shape: [...tensor.shape], dtype, ...(group !== undefined && { group }) } };
  });
  return {
    data: joinBytes(parts.map(({ bytes }) => bytes)).buffer as ArrayBuffer,
    specs: parts.map(({ spec }) => spec),
  };
}

/** Reads bytes from the front on. */
class ByteReader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** @throws ArgumentError where there are not as many left */
  take(count: number, what: string): Uint8Array {
    if (this.at + count > this.bytes.byteLength)
      throw new ArgumentError(
        `The weights are damaged: ${what} needs ${count} bytes, ${this.bytes.byteLength - this.at} are left of ${this.bytes.byteLength}.`,
      );
    return this.bytes.slice(this.at, (this.at += count));
  }
}

const elementsOf = (dtype: DType, bytes: Uint8Array): TypedArray =>
  new (hostArrayOf(dtype))(bytes.buffer, 0, bytes.byteLength / bytesPerElement(dtype));

/** Elements that were written in a narrower type. */
function widened(
  bytes: Uint8Array,
  dtype: 'float32' | 'int32',
  { dtype: narrow, scale, min }: Fields,
  what: string,
): TypedArray {
  if (narrow === 'float16') return Float32Array.from(new Uint16Array(bytes.buffer), fromFloat16Bits);
  if ((narrow !== 'uint8' && narrow !== 'uint16') || typeof scale !== 'number' || typeof min !== 'number')
    throw new ArgumentError(
      `${what}: expected quantization to uint8, uint16 or float16, got ${JSON.stringify(narrow)}.`,
    );
  const numbers = narrow === 'uint8' ? bytes : new Uint16Array(bytes.buffer);
  return dtype === 'float32'
    ? Float32Array.from(numbers, (value) => value * scale + min)
    : Int32Array.from(numbers, (value) => Math.round(value * scale + min));
}

/** One weight. */
function readWeight(reader: ByteReader, spec: Fields): Tensor {
  const name = textOf(spec.name, 'the name of a weight');
  const what = `weight '${name}'`;
  const shape = sizesOf(spec.shape, what);
  const dtype = textOf(spec.dtype, what);
  const size = sizeOf(shape);
  if (dtype === 'string') {
    const elements = Array.from({ length: size }, () => {
      const length = new DataView(reader.take(4, what).buffer).getUint32(0, true);
      return reader.take(length, what);
    });
    return fromStrings(elements, shape);
  }
  if (spec.quantization !== undefined && spec.quantization !== null) {
    const quantization = fieldsOf(spec.quantization, what);
    if (dtype !== 'float32' && dtype !== 'int32')
      throw new ArgumentError(`${what}: ${dtype} cannot be quantized; expected float32 or int32.`);
    const bytes = reader.take(size * (widths[String(quantization.dtype)] ?? 0), what);
    return fromHost(widened(bytes, dtype, quantization, what), dtype, shape);
  }
  if (!Object.hasOwn(widths, dtype) || dtype === 'uint16')
    throw new ArgumentError(`${what} is of dtype ${dtype}; expected float32, int32, bool, string or complex64.`);
  const bytes = reader.take(size * widths[dtype], what);
  if (dtype !== 'complex64') return fromHost(elementsOf(dtype as DType, bytes), dtype as DType, shape);
  const pairs = elementsOf('float32', bytes) as Float32Array;
  const part = (offset: 0 | 1): Tensor =>
    fromHost(
      Float32Array.from({ length: size }, (_, i) => pairs[2 * i + offset]),
      'float32',
      shape,
    );
  return ops.complex(part(0), part(1));
}

/**
 * The tensors in a buffer that `encodeWeights`, or the converter of TensorFlow.js, wrote: quantized ones as what they stand for.
 * @throws ArgumentError where bytes are missing, or the list is damaged
 */
export function decodeWeights(
  data: ArrayBuffer | Uint8Array | readonly ArrayBuffer[],
  specs: readonly WeightEntry[],
): Record<string, Tensor> {
  const bytes = Array.isArray(data)
    ? joinBytes(data as ArrayBuffer[])
    : data instanceof Uint8Array
      ? data
      : new Uint8Array(data as ArrayBuffer);
  const reader = new ByteReader(bytes);
  return Object.fromEntries(specs.map((spec) => [spec.name, readWeight(reader, fieldsOf(spec, 'a weight'))] as const));
}
