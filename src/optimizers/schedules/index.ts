/** @file `tf.optimizers.schedules`: learning rates that follow the number of steps. */
import { ClassRegistry, type CustomObjects, type SerializedObject } from '../../serialization/registry.ts';
import { CosineDecay, CosineDecayRestarts } from './cosine.ts';
import { ExponentialDecay, InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay } from './decays.ts';
import { LearningRateSchedule } from './schedule.ts';

export {
  CosineDecay,
  CosineDecayRestarts,
  ExponentialDecay,
  InverseTimeDecay,
  LearningRateSchedule,
  PiecewiseConstantDecay,
  PolynomialDecay,
};
export type { CosineDecayOptions, CosineDecayRestartsOptions } from './cosine.ts';
export type { DecayOptions, PiecewiseConstantDecayOptions, PolynomialDecayOptions } from './decays.ts';

/** @internal The classes by Keras's names. */
export const scheduleClasses = new ClassRegistry<LearningRateSchedule>(
  'learning-rate schedule',
  'keras.optimizers.schedules',
  () => ({
    CosineDecay,
    CosineDecayRestarts,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
  }),
);

/** A schedule as a config holds it. */
export const serializeSchedule = (schedule: LearningRateSchedule): SerializedObject =>
  scheduleClasses.serialize(schedule);

/** The schedule that `serializeSchedule` described; `customObjects` adds classes by name. @throws ArgumentError */
export const deserializeSchedule = (config: SerializedObject, customObjects?: CustomObjects): LearningRateSchedule =>
  scheduleClasses.deserialize(config, customObjects);
