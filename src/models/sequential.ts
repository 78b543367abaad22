/** @file Sequential: layers one after the other. */
import type { Config } from '../configuration.ts';
import { type CallOptions, InputLayer, Layer, type PartialShape } from '../layers/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Model } from './model.ts';

export interface SequentialOptions {
  layers?: readonly Layer[];
  name?: string;
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
  private input: PartialShape | null = null;

  constructor({ layers = [], name }: SequentialOptions = {}) {
    super({ name });
    for (const layer of layers) this.add(layer);
  }

  override get layers(): readonly Layer[] {
    return [...this.stack];
  }

  override get inputShape(): PartialShape | null {
    return super.inputShape ?? this.input;
  }

  /** Adds a layer at the end. @throws ArgumentError for a name that is taken, or an input layer that is not the first. */
  add(layer: Layer): void {
    if (!(layer instanceof Layer))
      throw new ArgumentError(
        `Sequential ${this.name}: expected a layer, such as tf.layers.dense({ units: 8 }); got ${String(layer)}.`,
      );
    if (layer instanceof InputLayer) {
      if (this.stack.length > 0 || this.input)
        throw new ArgumentError(`Sequential ${this.name}: an input layer must come first and only once.`);
      this.input = layer.batchInputShape;
      return;
    }
    if (this.stack.some(({ name }) => name === layer.name))
      throw new ArgumentError(
        `Sequential ${this.name}: there is a layer named '${layer.name}' already; layers need names of their own.`,
      );
    if (this.stack.length === 0)
      this.input ??= layer.batchInputShape ?? (layer instanceof Model ? layer.inputShape : null);
    const before = this.built ? this.outputShape : this.input;
    if (before) this.extend(layer, before);
    this.stack.push(layer);
    this.discardSteps();
  }

  private extend(layer: Layer, inputShape: PartialShape): void {
    layer.ensureBuilt(inputShape);
    layer.computeOutputShape(inputShape);
    if (!this.built && this.input) this.ensureBuilt(this.input);
  }

  /** Takes the last layer away and gives it back. @throws ArgumentError where there is none. */
  pop(): Layer {
    const layer = this.stack.pop();
    if (!layer) throw new ArgumentError(`Sequential ${this.name}: there is no layer to take away.`);
    this.discardSteps();
    return layer;
  }

  override build(inputShape: PartialShape): void {
    this.shapesAlong(inputShape);
  }

  /** Output shape of each layer; builds those that are not built. */
  private shapesAlong(inputShape: PartialShape): PartialShape[] {
    let shape = inputShape;
    return this.stack.map((layer) => {
      layer.ensureBuilt(shape);
      shape = layer.computeOutputShape(shape);
      return shape;
    });
  }

  override call(inputs: Tensor, options: CallOptions): Tensor {
    return this.stack.reduce((x, layer) => layer.apply(x, options), inputs);
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return this.shapesAlong(inputShape).at(-1) ?? inputShape;
  }

  protected override layerOutputShapes(): readonly (PartialShape | undefined)[] {
    return this.inputShape ? this.shapesAlong(this.inputShape) : super.layerOutputShapes();
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      layers: this.stack.map((layer) => ({ className: layer.constructor.name, config: layer.getConfig() })),
    };
  }
}

/** {@inheritDoc Sequential} */
export const sequential = (options?: SequentialOptions): Sequential => new Sequential(options);
