/** @file Hashes of byte strings: the ones TensorFlow uses, so that features fall into the same buckets. */
import { createRequire } from 'node:module';

interface FarmHash {
  fingerprint64(input: Uint8Array): bigint;
}
interface SipHash {
  hash(key: Uint32Array, message: Uint8Array): { readonly h: number; readonly l: number };
}

/** Loaded when they are first used: hashing is rare, and one of them is a WebAssembly module. */
const load = createRequire(import.meta.url);
let farmHash: FarmHash | undefined;
let sipHash: SipHash | undefined;

const mask = 2n ** 64n - 1n;
const multiplier = 0xc6a4a7935bd1e995n;
const seed = 0xdecafcaffen;

/** MurmurHash64A. */
function murmurHash(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const times = (a: bigint): bigint => (a * multiplier) & mask;
  let hash = seed ^ times(BigInt(bytes.length));
  const whole = bytes.length - (bytes.length % 8);
  for (let i = 0; i < whole; i += 8) {
    let word = times(view.getBigUint64(i, true));
    word = times(word ^ (word >> 47n));
    hash = times(hash ^ word);
  }
  if (whole < bytes.length) {
    let rest = 0n;
    for (let i = bytes.length - 1; i >= whole; i--) rest = (rest << 8n) | BigInt(bytes[i]);
    hash = times(hash ^ rest);
  }
  hash = times(hash ^ (hash >> 47n));
  return hash ^ (hash >> 47n);
}

const shiftMix = (word: bigint): bigint => word ^ (word >> 47n);

/** The hash of strings (by their FarmHash) and int64 numbers (as they are) together, in their order: below 2^64. */
export function crossed(features: readonly (Uint8Array | bigint)[]): bigint {
  const times = (word: bigint): bigint => (word * multiplier) & mask;
  return features.reduce((hash: bigint, feature) => {
    const own = typeof feature === 'bigint' ? BigInt.asUintN(64, feature) : hashes.fast(feature, []);
    const mixed = times(hash ^ multiplier ^ times(shiftMix(times(own))));
    return shiftMix(times(shiftMix(mixed)));
  }, seed);
}

/** By the names of `StringFunctions.hashBucket`: FarmHash's Fingerprint64, SipHash-2-4 with a key, MurmurHash64A. */
export const hashes: Readonly<
  Record<'fast' | 'strong' | 'murmur', (bytes: Uint8Array, key: readonly number[]) => bigint>
> = {
  fast: (bytes) => {
    farmHash ??= load('farmhash-modern') as FarmHash;
    return BigInt.asUintN(64, farmHash.fingerprint64(bytes));
  },
  strong: (bytes, key) => {
    sipHash ??= load('siphash') as SipHash;
    const { h, l } = sipHash.hash(Uint32Array.from(key), bytes);
    return (BigInt(h >>> 0) << 32n) | BigInt(l >>> 0);
  },
  murmur: murmurHash,
};
