/** @file StackedRNNCells: several cells as one. */
import type { Config } from '../../configuration.ts';
import type { SerializedObject } from '../../serialization/registry.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { CallOptions, LayerOptions, PartialShape } from '../layer.ts';
import { deserializeLayer, serializeLayer } from '../registry.ts';
import { RNNCell, type SequencePlan, type Step } from './cell.ts';

export interface StackedRNNCellsOptions extends LayerOptions {
  /** The cells, the first of which sees the inputs. */
  cells: readonly RNNCell[];
}

/**
 * Cells on top of each other: the output of each is the input of the next, in every step. Its states are those of all cells, one
 * after the other.
 *
 * @example
 * const cell = tf.layers.stackedRNNCells({ cells: [tf.layers.lstmCell({ units: 8 }), tf.layers.lstmCell({ units: 4 })] });
 * tf.layers.rnn({ cell }).apply(tf.ones([2, 5, 3])).shape; // [2, 4]
 */
export class StackedRNNCells extends RNNCell {
  readonly cells: readonly RNNCell[];

  constructor(options: StackedRNNCellsOptions) {
    super(options);
    const { cells } = options;
    if (!Array.isArray(cells) || cells.length === 0 || !cells.every((cell) => cell instanceof RNNCell))
      throw new ArgumentError(
        `Layer ${this.name}: expected cells to be a list of RNN cells, such as [tf.layers.lstmCell({ units: 8 })].`,
      );
    this.cells = [...cells];
  }

  override get stateSize(): readonly number[] {
    return this.cells.flatMap((cell) => cell.stateSizes);
  }

  override get outputSize(): number {
    return this.cells.at(-1)!.outputSize;
  }

  /** Calls `visit` for each cell with the shape of what it takes. */
  private along<S extends PartialShape>(inputShape: S, visit: (cell: RNNCell, shape: S) => void): void {
    let shape = inputShape;
    for (const cell of this.cells) {
      visit(cell, shape);
      shape = cell.stepOutputShape(shape) as S;
    }
  }

  override build(inputShape: PartialShape | readonly PartialShape[]): void {
    const ofInput = (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as PartialShape;
    this.along(ofInput, (cell, shape) => cell.ensureBuilt(shape));
  }

  override getInitialState(inputShape: readonly number[]): Tensor[] {
    const states: Tensor[] = [];
    this.along(inputShape, (cell, shape) => states.push(...cell.getInitialState(shape)));
    return states;
  }

  override stateShapes(inputShape: PartialShape): PartialShape[] {
    const shapes: PartialShape[] = [];
    this.along(inputShape, (cell, shape) => shapes.push(...cell.stateShapes(shape)));
    return shapes;
  }

  override stepOutputShape(inputShape: PartialShape): PartialShape {
    return this.cells.reduce((shape, cell) => cell.stepOutputShape(shape), inputShape);
  }

  override call([input, ...states]: readonly Tensor[], { training }: CallOptions): readonly Tensor[] {
    return this.stepper(input.shape, training ?? false)(input, states);
  }

  override stepper(inputShape: readonly number[], training: boolean): Step {
    const steps: Step[] = [];
    this.along(inputShape, (cell, shape) => steps.push(cell.stepper(shape, training)));
    return this.oneAfterTheOther(steps);
  }

  override plan(sequence: Tensor, training: boolean): SequencePlan {
    const [first] = this.cells;
    const { inputs, step } = first.plan(sequence, training);
    const steps: Step[] = [];
    this.along(sequence.shape.slice(1), (cell, shape) =>
      steps.push(cell === first ? step : cell.stepper(shape, training)),
    );
    return { inputs, step: this.oneAfterTheOther(steps) };
  }

  private oneAfterTheOther(steps: readonly Step[]): Step {
    return (input, states) => {
      let [output, place] = [input, 0];
      const next: Tensor[] = [];
      steps.forEach((step, i) => {
        const own = states.slice(place, (place += this.cells[i].stateSizes.length));
        const [out, ...after] = step(output, own);
        output = out;
        next.push(...after);
      });
      return [output, ...next];
    };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), cells: this.cells.map(serializeLayer) };
  }

  static fromConfig({ cells, ...config }: Config): StackedRNNCells {
    return new StackedRNNCells({
      ...config,
      cells: (cells as readonly SerializedObject[]).map((cell) => deserializeLayer(cell) as RNNCell),
    });
  }
}
