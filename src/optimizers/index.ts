/** @file `tf.optimizers` and `tf.train`: optimizers, and the names they are known by. */
import { lookUp } from '../configuration.ts';
import { Adam, type AdamOptions } from './adam.ts';
import { Optimizer } from './optimizer.ts';
import { RMSprop, type RMSpropOptions } from './rmsprop.ts';
import { SGD, type SGDOptions } from './sgd.ts';

export { Adam, Optimizer, RMSprop, SGD };
export type { AdamOptions, RMSpropOptions, SGDOptions };
export type { GradientAndVariable, OptimizerOptions, StepScalars, Update } from './optimizer.ts';

/** TensorFlow.js gives the first arguments by place, Keras all of them by name; both are taken. */
const named = <O>(first: number | O | undefined, rest: O): O =>
  typeof first === 'object' ? first : { ...rest, ...(first === undefined ? {} : { learningRate: first }) };

/** Gradient descent: `sgd(0.01)` or `sgd({ learningRate: 0.01, momentum: 0.9 })`. */
export const sgd = (options?: number | SGDOptions): SGD => new SGD(named<SGDOptions>(options, {}));

/** Gradient descent with momentum: `momentum(0.01, 0.9)`. */
export const momentum = (learningRate: number, momentum: number, useNesterov = false): SGD =>
  new SGD({ learningRate, momentum, nesterov: useNesterov });

/** Adam: `adam(0.001, beta1, beta2, epsilon)` or `adam({ learningRate: 0.001 })`. */
export const adam = (options?: number | AdamOptions, beta1?: number, beta2?: number, epsilon?: number): Adam =>
  new Adam(named<AdamOptions>(options, { beta1, beta2, epsilon }));

/** RMSprop: `rmsprop(0.001, decay, momentum, epsilon, centered)` or `rmsprop({ learningRate: 0.001 })`. */
export const rmsprop = (
  options?: number | RMSpropOptions,
  decay?: number,
  momentum?: number,
  epsilon?: number,
  centered?: boolean,
): RMSprop => new RMSprop(named<RMSpropOptions>(options, { rho: decay, momentum, epsilon, centered }));

const byName = { sgd: () => new SGD(), adam: () => new Adam(), rmsprop: () => new RMSprop() };

/** A name in any spelling, or an optimizer. */
export type OptimizerIdentifier = keyof typeof byName | (string & {}) | Optimizer;

/** The optimizer meant by a name or an instance. @throws ArgumentError for an unknown name. */
export const getOptimizer = (identifier: OptimizerIdentifier): Optimizer =>
  typeof identifier === 'string' ? lookUp<() => Optimizer>('optimizer', byName, identifier)() : identifier;
