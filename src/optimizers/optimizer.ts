/** @file What every optimizer shares: learning rate, step count, state for each variable, clipping, applying. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { GradientTape } from '../autodiff/index.ts';
import { initScope } from '../tracing/trace.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { IndexedSlices, dense } from '../tensor/indexed-slices.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { type RowGradient, uniqueRows } from './rows.ts';
import { type ClippingOptions, clipGradients, checkClipping } from './clipping.ts';

export interface OptimizerOptions extends ClippingOptions {
  /** Size of a step. */
  learningRate?: number;
  name?: string;
}

/** A gradient (null where the loss does not depend on the variable) and the variable it belongs to. */
export type GradientAndVariable = readonly [Tensor | null, Variable];

/** What an update rule makes of one variable. `state` has the same order as the rule's `stateNames`. */
export interface Update {
  readonly value: Tensor;
  readonly state: readonly Tensor[];
}

/** The scalars of one step, computed once and shared by all variables. */
export interface StepScalars {
  readonly learningRate: Tensor;
  /** 1 in the first step; float32. */
  readonly step: Tensor;
}

/**
 * The core of all optimizers. A subclass names its state for each variable and says in `update` what one step makes of
 * one variable; `prepare` may compute scalars that all variables share.
 */
export abstract class Optimizer {
  readonly name: string;
  /** How many steps were made. */
  readonly iterations: Variable;
  private readonly rate: Variable;
  private currentRate: number;
  private readonly clipping: ClippingOptions;
  private readonly stateOf = new Map<Variable, readonly Variable[]>();

  /** What is kept for each variable besides its value, each starting at 0 in the variable's shape. */
  protected abstract readonly stateNames: readonly string[];

  constructor(learningRate: number, { name, clipNorm, clipValue, globalClipNorm }: OptimizerOptions) {
    this.name = name ?? this.constructor.name.toLowerCase();
    this.clipping = checkClipping(this.name, { clipNorm, clipValue, globalClipNorm });
    this.currentRate = checkLearningRate(this.name, learningRate);
    this.iterations = new Variable(ops.scalar(0, 'int32'), { name: `${this.name}/iterations`, trainable: false });
    this.rate = new Variable(ops.scalar(learningRate), { name: `${this.name}/learning_rate`, trainable: false });
  }

  /** Size of a step; may be set at any time, also during `fit`. */
  get learningRate(): number {
    return this.currentRate;
  }
  set learningRate(value: number) {
    this.currentRate = checkLearningRate(this.name, value);
    ops.tidy(() => void this.rate.assign(ops.scalar(value)));
  }

  /** All state: step count, learning rate, then what is kept for each variable. */
  get variables(): Variable[] {
    return [this.iterations, this.rate, ...[...this.stateOf.values()].flat()];
  }

  /** Whether there is state for some variable yet. */
  get built(): boolean {
    return this.stateOf.size > 0;
  }

  /** Makes the state for these variables, where there is none yet. Applying gradients does so by itself. */
  build(variables: readonly Variable[]): void {
    // In a trace too the state comes into being now, once.
    for (const variable of variables) {
      if (this.stateOf.has(variable)) continue;
      this.stateOf.set(
        variable,
        initScope(() =>
          this.stateNames.map(
            (name) =>
              new Variable(ops.zeros([...variable.shape], variable.dtype), {
                name: `${this.name}/${variable.name}/${name}`,
                trainable: false,
              }),
          ),
        ),
      );
    }
  }

  /**
   * Makes one step.
   *
   * @param gradientsAndVariables - `[[gradient, variable], ...]`; a variable whose gradient is null stays as it is.
   * @throws ArgumentError where every gradient is null.
   * @example
   * const tape = new tf.GradientTape();
   * const loss = tape.record(() => lossOf(model.apply(x), y));
   * const gradients = tape.gradient(loss, model.trainableWeights);
   * optimizer.applyGradients(gradients.map((g, i) => [g, model.trainableWeights[i]]));
   */
  applyGradients(gradientsAndVariables: readonly GradientAndVariable[]): void {
    const present = gradientsAndVariables.filter((pair): pair is [Tensor, Variable] => pair[0] !== null);
    if (present.length === 0)
      throw new ArgumentError(
        `${this.name}: no gradient for any of the variables ${gradientsAndVariables.map(([, v]) => v.name).join(', ')}; ` +
          `the loss must be computed from them inside the tape.`,
      );
    this.build(present.map(([, variable]) => variable));
    ops.tidy(() => this.step(present));
  }

  private step(pairs: readonly (readonly [Tensor, Variable])[]): void {
    const rows = pairs.map(([gradient]) =>
      gradient instanceof IndexedSlices && this.updateRows ? uniqueRows(gradient) : null,
    );
    const gradients = clipGradients(
      pairs.map(([gradient], i) => rows[i]?.slices ?? dense(gradient)),
      this.clipping,
    );
    const count = ops.add(this.iterations.read(), ops.scalar(1, 'int32'));
    const scalars = this.prepare({ learningRate: this.rate.read(), step: ops.cast(count, 'float32') });
    pairs.forEach(([, variable], i) => {
      const state = this.stateOf.get(variable)!;
      const [value, kept, gradient] = [variable.read(), state.map((part) => part.read()), gradients[i]];
      const { places } = rows[i] ?? {};
      const next =
        places && gradient instanceof IndexedSlices
          ? this.updateRows!(value, { slices: gradient, places }, kept, scalars)
          : this.update(value, gradient, kept, scalars);
      variable.assign(next.value);
      state.forEach((kept, s) => kept.assign(next.state[s]));
    });
    this.iterations.assign(count);
  }

  /**
   * Makes one step that lowers what `f` computes, as in TensorFlow.js.
   *
   * @param f - Gives a scalar from variables.
   * @param returnCost - Gives the scalar back, else null.
   * @param variables - Which ones to change; the trainable ones that `f` reads, where left out.
   * @throws ShapeError where `f` gives no scalar.
   * @example
   * const w = tf.variable(tf.scalar(3));
   * tf.train.sgd(0.1).minimize(() => tf.square(w));
   */
  minimize(f: () => Tensor, returnCost = false, variables?: readonly Variable[]): Tensor | null {
    return ops.tidy(() => {
      const tape = new GradientTape();
      const cost = tape.record(f);
      if (cost.rank !== 0)
        throw new ShapeError(
          `${this.name}.minimize: expected a scalar to minimize, got shape ${formatShape(cost.shape)}.`,
        );
      const list = variables ?? tape.watchedVariables();
      const gradients = tape.gradient(cost, list);
      this.applyGradients(list.map((variable, i) => [gradients[i], variable]));
      return returnCost ? cost : null;
    });
  }

  /** Scalars that the rule needs besides these; it gets in `update` what this gives. */
  protected prepare(scalars: StepScalars): StepScalars {
    return scalars;
  }

  /** One step of one variable. */
  protected abstract update(value: Tensor, gradient: Tensor, state: readonly Tensor[], scalars: StepScalars): Update;

  /**
   * The same for a gradient of rows: it must make what `update` makes of the whole tensor, which TensorFlow documents for its
   * optimizers, at less cost. Where it is absent the gradient is made whole.
   */
  protected updateRows?(value: Tensor, gradient: RowGradient, state: readonly Tensor[], scalars: StepScalars): Update;

  getConfig(): Config {
    return { name: this.name, learningRate: this.currentRate, ...this.clipping };
  }
}

function checkLearningRate(optimizer: string, value: number): number {
  if (typeof value !== 'number' || !(value >= 0))
    throw new ArgumentError(`${optimizer}: expected a learningRate of at least 0, got ${value}.`);
  return value;
}
