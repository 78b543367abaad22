/** @file What every metric is: state that batches update and a result that is read from it. */
import { type Config, snakeCase, uniqueName } from '../configuration.ts';
import { getInitializer, type InitializerIdentifier } from '../initializers/index.ts';
import * as ops from '../ops/index.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Shape } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { treeLeaves } from '../tensor/tree.ts';
import { Variable } from '../tensor/variable.ts';
import { initScope } from '../tracing/trace.ts';

export interface MetricOptions {
  /** Default: Keras's name of the metric. */
  name?: string;
  /** Of the state, and of what is computed; default float32. */
  dtype?: DType | null;
}

/** How a variable of a metric begins. */
export interface MetricVariableOptions {
  /** Default `zeros`. */
  initializer?: InitializerIdentifier;
  /** Default: the metric's. */
  dtype?: DType;
}

/**
 * A number that is gathered over batches. Subclass it with `updateState` and `result`; state made with `addVariable` is
 * zeroed by `resetState` and may be updated inside a compiled step. Metrics kept in properties (or in arrays and
 * plain objects there) count as part of it.
 *
 * @example
 * class Largest extends tf.metrics.Metric {
 *   readonly largest = this.addVariable('largest');
 *   override updateState(yTrue: tf.Tensor, yPred: tf.Tensor) {
 *     this.largest.assign(tf.maximum(this.largest.read(), yPred.max()));
 *   }
 *   override result() { return this.largest.read(); }
 * }
 */
export abstract class Metric {
  name: string;
  readonly dtype: DType;
  /** Whether training wants more of it (`up`) or less (`down`); null where nobody knows. */
  readonly direction: 'up' | 'down' | null = null;
  private readonly ownVariables: Variable[] = [];

  constructor({ name, dtype }: MetricOptions = {}) {
    this.name = name ?? uniqueName(snakeCase(this.constructor.name));
    this.dtype = dtype ?? 'float32';
  }

  /** The state, in the order it was added; then that of the metrics inside. */
  get variables(): readonly Variable[] {
    const inner = treeLeaves({ ...this }).filter((value): value is Metric => value instanceof Metric);
    return [...this.ownVariables, ...inner.flatMap(({ variables }) => variables)];
  }

  /** State that starts at 0, or at what an initializer makes. */
  protected addVariable(
    name: string,
    shape: Shape = [],
    { initializer = 'zeros', dtype = this.dtype }: MetricVariableOptions = {},
  ): Variable {
    // State comes into being now even where a function is being traced: only its use belongs to the trace.
    const variable = initScope(
      () =>
        new Variable(getInitializer(initializer).apply(shape, dtype), {
          name: `${this.name}/${name}`,
          trainable: false,
        }),
    );
    this.ownVariables.push(variable);
    return variable;
  }

  /**
   * Takes in one batch: targets and predictions, or for `Mean` and `Sum` just values.
   *
   * @param sampleWeight - One for each sample, or where the metric allows it for each value.
   * @param mask - Which values count: the mask that the layers before have computed. Means of functions heed it.
   */
  abstract updateState(
    yTrue: ops.TensorLike,
    yPred: ops.TensorLike,
    sampleWeight?: ops.TensorLike | null,
    mask?: ops.TensorLike | null,
  ): void;

  /** The metric over everything since the last reset. */
  abstract result(): Tensor;

  /** Takes in one batch and gives the result so far. */
  apply(...batch: Parameters<this['updateState']>): Tensor {
    this.update(batch);
    return this.result();
  }

  private update(batch: readonly unknown[]): void {
    this.updateState(...(batch as Parameters<Metric['updateState']>));
  }

  /** Forgets all batches. */
  resetState(): void {
    ops.tidy(() => {
      for (const variable of this.variables) variable.assign(ops.zeros([...variable.shape], variable.dtype));
    });
  }

  /** What `updateState` would make of a state, given and returned as values in the order of `variables`. */
  statelessUpdateState(state: readonly Tensor[], ...batch: Parameters<this['updateState']>): Tensor[] {
    return this.withState(state, () => {
      this.update(batch);
      return this.variables.map((variable) => variable.read());
    });
  }

  /** What `result` would be for a state, values in the order of `variables`. */
  statelessResult(state: readonly Tensor[]): Tensor {
    return this.withState(state, () => this.result());
  }

  /** The state that `resetState` leaves. */
  statelessResetState(): Tensor[] {
    return this.variables.map(({ shape, dtype }) => ops.zeros([...shape], dtype));
  }

  private withState<T>(state: readonly Tensor[], fn: () => T): T {
    const variables = this.variables;
    if (state.length !== variables.length)
      throw new ArgumentError(
        `${this.name}: expected one value for each of its ${variables.length} variables, got ${state.length}.`,
      );
    const before = variables.map((variable) => variable.read());
    variables.forEach((variable, i) => variable.assign(state[i]));
    try {
      return fn();
    } finally {
      variables.forEach((variable, i) => variable.assign(before[i]));
    }
  }

  /** The options from which the same metric can be made again. */
  getConfig(): Config {
    return { name: this.name, dtype: this.dtype };
  }
}

/** Adds to a variable. */
export function accumulate(variable: Variable, value: Tensor): void {
  variable.assign(ops.add(variable.read(), ops.cast(value, variable.dtype)));
}
