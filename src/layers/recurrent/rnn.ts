/** @file RNN: runs a cell over sequences. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import type { SerializedObject } from '../../serialization/registry.ts';
import { ArgumentError, ShapeError } from '../../tensor/errors.ts';
import { formatShape, shapesEqual } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { isShape } from '../../tensor/tree.ts';
import { Variable } from '../../tensor/variable.ts';
import {
  type CallOptions,
  Layer,
  type LayerOptions,
  type MaskTree,
  type PartialShape,
  type ShapeTree,
  type TensorTree,
} from '../layer.ts';
import { deserializeLayer, serializeLayer } from '../registry.ts';
import { RNNCell } from './cell.ts';
import { recur } from './recurrence.ts';
import { StackedRNNCells } from './stacked-cells.ts';

/** What all recurrent layers may be told. */
export interface RecurrentOptions extends LayerOptions {
  /** Gives the outputs of all steps instead of the last one's; default false. */
  returnSequences?: boolean;
  /** Gives the last states too: `[output, ...states]`; default false. */
  returnState?: boolean;
  /** Goes over the steps from the last to the first, and gives their outputs in that order; default false. */
  goBackwards?: boolean;
  /** Begins each batch with the states that the one before ended with; the batch's size must then be known. Default false. */
  stateful?: boolean;
  /** In a compiled function makes every step a part of the graph instead of a loop; default: short sequences. */
  unroll?: boolean;
  /** Gives zeros for masked steps instead of the output before them; default false. */
  zeroOutputForMask?: boolean;
}

export interface RNNOptions extends RecurrentOptions {
  /** The cell, or several that are stacked. */
  cell: RNNCell | readonly RNNCell[];
}

export interface RNNCallOptions extends CallOptions {
  /** The states to begin with, in the order in which `returnState` gives them; zeros where left out. */
  initialState?: Tensor | readonly Tensor[] | null;
}

/**
 * Runs a cell over the steps of sequences. Input [batch, steps, ...]; output [batch, size], or [batch, steps, size] with
 * `returnSequences`; with `returnState` an array that ends with the last states. Masked steps leave the states as they are.
 *
 * @example
 * tf.layers.rnn({ cell: tf.layers.gruCell({ units: 4 }), returnSequences: true }).apply(tf.ones([2, 7, 3])).shape; // [2, 7, 4]
 */
export class RNN extends Layer {
  readonly cell: RNNCell;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly unroll: boolean;
  /** Set by Bidirectional too. */
  zeroOutputForMask: boolean;
  /** What a stateful layer carries from batch to batch; null before it is built. */
  states: Variable[] | null = null;

  constructor(options: RNNOptions) {
    super(options);
    const { cell } = options;
    this.cell = Array.isArray(cell) ? new StackedRNNCells({ cells: cell as readonly RNNCell[] }) : (cell as RNNCell);
    if (!(this.cell instanceof RNNCell))
      throw new ArgumentError(
        `Layer ${this.name}: expected cell to be an RNN cell, such as tf.layers.lstmCell({ units: 8 }), or a list of them.`,
      );
    this.returnSequences = options.returnSequences ?? false;
    this.returnState = options.returnState ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.stateful = options.stateful ?? false;
    this.unroll = options.unroll ?? false;
    this.zeroOutputForMask = options.zeroOutputForMask ?? false;
    this.supportsMasking = true;
  }

  override build(inputShape: ShapeTree): void {
    const shape = firstShape(inputShape);
    if (shape.length < 3)
      throw new ShapeError(
        `Layer ${this.name}: expected an input of rank 3 or more, [batch, steps, features]; got shape ${formatShape(shape)}.`,
      );
    const stepShape = [shape[0], ...shape.slice(2)];
    this.cell.ensureBuilt(stepShape);
    if (!this.stateful) return;
    if (shape[0] === null)
      throw new ShapeError(
        `Layer ${this.name}: a stateful layer must know the batch's size; give tf.input a batchShape, or the first layer a ` +
          `batchInputShape, such as [32, 10, 8].`,
      );
    this.states = this.cell
      .getInitialState(stepShape as readonly number[])
      .map((state, i) => new Variable(state, { name: `${this.name}/rnn_state_${i}`, trainable: false }));
  }

  /** States of stateful layers are no weights. */
  override get ownVariables(): Variable[] {
    return super.ownVariables.filter((variable) => !this.states?.includes(variable));
  }

  /** Sets the states of a stateful layer to zero, or to values. @throws ArgumentError */
  override resetStates(values?: readonly Tensor[] | null): void {
    if (!this.stateful && values)
      throw new ArgumentError(
        `Layer ${this.name}: it carries no states from batch to batch; make it with stateful: true.`,
      );
    this.states?.forEach((state, i) => {
      const value = values?.[i] ?? ops.zeros([...state.shape], state.dtype);
      state.assign(value);
    });
  }

  override call(inputs: TensorTree, options: RNNCallOptions): TensorTree {
    const [sequence, ...given] = inputs instanceof Tensor ? [inputs] : (inputs as readonly Tensor[]);
    const [batch, steps, ...features] = sequence.shape;
    if (steps === 0)
      throw new ShapeError(`Layer ${this.name}: expected at least one step, got shape ${formatShape(sequence.shape)}.`);
    const stepFirst = ops.transpose(sequence, [1, 0, ...features.map((_, i) => i + 2)]);
    const ordered = (x: Tensor): Tensor => (this.goBackwards ? ops.reverse(x, [0]) : x);
    const mask = firstMask(options.mask);
    const { inputs: each, step } = this.cell.plan(ordered(stepFirst), options.training ?? false);
    const result = recur({
      inputs: each,
      mask: mask && ordered(ops.transpose(ops.cast(mask, 'bool'))),
      states: this.firstStates([batch, ...features], given.length > 0 ? given : options.initialState),
      step,
      outputShape: this.cell.stepOutputShape([batch, ...features]) as readonly number[],
      unroll: this.unroll,
      zeroOutputForMask: this.zeroOutputForMask,
    });
    if (this.stateful) this.states?.forEach((state, i) => state.assign(ops.cast(result.states[i], state.dtype)));
    if (!this.returnSequences) return this.returnState ? [result.output, ...result.states] : result.output;
    const outputs = result.outputs();
    const batchFirst = ops.transpose(outputs, [1, 0, ...outputs.shape.slice(2).map((_, i) => i + 2)]);
    return this.returnState ? [batchFirst, ...result.states] : batchFirst;
  }

  /** The states to begin with. @throws ShapeError where they do not fit the cell. */
  private firstStates(stepShape: readonly number[], given: RNNCallOptions['initialState']): readonly Tensor[] {
    const zeros = (): Tensor[] => this.cell.getInitialState(stepShape);
    if (!given) {
      if (!this.states) return zeros();
      if (this.states[0].shape[0] !== stepShape[0])
        throw new ShapeError(
          `Layer ${this.name}: a stateful layer built for batches of ${this.states[0].shape[0]} got one of ${stepShape[0]}.`,
        );
      return this.states.map((state) => ops.cast(state.read(), this.computeDtype));
    }
    const states = Array.isArray(given) ? (given as readonly Tensor[]) : [given as Tensor];
    const expected = this.cell.stateShapes(stepShape) as readonly (readonly number[])[];
    if (states.length !== expected.length || !states.every(({ shape }, i) => shapesEqual(shape, expected[i])))
      throw new ShapeError(
        `Layer ${this.name}: expected initial states of the shapes ${expected.map(formatShape).join(', ')}; got ` +
          `${states.map(({ shape }) => formatShape(shape)).join(', ')}.`,
      );
    return states.map((state) => ops.cast(state, this.computeDtype));
  }

  override computeMask(_inputs: TensorTree, mask: MaskTree): MaskTree {
    const ofSteps = this.returnSequences ? firstMask(mask) : null;
    return this.returnState ? [ofSteps, ...this.cell.stateSizes.map(() => null)] : ofSteps;
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    const [batch, steps, ...features] = firstShape(inputShape);
    this.ensureBuilt(inputShape);
    const stepShape = [batch, ...features];
    const [, ...rest] = this.cell.stepOutputShape(stepShape);
    const output = this.returnSequences ? [batch, steps, ...rest] : [batch, ...rest];
    return this.returnState ? [output, ...this.cell.stateShapes(stepShape)] : output;
  }

  override detail(): string {
    return this.cell.detail();
  }

  /** How it runs, without the cell. */
  protected recurrentConfig(): Config {
    const { returnSequences, returnState, goBackwards, stateful, unroll, zeroOutputForMask } = this;
    return {
      ...super.getConfig(),
      ...{ returnSequences, returnState, goBackwards, stateful, unroll, zeroOutputForMask },
    };
  }

  override getConfig(): Config {
    return { ...this.recurrentConfig(), cell: serializeLayer(this.cell) };
  }

  static fromConfig({ cell, ...config }: Config): RNN {
    return new RNN({ ...config, cell: deserializeLayer(cell as SerializedObject) as RNNCell });
  }
}

/** The shape of the sequence: states may be among the inputs. */
const firstShape = (shape: ShapeTree): PartialShape =>
  isShape(shape) ? shape : (Object.values(shape) as PartialShape[])[0];

/** The mask of the sequence. */
const firstMask = (mask: MaskTree | undefined): Tensor | null => {
  const first = Array.isArray(mask) ? (mask as readonly MaskTree[])[0] : mask;
  return first instanceof Tensor ? first : null;
};
