/** @file What every optimizer shares: learning rate, step count, state, clipping, decay, means, accumulation, applying. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { GradientTape, variableGrads } from '../autodiff/index.ts';
import { initScope } from '../tracing/trace.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { IndexedSlices, dense } from '../tensor/indexed-slices.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { clipGradients, onElements } from './clipping.ts';
import { type ExcludedVariables, isAmong } from './excluded-variables.ts';
import { type GradientsAndVariables, type Pair, pairsOf } from './gradients.ts';
import { LearningRate, type LearningRateLike } from './learning-rate.ts';
import { type OptimizerOptions, type Settings, checkOptions, settingsConfig } from './options.ts';
import { type RowGradient, uniqueRows } from './rows.ts';
import { OptimizerState, type Slot } from './state.ts';
import { type StepScalars, scalarsByDType } from './step-scalars.ts';

/** What an update rule makes of one variable. `state` has the same order as the rule's slots. */
export interface Update {
  readonly value: Tensor;
  readonly state: readonly Tensor[];
}

export type { StepScalars } from './step-scalars.ts';

/**
 * The core of all optimizers. A subclass names in `slots` what it keeps for each variable and says in `update` what one step
 * makes of one variable; `prepare` may compute scalars that all variables share.
 *
 * @example
 * class SignDescent extends tf.optimizers.Optimizer {
 *   constructor(options: tf.optimizers.OptimizerOptions = {}) { super({ learningRate: 0.01, ...options }); }
 *   protected override update(value: tf.Tensor, gradient: tf.Tensor, state: tf.Tensor[], { learningRate }: tf.optimizers.StepScalars) {
 *     return { value: value.sub(gradient.sign().mul(learningRate)), state: [] };
 *   }
 * }
 */
export abstract class Optimizer {
  readonly name: string;
  private readonly count: Variable;
  private readonly rate: LearningRate;
  private settings: Settings;
  private readonly state = new OptimizerState();
  private isWithoutDecay = (_variable: Variable): boolean => false;
  private warned = false;

  constructor({ learningRate = 0.001, name, ...options }: OptimizerOptions) {
    this.name = name ?? this.constructor.name.toLowerCase();
    this.settings = checkOptions(this.name, options);
    this.rate = new LearningRate(this.name, learningRate);
    this.count = new Variable(ops.scalar(0, 'int32'), { name: `${this.name}/iteration`, trainable: false });
  }

  /** How often gradients were applied, calls that only gathered gradients among them. */
  get iterations(): Variable {
    return this.count;
  }

  /**
   * Size of a step now. A number may be set at any time, also during `fit`, where it is not a schedule's or a function's; so
   * may another schedule.
   */
  get learningRate(): number {
    return this.rate.at(this.count);
  }
  set learningRate(value: LearningRateLike) {
    this.rate.set(value);
  }

  get weightDecay(): number | null {
    return this.settings.weightDecay;
  }

  /** Whether it keeps running means of the variables' values. */
  get useEma(): boolean {
    return this.settings.useEma;
  }

  /** Variables with the running means of their values, where it keeps them. */
  get movingAverages(): (readonly [variable: Variable, average: Variable])[] {
    return this.state.known.flatMap((variable) => {
      const { average } = this.state.of(variable);
      return average ? [[variable, average] as const] : [];
    });
  }

  /** Of how many calls the mean gradient makes a step; null where each call makes one. */
  get gradientAccumulationSteps(): number | null {
    return this.settings.gradientAccumulationSteps;
  }

  /** What the loss is multiplied by before gradients are taken, if anything. */
  get lossScaleFactor(): number | null {
    return this.settings.lossScaleFactor;
  }
  set lossScaleFactor(value: number | null) {
    this.settings = { ...this.settings, lossScaleFactor: value };
  }

  /** All state in Keras's order: step count, learning rate if it is a number, then what is kept for each variable. */
  get variables(): Variable[] {
    return [...this.ownVariables(), ...this.state.variables(), ...this.lastVariables()];
  }

  /** Step count, and the learning rate if it is a number. */
  protected ownVariables(): Variable[] {
    return this.rate.variable ? [this.count, this.rate.variable] : [this.count];
  }

  /** State that is not of one variable; it stands last. */
  protected lastVariables(): Variable[] {
    return [];
  }

  /** Whether there is state for some variable yet. */
  get built(): boolean {
    return this.state.known.length > 0;
  }

  /** Makes the state for these variables, where there is none yet. Applying gradients does so by itself. */
  build(variables: readonly Variable[]): void {
    const { useEma: average, gradientAccumulationSteps } = this.settings;
    for (const variable of variables)
      if (!this.state.has(variable))
        this.state.add(this.name, variable, this.slots(variable), {
          average,
          accumulator: gradientAccumulationSteps !== null,
        });
  }

  /**
   * Leaves variables out of the weight decay: those listed, and those in whose name one of the patterns is found. To be called
   * before there is state.
   *
   * @throws ArgumentError afterwards.
   * @example optimizer.excludeFromWeightDecay({ varNames: ['bias', 'gamma'] })
   */
  excludeFromWeightDecay(excluded: ExcludedVariables): void {
    if (this.built)
      throw new ArgumentError(`${this.name}: excludeFromWeightDecay must be called before the first step.`);
    this.isWithoutDecay = isAmong(excluded);
  }

  /** The share of a variable's value, times the learning rate, that decay takes off in a step; null where there is none. */
  protected decayOf(_variable: Variable): number | null {
    return this.settings.weightDecay;
  }

  /**
   * Makes one step.
   *
   * @param gradientsAndVariables - `[[gradient, variable], ...]`, where a variable whose gradient is null stays as it is; or
   * gradients by the variables' names, as `tf.variableGrads` gives them and TensorFlow.js takes them.
   * @throws ArgumentError where every gradient is null.
   * @example
   * const tape = new tf.GradientTape();
   * const loss = tape.record(() => lossOf(model.apply(x), y));
   * const gradients = tape.gradient(loss, model.trainableWeights);
   * optimizer.applyGradients(gradients.map((g, i) => [g, model.trainableWeights[i]]));
   */
  applyGradients(gradientsAndVariables: GradientsAndVariables): void {
    const pairs = pairsOf(this.name, gradientsAndVariables, this.state.known);
    const present = pairs.filter((pair): pair is Pair => pair[0] !== null);
    const missing = pairs.filter(([gradient]) => gradient === null).map(([, { name }]) => name);
    if (present.length === 0)
      throw new ArgumentError(
        `${this.name}: no gradient for any of the variables ${missing.join(', ')}; ` +
          `the loss must be computed from them inside the tape.`,
      );
    if (missing.length > 0 && !this.warned) {
      this.warned = true;
      console.warn(
        `${this.name}: the loss does not depend on the variables ${missing.join(', ')}, so they stay as they are.`,
      );
    }
    this.build(pairs.map(([, variable]) => variable));
    ops.tidy(() => this.applyPresent(present));
  }

  /** `applyGradients` of two lists; without variables those that the optimizer was built with. @throws ArgumentError */
  apply(gradients: readonly (Tensor | null)[], variables: readonly Variable[] = this.state.known): void {
    if (gradients.length !== variables.length)
      throw new ArgumentError(
        `${this.name}.apply: expected a gradient for each of ${variables.length} variables, got ${gradients.length}.`,
      );
    this.applyGradients(variables.map((variable, i) => [gradients[i], variable] as const));
  }

  /** Everything that one call does to variables that have gradients. */
  protected applyPresent(pairs: readonly Pair[]): void {
    const { lossScaleFactor: scale, gradientAccumulationSteps, useEma } = this.settings;
    const unscaled =
      scale === null ? pairs : pairs.map(([g, v]) => [onElements(g, (x) => ops.div(x, scale)), v] as const);
    if (gradientAccumulationSteps === null) this.updateAll(unscaled);
    else this.accumulate(unscaled, gradientAccumulationSteps);
    if (useEma) this.updateAverages();
    for (const [, variable] of pairs) if (variable.constraint) variable.assign(variable.constraint(variable.read()));
    this.count.assign(ops.add(this.count.read(), ops.scalar(1, 'int32')));
  }

  /** Steps made before this one, int32: calls, or groups of calls whose gradients are gathered. */
  private stepsMade(): Tensor {
    const { gradientAccumulationSteps: group } = this.settings;
    const calls = this.count.read();
    return group === null ? calls : ops.floorDiv(calls, ops.scalar(group, 'int32'));
  }

  /** Whether the next one after `steps` is a multiple of `every`. */
  private completes(steps: Tensor, every: number): Tensor {
    const next = ops.add(steps, ops.scalar(1, 'int32'));
    return ops.equal(ops.mod(next, ops.scalar(every, 'int32')), ops.scalar(0, 'int32'));
  }

  /** Gathers gradients, and makes a step of their mean where they are enough. */
  private accumulate(pairs: readonly Pair[], group: number): void {
    const sums = pairs.map(([gradient, variable]) => {
      const accumulator = this.state.of(variable).accumulator!;
      return { variable, accumulator, sum: ops.add(accumulator.read(), ops.cast(dense(gradient), variable.dtype)) };
    });
    ops.cond(
      this.completes(this.count.read(), group),
      () => {
        this.updateAll(sums.map(({ sum, variable }) => [ops.div(sum, group), variable]));
        for (const { accumulator } of sums) accumulator.assign(ops.zeros([...accumulator.shape], accumulator.dtype));
        return [];
      },
      () => {
        for (const { accumulator, sum } of sums) accumulator.assign(sum);
        return [];
      },
    );
  }

  /** One step of the rule. */
  private updateAll(pairs: readonly Pair[]): void {
    const rows = pairs.map(([gradient]) =>
      gradient instanceof IndexedSlices && this.updateRows ? uniqueRows(gradient) : null,
    );
    const typed = pairs.map(([gradient, { dtype }], i) =>
      onElements(rows[i]?.slices ?? dense(gradient), (x) => ops.cast(x, dtype)),
    );
    const gradients = clipGradients(typed, this.settings.clipping);
    const step = ops.cast(ops.add(this.stepsMade(), ops.scalar(1, 'int32')), 'float32');
    const learningRate = this.rate.read(this.count.read());
    this.beginStep(step);
    const scalarsOf = scalarsByDType({ learningRate, step }, (scalars) => this.prepare(scalars));
    pairs.forEach(([, variable], i) => {
      const { slots } = this.state.of(variable);
      const scalars = scalarsOf(variable.dtype);
      const decay = this.isWithoutDecay(variable) ? null : this.decayOf(variable);
      const held = variable.read();
      const value = decay === null ? held : ops.mul(held, ops.sub(1, ops.mul(scalars.learningRate, decay)));
      const [kept, gradient] = [slots.map((slot) => slot.read()), gradients[i]];
      const { places } = rows[i] ?? {};
      const next =
        places && gradient instanceof IndexedSlices
          ? this.updateRows!(value, { slices: gradient, places }, kept, scalars)
          : this.update(value, gradient, kept, scalars);
      variable.assign(next.value);
      slots.forEach((slot, s) => slot.assign(next.state[s]));
    });
  }

  private updateAverages(): void {
    const { emaMomentum, emaOverwriteFrequency } = this.settings;
    const steps = this.stepsMade();
    // The mean begins with the value after the first step.
    const isLater = ops.greater(steps, ops.scalar(0, 'int32'));
    const overwrites = emaOverwriteFrequency === null ? null : this.completes(steps, emaOverwriteFrequency);
    for (const variable of this.state.known) {
      const average = this.state.of(variable).average!;
      const [share, value] = [ops.mul(ops.cast(isLater, variable.dtype), emaMomentum), variable.read()];
      const mean = ops.add(ops.mul(average.read(), share), ops.mul(value, ops.sub(1, share)));
      average.assign(mean);
      if (overwrites) variable.assign(ops.where(overwrites, mean, value));
    }
  }

  /** Sets variables to the running means of their values, where the optimizer keeps them: `fit` does so at its end. */
  finalizeVariableValues(variables: readonly Variable[]): void {
    for (const [variable, average] of this.movingAverages)
      if (variables.includes(variable)) ops.tidy(() => void variable.assign(average.read()));
  }

  /** What gradients are to be taken of: the loss, multiplied where underflow is to be avoided. */
  scaleLoss(loss: Tensor): Tensor {
    return this.lossScaleFactor === null ? loss : ops.mul(loss, this.lossScaleFactor);
  }

  /**
   * Makes one step that lowers what `f` computes, as in TensorFlow.js.
   *
   * @param f - Gives a scalar from variables.
   * @param returnCost - Gives the scalar back, else null.
   * @param varList - Which ones to change; the trainable ones that `f` reads, where left out.
   * @throws ShapeError where `f` gives no scalar.
   * @example
   * const w = tf.variable(tf.scalar(3));
   * tf.train.sgd(0.1).minimize(() => tf.square(w));
   */
  minimize(f: () => Tensor, returnCost = false, varList?: readonly Variable[]): Tensor | null {
    return ops.tidy(() => {
      const tape = new GradientTape();
      const [cost, scaled] = tape.record(() => {
        const cost = f();
        return [cost, this.scaleLoss(cost)] as const;
      });
      if (cost.rank !== 0)
        throw new ShapeError(
          `${this.name}.minimize: expected a scalar to minimize, got shape ${formatShape(cost.shape)}.`,
        );
      const list = varList ?? tape.watchedVariables();
      const gradients = tape.gradient(scaled, list);
      this.applyGradients(list.map((variable, i) => [gradients[i], variable]));
      return returnCost ? cost : null;
    });
  }

  /** What `f` computes and its gradients by the variables' names, as in TensorFlow.js: `tf.variableGrads`. */
  computeGradients(f: () => Tensor, varList?: readonly Variable[]): { value: Tensor; grads: Record<string, Tensor> } {
    return variableGrads(f, varList);
  }

  /** What the rule keeps for a variable; default nothing. */
  protected slots(_variable: Variable): readonly Slot[] {
    return [];
  }

  /** Called once before the variables of a step are updated; `step` is 1 at first. For state that is not of one variable. */
  protected beginStep(_step: Tensor): void {}

  /** Scalars that the rule needs besides these, in their dtype; it gets in `update` what this gives. */
  protected prepare(scalars: StepScalars): StepScalars {
    return scalars;
  }

  /** One step of one variable: its next value and the next values of its slots. */
  protected update(_value: Tensor, _gradient: Tensor, _state: readonly Tensor[], _scalars: StepScalars): Update {
    throw new ArgumentError(
      `Optimizer ${this.constructor.name} has no rule: override update(value, gradient, state, scalars).`,
    );
  }

  /**
   * The same for a gradient of rows: it must make what `update` makes of the whole tensor, which TensorFlow documents for its
   * optimizers, at less cost. Where it is absent the gradient is made whole.
   */
  protected updateRows?(value: Tensor, gradient: RowGradient, state: readonly Tensor[], scalars: StepScalars): Update;

  /** Values of all state now, in the order of `variables`. */
  getWeights(): Tensor[] {
    return this.variables.map((variable) => variable.value.alias());
  }

  /** Replaces the values of all state. @throws ArgumentError, ShapeError, DTypeError where they do not fit */
  setWeights(values: readonly Tensor[]): void {
    const { variables } = this;
    if (values.length !== variables.length)
      throw new ArgumentError(
        `${this.name}.setWeights: expected ${variables.length} values, got ${values.length}` +
          `${this.built ? '' : '; build(variables) makes the state that they belong to'}.`,
      );
    initScope(() => variables.forEach((variable, i) => variable.assign(values[i])));
  }

  /** Frees the memory of all state; the next step begins anew. */
  dispose(): void {
    this.state.dispose();
    ops.tidy(() => void this.count.assign(ops.scalar(0, 'int32')));
  }

  /** The options from which the same optimizer can be made again, without its state. */
  getConfig(): Config {
    return { name: this.name, learningRate: this.rate.config(this.count), ...settingsConfig(this.settings) };
  }
}
