/** @file What a progress view knows about a run: where it is, how long steps take, and the curves so far. */
import type { Point } from './live-curves.ts';

/** Values by metric name, as `fit` hands them to callbacks. */
export type Logs = Readonly<Record<string, number>>;

/** An epoch that is over. */
export interface FinishedEpoch {
  readonly logs: Logs;
  readonly seconds: number;
  readonly steps: number;
  readonly secondsPerStep: number | undefined;
}

/** No more points than this are kept for the line within epochs; beyond it every second one is dropped. */
const mostTracePoints = 400;
/** A line of epochs has no more points than this: charts are not wider, and a view is redrawn several times a second. */
const mostEpochPoints = 300;

/** The state of a run. Times are in seconds. */
export class ProgressState {
  readonly epochs: number;
  /** Steps in an epoch; unknown until the first epoch is over where the data has no length. */
  steps: number | undefined;
  /** Samples in an epoch, where known. */
  samples: number | undefined;
  /** Where it runs. */
  device: string | undefined;
  epoch = 0;
  step = 0;
  logs: Logs = {};
  readonly finished: FinishedEpoch[] = [];
  /** Running values within epochs, by metric, at fractions of an epoch; at steps while nobody knows how many an epoch has. */
  readonly trace = new Map<string, Point[]>();
  private readonly started = seconds();
  private firstStepAt: number | undefined;
  private latestStepAt: number | undefined;
  private firstStep = 0;
  private traceStride = 1;
  private tracedSteps = 0;
  /** Samples a step, where the caller counts them. */
  private countedSamples: number | undefined;
  private readonly metricNames = new Set<string>();

  constructor(epochs: number, steps: number | undefined, samples?: number) {
    this.epochs = epochs;
    this.steps = steps;
    this.samples = samples;
  }

  /** A step ended: the `step`th of its epoch, counted from 1. @param samples seen so far in the epoch */
  stepEnd(epoch: number, step: number, logs: Logs, samples?: number): void {
    if (samples !== undefined) this.countedSamples = samples / step;
    if (this.firstStepAt === undefined || epoch !== this.epoch) {
      // The first step of an epoch is left out of the mean: it pays for tracing and for starting the data.
      this.firstStepAt = seconds();
      this.firstStep = step;
      // Running values start anew: the line within epochs has a gap here.
      for (const points of this.trace.values()) points.push([this.steps ? epoch : 0, NaN]);
    }
    this.latestStepAt = seconds();
    this.epoch = epoch;
    this.step = step;
    this.meet(logs);
    if (this.tracedSteps++ % this.traceStride === 0) this.addToTrace(logs);
  }

  epochEnd(epoch: number, logs: Logs, elapsed: number): void {
    this.epoch = epoch;
    this.meet(logs);
    if (this.steps === undefined && this.step > 0) this.learnSteps(this.step);
    this.finished.push({ logs, seconds: elapsed, steps: this.step, secondsPerStep: this.secondsPerStep });
    this.firstStepAt = undefined;
  }

  /** Whether `epoch` is over. */
  get betweenEpochs(): boolean {
    return this.firstStepAt === undefined && this.finished.length > 0;
  }

  /** Epochs done, the fraction of the current one included. */
  get position(): number {
    if (this.betweenEpochs) return this.epoch + 1;
    return this.epoch + (this.steps ? Math.min(1, this.step / this.steps) : 0);
  }

  get elapsed(): number {
    return seconds() - this.started;
  }

  /** Mean time of a step in the current (or the last) epoch; undefined before the second step. */
  get secondsPerStep(): number | undefined {
    if (this.firstStepAt === undefined) return this.finished.at(-1)?.secondsPerStep;
    const timed = this.step - this.firstStep;
    if (timed > 0 && this.latestStepAt !== undefined) return (this.latestStepAt - this.firstStepAt) / timed;
    return this.finished.at(-1)?.secondsPerStep;
  }

  get stepsPerSecond(): number | undefined {
    const { secondsPerStep } = this;
    return secondsPerStep ? 1 / secondsPerStep : undefined;
  }

  get samplesPerSecond(): number | undefined {
    const perStep = this.countedSamples ?? (this.samples && this.steps ? this.samples / this.steps : undefined);
    return perStep === undefined || this.stepsPerSecond === undefined ? undefined : perStep * this.stepsPerSecond;
  }

  /** An estimate of the time until the last epoch is over; undefined while nothing is known. */
  get secondsLeft(): number | undefined {
    const left = this.epochs - this.position;
    if (this.finished.length > 0) {
      // Whole epochs carry validation and callbacks, which steps do not show.
      const recent = this.finished.slice(-3);
      return (left * recent.reduce((sum, { seconds: time }) => sum + time, 0)) / recent.length;
    }
    const perStep = this.secondsPerStep;
    return perStep !== undefined && this.steps ? left * this.steps * perStep : undefined;
  }

  /** Names of the metrics seen, without their `val_` twins. */
  get metrics(): string[] {
    return [...this.metricNames];
  }

  /** A metric's value at the end of each epoch; of very many, of some of them, the last one included. */
  epochPoints(name: string): Point[] {
    const first = this.epoch + (this.betweenEpochs ? 1 : 0) - this.finished.length;
    const points = this.finished.flatMap(({ logs }, i): Point[] => (name in logs ? [[first + i + 1, logs[name]]] : []));
    const stride = Math.ceil(points.length / mostEpochPoints);
    return stride > 1 ? points.filter((_, i) => (points.length - 1 - i) % stride === 0) : points;
  }

  /** The first epoch is over: what was noted at steps stands at fractions of it now. */
  private learnSteps(steps: number): void {
    this.steps = steps;
    for (const [name, points] of this.trace)
      this.trace.set(
        name,
        points.map(([step, value]): Point => [this.epoch + step / steps, value]),
      );
  }

  private meet(logs: Logs): void {
    this.logs = logs;
    for (const name of Object.keys(logs)) this.metricNames.add(name.replace(/^val_/, ''));
  }

  private addToTrace(logs: Logs): void {
    for (const [name, value] of Object.entries(logs)) {
      const points = this.trace.get(name) ?? [];
      points.push([this.steps ? this.position : this.step, value]);
      this.trace.set(name, points);
    }
    const longest = Math.max(0, ...[...this.trace.values()].map(({ length }) => length));
    if (longest <= mostTracePoints) return;
    this.traceStride *= 2;
    for (const [name, points] of this.trace)
      this.trace.set(
        name,
        // Not the gaps between epochs.
        points.filter(([, value], i) => i % 2 === 0 || Number.isNaN(value)),
      );
  }
}

const seconds = (): number => performance.now() / 1000;
