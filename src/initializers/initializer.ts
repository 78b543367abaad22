/** @file What every initializer is: a maker of a weight's first values. */
import type { Config } from '../configuration.ts';
import { functionConfig, functionOf } from '../serialization/identifier.ts';
import type { DType } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';

/** Makes the first values of a weight. Subclass it, and give an instance wherever an initializer is asked for. */
export abstract class Initializer {
  /** A new tensor of this shape; float32 unless told. */
  abstract apply(shape: Shape, dtype?: DType): Tensor;

  /** The arguments it was made with. */
  getConfig(): Config {
    return {};
  }
}

/** An initializer that is a plain function. */
export type InitializerFunction = (shape: Shape, dtype: DType) => Tensor;

/** An initializer made of a function; it can be saved if the function is registered. */
export class FunctionInitializer extends Initializer {
  private readonly fn: InitializerFunction;

  constructor(fn: InitializerFunction) {
    super();
    this.fn = fn;
  }

  override apply(shape: Shape, dtype: DType = 'float32'): Tensor {
    return this.fn(shape, dtype);
  }

  override getConfig(): Config {
    return functionConfig('initializer', this.fn);
  }

  static fromConfig(config: Config): FunctionInitializer {
    return new FunctionInitializer(functionOf<InitializerFunction>('initializer', config));
  }
}
