/** @file MurmurHash2 of a text's UTF-8 bytes: the names of cells that front ends compute as well. */

const multiplier = 0x5bd1e995;

const scramble = (value: number): number => {
  const product = Math.imul(value, multiplier);
  return Math.imul(product ^ (product >>> 24), multiplier);
};

/**
 * The 32-bit hash, not negative.
 *
 * @param seed as `debugInfo` tells it to the front end (`hashSeed`)
 */
export function murmur2(text: string, seed: number): number {
  const bytes = Buffer.from(text, 'utf8');
  const whole = bytes.length - (bytes.length % 4);
  let hash = seed ^ bytes.length;
  for (let at = 0; at < whole; at += 4) hash = Math.imul(hash, multiplier) ^ scramble(bytes.readInt32LE(at));
  if (whole < bytes.length) hash = Math.imul(hash ^ bytes.readUIntLE(whole, bytes.length - whole), multiplier);
  hash = Math.imul(hash ^ (hash >>> 13), multiplier);
  return (hash ^ (hash >>> 15)) >>> 0;
}
