/** @file Arrays of pointers and of strings in native memory, as the C API takes them. */
import type { Pointer } from './api.ts';

type AddressOf = (memory: ArrayBuffer) => Pointer;

const twoTo32 = 2 ** 32;

/** An array of pointers in native memory. */
export class PointerArray {
  readonly address: Pointer;
  /** Low and high halves: writing numbers this way needs no BigInt. Every platform supported is little-endian. */
  private readonly halves: Uint32Array<ArrayBuffer>;

  constructor(addressOf: AddressOf, length: number) {
    this.halves = new Uint32Array(Math.max(2, 2 * length));
    this.address = addressOf(this.halves.buffer);
  }

  set(index: number, pointer: Pointer): void {
    this.halves[2 * index] = pointer % twoTo32;
    this.halves[2 * index + 1] = pointer / twoTo32;
  }
}

/** NUL-terminated strings with an array of pointers to them. */
export class CStrings {
  readonly count: number;
  private readonly array: PointerArray;
  /** Referenced as long as the pointers are. */
  private readonly text: Uint8Array<ArrayBuffer>;

  constructor(strings: readonly string[], addressOf: AddressOf) {
    const encoded = strings.map((text) => Buffer.from(`${text}\0`));
    this.count = strings.length;
    // In a buffer of its own: those of Buffer.concat may lie in a shared pool.
    this.text = Uint8Array.from(encoded.length > 0 ? Buffer.concat(encoded) : [0]);
    this.array = new PointerArray(addressOf, strings.length);
    let address = addressOf(this.text.buffer);
    encoded.forEach((bytes, i) => {
      this.array.set(i, address);
      address += bytes.length;
    });
  }

  get address(): Pointer {
    return this.array.address;
  }
}
