/** @file RNNCell: what a recurrent layer runs at each step of a sequence. */
import * as ops from '../../ops/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { TensorTree } from '../../tensor/tree.ts';
import { type CallOptions, Layer, type PartialShape } from '../layer.ts';

/** From what a step takes and the states before it to its output and the states after it. */
export type Step = (input: Tensor, states: readonly Tensor[]) => readonly [output: Tensor, ...states: Tensor[]];

/** How a cell goes over one sequence. */
export interface SequencePlan {
  /** What each step takes, steps first: [steps, batch, ...]. */
  readonly inputs: Tensor;
  readonly step: Step;
}

/**
 * The base of cells. `call` gets `[input, ...states]` of one step and gives `[output, ...states]`; `stateSize` says how many
 * numbers each state holds.
 *
 * @example
 * class Average extends tf.layers.RNNCell {
 *   readonly stateSize = 3;
 *   override call([x, mean]: tf.Tensor[]) { const next = mean.mul(0.9).add(x.mul(0.1)); return [next, next]; }
 * }
 * tf.layers.rnn({ cell: new Average() }).apply(tf.ones([2, 5, 3])).shape; // [2, 3]
 */
export abstract class RNNCell extends Layer {
  /** Size of the state, or of each of several. */
  abstract readonly stateSize: number | readonly number[];

  abstract override call(inputs: readonly Tensor[], options: CallOptions): readonly Tensor[];

  /** Size of the last axis of the output; default that of the first state. */
  get outputSize(): number {
    return this.stateSizes[0];
  }

  get stateSizes(): readonly number[] {
    return typeof this.stateSize === 'number' ? [this.stateSize] : this.stateSize;
  }

  /** The states before the first step: zeros. @param inputShape - Of one step, with the batch. */
  getInitialState(inputShape: readonly number[]): Tensor[] {
    return this.stateSizes.map((size) => ops.zeros([inputShape[0], size], this.computeDtype));
  }

  /** Shape of the output for one step's input. */
  stepOutputShape(inputShape: PartialShape): PartialShape {
    return [inputShape[0], this.outputSize];
  }

  /** Shapes of the states for one step's input. */
  stateShapes(inputShape: PartialShape): PartialShape[] {
    return this.stateSizes.map((size) => [inputShape[0], size]);
  }

  /** A step as it is in one sequence: what is drawn at random is drawn once for all steps. */
  stepper(_inputShape: readonly number[], training: boolean): Step {
    return (input, states) => {
      const results = this.apply<TensorTree>([input, ...states], { training });
      if (!Array.isArray(results) || results.length !== states.length + 1)
        throw new ArgumentError(
          `Cell ${this.name}: expected its call to give [output, ...states] with ${states.length} states; got ` +
            `${Array.isArray(results) ? `${results.length} values` : 'one tensor'}.`,
        );
      return results as unknown as ReturnType<Step>;
    };
  }

  /** How it goes over a sequence, steps first. Cells that can do some of the work for all steps at once do it here. */
  plan(sequence: Tensor, training: boolean): SequencePlan {
    return { inputs: sequence, step: this.stepper(sequence.shape.slice(1), training) };
  }
}
