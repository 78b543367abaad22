/** @file MultiOptimizer: another optimizer for each part of a model. */
import type { Config } from '../configuration.ts';
import * as ops from '../ops/index.ts';
import { functionConfig, functionOf } from '../serialization/identifier.ts';
import { type SerializedObject, isSerialized } from '../serialization/registry.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Variable } from '../tensor/variable.ts';
import type { Pair } from './gradients.ts';
import { LossScaleOptimizer } from './loss-scale.ts';
import { Optimizer } from './optimizer.ts';
import { type OptimizerIdentifier, getOptimizer, serializeOptimizer } from './registry.ts';

export interface OptimizerMapOptions {
  /** For variables that no pattern fits. */
  defaultOptimizer: OptimizerIdentifier;
  /** Optimizers by patterns of variables' names. */
  optimizerMap?: Readonly<Record<string, OptimizerIdentifier>>;
}

/**
 * Optimizers by patterns of variables' names: a name itself, or a regular expression that fits the whole of it, such as
 * `encoder/.*`.
 *
 * @example
 * const map = new tf.optimizers.OptimizerMap({ defaultOptimizer: 'sgd' });
 * map.set('encoder/.*', tf.optimizers.adam(0.001));
 */
export class OptimizerMap {
  readonly defaultOptimizer: Optimizer;
  private readonly byPattern = new Map<string, Optimizer>();

  constructor({ defaultOptimizer, optimizerMap = {} }: OptimizerMapOptions) {
    this.defaultOptimizer = getOptimizer(defaultOptimizer);
    for (const [pattern, optimizer] of Object.entries(optimizerMap)) this.set(pattern, optimizer);
  }

  /** @throws ArgumentError where there is one for the pattern, and for optimizers that hold others. */
  set(pattern: string, identifier: OptimizerIdentifier): this {
    const optimizer = getOptimizer(identifier);
    if (this.byPattern.has(pattern))
      throw new ArgumentError(`OptimizerMap: there is an optimizer for '${pattern}' already; delete it first.`);
    if (optimizer instanceof LossScaleOptimizer || optimizer instanceof MultiOptimizer)
      throw new ArgumentError(
        `OptimizerMap: a ${optimizer.constructor.name} cannot stand within a MultiOptimizer; put it around it.`,
      );
    this.byPattern.set(pattern, optimizer);
    return this;
  }

  /** The optimizer for a variable's name. @throws ArgumentError where several patterns fit. */
  get(name: string): Optimizer {
    const exact = this.byPattern.get(name);
    if (exact) return exact;
    const fitting = [...this.byPattern.keys()].filter((pattern) => new RegExp(`^(?:${pattern})$`).test(name));
    if (fitting.length > 1)
      throw new ArgumentError(
        `OptimizerMap: several patterns fit the variable '${name}': ${fitting.join(', ')}; make them exclude each other.`,
      );
    return fitting.length === 1 ? this.byPattern.get(fitting[0])! : this.defaultOptimizer;
  }

  has(pattern: string): boolean {
    return this.byPattern.has(pattern);
  }

  delete(pattern: string): boolean {
    return this.byPattern.delete(pattern);
  }

  get size(): number {
    return this.byPattern.size;
  }

  /** The optimizers of the patterns. */
  values(): Optimizer[] {
    return [...this.byPattern.values()];
  }

  getConfig(): Config {
    return {
      defaultOptimizer: serializeOptimizer(this.defaultOptimizer),
      optimizerMap: Object.fromEntries(
        [...this.byPattern].map(([pattern, optimizer]) => [pattern, serializeOptimizer(optimizer)]),
      ),
    };
  }
}

/** Chooses the optimizer of a variable. */
export type OptimizerChooser = (variable: Variable) => Optimizer;

export interface MultiOptimizerOptions {
  optimizerMap: OptimizerMap | OptimizerChooser | SerializedObject;
  /** Instead of that of the optimizers inside. */
  lossScaleFactor?: number | null;
  name?: string | null;
}

const chooserClass = 'OptimizerChooser';

function mapOf(given: MultiOptimizerOptions['optimizerMap']): OptimizerMap | OptimizerChooser {
  if (!isSerialized(given)) return given as OptimizerMap | OptimizerChooser;
  return given.className === chooserClass
    ? functionOf<OptimizerChooser>('choice of optimizers', given.config)
    : new OptimizerMap(given.config as unknown as OptimizerMapOptions);
}

/**
 * Gives each variable to the optimizer that a map or a function has for it. Learning rates are those of `optimizers`.
 *
 * @example
 * const optimizerMap = new tf.optimizers.OptimizerMap({ defaultOptimizer: 'sgd', optimizerMap: { 'encoder/.*': 'adam' } });
 * model.compile({ optimizer: new tf.optimizers.MultiOptimizer({ optimizerMap }), loss: 'mse' });
 */
export class MultiOptimizer extends Optimizer {
  /** The optimizers inside: those of the map, then those that the function gave. */
  readonly optimizers: Optimizer[] = [];
  private readonly optimizerMap: OptimizerMap | OptimizerChooser;
  private readonly chosen = new Map<Variable, Optimizer>();

  constructor({ optimizerMap, lossScaleFactor = null, name }: MultiOptimizerOptions) {
    super({ learningRate: 0, lossScaleFactor, name: name ?? 'multi_optimizer' });
    this.optimizerMap = mapOf(optimizerMap);
    if (this.optimizerMap instanceof OptimizerMap)
      for (const optimizer of [...this.optimizerMap.values(), this.optimizerMap.defaultOptimizer])
        this.include(optimizer);
    else if (typeof this.optimizerMap !== 'function')
      throw new ArgumentError(
        `${this.name}: expected optimizerMap to be an OptimizerMap or a function of a variable, got ${String(optimizerMap)}.`,
      );
  }

  private include(optimizer: Optimizer): void {
    if (this.optimizers.includes(optimizer)) return;
    optimizer.lossScaleFactor = this.lossScaleFactor;
    this.optimizers.push(optimizer);
  }

  /** @throws ArgumentError: there is not one. */
  override get learningRate(): number {
    throw this.hasNone();
  }
  override set learningRate(_value: unknown) {
    throw this.hasNone();
  }

  private hasNone(): ArgumentError {
    return new ArgumentError(`${this.name} has no learning rate of its own; read and set those of its \`optimizers\`.`);
  }

  override get lossScaleFactor(): number | null {
    return super.lossScaleFactor;
  }
  override set lossScaleFactor(value: number | null) {
    super.lossScaleFactor = value;
    for (const optimizer of this.optimizers) optimizer.lossScaleFactor = value;
  }

  override get variables(): Variable[] {
    return [...this.ownVariables(), ...this.optimizers.flatMap((optimizer) => optimizer.variables)];
  }

  override get useEma(): boolean {
    return this.optimizers.some((optimizer) => optimizer.useEma);
  }

  override get movingAverages(): (readonly [variable: Variable, average: Variable])[] {
    return this.optimizers.flatMap((optimizer) => optimizer.movingAverages);
  }

  override get built(): boolean {
    return this.chosen.size > 0;
  }

  override build(variables: readonly Variable[]): void {
    for (const variable of variables) {
      if (this.chosen.has(variable)) continue;
      const optimizer =
        this.optimizerMap instanceof OptimizerMap
          ? this.optimizerMap.get(variable.name)
          : getOptimizer(this.optimizerMap(variable));
      this.include(optimizer);
      this.chosen.set(variable, optimizer);
      optimizer.build([variable]);
    }
  }

  protected override applyPresent(pairs: readonly Pair[]): void {
    for (const optimizer of this.optimizers) {
      const own = pairs.filter(([, variable]) => this.chosen.get(variable) === optimizer);
      if (own.length > 0) optimizer.applyGradients(own);
    }
    this.iterations.assign(ops.add(this.iterations.read(), ops.scalar(1, 'int32')));
  }

  override dispose(): void {
    for (const optimizer of this.optimizers) optimizer.dispose();
    this.chosen.clear();
  }

  override getConfig(): Config {
    const { optimizerMap } = this;
    return {
      optimizerMap:
        optimizerMap instanceof OptimizerMap
          ? { className: 'OptimizerMap', config: optimizerMap.getConfig() }
          : { className: chooserClass, config: functionConfig('choice of optimizers', optimizerMap) },
      lossScaleFactor: this.lossScaleFactor,
      name: this.name,
    };
  }
}
