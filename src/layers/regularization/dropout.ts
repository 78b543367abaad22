/** @file Dropout: noise against overfitting. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { Generator } from '../../engine/random/philox.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type CallOptions, Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface DropoutOptions extends LayerOptions {
  /** Share of elements that become 0. */
  rate: number;
  /** Shape of the pattern, null where it follows the input; axes of 1 drop or keep together. */
  noiseShape?: PartialShape | null;
  /** Starts the layer's own generator; left out, the global one is used. */
  seed?: number;
}

/**
 * In training sets elements to 0 at random and divides the others by 1 - rate, so that sums stay what they are expected
 * to be; in inference gives its input back (Srivastava et al. 2014).
 */
export class Dropout extends Layer {
  readonly rate: number;
  readonly noiseShape: PartialShape | null;
  readonly seed: number | undefined;
  /** The layer's own stream of numbers, which goes on from call to call. */
  private readonly generator: Generator | undefined;

  constructor(options: DropoutOptions) {
    super(options);
    this.supportsMasking = true;
    this.rate = options.rate;
    this.noiseShape = options.noiseShape ?? null;
    this.seed = options.seed;
    this.generator = options.seed === undefined ? undefined : new Generator(options.seed);
    if (!(this.rate >= 0 && this.rate <= 1))
      throw new ArgumentError(`Layer ${this.name}: expected a rate between 0 and 1, got ${this.rate}.`);
  }

  override call(inputs: Tensor, { training }: CallOptions): Tensor {
    if (!training || this.rate === 0) return inputs;
    if (this.rate === 1) return ops.zerosLike(inputs);
    const shape = this.noiseShape?.map((size, axis) => size ?? inputs.shape[axis]) ?? null;
    return ops.dropout(inputs, this.rate, shape, this.generator);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override detail(): string {
    return `rate ${this.rate}`;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate, noiseShape: this.noiseShape, seed: this.seed ?? null };
  }
}
