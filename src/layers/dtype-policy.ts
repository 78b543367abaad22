/** @file Dtype policies: in which dtype a layer keeps its weights, and in which it computes. */
import type { Config } from '../configuration.ts';
import { type DType, isDType, isFloating } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';

/**
 * A dtype policy: the name of a dtype for both weights and computation, or `mixed_float16`, which computes in float16 and keeps
 * weights in float32.
 *
 * @throws ArgumentError for a name that is no policy.
 * @example
 * tf.layers.dense({ units: 8, dtype: 'mixed_float16' });
 */
export class DTypePolicy {
  readonly name: string;
  readonly computeDtype: DType;
  readonly variableDtype: DType;

  constructor(name: string = globalPolicy().name) {
    this.name = name;
    if (name === 'mixed_float16') [this.computeDtype, this.variableDtype] = ['float16', 'float32'];
    else if (isDType(name)) this.computeDtype = this.variableDtype = name;
    else
      throw new ArgumentError(
        `Expected a dtype policy: 'mixed_float16' or a dtype such as 'float32'; got '${name}'.` +
          (name === 'mixed_bfloat16' ? ' There is no bfloat16 here: take mixed_float16.' : ''),
      );
  }

  /** Whether computation and weights differ in dtype. */
  get isMixed(): boolean {
    return this.computeDtype !== this.variableDtype;
  }

  getConfig(): Config {
    return { name: this.name };
  }
}

/** A policy or its name. */
export type DTypePolicyIdentifier = DType | 'mixed_float16' | (string & {}) | DTypePolicy;

let current: DTypePolicy | null = null;

/** The policy of layers that are not told one; `float32` unless set. */
export function globalPolicy(): DTypePolicy {
  return (current ??= new DTypePolicy('float32'));
}

/**
 * Sets the policy of all layers made from now on that are not told one.
 *
 * @throws ArgumentError unless it computes in a floating dtype.
 * @example
 * tf.mixedPrecision.setGlobalPolicy('mixed_float16');
 */
export function setGlobalPolicy(policy: DTypePolicyIdentifier): void {
  const next = getDTypePolicy(policy);
  if (!isFloating(next.computeDtype))
    throw new ArgumentError(
      `setGlobalPolicy: expected a policy of a floating dtype, got '${next.name}'; layers learn by gradients.`,
    );
  current = next;
}

/** The policy meant by a name, an instance or nothing (the global one). @throws ArgumentError */
export function getDTypePolicy(policy: DTypePolicyIdentifier | null | undefined): DTypePolicy {
  if (policy === null || policy === undefined) return globalPolicy();
  return policy instanceof DTypePolicy ? policy : new DTypePolicy(policy);
}
