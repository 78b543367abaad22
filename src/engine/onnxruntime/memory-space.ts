/** @file Where tensors of the onnxruntime engine lie: in JavaScript's buffers, or on a device (device-memory.ts). */
import { constants } from 'node:buffer';
import { EngineError } from '../../tensor/errors.ts';
import type { DType } from '../../tensor/dtype.ts';
import type { Shape } from '../../tensor/shape.ts';
import type { OrtApi, Pointer } from './api.ts';

export interface ShapedValue {
  readonly dtype: DType;
  readonly shape: Shape;
  readonly value: Pointer;
}

/** Memory with the OrtValues made over it. */
export interface Block {
  readonly capacity: number;
  /** What OrtValues over this memory are made of: an address, or a device's handle. */
  readonly address: Pointer;
  readonly values: ShapedValue[];
  /** The memory itself, on the host. */
  readonly buffer?: ArrayBuffer;
}

export interface MemorySpace {
  /** Memory whose content is undefined. @throws EngineError where there is not so much */
  allocate(capacity: number): Block;
  /** A buffer taken over as it is. */
  adopt?(buffer: ArrayBuffer): Block;
  /** Gives memory back to the system; left out where the collector does. */
  free?(block: Block): void;
  write(block: Block, bytes: Uint8Array): void;
  /** A copy of the first bytes. */
  read(block: Block, byteLength: number): ArrayBuffer;
  /** Lets the event loop go on before a read that waits. */
  beforeRead?(): Promise<void>;
  createTensor(data: Pointer, byteLength: number, shape: Pointer, rank: number, elementType: number): Pointer;
}

export const memorySize = (byteLength: number): string =>
  byteLength < 2 ** 30 ? `${(byteLength / 2 ** 20).toFixed(1)} MiB` : `${(byteLength / 2 ** 30).toFixed(1)} GiB`;

/** The error where memory for a tensor cannot be had. */
export const outOfMemory = (byteLength: number, reason: unknown): EngineError =>
  new EngineError(
    `There is no memory for a tensor of ${memorySize(byteLength)} (${reason instanceof Error ? reason.message : String(reason)}); ` +
      `take smaller batches or a narrower dtype, or dispose of tensors that nobody needs any more.`,
  );

/** Memory that V8 knows the size of; not zeroed where Node can do that. */
function allocateBuffer(byteLength: number): ArrayBuffer {
  try {
    if (byteLength > constants.MAX_LENGTH) return new ArrayBuffer(byteLength);
    return Buffer.allocUnsafeSlow(byteLength).buffer as ArrayBuffer;
  } catch (error) {
    throw outOfMemory(byteLength, error);
  }
}

/** JavaScript's buffers. */
export class HostMemory implements MemorySpace {
  private readonly api: OrtApi;
  readonly createTensor: OrtApi['createTensor'];

  constructor(api: OrtApi) {
    this.api = api;
    this.createTensor = api.createTensor;
  }

  allocate(capacity: number): Block {
    return this.adopt(allocateBuffer(capacity));
  }

  adopt(buffer: ArrayBuffer): Block {
    return { buffer, capacity: buffer.byteLength, address: this.api.addressOf(buffer), values: [] };
  }

  write({ buffer }: Block, bytes: Uint8Array): void {
    new Uint8Array(buffer as ArrayBuffer).set(bytes);
  }

  read({ buffer }: Block, byteLength: number): ArrayBuffer {
    return (buffer as ArrayBuffer).slice(0, byteLength);
  }
}
