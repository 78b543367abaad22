/** @file Random choices that can be made again: everything follows from a seed, which a failure names. */

/** TENSORCELL_FUZZ_SEED repeats a run; without it every run of the tests makes the same choices. */
export const seed = Number(process.env.TENSORCELL_FUZZ_SEED ?? 20_261_121);

/** A small generator (mulberry32) with the choices that the tests make. */
export class Random {
  #state: number;

  constructor(start: number = seed) {
    this.#state = start >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer in [from, to). */
  integer(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    return choices[this.integer(0, choices.length)];
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let at = 0; at < length; at++) bytes[at] = this.integer(0, 256);
    return bytes;
  }

  list<Element>(length: number, make: () => Element): Element[] {
    return Array.from({ length }, make);
  }
}
