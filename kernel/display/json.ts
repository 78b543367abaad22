/** @file Values as JSON for views. */

import { wellFormed } from './markup.ts';

/** A copy that JSON can carry: BigInts as numbers or text, typed arrays as lists, what has no JSON left out. */
export const asJson = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'string') return wellFormed(part);
      if (typeof part === 'bigint') return Number.isSafeInteger(Number(part)) ? Number(part) : part.toString();
      if (part instanceof Map) return Object.fromEntries(part);
      if (part instanceof Set) return [...part];
      if (ArrayBuffer.isView(part) && !(part instanceof DataView)) return Array.from(part as Uint8Array);
      return part;
    }) ?? 'null',
  );
