/** @file Where the batches of a run come from: samples in memory, cut and shuffled, or a stream that gives batches. */
import * as ops from '../ops/index.ts';
import { RaggedTensor } from '../ragged/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree } from '../tensor/tree.ts';
import { type AnyBatch, type TakenBatch, placesOf, samplesIn } from './data.ts';

/** `true` goes over the samples in a new random order each epoch, `batch` over those of each batch in one. */
export type Shuffle = boolean | 'batch';

/** Gives batches, one pass over the data after the other. */
export interface BatchSource {
  /** Samples and batches of a pass; undefined where the data has no known length. */
  readonly samples: number | undefined;
  readonly steps: number | undefined;
  /** Whether a pass is over. */
  readonly atEnd: boolean;
  /** Something like the batches to come, to make a model's weights with. Null where there is none. */
  first(): AnyBatch | null | Promise<AnyBatch | null>;
  /** Begins a new pass. */
  rewind(): void | Promise<void>;
  /** The next batch of this pass, null at its end. */
  next(): TakenBatch | null | Promise<TakenBatch | null>;
  /** The run is over: what was begun for it may end. */
  close(): void | Promise<void>;
}

const nothing: TakenBatch['owned'] = [];

/** Samples in memory. */
export class ArraySource implements BatchSource {
  readonly samples: number;
  readonly steps: number;
  private readonly data: AnyBatch;
  private readonly begin: number;
  private readonly batchSize: number;
  private readonly shuffle: Shuffle;
  /** Numbers of the samples in the order of this pass; null for their own. */
  private order: Int32Array | null = null;
  private step = 0;

  /** The samples `begin` to `end - 1`, in batches of at most `batchSize`; the last may be smaller. */
  constructor(data: AnyBatch, { begin = 0, end = samplesIn(data), batchSize = 32, shuffle = false as Shuffle } = {}) {
    this.data = data;
    this.begin = begin;
    this.samples = end - begin;
    this.batchSize = batchSize;
    this.steps = Math.ceil(this.samples / batchSize);
    this.shuffle = shuffle;
    this.step = this.steps;
  }

  get atEnd(): boolean {
    return this.step >= this.steps;
  }

  first(): AnyBatch {
    return this.data;
  }

  rewind(): void {
    this.step = 0;
    if (this.shuffle === false) return;
    // From the global generator: a seed decides the order.
    const inBatch = this.shuffle === 'batch';
    const size = inBatch ? this.batchSize : this.samples;
    // Each epoch's order comes from the generator alone, so that a training that is resumed has the orders of one that was not.
    const order = (this.order ??= new Int32Array(this.samples));
    for (let start = 0; start < order.length; start += size) {
      const places = ops.randomPermutation(Math.min(size, order.length - start));
      order.set(places.dataSync<Int32Array>(), start);
      places.dispose();
      for (let i = start; i < start + size && i < order.length; i++) order[i] += this.begin + start;
    }
  }

  /** The first batch, whatever comes next. */
  firstBatch(): TakenBatch {
    return this.slice(this.begin, this.begin + Math.min(this.batchSize, this.samples));
  }

  /**
   * The samples of one batch. They are taken outside of the compiled step, whose signature would otherwise hold the number of all
   * samples: each new data set would be traced and compiled anew.
   */
  next(): TakenBatch | null {
    if (this.atEnd) return null;
    const start = this.step * this.batchSize;
    const end = Math.min(start + this.batchSize, this.samples);
    this.step++;
    if (this.order) return this.gather(this.order.slice(start, end));
    if (end - start === samplesIn(this.data)) return { batch: this.data, owned: nothing };
    return this.slice(this.begin + start, this.begin + end);
  }

  close(): void {}

  private gather(places: Int32Array): TakenBatch {
    const indices = ops.tensor(places);
    const taken = this.take((leaf) => ops.gather(leaf, indices), places);
    indices.dispose();
    return taken;
  }

  private slice(begin: number, end: number): TakenBatch {
    const places = (): Int32Array => Int32Array.from({ length: end - begin }, (_, i) => begin + i);
    const rest = (leaf: Tensor): number[] => leaf.shape.slice(1).map(() => 0);
    return this.take((leaf) => ops.slice(leaf, [begin, ...rest(leaf)], [end - begin, ...leaf.shape.slice(1)]), places);
  }

  private take(ofTensor: (leaf: Tensor) => Tensor, places: Int32Array | (() => Int32Array)): TakenBatch {
    const owned: { dispose(): void }[] = [];
    const leaf = (value: unknown): unknown => {
      if (!(value instanceof Tensor)) return value;
      const taken = ofTensor(value);
      owned.push(taken);
      return taken;
    };
    const walk = (tree: unknown): unknown => {
      if (tree instanceof RaggedTensor) {
        const rows = ops.ragged.gather(tree, ops.tensor(typeof places === 'function' ? places() : places));
        owned.push(rows);
        return rows;
      }
      return tree instanceof Tensor ? leaf(tree) : mapRagged(tree, walk, leaf);
    };
    const { x, y, sampleWeight } = this.data;
    return {
      batch: { x: walk(x), y: y && walk(y), sampleWeight: sampleWeight && walk(sampleWeight) } as AnyBatch,
      owned,
    };
  }
}

/** `mapTree` stops at ragged tensors, whose rows are not those of their parts. */
function mapRagged(tree: unknown, walk: (child: unknown) => unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(tree)) return tree.map(walk);
  if (placesOf(tree, '').every(([, value]) => value instanceof Tensor)) return mapTree(tree, leaf);
  return Object.fromEntries(Object.entries(tree as object).map(([name, child]) => [name, walk(child)]));
}

/** Anything that can be asked for batches. */
export interface BatchIterator {
  next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
  return?(): unknown;
}

/** An iterator, and whether it was begun for the run and not handed over by the user. */
interface Opened {
  readonly iterator: BatchIterator;
  readonly ours: boolean;
}

/** Batches from a generator, a dataset, or anything else that is iterated over. */
export class StreamSource implements BatchSource {
  readonly samples = undefined;
  readonly steps = undefined;
  atEnd = true;
  private readonly open: () => Promise<Opened>;
  private readonly read: (element: unknown) => TakenBatch;
  private opened: Opened | null = null;
  private ahead: TakenBatch | null = null;

  /**
   * @param open - Begins a pass.
   * @param read - What an element of the stream is as a batch.
   */
  constructor(open: () => Promise<Opened>, read: (element: unknown) => TakenBatch) {
    this.open = open;
    this.read = read;
  }

  async first(): Promise<AnyBatch | null> {
    if (!this.ahead) {
      if (this.atEnd) await this.rewind();
      this.ahead = await this.next();
    }
    return this.ahead?.batch ?? null;
  }

  async rewind(): Promise<void> {
    // What was looked at before the first pass is its first batch.
    if (this.ahead) return;
    await this.close();
    this.opened = await this.open();
    this.atEnd = false;
  }

  async next(): Promise<TakenBatch | null> {
    const { ahead } = this;
    this.ahead = null;
    if (ahead) return ahead;
    if (!this.opened) return null;
    const { value, done } = await this.opened.iterator.next();
    if (done) {
      this.atEnd = true;
      this.opened = null;
      return null;
    }
    return this.read(value);
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = null;
    this.atEnd = true;
    if (opened?.ours) await opened.iterator.return?.();
  }
}

const isFunction = (value: unknown): value is (...args: never[]) => unknown => typeof value === 'function';

/** How to begin a pass over something iterable; null for what is not. */
export function openerOf(data: unknown): (() => Promise<Opened>) | null {
  if (typeof data === 'function') return () => open((data as () => unknown)());
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return null;
  if (data instanceof Tensor || data instanceof RaggedTensor || ArrayBuffer.isView(data)) return null;
  const { iterator, next } = data as Record<string, unknown>;
  const iterable = Symbol.asyncIterator in data || Symbol.iterator in data;
  if (!iterable && !isFunction(iterator) && !isFunction(next)) return null;
  return async () => {
    const opened = await open(data);
    return { ...opened, ours: opened.iterator !== data };
  };
}

async function open(given: unknown): Promise<Opened> {
  const data = (await given) as Record<PropertyKey, unknown> | null | undefined;
  for (const key of [Symbol.asyncIterator, Symbol.iterator, 'iterator'] as const) {
    const method = data?.[key];
    if (isFunction(method)) return { iterator: (await method.call(data as never)) as BatchIterator, ours: true };
  }
  if (isFunction(data?.next)) return { iterator: data as unknown as BatchIterator, ours: true };
  throw new ArgumentError(
    `Expected a function that gives an iterator of batches (a generator function), got one that gives ${data === null ? 'null' : typeof data}.`,
  );
}
