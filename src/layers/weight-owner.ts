/** @file WeightOwner: what has weights, and keeps others that have: the half of Layer that is not computation. */
import { snakeCase, uniqueName } from '../configuration.ts';
import { type ConstraintIdentifier, getConstraint } from '../constraints/index.ts';
import { getInitializer, type InitializerIdentifier } from '../initializers/index.ts';
import { getRegularizer, type Regularizer, type RegularizerIdentifier } from '../regularizers/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, sizeOf } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { initScope } from '../tracing/trace.ts';
import type { DTypePolicy } from './dtype-policy.ts';
import { trackedValues } from './tracking.ts';
import { weightSettings } from './weight-options.ts';

/** What a weight may be told besides its name, shape, dtype and first value. */
export interface WeightOptions {
  /** Whether layers of mixed precision read it in their compute dtype; default true. */
  autocast?: boolean;
}

/** The place in a file where one layer's own variables are. */
export interface VariableStore {
  get(key: string): Tensor | undefined;
  set(key: string, value: Tensor): void;
  keys(): readonly string[];
}

/** Has weights of its own, and those of what it keeps. */
export abstract class WeightOwner {
  readonly name: string;
  readonly dtypePolicy: DTypePolicy;
  /** Whether its weights are made. */
  built = false;
  private isTrainable: boolean;
  private readonly ownWeights: Variable[] = [];
  /** Weights that stay untrainable whatever `trainable` says. */
  private readonly fixedWeights = new Set<Variable>();
  private readonly regularizers = new Map<Variable, Regularizer>();

  constructor(name: string | undefined, trainable: boolean, dtypePolicy: DTypePolicy) {
    this.name = name ?? uniqueName(snakeCase(this.constructor.name));
    this.isTrainable = trainable;
    this.dtypePolicy = dtypePolicy;
  }

  /** Of the weights. */
  get dtype(): DType {
    return this.dtypePolicy.variableDtype;
  }

  /**
   * Makes a weight of this layer.
   *
   * @param initializer - Makes the first value; default `glorotUniform` for rank 2 and more, else `zeros`.
   * @param regularizer - Its penalty joins the loss.
   * @param trainable - false for state that the layer itself assigns.
   * @param constraint - What the optimizer makes of each new value.
   */
  addWeight(
    name: string,
    shape: readonly number[],
    dtype: DType | null = this.dtype,
    initializer: InitializerIdentifier = shape.length > 1 ? 'glorotUniform' : 'zeros',
    regularizer: RegularizerIdentifier | null = null,
    trainable = true,
    constraint: ConstraintIdentifier | null = null,
    { autocast = true }: WeightOptions = {},
  ): Variable {
    if (!shape.every((size) => Number.isInteger(size) && size >= 0))
      throw new ShapeError(`Layer ${this.name}: weight '${name}' cannot have the shape ${formatShape(shape)}.`);
    const value = initScope(() => getInitializer(initializer).apply(shape, dtype ?? this.dtype));
    const weight = new Variable(value, { name: `${this.name}/${name}`, trainable: trainable && this.isTrainable });
    const projection = getConstraint(constraint);
    if (projection) weight.constraint = (next) => projection.apply(next);
    weight.autocast = autocast;
    this.ownWeights.push(weight);
    if (!trainable) this.fixedWeights.add(weight);
    const penalty = getRegularizer(regularizer);
    if (penalty) this.regularizers.set(weight, penalty);
    return weight;
  }

  /**
   * Makes a weight as the layer's options say.
   *
   * @param options - Hold `kernelInitializer`, `kernelRegularizer` and `kernelConstraint`, or what `prefix` is instead of `kernel`.
   * @param initializer - Where the options name none.
   */
  protected addWeightFor(
    name: string,
    shape: readonly number[],
    options: object,
    initializer: InitializerIdentifier,
    prefix = name,
  ): Variable {
    const settings = weightSettings(options, prefix, initializer);
    return this.addWeight(name, shape, null, settings.initializer, settings.regularizer, true, settings.constraint);
  }

  /** Whether training changes the weights; setting it sets the layers inside as well. */
  get trainable(): boolean {
    return this.isTrainable;
  }
  set trainable(value: boolean) {
    for (const layer of this.withInner()) {
      const weights = layer.ownVariables;
      layer.isTrainable = value;
      for (const weight of weights) if (!layer.fixedWeights.has(weight)) weight.trainable = value;
    }
  }

  /** What it keeps that has weights of its own. */
  abstract sublayers(): WeightOwner[];

  /** This layer and all inside it, each once: a layer may be shared, or know the one that it is in. */
  protected withInner(seen = new Set<WeightOwner>()): WeightOwner[] {
    if (seen.has(this)) return [];
    seen.add(this);
    return [this, ...this.sublayers().flatMap((layer) => layer.withInner(seen))];
  }

  /** Its own weights: those that training may change, then those that it never does, as in Keras. */
  get ownVariables(): Variable[] {
    const kept = trackedValues(this, Variable);
    if (this.isTrainable)
      for (const weight of kept)
        if (!weight.trainable && !this.ownWeights.includes(weight)) this.fixedWeights.add(weight);
    const weights = [...new Set([...this.ownWeights, ...kept])];
    const isFixed = (weight: Variable): boolean => this.fixedWeights.has(weight);
    return [...weights.filter((weight) => !isFixed(weight)), ...weights.filter(isFixed)];
  }

  /** @internal Penalties of its own regularised weights, of those that are trained. */
  weightPenalties(): Tensor[] {
    return [...this.regularizers].flatMap(([weight, regularizer]) =>
      weight.trainable ? [regularizer.apply(weight.read())] : [],
    );
  }

  /** All weights: this layer's, then those of the layers inside. */
  get weights(): Variable[] {
    return [...new Set(this.withInner().flatMap((layer) => layer.ownVariables))];
  }

  /** Weights that training changes: none where it is frozen itself, even if a layer inside has been thawed since. */
  get trainableWeights(): Variable[] {
    return this.isTrainable ? this.weights.filter((weight) => weight.trainable) : [];
  }

  /** Weights that training leaves alone: frozen ones, and statistics that a layer assigns itself. */
  get nonTrainableWeights(): Variable[] {
    return this.isTrainable ? this.weights.filter((weight) => !weight.trainable) : this.weights;
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

  /** Writes its own variables (not those of what it keeps) into a file, by key; Keras counts them. */
  saveOwnVariables(store: VariableStore): void {
    this.ownVariables.forEach((variable, i) => store.set(String(i), variable.value));
  }

  /** Reads its own variables from a file. @throws ArgumentError, ShapeError where they do not fit */
  loadOwnVariables(store: VariableStore): void {
    const variables = this.ownVariables;
    const keys = store.keys();
    if (keys.length !== variables.length)
      throw new ArgumentError(
        `${this.name}: the file has ${keys.length} variables for it, but it has ${variables.length}` +
          (this.built ? '.' : '; it is not built yet.'),
      );
    variables.forEach((variable, i) => {
      const value = store.get(String(i));
      if (!value) throw new ArgumentError(`${this.name}: the file has no variable ${i} (${variable.name}) for it.`);
      variable.assign(value);
    });
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
}
