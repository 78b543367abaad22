/** @file What every constraint is: a projection of a weight onto the values that it may have. */
import type { Config } from '../configuration.ts';
import { functionConfig, functionOf } from '../serialization/identifier.ts';
import type { Tensor } from '../tensor/tensor.ts';

/**
 * Makes of a weight's value one that is allowed; optimizers apply it after each step. Subclass it, and give an instance
 * wherever a constraint is asked for.
 *
 * @example
 * class ZeroMean extends tf.constraints.Constraint {
 *   override apply(w: tf.Tensor) { return w.sub(w.mean()); }
 * }
 * tf.layers.dense({ units: 3, kernelConstraint: new ZeroMean() });
 */
export abstract class Constraint {
  /** The allowed value, of the same dtype and shape. */
  abstract apply(weight: Tensor): Tensor;

  /** The arguments it was made with. */
  getConfig(): Config {
    return {};
  }
}

/** A projection that is a plain function. */
export type ConstraintFunction = (weight: Tensor) => Tensor;

/** A constraint made of a function; it can be saved if the function is registered. */
export class FunctionConstraint extends Constraint {
  private readonly fn: ConstraintFunction;

  constructor(fn: ConstraintFunction) {
    super();
    this.fn = fn;
  }

  override apply(weight: Tensor): Tensor {
    return this.fn(weight);
  }

  override getConfig(): Config {
    return functionConfig('constraint', this.fn);
  }

  static fromConfig(config: Config): FunctionConstraint {
    return new FunctionConstraint(functionOf<ConstraintFunction>('constraint', config));
  }
}
