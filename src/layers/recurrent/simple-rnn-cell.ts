/** @file SimpleRNNCell: one step of a fully connected recurrent network. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { sizesAreOpen } from '../../tracing/open-sizes.ts';
import { knownSize, requireCount } from '../expectations.ts';
import type { PartialShape } from '../layer.ts';
import type { SequencePlan } from './cell.ts';
import { type Drop, GatedCell, type GatedCellOptions } from './gated-cell.ts';

export interface UnitsCellOptions extends GatedCellOptions {
  /** Size of the state and of the output. */
  units: number;
}

/** A cell whose gates are products with [features, gates units] and [units, gates units]. */
export abstract class UnitsCell extends GatedCell {
  readonly units: number;
  readonly stateSize: number | readonly number[];
  private readonly gates: number;

  /** @param gates - How many vectors of `units` the products give. @param states - How many states there are. */
  constructor(options: UnitsCellOptions, gates: number, states = 1) {
    super(options);
    this.units = requireCount(this.name, 'units', options.units);
    this.stateSize = states === 1 ? this.units : Array<number>(states).fill(this.units);
    this.gates = gates;
  }

  override build(inputShape: PartialShape | readonly PartialShape[]): void {
    // By itself a cell is applied to [input, ...states].
    const ofInput = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as PartialShape;
    const { units, gates, options } = this;
    this.kernel = this.addWeightFor(
      'kernel',
      [knownSize(this.name, ofInput, -1), gates * units],
      options,
      'glorotUniform',
    );
    this.recurrentKernel = this.addWeightFor(
      'recurrent_kernel',
      [units, gates * units],
      options,
      'orthogonal',
      'recurrent',
    );
    if (this.useBias) this.makeBias(gates * units);
  }

  protected makeBias(size: number): void {
    this.bias = this.addWeightFor('bias', [size], this.options, 'zeros');
  }

  protected project(inputs: Tensor): Tensor {
    const product = ops.matMul(inputs, this.kernel!.read());
    return this.bias ? ops.add(product, this.bias.read()) : product;
  }

  override detail(): string {
    return [`${this.units} units`, super.detail()].filter((part) => part && part !== 'tanh').join(', ');
  }

  override getConfig(): Config {
    return { ...super.getConfig(), units: this.units };
  }
}

/**
 * Numbers that products of all steps have from which on they are made step by step: fewer stay in the cache until they are used,
 * more go through memory once more, which costs more than larger products save.
 */
const tooManyAtOnce = 2 ** 20;

/** A cell whose gates are the sum of both products. */
export abstract class SummedCell extends UnitsCell {
  /** @param gates - Before any activation. */
  protected abstract fromGates(
    gates: Tensor,
    states: readonly Tensor[],
  ): readonly [output: Tensor, ...states: Tensor[]];

  protected advance(
    projected: Tensor,
    states: readonly Tensor[],
    drop: Drop,
  ): readonly [output: Tensor, ...states: Tensor[]] {
    const product = ops.matMul(drop(states[0]), this.recurrentKernel!.read());
    return this.fromGates(ops.add(projected, product), states);
  }

  override plan(sequence: Tensor, training: boolean): SequencePlan {
    const [steps, ...inputShape] = sequence.shape;
    const size = steps * inputShape[0] * this.recurrentKernel!.shape[1];
    if (size < tooManyAtOnce || sizesAreOpen()) return super.plan(sequence, training);
    // Input and state side by side, as are the kernels: one product a step.
    const inputs = this.patternOfInput(inputShape, training)(sequence);
    const ofState = this.patternOfState(inputShape, training);
    const kernels = ops.concat([this.kernel!.read(), this.recurrentKernel!.read()]);
    const bias = this.bias?.read();
    return {
      inputs,
      step: (input, states) => {
        const product = ops.matMul(ops.concat([input, ofState(states[0])], 1), kernels);
        return this.fromGates(bias ? ops.add(product, bias) : product, states);
      },
    };
  }
}

/**
 * One step of a fully connected recurrent network: h' = activation(x kernel + h recurrentKernel + bias), which is the output too.
 *
 * kernel [features, units], recurrentKernel [units, units], bias [units].
 */
export class SimpleRNNCell extends SummedCell {
  constructor(options: UnitsCellOptions) {
    super(options, 1);
  }

  protected fromGates(gates: Tensor): readonly [Tensor, Tensor] {
    const next = this.activation(gates);
    return [next, next];
  }
}
