/** @file LSTMCell: one step of a long short-term memory. */
import { type Activation, type ActivationIdentifier, activationName, getActivation } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import { getInitializer } from '../../initializers/index.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { weightSettings } from '../weight-options.ts';
import { SummedCell, type UnitsCellOptions } from './simple-rnn-cell.ts';

export interface LSTMCellOptions extends UnitsCellOptions {
  /** Of the gates; default `sigmoid`. */
  recurrentActivation?: ActivationIdentifier | null;
  /** Starts the forget gate's bias at 1, so that at first little is forgotten (Jozefowicz et al. 2015); default true. */
  unitForgetBias?: boolean;
}

/**
 * One step of a long short-term memory (Hochreiter and Schmidhuber 1997), with states h (the output) and c:
 * [i, f, g, o] = x kernel + h recurrentKernel + bias; c' = s(f) c + s(i) a(g); h' = s(o) a(c'), where s is the recurrent activation
 * and a the activation.
 *
 * kernel [features, 4 units], recurrentKernel [units, 4 units], bias [4 units], the gates in the order i, f, g, o.
 */
export class LSTMCell extends SummedCell {
  readonly recurrentActivation: Activation;
  readonly unitForgetBias: boolean;

  constructor(options: LSTMCellOptions) {
    super(options, 4, 2);
    this.recurrentActivation = recurrentActivationOf(options);
    this.unitForgetBias = options.unitForgetBias ?? true;
  }

  protected override makeBias(size: number): void {
    this.bias = this.addWeightFor('bias', [size], forgettingLittle(this.options, this.unitForgetBias), 'zeros');
  }

  protected fromGates(gates: Tensor, [, c]: readonly Tensor[]): readonly [Tensor, Tensor, Tensor] {
    return throughGates(ops.split(gates, 4, 1), c, this.activation, this.recurrentActivation);
  }

  override getConfig(): Config {
    const { recurrentActivation, unitForgetBias } = this;
    return { ...super.getConfig(), recurrentActivation: activationName(recurrentActivation), unitForgetBias };
  }
}

/** The activation of the gates that options name; `sigmoid` where they name none. */
export const recurrentActivationOf = (options: { recurrentActivation?: ActivationIdentifier | null }): Activation =>
  getActivation(options.recurrentActivation === undefined ? 'sigmoid' : options.recurrentActivation);

/** Output and states after the gates, of which i, f and o are yet to be activated. */
export function throughGates(
  [i, f, g, o]: readonly Tensor[],
  c: Tensor,
  activation: Activation,
  recurrentActivation: Activation,
): readonly [output: Tensor, h: Tensor, c: Tensor] {
  const kept = ops.mul(recurrentActivation(f), c);
  const next = ops.add(kept, ops.mul(recurrentActivation(i), activation(g)));
  const output = ops.mul(recurrentActivation(o), activation(next));
  return [output, output, next];
}

/** Options with a bias that starts at 1 in its second quarter, the forget gate's, where that is wanted. */
export function forgettingLittle(options: object, unitForgetBias: boolean): object {
  if (!unitForgetBias) return options;
  const others = getInitializer(weightSettings(options, 'bias', 'zeros').initializer);
  return {
    ...options,
    biasInitializer: (shape: readonly number[], dtype: Tensor['dtype']): Tensor => {
      const units = shape[0] / 4;
      return ops.concat([others.apply([units], dtype), ops.ones([units], dtype), others.apply([2 * units], dtype)]);
    },
  };
}
