/** @file What the kernel process asks about the values of names. */

/** A name of the notebook, then the keys from member to member. */
export type LivePath = readonly [string, ...(string | number)[]];

/** A member of a value: the answer to `live:members`. */
export interface LiveMember {
  readonly name: string;
  readonly kind: 'method' | 'property';
  /** What it is now, where it is stored rather than computed. */
  readonly type?: string;
}

/** The answer to `live:value`, null for a name that has none. */
export interface LiveValue {
  /** `number`, `Array(3)`, `Tensor float32 [2, 3]`. */
  readonly type: string;
  /** The value on a few lines, the source of a function; empty where its type says all. */
  readonly text: string;
}
