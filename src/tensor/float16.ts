/** @file Half precision: numbers to and from their 16-bit patterns. */

const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** The pattern of the half nearest to `value` (ties to even; beyond 65504 infinity). */
export function toFloat16Bits(value: number): number {
  single[0] = value;
  const sign = (bits[0] >>> 16) & 0x8000;
  const exponent = (bits[0] >>> 23) & 0xff;
  const fraction = bits[0] & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  const halfExponent = exponent - 127 + 15;
  if (halfExponent >= 31) return sign | 0x7c00;
  if (halfExponent < -10) return sign;
  // A subnormal half shifts its implicit one into the fraction; a carry out of the fraction raises the exponent rightly.
  const shift = halfExponent <= 0 ? 14 - halfExponent : 13;
  const significand = halfExponent <= 0 ? fraction | 0x800000 : fraction;
  const kept = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  const rounded = kept + (rest > half || (rest === half && kept & 1) ? 1 : 0);
  return sign | ((halfExponent <= 0 ? 0 : halfExponent << 10) + rounded);
}

/** The number that a 16-bit pattern stands for. */
export function fromFloat16Bits(pattern: number): number {
  const sign = pattern & 0x8000 ? -1 : 1;
  const exponent = (pattern >>> 10) & 0x1f;
  const fraction = pattern & 0x3ff;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
