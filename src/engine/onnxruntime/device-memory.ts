/**
 * @file Memory on a GPU: tensors stay there between operations. A block is a tensor of bytes that the provider's allocator made;
 * tensors over it share its handle. Copies wait for what was enqueued before them.
 */
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { NativeFunction, OrtApi, Pointer } from './api.ts';
import { type Block, type MemorySpace, outOfMemory } from './memory-space.ts';
import { elementTypes } from './model.ts';
import { PointerArray } from './pointers.ts';
import type { Session } from './session.ts';

interface DeviceBlock extends Block {
  /** The tensor of bytes that owns the memory. */
  readonly owner: Pointer;
}

/** Copies are of whole groups of bytes, as GPUs want them; blocks are multiples of this. */
const copyUnit = 16;
/** What may come to life on the GPU before V8, which knows nothing of it, is asked to collect. */
const collectionStep = 512 * 2 ** 20;

/** V8's collector: of a flag that may be set at any time, as a function of a context made after that. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}

export class DeviceMemory implements MemorySpace {
  private readonly api: OrtApi;
  private readonly memoryInfo: Pointer;
  private readonly allocator: Pointer;
  private readonly environment: Pointer;
  private readonly createOver: NativeFunction;
  private readonly createNew: NativeFunction;
  private readonly dataOf: NativeFunction;
  private readonly copyTensors: NativeFunction;
  private readonly made: (status: Pointer) => Pointer;
  private readonly check: (status: Pointer) => void;
  private readonly result: Pointer;
  private readonly source: PointerArray;
  private readonly target: PointerArray;
  private readonly size = new BigInt64Array(1);
  private readonly sizeAddress: Pointer;
  private allocated = 0;
  private nextCollection = collectionStep;
  private collect: (() => void) | null = null;

  /**
   * @param name What the provider calls its memory: `WebGPU_Buffer`
   * @param anchor A session on the device, which lives as long as this
   */
  constructor(api: OrtApi, name: string, anchor: Session) {
    const { native, made, check, environment, resultAddress } = api.deviceBinding();
    const pointer = 'uint64_t';
    this.api = api;
    this.made = made;
    this.check = check;
    this.environment = environment;
    this.result = resultAddress;
    this.memoryInfo = made(native(68, ['str', 'int', 'int', 'int', pointer])(name, 0, 0, 0, resultAddress));
    this.allocator = made(native(131, [pointer, pointer, pointer])(anchor.address, this.memoryInfo, resultAddress));
    this.createNew = native(48, [pointer, pointer, 'size_t', 'int', pointer]);
    this.createOver = native(49, [pointer, pointer, 'size_t', pointer, 'size_t', 'int', pointer]);
    this.dataOf = native(51, [pointer, pointer]);
    this.copyTensors = native(386, [pointer, pointer, pointer, pointer, 'size_t']);
    this.source = new PointerArray(api.addressOf, 1);
    this.target = new PointerArray(api.addressOf, 1);
    this.sizeAddress = api.addressOf(this.size.buffer);
  }

  createTensor(data: Pointer, byteLength: number, shape: Pointer, rank: number, elementType: number): Pointer {
    return this.made(this.createOver(this.memoryInfo, data, byteLength, shape, rank, elementType, this.result));
  }

  allocate(capacity: number): DeviceBlock {
    if (this.allocated + capacity > this.nextCollection) this.askForCollection();
    this.size[0] = BigInt(capacity);
    let owner: Pointer;
    try {
      owner = this.made(this.createNew(this.allocator, this.sizeAddress, 1, elementTypes.uint8, this.result));
    } catch (error) {
      throw outOfMemory(capacity, error);
    }
    this.allocated += capacity;
    return { capacity, owner, address: this.made(this.dataOf(owner, this.result)), values: [] };
  }

  free(block: Block): void {
    this.allocated -= block.capacity;
    this.api.releaseValue((block as DeviceBlock).owner);
  }

  write(block: Block, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const staged = new Uint8Array(Math.ceil(bytes.length / copyUnit) * copyUnit);
    staged.set(bytes);
    this.copy(staged.buffer, block, true);
  }

  read(block: Block, byteLength: number): ArrayBuffer {
    if (byteLength === 0) return new ArrayBuffer(0);
    const staged = new ArrayBuffer(Math.ceil(byteLength / copyUnit) * copyUnit);
    this.copy(staged, block, false);
    return staged.byteLength === byteLength ? staged : staged.slice(0, byteLength);
  }

  /** The copy itself waits for the GPU; nothing else may be asked of the GPU meanwhile, so it cannot run on another thread. */
  async beforeRead(): Promise<void> {
    await setImmediate();
  }

  private copy(buffer: ArrayBuffer, block: Block, upload: boolean): void {
    const { byteLength } = buffer;
    this.size[0] = BigInt(byteLength);
    const host = this.api.createTensor(this.api.addressOf(buffer), byteLength, this.sizeAddress, 1, elementTypes.uint8);
    const device = this.createTensor(block.address, byteLength, this.sizeAddress, 1, elementTypes.uint8);
    try {
      this.source.set(0, upload ? host : device);
      this.target.set(0, upload ? device : host);
      this.check(this.copyTensors(this.environment, this.source.address, this.target.address, 0, 1));
    } finally {
      this.api.releaseValue(host);
      this.api.releaseValue(device);
    }
  }

  /** The tensors that were collected give their blocks back when the event loop comes round. */
  private askForCollection(): void {
    this.collect ??= collector();
    this.collect();
    this.nextCollection = Math.max(this.allocated + collectionStep, this.allocated * 1.25);
  }
}
