/**
 * @file Memory of tensors: blocks of a memory space with the OrtValues that point into them, pooled by size.
 *
 * An OrtValue does not keep its memory alive, so a storage holds both. Two ways lead to the end of a storage: its last
 * owner releases it, and the block goes back to the pool; or its tensors are collected unreleased. On the host V8 then frees
 * the buffer with them (its size counts as external memory, so it drives collection), and afterwards only the OrtValues are
 * released; a block of a device goes back to the pool.
 */
import { type DType, type TypedArray, bytesPerElement, hostArrayOf } from '../../tensor/dtype.ts';
import { DisposedError } from '../../tensor/errors.ts';
import { type Shape, shapesEqual, sizeOf } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { EngineMemory } from '../engine.ts';
import type { OrtApi, Pointer } from './api.ts';
import { BlockPool } from './block-pool.ts';
import type { Block, MemorySpace, ShapedValue } from './memory-space.ts';
import { elementTypes } from './model.ts';

/** OrtValues of different shape kept for one block. */
const valuesPerBlock = 4;
/** Uploads below this size are copied into a pooled block: cheaper than a new OrtValue. */
const smallUpload = 4096;

/** The count of owners. It outlives the memory: a finalizer may hold it without keeping the buffer alive. */
class Ownership {
  private owners = 1;
  private readonly memory: TensorMemory;
  private readonly values: ShapedValue[];
  private readonly byteLength: number;
  /** A block that outlives its storage, to be used again. */
  private readonly lasting: Block | null;

  constructor(memory: TensorMemory, block: Block, byteLength: number) {
    this.memory = memory;
    this.values = block.values;
    this.byteLength = byteLength;
    this.lasting = block.buffer ? null : block;
    memory.opened(byteLength);
  }

  get ended(): boolean {
    return this.owners <= 0;
  }

  retain(): void {
    this.owners++;
  }

  /** True where that was the last owner. */
  drop(): boolean {
    if (--this.owners !== 0) return false;
    this.memory.closed(this.byteLength);
    return true;
  }

  /** Gives up one reference of a tensor that was collected. */
  release(): void {
    if (!this.drop()) return;
    if (this.lasting) this.memory.give(this.lasting);
    else this.memory.releaseValues(this.values);
  }
}

export class OrtStorage implements Storage {
  readonly byteLength: number;
  readonly device: string;
  readonly afterCollection: Ownership;
  private readonly memory: TensorMemory;
  private readonly block: Block;
  private readonly dtype: DType;

  constructor(memory: TensorMemory, block: Block, dtype: DType, byteLength: number) {
    this.memory = memory;
    this.device = memory.device;
    this.block = block;
    this.dtype = dtype;
    this.byteLength = byteLength;
    this.afterCollection = new Ownership(memory, block, byteLength);
  }

  retain(): void {
    this.afterCollection.retain();
  }

  release(): void {
    if (this.afterCollection.drop()) this.memory.give(this.block);
  }

  /** The OrtValue of this memory seen in `shape`. It is valid as long as the storage is. */
  valueOf(shape: Shape): Pointer {
    if (this.afterCollection.ended) throw new DisposedError('The memory of a tensor was used after it was released.');
    return this.memory.valueOf(this.block, this.dtype, shape);
  }

  readSync(count = Infinity): TypedArray {
    if (this.afterCollection.ended) throw new DisposedError('The memory of a tensor was read after it was released.');
    const ArrayType = hostArrayOf(this.dtype);
    const end = Math.min(this.byteLength, count * ArrayType.BYTES_PER_ELEMENT);
    return new ArrayType(this.memory.read(this.block, end));
  }

  async read(): Promise<TypedArray> {
    await this.memory.beforeRead();
    return this.readSync();
  }
}

/** All memory of one engine. */
export class TensorMemory {
  private readonly api: OrtApi;
  private readonly space: MemorySpace;
  /** The logical device that the memory belongs to. */
  readonly device: string;
  private readonly pool: BlockPool;
  private bytes = 0;
  private storages = 0;
  private readonly dimensions = new BigInt64Array(64);
  private readonly dimensionsAddress: Pointer;

  constructor(api: OrtApi, space: MemorySpace, device: string) {
    this.api = api;
    this.space = space;
    this.device = device;
    this.pool = new BlockPool(space, ({ values }) => this.releaseValues(values));
    this.dimensionsAddress = api.addressOf(this.dimensions.buffer);
  }

  /** Memory for `shape`, its content undefined. */
  allocate(dtype: DType, shape: Shape): OrtStorage {
    const byteLength = sizeOf(shape) * bytesPerElement(dtype);
    return new OrtStorage(this, this.take(byteLength), dtype, byteLength);
  }

  /** Memory with the elements of `data`; large arrays that own their buffer are taken over. */
  adopt(data: TypedArray, dtype: DType): OrtStorage {
    const { byteLength, buffer } = data;
    const owned = byteLength >= smallUpload && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength;
    const adopted = owned ? this.space.adopt?.(buffer) : undefined;
    if (adopted) return new OrtStorage(this, adopted, dtype, byteLength);
    const block = this.take(byteLength);
    this.space.write(block, new Uint8Array(buffer, data.byteOffset, byteLength));
    return new OrtStorage(this, block, dtype, byteLength);
  }

  statistics(): EngineMemory {
    return { bytes: this.bytes, storages: this.storages };
  }

  /** @internal */
  opened(byteLength: number): void {
    this.bytes += byteLength;
    this.storages++;
  }

  /** @internal */
  closed(byteLength: number): void {
    this.bytes -= byteLength;
    this.storages--;
  }

  private take(byteLength: number): Block {
    return this.pool.take(byteLength, this.bytes);
  }

  /** @internal A copy of the first bytes of a block. */
  read(block: Block, byteLength: number): ArrayBuffer {
    return this.space.read(block, byteLength);
  }

  /** @internal What must have happened before an asynchronous read. */
  beforeRead(): Promise<void> | undefined {
    return this.space.beforeRead?.();
  }

  /** @internal Back to the pool, or to the system where the pool is full. */
  give(block: Block): void {
    this.pool.give(block);
  }

  /** @internal */
  valueOf(block: Block, dtype: DType, shape: Shape): Pointer {
    const { values } = block;
    for (const known of values) if (known.dtype === dtype && shapesEqual(known.shape, shape)) return known.value;
    for (let axis = 0; axis < shape.length; axis++) this.dimensions[axis] = BigInt(shape[axis]);
    const byteLength = sizeOf(shape) * bytesPerElement(dtype);
    const value = this.space.createTensor(
      block.address,
      byteLength,
      this.dimensionsAddress,
      shape.length,
      elementTypes[dtype],
    );
    if (values.length === valuesPerBlock) this.retire(values);
    values.push({ dtype, shape, value });
    return value;
  }

  /** Forgets the oldest OrtValue of a block. It may be an operand of a call being made, so it is released after that. */
  private retire(values: ShapedValue[]): void {
    const [oldest] = values.splice(0, 1);
    this.retired.push(oldest);
  }
  private readonly retired: ShapedValue[] = [];

  /** How many asynchronous runs are under way. */
  busy = 0;

  /** @internal Releases retired OrtValues; called where no synchronous call is under way or being prepared. */
  sweep(): void {
    if (this.retired.length > 0 && this.busy === 0) this.releaseValues(this.retired);
  }

  /** @internal */
  releaseValues(values: ShapedValue[]): void {
    for (const { value } of values) this.api.releaseValue(value);
    values.length = 0;
  }
}
