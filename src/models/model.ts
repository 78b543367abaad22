/** @file Model: layers that are trained, saved and shown together. */
import { displayPort, displaySymbol, type Displayable, type MimeBundle } from '../display.ts';
import { type Layer, type ShapeTree } from '../layers/index.ts';
import type { KerasTensor } from '../symbolic/keras-tensor.ts';
import { ValuesNeededError } from '../symbolic/output-forms.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapShapes } from '../tensor/tree.ts';
import { type SummaryOptions, summaryTable } from '../vis/summary.ts';
import type { ModelDescription } from '../vis/model-description.ts';
import { describeModel } from './description.ts';
import {
  type LoadWeightsOptions,
  type SaveHandler,
  type SaveOptions,
  type SaveResult,
  type SaveWeightsOptions,
  saving,
} from './saving-port.ts';
import { Trainable } from './trainable.ts';

/** What `summary` is told. */
export interface ModelSummaryOptions extends SummaryOptions {
  /** Takes the text's lines, in the place of a table in the notebook or of `console.log`. */
  printFn?: (text: string) => void;
}

/**
 * A layer that can be trained. Subclass it with a `call` (and layers in properties), or use `tf.sequential`; override
 * `trainStep` to train in another way.
 *
 * @example
 * class Classifier extends tf.Model {
 *   hidden = tf.layers.dense({ units: 32, activation: 'relu' });
 *   out = tf.layers.dense({ units: 3 });
 *   override call(x: tf.Tensor) { return this.out.apply(this.hidden.apply(x)); }
 * }
 */
export abstract class Model extends Trainable implements Displayable {
  private builtShape: ShapeTree | null = null;

  /** The layers the model is made of. */
  get layers(): readonly Layer[] {
    return this.sublayers();
  }

  /** Shape of the inputs, null for sizes that vary; null before the model is built. */
  get inputShape(): ShapeTree | null {
    return this.builtShape ?? this.batchInputShape;
  }

  /** Shape of the outputs. @throws ArgumentError before the model is built. */
  get outputShape(): ShapeTree {
    if (!this.inputShape) throw this.notBuilt('its output shape');
    return this.computeOutputShape(this.inputShape);
  }

  /** The symbolic tensors that it takes, flat; empty where it is not made of symbolic tensors. */
  get inputs(): readonly KerasTensor[] {
    return [];
  }

  /** The symbolic tensors that it gives, flat; empty where it is not made of symbolic tensors. */
  get outputs(): readonly KerasTensor[] {
    return [];
  }

  /** A layer by its name or its number. @throws ArgumentError where there is none. */
  getLayer(nameOrIndex: string | number): Layer {
    const { layers } = this;
    const found =
      typeof nameOrIndex === 'number' ? layers[nameOrIndex] : layers.find(({ name }) => name === nameOrIndex);
    if (!found)
      throw new ArgumentError(
        `Model ${this.name} has no layer ${JSON.stringify(nameOrIndex)}; it has ${layers.map(({ name }) => name).join(', ')}.`,
      );
    return found;
  }

  override ensureBuilt(inputShape: ShapeTree): void {
    if (!this.built) this.builtShape = mapShapes(inputShape, (shape) => [null, ...shape.slice(1)]) as ShapeTree;
    super.ensureBuilt(inputShape);
  }

  /** A model builds its layers by running once without data; `Sequential` knows a shorter way. */
  override build(inputShape: ShapeTree): void {
    this.built = true;
    try {
      this.computeOutputShape(inputShape);
    } catch (error) {
      // It asks for values, which there are none of yet: its layers are built as they meet data.
      if (!(error instanceof ValuesNeededError)) throw error;
    } finally {
      this.built = false;
    }
  }

  /**
   * Saves the model with its weights, how it is compiled and the optimizer's state, so that `tf.loadModel` gives it back and
   * training goes on where it stopped.
   *
   * @param target - A path that ends in `.keras` (Keras 3's form) or `.h5` (Keras 2's); `file://folder`, or a handler of `tf.io`, for
   *   TensorFlow.js's form (`model.json` and weights), of which it gives what the handler says.
   * @throws ArgumentError where the model is not built, or holds what files cannot hold.
   * @example
   * await model.save('digits.keras');
   */
  async save(target: string | SaveHandler, options: SaveOptions = {}): Promise<SaveResult> {
    return saving().save(this, target, options);
  }

  /** Saves the weights alone (and the optimizer's state): a path that ends in `.weights.h5`, or in `.safetensors`. @throws ArgumentError */
  async saveWeights(path: string, options: SaveWeightsOptions = {}): Promise<void> {
    return saving().saveWeights(this, path, options);
  }

  /**
   * Reads weights from a file: `.weights.h5`, `.keras`, `.h5`, `.safetensors`, or TensorFlow.js's weights by name.
   *
   * @throws ArgumentError, ShapeError where the model is not built, or they are not its weights.
   * @example
   * await model.loadWeights('pretrained.h5', { byName: true, skipMismatch: true });
   */
  async loadWeights(
    source: string | Readonly<Record<string, Tensor>>,
    options: LoadWeightsOptions = {},
  ): Promise<void> {
    return saving().loadWeights(this, source, options);
  }

  /** The architecture (and how it is compiled) as Keras's JSON, without weights: `tf.modelFromJSON` makes such a model. */
  toJSON(): string {
    return saving().toJSON(this);
  }

  /** The same as YAML: `await tf.modelFromYAML(text)` makes such a model. */
  async toYAML(): Promise<string> {
    return saving().toYAML(this);
  }

  private notBuilt(what: string): ArgumentError {
    return new ArgumentError(
      `Model ${this.name} is not built, so ${what} is not known; give its first layer an inputShape, or apply it to data.`,
    );
  }

  /** The model as plain data, for summaries and pictures. @throws ArgumentError before it is built. */
  describe(): ModelDescription {
    if (!this.built) throw this.notBuilt('its layers');
    return describeModel(this, this.layerOutputShapes());
  }

  /** Output shapes of the layers, where known. */
  protected layerOutputShapes(): readonly (ShapeTree | undefined)[] {
    return this.layers.map(() => undefined);
  }

  /**
   * Shows layers, output shapes, connections and how many weights there are: as a table in a notebook, else (or with `printFn`)
   * as text, a line at a time.
   *
   * @param options - As in {@link ModelSummaryOptions}; or, as TensorFlow.js has it, the length of lines.
   * @param positions - Where columns end, as parts of the line.
   * @param printFn - Takes the text's lines.
   * @throws ArgumentError before the model is built, or where options do not fit.
   * @example
   * model.summary();
   * model.summary({ expandNested: true, showTrainable: true });
   */
  summary(
    options: number | ModelSummaryOptions = {},
    positions?: readonly number[],
    printFn?: (text: string) => void,
  ): void {
    const given: ModelSummaryOptions = typeof options === 'number' ? { lineLength: options } : options;
    const table = summaryTable(this.describe(), { ...(positions && { positions }), ...given });
    const print = printFn ?? given.printFn;
    const port = print ? undefined : displayPort();
    if (port) port.display(table[displaySymbol]());
    else for (const line of table.toString().split('\n')) (print ?? console.log)(line);
  }

  [displaySymbol](): MimeBundle {
    if (this.built) return summaryTable(this.describe())[displaySymbol]();
    return {
      'text/plain': `Model ${this.name} (not built; layers: ${this.layers.map(({ name }) => name).join(', ')})`,
    };
  }
}
