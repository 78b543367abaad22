/** @file `tf.regularizers`: penalties on large weights that join the loss. */
import type { Config } from '../configuration.ts';
import { lookUp } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Makes a scalar penalty of a weight. Subclass it, and give an instance wherever a regularizer is asked for. */
export abstract class Regularizer {
  abstract apply(weight: Tensor): Tensor;

  getConfig(): Config {
    return {};
  }
}

/** l1 sum(|w|) + l2 sum(w^2) */
export class L1L2 extends Regularizer {
  readonly l1: number;
  readonly l2: number;

  constructor({ l1 = 0, l2 = 0 }: { l1?: number; l2?: number } = {}) {
    super();
    if (!(l1 >= 0 && l2 >= 0 && Number.isFinite(l1 + l2)))
      throw new ArgumentError(`regularizers: expected finite factors of at least 0, got l1 ${l1} and l2 ${l2}.`);
    this.l1 = l1;
    this.l2 = l2;
  }

  override apply(weight: Tensor): Tensor {
    const absolute = this.l1 > 0 ? ops.mul(ops.sum(ops.abs(weight)), this.l1) : null;
    const squared = this.l2 > 0 ? ops.mul(ops.sum(ops.square(weight)), this.l2) : null;
    if (absolute && squared) return ops.add(absolute, squared);
    return absolute ?? squared ?? ops.scalar(0, weight.dtype);
  }

  override getConfig(): Config {
    return { l1: this.l1, l2: this.l2 };
  }
}

/** `l1` sum(|w|); the factor is 0.01 unless told. */
export const l1 = ({ l1 = 0.01 }: { l1?: number } = {}) => new L1L2({ l1 });
/** `l2` sum(w^2); the factor is 0.01 unless told. */
export const l2 = ({ l2 = 0.01 }: { l2?: number } = {}) => new L1L2({ l2 });
/** Both penalties; the factors are 0.01 unless told. */
export const l1l2 = ({ l1 = 0.01, l2 = 0.01 }: { l1?: number; l2?: number } = {}) => new L1L2({ l1, l2 });

const byName = { l1, l2, l1l2 };

/** A name in any spelling, or a regularizer. */
export type RegularizerIdentifier = keyof typeof byName | (string & {}) | Regularizer;

/** The regularizer meant by a name or an instance. @throws ArgumentError for an unknown name. */
export function getRegularizer(identifier: RegularizerIdentifier | null | undefined): Regularizer | null {
  if (identifier === null || identifier === undefined) return null;
  return identifier instanceof Regularizer
    ? identifier
    : lookUp<() => Regularizer>('regularizer', byName, identifier)();
}
