/** @file GRUCell: one step of a gated recurrent unit. */
import { type Activation, type ActivationIdentifier, activationName } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { recurrentActivationOf } from './lstm-cell.ts';
import { UnitsCell, type UnitsCellOptions } from './simple-rnn-cell.ts';

export interface GRUCellOptions extends UnitsCellOptions {
  /** Of the gates; default `sigmoid`. */
  recurrentActivation?: ActivationIdentifier | null;
  /** Applies the reset gate after the product with the state, as cuDNN does, instead of before it; default true. */
  resetAfter?: boolean;
}

/**
 * One step of a gated recurrent unit (Cho et al. 2014), with the state h, which is the output too: z and r are gates of x and h, g = a(x kernel_g
 * + r (h recurrentKernel_g + b)) with `resetAfter`, else a(x kernel_g + (r h) recurrentKernel_g); h' = z h + (1 - z) g.
 *
 * kernel [features, 3 units], recurrentKernel [units, 3 units], bias [3 units], or [2, 3 units] with `resetAfter`: the inputs' and the
 * state's; the gates in the order z, r, g.
 */
export class GRUCell extends UnitsCell {
  readonly recurrentActivation: Activation;
  readonly resetAfter: boolean;

  constructor(options: GRUCellOptions) {
    super(options, 3);
    this.recurrentActivation = recurrentActivationOf(options);
    this.resetAfter = options.resetAfter ?? true;
  }

  protected override makeBias(size: number): void {
    this.bias = this.addWeightFor('bias', this.resetAfter ? [2, size] : [size], this.options, 'zeros');
  }

  /** The bias of the inputs and that of the state. */
  private biases(): [inputs: Tensor | null, state: Tensor | null] {
    if (!this.bias) return [null, null];
    if (!this.resetAfter) return [this.bias.read(), null];
    const [inputs, state] = ops.unstack(this.bias.read());
    return [inputs, state];
  }

  protected override project(inputs: Tensor): Tensor {
    const [bias] = this.biases();
    const product = ops.matMul(inputs, this.kernel!.read());
    return bias ? ops.add(product, bias) : product;
  }

  protected advance(projected: Tensor, [h]: readonly Tensor[], drop: (x: Tensor) => Tensor): readonly [Tensor, Tensor] {
    const { units, recurrentActivation } = this;
    const kernel = this.recurrentKernel!.read();
    const state = drop(h);
    const [xz, xr, xg] = ops.split(projected, 3, 1);
    const next = (z: Tensor, g: Tensor): readonly [Tensor, Tensor] => {
      const mixed = ops.add(ops.mul(z, ops.sub(h, g)), g);
      return [mixed, mixed];
    };
    if (this.resetAfter) {
      const product = ops.matMul(state, kernel);
      const [, bias] = this.biases();
      const [hz, hr, hg] = ops.split(bias ? ops.add(product, bias) : product, 3, 1);
      const r = recurrentActivation(ops.add(xr, hr));
      return next(recurrentActivation(ops.add(xz, hz)), this.activation(ops.add(xg, ops.mul(r, hg))));
    }
    const [gates, last] = [
      ops.slice(kernel, [0, 0], [units, 2 * units]),
      ops.slice(kernel, [0, 2 * units], [units, units]),
    ];
    const [hz, hr] = ops.split(ops.matMul(state, gates), 2, 1);
    const r = recurrentActivation(ops.add(xr, hr));
    const g = this.activation(ops.add(xg, ops.matMul(ops.mul(r, state), last)));
    return next(recurrentActivation(ops.add(xz, hz)), g);
  }

  override getConfig(): Config {
    const { recurrentActivation, resetAfter } = this;
    return { ...super.getConfig(), recurrentActivation: activationName(recurrentActivation), resetAfter };
  }
}
