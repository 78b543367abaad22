/** @file Dense: every output sees every input. */
import type { Activation } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { knownSize, requireCount } from '../expectations.ts';
import type { InputSpec } from '../input-spec.ts';
import { type KernelOptions, activationOf, kernelConfig } from '../kernel-options.ts';
import { Layer, type PartialShape } from '../layer.ts';
import { activationDetail } from '../serialization.ts';

export interface DenseOptions extends KernelOptions {
  /** Size of the output's last axis. */
  units: number;
}

/**
 * activation(x kernel + bias), on the last axis.
 *
 * Input [batch, ..., features], output [batch, ..., units]; kernel [features, units], bias [units].
 *
 * @example
 * tf.layers.dense({ units: 10, activation: 'softmax' }).apply(tf.ones([1, 4])).shape; // [1, 10]
 */
export class Dense extends Layer {
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  kernel: Variable | null = null;
  bias: Variable | null = null;
  private readonly options: DenseOptions;

  constructor(options: DenseOptions) {
    super(options);
    this.supportsMasking = true;
    this.units = requireCount(this.name, 'units', options.units);
    this.activation = activationOf(options);
    this.useBias = options.useBias ?? true;
    this.options = options;
  }

  protected override inputSpec(): InputSpec {
    return { minRank: 2, ...(this.kernel && { axes: { [-1]: this.kernel.shape[0] } }) };
  }

  override build(inputShape: PartialShape): void {
    const features = knownSize(this.name, inputShape, -1);
    this.kernel = this.addWeightFor('kernel', [features, this.units], this.options, 'glorotUniform');
    if (this.useBias) this.bias = this.addWeightFor('bias', [this.units], this.options, 'zeros');
  }

  override call(inputs: Tensor): Tensor {
    const [kernel, bias] = [this.kernel!.read(), this.bias?.read()];
    // One matrix product whatever the rank: rows are all but the last axis.
    const rows = inputs.rank === 2 ? inputs : ops.reshape(inputs, [-1, kernel.shape[0]]);
    const product = ops.matMul(rows, kernel);
    const shaped = inputs.rank === 2 ? product : ops.reshape(product, [...inputs.shape.slice(0, -1), this.units]);
    return this.activation(bias ? ops.add(shaped, bias) : shaped);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override detail(): string {
    return activationDetail(this.activation);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), units: this.units, ...kernelConfig(this.options) };
  }
}
