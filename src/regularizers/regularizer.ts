/** @file What every regularizer is: a penalty on a weight that joins the loss. */
import type { Config } from '../configuration.ts';
import { functionConfig, functionOf } from '../serialization/identifier.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Makes a scalar penalty of a weight. Subclass it, and give an instance wherever a regularizer is asked for. */
export abstract class Regularizer {
  /** The penalty, a scalar of the weight's dtype. */
  abstract apply(weight: Tensor): Tensor;

  /** The arguments it was made with. */
  getConfig(): Config {
    return {};
  }
}

/** A penalty that is a plain function. */
export type RegularizerFunction = (weight: Tensor) => Tensor;

/** A regularizer made of a function; it can be saved if the function is registered. */
export class FunctionRegularizer extends Regularizer {
  private readonly fn: RegularizerFunction;

  constructor(fn: RegularizerFunction) {
    super();
    this.fn = fn;
  }

  override apply(weight: Tensor): Tensor {
    return this.fn(weight);
  }

  override getConfig(): Config {
    return functionConfig('regularizer', this.fn);
  }

  static fromConfig(config: Config): FunctionRegularizer {
    return new FunctionRegularizer(functionOf<RegularizerFunction>('regularizer', config));
  }
}
