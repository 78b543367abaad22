/** @file Layer: weights, the computation that uses them, and the layers inside. */
import { type Config, snakeCase, uniqueName } from '../configuration.ts';
import { initScope } from '../tracing/trace.ts';
import { getInitializer, type InitializerIdentifier } from '../initializers/index.ts';
import * as ops from '../ops/index.ts';
import { getRegularizer, type Regularizer, type RegularizerIdentifier } from '../regularizers/index.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type DType, isFloating } from '../tensor/dtype.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import { afterTermination } from '../tensor/termination.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { abstractOutputShape } from './abstract-call.ts';
import { checkInput, type InputSpec } from './input-spec.ts';

/** A shape in which null stands for a size that is not known yet, such as the batch's. */
export type PartialShape = readonly (number | null)[];

export interface LayerOptions {
  /** Default: the class's name in snake case, numbered. */
  name?: string;
  /** Whether training changes the weights; default true. */
  trainable?: boolean;
  /** Of the weights; inputs of another floating dtype are cast to it. Default float32. */
  dtype?: DType;
  /** Shape of one sample, without the batch: lets a model build at once when this is its first layer. */
  inputShape?: PartialShape;
  /** The same with the batch. */
  batchInputShape?: PartialShape;
}

export interface CallOptions {
  /** Training (dropout drops, batch statistics are used), or inference. */
  training?: boolean;
}

/** Whether the outermost layer that is being applied was told to train: what layers inside it go by. */
let trainingNow = false;
afterTermination(() => {
  trainingNow = false;
});

/**
 * The base of all layers and models. Subclass it: make weights in `build` with `addWeight`, compute in `call`. Layers and
 * variables that are kept in properties (or in arrays and plain objects there) are found by themselves and their weights
 * count as this layer's; `#private` fields cannot be seen.
 *
 * @example
 * class Scale extends tf.layers.Layer {
 *   factor!: tf.Variable;
 *   override build() { this.factor = this.addWeight('factor', [], 'float32', 'ones'); }
 *   override call(x: tf.Tensor) { return x.mul(this.factor.read()); }
 * }
 * new Scale().apply(tf.tensor([1, 2]));
 */
export abstract class Layer {
  readonly name: string;
  readonly dtype: DType;
  /** Shape of the inputs as given in the options, the batch's axis first. */
  readonly batchInputShape: PartialShape | null;
  built = false;
  private isTrainable: boolean;
  private readonly ownWeights: Variable[] = [];
  /** Weights that stay untrainable whatever `trainable` says. */
  private readonly fixedWeights = new Set<Variable>();
  private readonly regularizers = new Map<Variable, Regularizer>();

  constructor({ name, trainable = true, dtype = 'float32', inputShape, batchInputShape }: LayerOptions = {}) {
    this.name = name ?? uniqueName(snakeCase(this.constructor.name));
    this.isTrainable = trainable;
    this.dtype = dtype;
    this.batchInputShape = batchInputShape ?? (inputShape ? [null, ...inputShape] : null);
  }

  /** Makes the weights, once the shape of the inputs (with the batch) is known. */
  build(_inputShape: PartialShape): void {}

  /** The computation: outputs of inputs. */
  abstract call(inputs: Tensor, options: CallOptions): Tensor;

  /** What inputs must look like; checked each time the layer is applied. */
  protected inputSpec(): InputSpec | null {
    return null;
  }

  /**
   * Applies the layer: builds it the first time, checks the input, casts it to the layer's dtype, calls `call`.
   * Without `training`, a layer inside another one goes by what the outer one was told.
   * @throws ShapeError where the input does not fit; it names the layer.
   */
  apply(inputs: Tensor, options: CallOptions = {}): Tensor {
    if (!(inputs instanceof Tensor))
      throw new ArgumentError(
        `Layer ${this.name}: expected a tensor, got ${describe(inputs)}; make one with tf.tensor().`,
      );
    this.ensureBuilt(inputs.shape);
    const spec = this.inputSpec();
    if (spec) checkInput(this.name, spec, inputs.shape);
    const cast = isFloating(inputs.dtype) && inputs.dtype !== this.dtype ? ops.cast(inputs, this.dtype) : inputs;
    const before = trainingNow;
    trainingNow = options.training ?? before;
    try {
      return this.call(cast, { training: trainingNow });
    } finally {
      trainingNow = before;
    }
  }

  /** Builds the layer for inputs of this shape, unless it is built. */
  ensureBuilt(inputShape: PartialShape): void {
    if (this.built) return;
    const spec = this.inputSpec();
    if (spec) checkInput(this.name, spec, inputShape);
    // Weights come into being now even where a function is being traced: only their use belongs to the trace.
    initScope(() => this.build(inputShape));
    this.built = true;
  }

  /** Shape of the outputs for inputs of this shape. Unless overridden it is found by calling `call` on no data. */
  computeOutputShape(inputShape: PartialShape): PartialShape {
    this.ensureBuilt(inputShape);
    return abstractOutputShape(inputShape, this.dtype, (inputs) => this.call(inputs, { training: false }));
  }

  /**
   * Makes a weight of this layer.
   *
   * @param initializer - Makes the first value; default `glorotUniform` for rank 2 and more, else `zeros`.
   * @param regularizer - Its penalty joins the loss.
   * @param trainable - false for state that the layer itself assigns.
   */
  addWeight(
    name: string,
    shape: readonly number[],
    dtype: DType = this.dtype,
    initializer: InitializerIdentifier = shape.length > 1 ? 'glorotUniform' : 'zeros',
    regularizer: RegularizerIdentifier | null = null,
    trainable = true,
  ): Variable {
    if (!shape.every((size) => Number.isInteger(size) && size >= 0))
      throw new ShapeError(`Layer ${this.name}: weight '${name}' cannot have the shape ${formatShape(shape)}.`);
    const value = initScope(() => getInitializer(initializer).apply(shape, dtype));
    const weight = new Variable(value, { name: `${this.name}/${name}`, trainable: trainable && this.isTrainable });
    this.ownWeights.push(weight);
    if (!trainable) this.fixedWeights.add(weight);
    const penalty = getRegularizer(regularizer);
    if (penalty) this.regularizers.set(weight, penalty);
    return weight;
  }

  /** Whether training changes the weights; setting it sets the layers inside as well. */
  get trainable(): boolean {
    return this.isTrainable;
  }
  set trainable(value: boolean) {
    for (const layer of this.withInner()) {
      layer.isTrainable = value;
      for (const weight of layer.directWeights()) if (!layer.fixedWeights.has(weight)) weight.trainable = value;
    }
  }

  /** Layers kept in this layer's properties, in the order in which they were put there. */
  sublayers(): Layer[] {
    return [...new Set(trackedValues(this, Layer))];
  }

  /** This layer and all inside it, each once: a layer may be shared, or know the one that it is in. */
  private withInner(seen = new Set<Layer>()): Layer[] {
    if (seen.has(this)) return [];
    seen.add(this);
    return [this, ...this.sublayers().flatMap((layer) => layer.withInner(seen))];
  }

  private directWeights(): Variable[] {
    return [...new Set([...this.ownWeights, ...trackedValues(this, Variable)])];
  }

  /** All weights: this layer's, then those of the layers inside. */
  get weights(): Variable[] {
    return [...new Set(this.withInner().flatMap((layer) => layer.directWeights()))];
  }

  /** Weights that training changes. */
  get trainableWeights(): Variable[] {
    return this.weights.filter((weight) => weight.trainable);
  }

  /** Weights that training leaves alone: frozen ones, and statistics that a layer assigns itself. */
  get nonTrainableWeights(): Variable[] {
    return this.weights.filter((weight) => !weight.trainable);
  }

  /** Keras's other name of `weights`. */
  get variables(): Variable[] {
    return this.weights;
  }

  /** Keras's other name of `trainableWeights`. */
  get trainableVariables(): Variable[] {
    return this.trainableWeights;
  }

  /** Keras's other name of `nonTrainableWeights`. */
  get nonTrainableVariables(): Variable[] {
    return this.nonTrainableWeights;
  }

  /** Scalar penalties of the regularised weights, here and inside. */
  get losses(): Tensor[] {
    return this.withInner().flatMap((layer) =>
      [...layer.regularizers].map(([weight, regularizer]) => regularizer.apply(weight.read())),
    );
  }

  /** How many numbers the weights hold. @throws ArgumentError before the layer is built. */
  countParams(): number {
    if (!this.built)
      throw new ArgumentError(
        `Layer ${this.name} has no weights yet; apply it to an input, or give its model an inputShape, before counting them.`,
      );
    return this.weights.reduce((count, weight) => count + sizeOf(weight.shape), 0);
  }

  /** Values of the weights now, in the order of `weights`. */
  getWeights(): Tensor[] {
    return this.weights.map((weight) => weight.value.alias());
  }

  /** Replaces the values of all weights. @throws ArgumentError, ShapeError, DTypeError where they do not fit. */
  setWeights(values: readonly Tensor[]): void {
    const weights = this.weights;
    if (values.length !== weights.length)
      throw new ArgumentError(`Layer ${this.name}: expected ${weights.length} weights, got ${values.length}.`);
    weights.forEach((weight, i) => weight.assign(values[i]));
  }

  /** Its settings in a few words, for summaries and pictures: `3x3, relu`. */
  detail(): string {
    return '';
  }

  /** The options from which the same layer can be made again. */
  getConfig(): Config {
    return {
      name: this.name,
      trainable: this.isTrainable,
      dtype: this.dtype,
      ...(this.batchInputShape && { batchInputShape: this.batchInputShape }),
    };
  }
}

const describe = (value: unknown): string =>
  value === null || typeof value !== 'object'
    ? String(value)
    : `a value of class ${value.constructor?.name ?? 'Object'}`;

/** Values of a class in an object's properties, and in arrays and plain objects there. */
function trackedValues<T>(owner: object, type: abstract new (...args: never[]) => T): T[] {
  const found: T[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (value instanceof type) found.push(value);
    else if (depth >= 4) return;
    else if (Array.isArray(value)) value.forEach((element) => visit(element, depth + 1));
    else if (value !== null && typeof value === 'object' && isPlainObject(value))
      Object.values(value).forEach((element) => visit(element, depth + 1));
  };
  for (const value of Object.values(owner)) visit(value, 0);
  return found;
}

const isPlainObject = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
