/** @file Sequential: layers one after the other. */
import type { Config } from '../configuration.ts';
import {
  type CallOptions,
  InputLayer,
  Layer,
  type PartialShape,
  type ShapeTree,
  type TensorTree,
} from '../layers/index.ts';
import { deserializeLayer, serializeLayer } from '../layers/registry.ts';
import type { SerializedObject } from '../serialization/registry.ts';
import { type KerasTensor, kerasTensorsIn } from '../symbolic/keras-tensor.ts';
import { ValuesNeededError } from '../symbolic/output-forms.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { isShape, shapesOf } from '../tensor/tree.ts';
import { Model } from './model.ts';

export interface SequentialOptions {
  layers?: readonly Layer[];
  name?: string;
  trainable?: boolean;
}

/**
 * A model whose layers follow one another. With an `inputShape` in its first layer (or an input layer) it is built as
 * layers are added; otherwise when it first sees data.
 *
 * @example
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({ units: 16, activation: 'relu', inputShape: [4] }), tf.layers.dense({ units: 3 })],
 * });
 */
export class Sequential extends Model {
  private readonly stack: Layer[] = [];
  private inputLayer: InputLayer | null = null;
  /** What each layer gives for the symbolic input, as far as that is known. */
  private readonly results: TensorTree[] = [];

  constructor({ layers = [], name, trainable }: SequentialOptions = {}) {
    super({ name, autocast: false });
    for (const layer of layers) this.add(layer);
    // Layers that are frozen one by one stay so.
    if (trainable === false) this.trainable = false;
  }

  override get layers(): readonly Layer[] {
    return [...this.stack];
  }

  override get inputShape(): ShapeTree | null {
    return this.inputLayer?.batchInputShape ?? super.inputShape;
  }

  /** The symbolic input; empty before its shape is known. */
  override get inputs(): readonly KerasTensor[] {
    return this.inputLayer ? [this.inputLayer.tensor] : [];
  }

  /** The symbolic output. @throws ArgumentError before the input's shape is known */
  override get output(): TensorTree {
    const { length } = this.stack;
    if (length === 0 || this.results.length < length)
      throw new ArgumentError(
        `Sequential ${this.name}: its symbolic output is not known; give its first layer an inputShape.`,
      );
    return this.results[length - 1];
  }

  override get outputs(): readonly KerasTensor[] {
    return kerasTensorsIn(this.results.length === this.stack.length ? this.results.at(-1) : []);
  }

  override get input(): TensorTree {
    if (!this.inputLayer)
      throw new ArgumentError(
        `Sequential ${this.name}: its symbolic input is not known; give its first layer an inputShape.`,
      );
    return this.inputLayer.tensor;
  }

  override get inputNames(): readonly string[] {
    return this.inputs.map(({ name }) => name);
  }

  override get outputNames(): readonly string[] {
    return this.stack.slice(-1).map(({ name }) => name);
  }

  /** Adds a layer at the end. @throws ArgumentError for a name that is taken, or an input layer that is not the first. */
  add(layer: Layer): void {
    if (!(layer instanceof Layer))
      throw new ArgumentError(
        `Sequential ${this.name}: expected a layer, such as tf.layers.dense({ units: 8 }); got ${String(layer)}.`,
      );
    if (layer instanceof InputLayer) {
      if (this.stack.length > 0 || this.inputLayer)
        throw new ArgumentError(`Sequential ${this.name}: an input layer must come first and only once.`);
      this.inputLayer = layer;
      return;
    }
    if (this.stack.some(({ name }) => name === layer.name))
      throw new ArgumentError(
        `Sequential ${this.name}: there is a layer named '${layer.name}' already; layers need names of their own.`,
      );
    if (this.stack.length === 0 && !this.inputLayer) {
      const shape = layer.batchInputShape ?? (layer instanceof Model ? layer.inputShape : null);
      if (shape && isShape(shape)) this.begin(shape, inputDtype(layer));
    }
    if (this.inputLayer && this.results.length === this.stack.length) this.extend(layer);
    this.stack.push(layer);
    if (this.inputLayer) this.built = true;
    this.discardSteps();
  }

  private begin(batchShape: PartialShape, dtype: DType): void {
    this.inputLayer = new InputLayer({ batchShape, dtype });
  }

  /** Applies the next layer to the symbolic output so far; its weights are made by that. */
  private extend(layer: Layer): void {
    try {
      this.results.push(layer.apply<TensorTree>(this.results.at(-1) ?? this.inputLayer!.tensor));
    } catch (error) {
      // A layer that asks for values meets data later.
      if (!(error instanceof ValuesNeededError)) throw error;
    }
  }

  /** Takes the last layer away and gives it back. @throws ArgumentError where there is none. */
  pop(): Layer {
    const layer = this.stack.pop();
    if (!layer) throw new ArgumentError(`Sequential ${this.name}: there is no layer to take away.`);
    this.results.length = Math.min(this.results.length, this.stack.length);
    this.discardSteps();
    return layer;
  }

  override ensureBuiltFor(inputs: TensorTree): void {
    if (!this.inputLayer && inputs instanceof Tensor && this.stack.length > 0)
      this.begin([null, ...inputs.shape.slice(1)], inputs.dtype);
    super.ensureBuiltFor(inputs);
  }

  override build(inputShape: ShapeTree): void {
    if (!isShape(inputShape))
      throw new ArgumentError(
        `Sequential ${this.name}: expected one input; for several make a functional model, tf.model().`,
      );
    if (this.stack.length === 0) return;
    if (!this.inputLayer) this.begin([null, ...inputShape.slice(1)], inputDtype(this.stack[0]));
    for (const layer of this.stack.slice(this.results.length)) {
      const known = this.results.length;
      this.extend(layer);
      if (this.results.length === known) return;
    }
  }

  override call(inputs: TensorTree, _options: CallOptions): TensorTree {
    return this.stack.reduce<TensorTree>((x, layer) => layer.apply<TensorTree>(x), inputs);
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    return this.shapesAlong(inputShape).at(-1) ?? inputShape;
  }

  /** Output shape of each layer. */
  private shapesAlong(inputShape: ShapeTree): ShapeTree[] {
    const asMade =
      this.results.length === this.stack.length &&
      isShape(inputShape) &&
      this.inputLayer !== null &&
      formatShape(this.inputLayer.batchInputShape) === formatShape(inputShape);
    if (asMade) return this.results.map(shapesOf);
    let shape = inputShape;
    return this.stack.map((layer) => {
      layer.ensureBuilt(shape);
      shape = layer.computeOutputShape(shape);
      return shape;
    });
  }

  protected override layerOutputShapes(): readonly (ShapeTree | undefined)[] {
    return this.inputShape ? this.shapesAlong(this.inputShape) : super.layerOutputShapes();
  }

  override getConfig(): Config {
    const layers = [...(this.inputLayer ? [this.inputLayer] : []), ...this.stack];
    return {
      ...super.getConfig(),
      layers: layers.map(serializeLayer),
      ...(this.inputShape && { buildInputShape: this.inputShape }),
    };
  }

  /** The model that a config describes, with new layers. @throws ArgumentError */
  static fromConfig(config: Config): Sequential {
    const {
      layers = [],
      name,
      trainable,
      buildInputShape,
    } = config as {
      layers?: readonly SerializedObject[];
      name?: string;
      trainable?: boolean;
      buildInputShape?: PartialShape;
    };
    const model = new this({ layers: layers.map((layer) => deserializeLayer(layer)), name, trainable });
    if (buildInputShape && !model.built) model.ensureBuilt(buildInputShape);
    return model;
  }
}

/** What a first layer takes, where nothing tells: a model what it was made for, any other its own dtype. */
const inputDtype = (layer: Layer): DType =>
  layer instanceof Model && layer.inputs[0] ? layer.inputs[0].dtype : layer.computeDtype;

/** {@inheritDoc Sequential} */
export const sequential = (options?: SequentialOptions): Sequential => new Sequential(options);
