/** @file GatedCell: what SimpleRNN, LSTM, GRU and convolutional LSTM cells share: kernels, dropout, work done for all steps at once. */
import { type Activation, type ActivationIdentifier, activationName, getActivation } from '../../activations/index.ts';
import type { Config } from '../../configuration.ts';
import { Generator } from '../../engine/random/philox.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Variable } from '../../tensor/variable.ts';
import { requireRate } from '../expectations.ts';
import type { CallOptions, LayerOptions } from '../layer.ts';
import { activationDetail } from '../serialization.ts';
import { type WeightOptionsFor, weightConfig } from '../weight-options.ts';
import { RNNCell, type SequencePlan, type Step } from './cell.ts';

/** Options that all these cells have; `kernel` is what inputs are multiplied with, `recurrent` what the state is. */
export interface GatedCellOptions
  extends LayerOptions, WeightOptionsFor<'kernel'>, WeightOptionsFor<'recurrent'>, WeightOptionsFor<'bias'> {
  /** Of the output; default `tanh`. */
  activation?: ActivationIdentifier | null;
  /** Default true. */
  useBias?: boolean;
  /** Share of the inputs that is dropped in training, the same ones at all steps; default 0. */
  dropout?: number;
  /** Share of the state that is dropped in training where it is multiplied; default 0. */
  recurrentDropout?: number;
  /** Starts the dropout's own generator; left out, the global one is used. */
  seed?: number | null;
}

/** A pattern of dropout to multiply with, or nothing to drop. */
export type Drop = (x: Tensor) => Tensor;
const keepAll: Drop = (x) => x;

export abstract class GatedCell extends RNNCell {
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  kernel: Variable | null = null;
  recurrentKernel: Variable | null = null;
  bias: Variable | null = null;
  protected readonly options: GatedCellOptions;
  private readonly generator: Generator | undefined;

  constructor(options: GatedCellOptions) {
    super(options);
    this.activation = getActivation(options.activation === undefined ? 'tanh' : options.activation);
    this.useBias = options.useBias ?? true;
    this.dropout = requireRate(this.name, 'dropout', options.dropout);
    this.recurrentDropout = requireRate(this.name, 'recurrentDropout', options.recurrentDropout);
    this.generator = typeof options.seed === 'number' ? new Generator(options.seed) : undefined;
    this.options = options;
  }

  /** What inputs give to the gates, bias included; of any number of samples, so that all steps can be done at once. */
  protected abstract project(inputs: Tensor): Tensor;

  /** The step itself. @param projected - What `project` gave. @param drop - Applied to the state where it is multiplied. */
  protected abstract advance(
    projected: Tensor,
    states: readonly Tensor[],
    drop: Drop,
  ): readonly [output: Tensor, ...states: Tensor[]];

  override call([input, ...states]: readonly Tensor[], { training }: CallOptions): readonly Tensor[] {
    return this.stepper(input.shape, training ?? false)(input, states);
  }

  private pattern(rate: number, shape: readonly number[], training: boolean): Drop {
    if (!training || rate === 0) return keepAll;
    const pattern =
      rate === 1
        ? ops.zeros(shape, this.computeDtype)
        : ops.dropout(ops.ones(shape, this.computeDtype), rate, null, this.generator);
    return (x) => ops.mul(x, pattern);
  }

  protected patternOfInput(inputShape: readonly number[], training: boolean): Drop {
    return this.pattern(this.dropout, inputShape, training);
  }

  protected patternOfState(inputShape: readonly number[], training: boolean): Drop {
    const shape = this.stateShapes(inputShape)[0] as readonly number[];
    return this.pattern(this.recurrentDropout, shape, training);
  }

  override stepper(inputShape: readonly number[], training: boolean): Step {
    const ofInput = this.patternOfInput(inputShape, training);
    const ofState = this.patternOfState(inputShape, training);
    return (input, states) => this.advance(this.project(ofInput(input)), states, ofState);
  }

  override plan(sequence: Tensor, training: boolean): SequencePlan {
    const [steps, ...inputShape] = sequence.shape;
    const dropped = this.patternOfInput(inputShape, training)(sequence);
    // One product for all steps: samples of all steps side by side.
    const [batch, ...features] = inputShape;
    const projected = this.project(ops.reshape(dropped, [steps * batch, ...features]));
    const ofState = this.patternOfState(inputShape, training);
    return {
      inputs: ops.reshape(projected, [steps, batch, ...projected.shape.slice(1)]),
      step: (input, states) => this.advance(input, states, ofState),
    };
  }

  override detail(): string {
    return activationDetail(this.activation);
  }

  override getConfig(): Config {
    const { activation, useBias, dropout, recurrentDropout, options } = this;
    return {
      ...super.getConfig(),
      activation: activationName(activation),
      useBias,
      ...weightConfig(options, 'kernel', 'glorotUniform'),
      ...weightConfig(options, 'recurrent', 'orthogonal'),
      ...weightConfig(options, 'bias', 'zeros'),
      dropout,
      recurrentDropout,
      seed: options.seed ?? null,
    };
  }
}
