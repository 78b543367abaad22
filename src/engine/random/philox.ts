/** @file Philox4x32-10, a counter-based random number generator (Salmon et al., 2011, "Parallel random numbers: as easy as 1, 2, 3"). */

/** The high word of a 32 by 32 bit product, by halves of 16 bits. */
function highProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const low = Math.imul(aLow, bLow) >>> 0;
  const middle = (Math.imul(aHigh, bLow) >>> 0) + (low >>> 16);
  const carry = (Math.imul(aLow, bHigh) >>> 0) + (middle & 0xffff);
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** Ten rounds over `counter` (four words) under `key` (two words): four random words into `out` at `offset`. */
export function philox4x32(counter: Uint32Array, key: Uint32Array, out: Uint32Array, offset = 0): void {
  let c0 = counter[0] | 0;
  let c1 = counter[1] | 0;
  let c2 = counter[2] | 0;
  let c3 = counter[3] | 0;
  let k0 = key[0] | 0;
  let k1 = key[1] | 0;
  for (let round = 0; round < 10; round++) {
    const high0 = highProduct(0xd2511f53, c0);
    const low0 = Math.imul(0xd2511f53, c0);
    const high1 = highProduct(0xcd9e8d57, c2);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[offset] = c0;
  out[offset + 1] = c1;
  out[offset + 2] = c2;
  out[offset + 3] = c3;
}

/** A stream of random words: the same seed gives the same stream. */
export class Generator {
  private readonly key: Uint32Array;
  private readonly counter: Uint32Array;
  private readonly block = new Uint32Array(4);
  private used = 4;

  /** @param seed A whole number; or a state, as {@link Generator.state} gives it, from which the stream goes on. */
  constructor(seed: number | Int32Array) {
    if (typeof seed === 'number') {
      const magnitude = Math.abs(Math.trunc(seed));
      // Negative seeds are streams of their own: two's complement over 64 bits.
      const bits = BigInt.asUintN(64, seed < 0 ? -BigInt(magnitude) : BigInt(magnitude));
      this.key = Uint32Array.of(Number(bits & 0xffffffffn), Number(bits >> 32n));
      this.counter = new Uint32Array(4);
    } else {
      const words = Uint32Array.from(seed);
      this.counter = words.slice(0, 4);
      this.key = words.slice(4);
    }
  }

  /** Counter (four words) and key (two) of the next block; what is left of this one is not used any more. */
  state(): Int32Array {
    return Int32Array.of(...this.counter, ...this.key);
  }

  /** Leaves out so many blocks of four words. */
  skip(blocks: number): void {
    let rest = BigInt(blocks);
    for (let word = 0; word < 4 && rest > 0n; word++) {
      const sum = BigInt(this.counter[word]) + rest;
      this.counter[word] = Number(sum & 0xffffffffn);
      rest = sum >> 32n;
    }
    this.used = 4;
  }

  /** The next 32 random bits. */
  next(): number {
    if (this.used === 4) {
      philox4x32(this.counter, this.key, this.block);
      this.advance();
      this.used = 0;
    }
    return this.block[this.used++];
  }

  private advance(): void {
    for (let word = 0; word < 4; word++) {
      this.counter[word]++;
      if (this.counter[word] !== 0) return;
    }
  }

  /** Uniform in [0, 1) with 24 random bits: exact in float32. */
  uniform(): number {
    return (this.next() >>> 8) * 2 ** -24;
  }

  /** Uniform in [0, 1) with 53 random bits. */
  uniform53(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) * 2 ** -53;
  }

  /** A whole number from 0 up to but without `bound` (at most 2^32), each with the same probability. */
  below(bound: number): number {
    let word = this.next();
    // Words beyond the last multiple of the bound would favour small numbers: they are drawn again. They are few, and remainders slow.
    while (word >= 2 ** 32 - bound && word >= 2 ** 32 - (2 ** 32 % bound)) word = this.next();
    return word - Math.floor(word / bound) * bound;
  }
}
