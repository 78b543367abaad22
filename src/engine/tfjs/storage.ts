/** @file Memory of tensors in a backend of TensorFlow.js; dtypes that it has not are held on the host. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type DType, type TypedArray, bytesPerElement } from '../../tensor/dtype.ts';
import { DisposedError } from '../../tensor/errors.ts';
import { fromFloat16Bits, toFloat16Bits } from '../../tensor/float16.ts';
import { type Shape, sizeOf } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { BackendArray, BackendDType, Kernels } from './kernels.ts';

/** The dtype that stands for each one: every number of it is one of these. None where no dtype can. */
export const backendDType: { readonly [D in DType]?: BackendDType } = {
  float32: 'float32',
  float16: 'float32',
  int32: 'int32',
  int16: 'int32',
  int8: 'int32',
  uint8: 'int32',
  bool: 'bool',
};

/** As the backend holds it; the array is its own. */
export function toBackend(data: TypedArray, dtype: DType): BackendArray {
  if (dtype === 'float16') return Float32Array.from(data as Uint16Array, fromFloat16Bits);
  if (dtype === 'int8' || dtype === 'int16' || dtype === 'uint8') return Int32Array.from(data as Int8Array);
  return data as BackendArray;
}

/** A copy as the host has it: rounded to half precision, or wrapped around. */
export function fromBackend(data: BackendArray, dtype: DType): TypedArray {
  switch (dtype) {
    case 'float16':
      return Uint16Array.from(data, toFloat16Bits);
    case 'int8':
      return Int8Array.from(data);
    case 'int16':
      return Int16Array.from(data);
    case 'uint8':
      return Uint8Array.from(data);
    case 'bool':
      return Uint8Array.from(data, (value) => (value === 0 ? 0 : 1));
    case 'int32':
      return Int32Array.from(data);
    default:
      return Float32Array.from(data);
  }
}

/** Bytes and storages that are alive on a device. */
export class Usage {
  bytes = 0;
  storages = 0;
}

class Owners {
  private count = 1;
  private readonly usage: Usage;
  private readonly byteLength: number;
  private readonly free: () => void;

  constructor(usage: Usage, byteLength: number, free: () => void) {
    this.usage = usage;
    this.byteLength = byteLength;
    this.free = free;
    usage.bytes += byteLength;
    usage.storages++;
  }

  get ended(): boolean {
    return this.count <= 0;
  }

  retain(): void {
    this.count++;
  }

  release(): void {
    if (--this.count !== 0) return;
    this.usage.bytes -= this.byteLength;
    this.usage.storages--;
    this.free();
  }
}

export class TfjsStorage implements Storage {
  readonly byteLength: number;
  readonly device: string;
  readonly afterCollection: Owners;
  private readonly kernels: Kernels;
  private readonly dtype: DType;
  /** Where it lies; of dtypes without a stand-in the elements themselves. */
  private readonly place: TensorInfo | TypedArray;

  /** Takes the place over. */
  constructor(
    kernels: Kernels,
    usage: Usage,
    device: string,
    place: TensorInfo | TypedArray,
    dtype: DType,
    shape: Shape,
  ) {
    this.kernels = kernels;
    this.device = device;
    this.place = place;
    this.dtype = dtype;
    this.byteLength = sizeOf(shape) * bytesPerElement(dtype);
    const free = ArrayBuffer.isView(place) ? (): void => undefined : kernels.dispose.bind(kernels, place.dataId);
    this.afterCollection = new Owners(usage, this.byteLength, free);
  }

  retain(): void {
    this.afterCollection.retain();
  }

  release(): void {
    this.afterCollection.release();
  }

  /** The operand of a kernel, seen in `shape`. @throws DisposedError */
  infoOf(shape: Shape): TensorInfo {
    const place = this.alive();
    if (ArrayBuffer.isView(place)) throw new TypeError(`${this.dtype} lies on the host`);
    return { dataId: place.dataId, dtype: place.dtype, shape: [...shape] };
  }

  readSync(count = Infinity): TypedArray {
    const place = this.alive();
    if (ArrayBuffer.isView(place)) return place.slice(0, Math.min(place.length, count));
    return this.toHost(this.kernels.readSync(place.dataId), count);
  }

  async read(): Promise<TypedArray> {
    const place = this.alive();
    if (ArrayBuffer.isView(place)) return place.slice();
    return this.toHost(await this.kernels.read(place.dataId), Infinity);
  }

  private toHost(data: BackendArray, count: number): TypedArray {
    return fromBackend(count < data.length ? data.subarray(0, count) : data, this.dtype);
  }

  private alive(): TensorInfo | TypedArray {
    if (this.afterCollection.ended) throw new DisposedError('The memory of a tensor was used after it was released.');
    return this.place;
  }
}
