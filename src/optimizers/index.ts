/** @file `tf.optimizers` and `tf.train`: optimizers, and functions that make them. */
import { Adadelta, type AdadeltaOptions } from './adadelta.ts';
import { Adafactor, type AdafactorOptions } from './adafactor.ts';
import { Adagrad, type AdagradOptions } from './adagrad.ts';
import { Adam, type AdamOptions, AdamW } from './adam.ts';
import { Adamax, type AdamaxOptions } from './adamax.ts';
import { Ftrl, type FtrlOptions } from './ftrl.ts';
import { Lamb, type LambOptions } from './lamb.ts';
import { Lion, type LionOptions } from './lion.ts';
import type { LearningRateLike } from './learning-rate.ts';
import { LossScaleOptimizer } from './loss-scale.ts';
import { MultiOptimizer, OptimizerMap } from './multi.ts';
import { Muon, type MuonOptions } from './muon.ts';
import { Nadam, type NadamOptions } from './nadam.ts';
import { Optimizer } from './optimizer.ts';
import { setOptimizerClasses } from './registry.ts';
import { RMSprop, type RMSpropOptions } from './rmsprop.ts';
import { ScheduleFreeAdamW, type ScheduleFreeAdamWOptions } from './schedule-free-adamw.ts';
import { InverseTimeDecay, LearningRateSchedule } from './schedules/index.ts';
import { SGD, type SGDOptions } from './sgd.ts';
import type { SerializedObject } from '../serialization/registry.ts';

export * as schedules from './schedules/index.ts';
export { Adadelta, Adafactor, Adagrad, Adam, AdamW, Adamax, Ftrl, Lamb, Lion, LossScaleOptimizer, MultiOptimizer };
export { Muon, Nadam, Optimizer, OptimizerMap, RMSprop, SGD, ScheduleFreeAdamW };
export type { AdadeltaOptions, AdafactorOptions, AdagradOptions, AdamOptions, AdamaxOptions, FtrlOptions };
export type { LambOptions, LionOptions, MuonOptions, NadamOptions, RMSpropOptions, SGDOptions };
export type { ScheduleFreeAdamWOptions };
export type { GradientAndVariable, GradientsAndVariables, NamedGradient } from './gradients.ts';
export type { LearningRateFunction, LearningRateLike } from './learning-rate.ts';
export type { LossScaleOptions } from './loss-scale.ts';
export type { MultiOptimizerOptions, OptimizerChooser, OptimizerMapOptions } from './multi.ts';
export type { StepScalars, Update } from './optimizer.ts';
export type { OptimizerOptions } from './options.ts';
export type { Slot } from './state.ts';
export {
  type OptimizerIdentifier,
  deserializeOptimizer,
  getOptimizer,
  optimizerClasses,
  serializeOptimizer,
} from './registry.ts';

setOptimizerClasses({
  SGD,
  RMSprop,
  Adam,
  AdamW,
  Adamax,
  Nadam,
  Adagrad,
  Adadelta,
  Ftrl,
  Lion,
  Adafactor,
  Lamb,
  Muon,
  ScheduleFreeAdamW,
  LossScaleOptimizer,
  MultiOptimizer,
});

/** A learning rate as the first argument, without a name. */
type LearningRateArgument = Exclude<LearningRateLike, SerializedObject>;

/** TensorFlow.js gives the first arguments by place, with null for a default; Keras all of them by name; both are taken. */
function named<O extends object>(
  first: LearningRateArgument | O | undefined,
  rest: Record<keyof O & string, unknown> | object,
): O {
  if (typeof first === 'object' && !(first instanceof LearningRateSchedule)) return first;
  const given = Object.entries({ learningRate: first, ...rest }).filter(
    ([, value]) => value !== undefined && value !== null,
  );
  return Object.fromEntries(given) as O;
}

/** Gradient descent: `sgd(0.01)` or `sgd({ learningRate: 0.01, momentum: 0.9 })`. */
export const sgd = (options?: LearningRateArgument | SGDOptions): SGD => new SGD(named<SGDOptions>(options, {}));

/** Gradient descent with momentum: `momentum(0.01, 0.9)`. */
export const momentum = (learningRate: LearningRateArgument, momentum: number, useNesterov = false): SGD =>
  new SGD({ learningRate, momentum, nesterov: useNesterov });

/** Adagrad: `adagrad(0.01, initialAccumulatorValue)` or `adagrad({ learningRate: 0.01 })`. */
export const adagrad = (options?: LearningRateArgument | AdagradOptions, initialAccumulatorValue?: number): Adagrad =>
  new Adagrad(named<AdagradOptions>(options, { initialAccumulatorValue }));

/** Adadelta: `adadelta(0.001, rho, epsilon)` or `adadelta({ learningRate: 1 })`. */
export const adadelta = (
  options?: LearningRateArgument | AdadeltaOptions,
  rho?: number,
  epsilon?: number | null,
): Adadelta => new Adadelta(named<AdadeltaOptions>(options, { rho, epsilon }));

/** Adam: `adam(0.001, beta1, beta2, epsilon)` or `adam({ learningRate: 0.001 })`. */
export const adam = (
  options?: LearningRateArgument | AdamOptions,
  beta1?: number,
  beta2?: number,
  epsilon?: number | null,
): Adam => new Adam(named<AdamOptions>(options, { beta1, beta2, epsilon }));

/** Adam with weight decay: `adamW({ learningRate: 0.001, weightDecay: 0.004 })`. */
export const adamW = (options?: LearningRateArgument | AdamOptions): AdamW =>
  new AdamW(named<AdamOptions>(options, {}));

/**
 * Adamax: `adamax(0.002, beta1, beta2, epsilon, decay)`, where the learning rate falls as 1 / (1 + decay t), or
 * `adamax({ learningRate: 0.001 })`. By place its default learning rate is TensorFlow.js's, 0.002, by name Keras's, 0.001.
 */
export function adamax(
  options: LearningRateArgument | AdamaxOptions = 0.002,
  beta1?: number,
  beta2?: number,
  epsilon?: number | null,
  decay = 0,
): Adamax {
  if (typeof options !== 'number' || decay === 0)
    return new Adamax(named<AdamaxOptions>(options, { beta1, beta2, epsilon }));
  const learningRate = new InverseTimeDecay({ initialLearningRate: options, decaySteps: 1, decayRate: decay });
  return new Adamax({ ...named<AdamaxOptions>(undefined, { beta1, beta2, epsilon }), learningRate });
}

/** RMSprop: `rmsprop(0.001, decay, momentum, epsilon, centered)` or `rmsprop({ learningRate: 0.001 })`. */
export const rmsprop = (
  options?: LearningRateArgument | RMSpropOptions,
  decay?: number,
  momentum?: number,
  epsilon?: number | null,
  centered?: boolean,
): RMSprop => new RMSprop(named<RMSpropOptions>(options, { rho: decay, momentum, epsilon, centered }));

/** Nadam: `nadam({ learningRate: 0.001 })`. */
export const nadam = (options?: LearningRateArgument | NadamOptions): Nadam =>
  new Nadam(named<NadamOptions>(options, {}));
/** Follow the regularized leader: `ftrl({ learningRate: 0.1, l1RegularizationStrength: 0.01 })`. */
export const ftrl = (options?: LearningRateArgument | FtrlOptions): Ftrl => new Ftrl(named<FtrlOptions>(options, {}));
/** Lion: `lion({ learningRate: 0.0001 })`. */
export const lion = (options?: LearningRateArgument | LionOptions): Lion => new Lion(named<LionOptions>(options, {}));
/** Adafactor: `adafactor({ learningRate: 0.01 })`. */
export const adafactor = (options?: LearningRateArgument | AdafactorOptions): Adafactor =>
  new Adafactor(named<AdafactorOptions>(options, {}));
/** LAMB: `lamb({ learningRate: 0.002 })`. */
export const lamb = (options?: LearningRateArgument | LambOptions): Lamb => new Lamb(named<LambOptions>(options, {}));
/** Muon: `muon({ learningRate: 0.001, excludeLayers: ['output'] })`. */
export const muon = (options?: LearningRateArgument | MuonOptions): Muon => new Muon(named<MuonOptions>(options, {}));
/** Schedule-free AdamW: `scheduleFreeAdamW({ learningRate: 0.0025 })`. */
export const scheduleFreeAdamW = (options?: LearningRateArgument | ScheduleFreeAdamWOptions): ScheduleFreeAdamW =>
  new ScheduleFreeAdamW(named<ScheduleFreeAdamWOptions>(options, {}));
