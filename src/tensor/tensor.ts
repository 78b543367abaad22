/** @file Tensor: an immutable n-dimensional array, concrete (with memory) or symbolic (inside a trace). */
import type { DType, NumberArray, TypedArray } from './dtype.ts';
import { type Disposal, describeDisposal, disposalNow } from './disposals.ts';
import { DisposedError, TraceError } from './errors.ts';
import { type Shape, formatShape, sizeOf } from './shape.ts';
import type { Storage } from './storage.ts';
import { decodeText, stringsOf } from './string-storage.ts';
import { registerForCollection, registerInScope, unregisterFromCollection } from './memory.ts';

let nextId = 0;

/**
 * An immutable n-dimensional array.
 *
 * Chained methods (`x.add(y)`, `x.matMul(w)`, ...) are attached to this class by `ops/`.
 */
export class Tensor {
  readonly id = nextId++;
  readonly dtype: DType;
  readonly shape: Shape;
  private memory: Storage | null;
  private disposal: Disposal | null = null;

  /** Takes over one reference to `storage`; `null` makes a symbolic tensor. */
  constructor(storage: Storage | null, dtype: DType, shape: Shape) {
    this.memory = storage;
    this.dtype = dtype;
    this.shape = shape;
    if (storage) {
      registerForCollection(this, storage);
      registerInScope(this);
    }
  }

  get rank(): number {
    return this.shape.length;
  }

  /** How many elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  get isDisposed(): boolean {
    return this.disposal !== null;
  }

  /** True inside a trace, where the tensor stands for a value that a later call will have. */
  get isSymbolic(): boolean {
    return this.memory === null && this.disposal === null;
  }

  /**
   * The logical device that holds the elements, `cpu:0` or `webgpu:0`; `''` inside a trace, where that is not known yet.
   * `x.to(device)` copies to another one.
   * @throws DisposedError
   */
  get device(): string {
    return this.isSymbolic ? '' : this.storage.device;
  }

  /** @internal The tensors that hold its memory: what must live on for it to. */
  get holders(): readonly Tensor[] {
    return [this];
  }

  /** The memory with the elements. @throws DisposedError, TraceError */
  get storage(): Storage {
    if (this.disposal)
      throw new DisposedError(
        `Tensor ${this.id} (${this.dtype} ${formatShape(this.shape)}) was disposed ${describeDisposal(this.disposal)} and cannot be used; keep it with tf.keep() or return it from tf.tidy().`,
      );
    if (!this.memory)
      throw new TraceError(
        `The value of a ${this.dtype} ${formatShape(this.shape)} tensor was asked for inside tf.function, where it is not known yet; ` +
          `compute with tf operations instead, or read the value outside of the function.`,
      );
    return this.memory;
  }

  /**
   * The elements, row-major, at once. bool comes as 0 and 1, float16 as raw bits, int64 as BigInt, strings as texts decoded
   * from UTF-8: name the array's type there, `dataSync<BigInt64Array>()`, `dataSync<string[]>()`. (NoInfer: a place that the array is passed to does not
   * choose the type.)
   */
  dataSync<A extends TypedArray | string[] = NumberArray>(): NoInfer<A> {
    return (this.dtype === 'string' ? this.texts() : this.elementsSync()) as NoInfer<A>;
  }

  /** The elements, row-major, without blocking the event loop; otherwise as `dataSync`. */
  async data<A extends TypedArray | string[] = NumberArray>(): Promise<NoInfer<A>> {
    return (this.dtype === 'string' ? this.texts() : await this.elements()) as NoInfer<A>;
  }

  /**
   * The raw bytes: of a string tensor one Uint8Array an element, of any other dtype all elements in one.
   *
   * @example `tf.tensor(['é']).bytesSync<Uint8Array[]>()[0] // [0xc3, 0xa9]`
   */
  bytesSync<B extends Uint8Array | Uint8Array[] = Uint8Array>(): NoInfer<B> {
    if (this.dtype !== 'string') return bytesOf(this.elementsSync()) as NoInfer<B>;
    return stringsOf(this.storage).map((bytes) => bytes.slice()) as NoInfer<B>;
  }

  /** The raw bytes, without blocking the event loop; otherwise as `bytesSync`. */
  async bytes<B extends Uint8Array | Uint8Array[] = Uint8Array>(): Promise<NoInfer<B>> {
    return this.dtype === 'string' ? this.bytesSync<B>() : (bytesOf(await this.elements()) as NoInfer<B>);
  }

  private texts(): string[] {
    return stringsOf(this.storage).map(decodeText);
  }

  protected elementsSync(): TypedArray {
    return this.storage.readSync();
  }

  protected elements(): Promise<TypedArray> {
    return this.storage.read();
  }

  /** @internal Another tensor on the same memory: it has its own life, and tapes do not know it. */
  alias(): Tensor {
    const storage = this.storage;
    storage.retain();
    return new Tensor(storage, this.dtype, this.shape);
  }

  /** Gives the memory back now; garbage collection does it otherwise. Calling it twice is harmless. */
  dispose(): void {
    if (this.disposal) return;
    this.disposal = disposalNow();
    const memory = this.memory;
    this.memory = null;
    if (memory) {
      unregisterFromCollection(this);
      memory.release();
    }
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

const bytesOf = (data: TypedArray): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
