/** @file NoiseLayer: what layers that change their input at random in training have in common. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type CallOptions, Layer, type LayerOptions, type PartialShape } from '../layer.ts';

export interface SeedOption {
  /** Starts the layer's own generator; left out, the global one is used. */
  seed?: number | null;
}

export abstract class NoiseLayer extends Layer {
  readonly seed: number | null;
  /** The layer's own stream of numbers, which goes on from call to call. */
  private readonly generator: ops.random.Generator | null;
  /** Name of the option that says how strong the noise is: `rate`, `stddev`. */
  private readonly strengthName: string;
  private readonly strength: number;

  constructor(options: LayerOptions & SeedOption, strengthName: string, strength: number) {
    super(options);
    this.supportsMasking = true;
    this.seed = options.seed ?? null;
    this.generator = this.seed === null ? null : ops.random.Generator.fromSeed(this.seed);
    if (!(strength >= 0 && strength <= 1))
      throw new ArgumentError(`Layer ${this.name}: expected a ${strengthName} between 0 and 1, got ${strength}.`);
    this.strengthName = strengthName;
    this.strength = strength;
  }

  /** The input with noise. */
  protected abstract disturb(inputs: Tensor): Tensor;

  override call(inputs: Tensor, { training }: CallOptions): Tensor {
    return training && this.strength > 0 ? this.disturb(inputs) : inputs;
  }

  protected normal(shape: readonly number[], mean: number, stddev: number): Tensor {
    const drawn = this.generator
      ? this.generator.normal([...shape], mean, stddev)
      : ops.randomNormal(shape, mean, stddev);
    return ops.cast(drawn, this.computeDtype);
  }

  protected uniform(shape: readonly number[]): Tensor {
    return this.generator ? this.generator.uniform([...shape]) : ops.randomUniform(shape);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return inputShape;
  }

  override detail(): string {
    return `${this.strengthName} ${this.strength}`;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), [this.strengthName]: this.strength, seed: this.seed };
  }
}
