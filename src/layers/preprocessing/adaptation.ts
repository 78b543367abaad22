/** @file `adapt`: layers that learn from data before the training: statistics, boundaries, vocabularies. */
import * as ops from '../../ops/index.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { DataLayer, type RawValues, isRaw } from './data-layer.ts';

/** A batch of data, or all of it. */
export type Samples = Tensor | RaggedTensor;
/** Data in memory: a tensor, nested arrays, or a list of tensors, each a batch. */
export type DataInMemory = Samples | RawValues | readonly Samples[];
/** Data batch by batch: an iterable, an asynchronous one (a dataset), or a generator function. Of pairs [x, y] and objects { x, y } x counts. */
export type DataStream =
  Iterable<unknown> | AsyncIterable<unknown> | (() => Iterable<unknown> | AsyncIterable<unknown>);

export interface AdaptOptions {
  /** So many batches of a stream at most; default all of them. */
  steps?: number | null;
}

const isSamples = (value: unknown): value is Samples => value instanceof Tensor || value instanceof RaggedTensor;

/** The inputs among what a stream gives. */
function inputsOf(element: unknown, layer: string): Samples {
  if (isSamples(element)) return element;
  if (Array.isArray(element) && isSamples(element[0])) return element[0];
  if (isRaw(element) && element !== null && element !== undefined) return ops.tensor(element);
  const { x, xs } = (element ?? {}) as { x?: unknown; xs?: unknown };
  const named = x ?? xs;
  if (named !== undefined) return inputsOf(named, layer);
  throw new ArgumentError(
    `Layer ${layer}: adapt expected batches that are tensors, arrays, pairs [x, y] or objects { x, y }; got ${String(element)}.`,
  );
}

/** Learns from data before it is used. */
export abstract class AdaptiveLayer extends DataLayer {
  /** Forgets what was learned from batches so far. */
  abstract resetState(): void;
  /** Learns from a batch; `finalizeState` makes use of it. */
  abstract updateState(batch: Samples | RawValues): void;
  /** Makes what was learned take effect. */
  abstract finalizeState(): void;

  /** Data in memory as one batch. */
  protected wholeOf(data: Samples | RawValues): Samples {
    return isSamples(data) ? data : ops.tensor(data);
  }

  /**
   * Learns from data, forgetting what was learned before. Models that have the layer must be compiled (or called) after it.
   *
   * @param data - In memory: all in all one tensor or nested arrays, or a list of batches. Or a stream of batches: then it gives a promise.
   * @throws ArgumentError for what is no data
   */
  adapt(data: DataInMemory): void;
  adapt(data: DataInMemory | DataStream, options?: AdaptOptions): void | Promise<void>;
  adapt(data: DataInMemory | DataStream, { steps = null }: AdaptOptions = {}): void | Promise<void> {
    this.resetState();
    if (isSamples(data) || isRaw(data)) ops.tidy(() => this.updateState(this.wholeOf(data)));
    else if (Array.isArray(data))
      for (const batch of data) ops.tidy(() => this.updateState(inputsOf(batch, this.name)));
    else return this.adaptToStream(data as DataStream, steps ?? Infinity);
    this.finalizeState();
  }

  private async adaptToStream(stream: DataStream, steps: number): Promise<void> {
    const opened: unknown = typeof stream === 'function' ? stream() : stream;
    const isIterable = typeof opened === 'object' && opened !== null;
    if (!isIterable || !(Symbol.asyncIterator in opened || Symbol.iterator in opened))
      throw new ArgumentError(
        `Layer ${this.name}: adapt expected a tensor, arrays, an iterable of batches or a generator function; got ${String(stream)}.`,
      );
    let taken = 0;
    if (steps > 0)
      for await (const element of opened as AsyncIterable<unknown>) {
        ops.tidy(() => this.updateState(inputsOf(element, this.name)));
        if (++taken >= steps) break;
      }
    this.finalizeState();
  }
}
