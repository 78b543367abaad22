/** @file Where an optimizer's learning rate comes from: a variable, a schedule, or a function. */
import * as ops from '../ops/index.ts';
import { hostScalar } from '../ops/host-scalar.ts';
import { functionConfig, functionOf } from '../serialization/identifier.ts';
import { type SerializedObject, isSerialized } from '../serialization/registry.ts';
import { initScope } from '../tracing/trace.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { LearningRateSchedule, scheduleClasses } from './schedules/index.ts';

/** Asked for the learning rate at each step, also of a compiled one; a tensor it gives is part of the compiled step. */
export type LearningRateFunction = () => number | Tensor;

/** A number, a schedule (or its config), or a function. */
export type LearningRateLike = number | LearningRateSchedule | LearningRateFunction | SerializedObject;

const functionClass = 'LearningRateFunction';

/** The learning rate of one optimizer. */
export class LearningRate {
  private readonly optimizer: string;
  private source: Variable | LearningRateSchedule | LearningRateFunction;
  /** What the variable was set to, with more digits than it holds. */
  private number = 0;

  constructor(optimizer: string, rate: LearningRateLike) {
    this.optimizer = optimizer;
    const given = fromConfig(rate);
    if (typeof given === 'number') {
      this.number = this.checked(given);
      this.source = new Variable(ops.scalar(given), { name: `${optimizer}/learning_rate`, trainable: false });
    } else this.source = this.checkedSource(given);
  }

  private checked(value: unknown): number {
    if (typeof value !== 'number' || !(value >= 0))
      throw new ArgumentError(`${this.optimizer}: expected a learningRate of at least 0, got ${String(value)}.`);
    return value;
  }

  private checkedSource<T>(source: T): T {
    if (source instanceof LearningRateSchedule || typeof source === 'function') return source;
    throw new ArgumentError(
      `${this.optimizer}: expected learningRate to be a number, a schedule or a function; got ${String(source)}.`,
    );
  }

  /** The variable that holds it; null where a schedule or a function gives it. */
  get variable(): Variable | null {
    return this.source instanceof Variable ? this.source : null;
  }

  /** A float32 scalar, as tensors see it: after `iterations` steps. */
  read(iterations: Tensor): Tensor {
    const { source } = this;
    if (source instanceof Variable) return source.read();
    if (source instanceof LearningRateSchedule) return ops.cast(source.apply(iterations), 'float32');
    const first = source();
    return first instanceof Tensor ? ops.cast(first, 'float32') : hostScalar(() => this.checked(source()));
  }

  /** The number now. */
  at(iterations: Variable): number {
    const { source } = this;
    if (source instanceof Variable) {
      // It may have been assigned past this: by weights that were loaded.
      const held = Number(source.value.dataSync()[0]);
      return held === Math.fround(this.number) ? this.number : held;
    }
    return initScope(() =>
      ops.tidy(() => {
        const rate = source instanceof LearningRateSchedule ? source.apply(iterations.value) : source();
        return typeof rate === 'number' ? rate : Number(rate.dataSync()[0]);
      }),
    );
  }

  /** Replaces it. @throws ArgumentError for a number where there is a schedule: it would not last. */
  set(rate: LearningRateLike): void {
    const given = fromConfig(rate);
    if (typeof given === 'number') {
      if (!(this.source instanceof Variable))
        throw new ArgumentError(
          `${this.optimizer}: its learning rate comes from a ${this.source instanceof LearningRateSchedule ? 'schedule' : 'function'} ` +
            `and cannot be set to a number; make the optimizer with a number as learningRate, or set another schedule.`,
        );
      this.number = this.checked(given);
      const { source } = this;
      ops.tidy(() => void source.assign(ops.scalar(given)));
    } else {
      const next = this.checkedSource(given);
      this.variable?.dispose();
      this.source = next;
    }
  }

  /** What a config says for it. */
  config(iterations: Variable): unknown {
    const { source } = this;
    if (source instanceof LearningRateSchedule) return scheduleClasses.serialize(source);
    return typeof source === 'function'
      ? { className: functionClass, config: functionConfig('learning rate', source) }
      : this.at(iterations);
  }
}

function fromConfig(rate: LearningRateLike): number | LearningRateSchedule | LearningRateFunction {
  if (!isSerialized(rate)) return rate as Exclude<LearningRateLike, SerializedObject>;
  return rate.className === functionClass
    ? functionOf<LearningRateFunction>('learning rate', rate.config)
    : scheduleClasses.deserialize(rate);
}
