/** @file Batching: runs a function once for all elements along an axis, by a rule for each primitive. */
import {
  type Interpreter,
  type Observer,
  bind,
  currentInterpreter,
  currentObservers,
  withInterpreter,
  withObservers,
} from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import { fromHost } from '../engine/index.ts';
import { infer } from '../primitives/infer.ts';
import type { AbstractValue, PrimitiveName, PrimitiveParams } from '../primitives/primitives.ts';
import type { TypedArray } from '../tensor/dtype.ts';
import { TraceError } from '../tensor/errors.ts';
import { toHostArray } from '../tensor/host.ts';
import { formatShape } from '../tensor/shape.ts';
import type { Storage } from '../tensor/storage.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type Operand, batchingRules } from './batching-rules.ts';
import { deriveRegion } from './region-trace.ts';
import type { Trace } from './trace.ts';
import { currentTrace } from './trace.ts';

/** One element of a batch: it stands for all of them, which `whole` holds along its first axis. */
export class BatchedTensor extends Tensor {
  readonly batching: Batching;
  readonly whole: Tensor;

  constructor(batching: Batching, whole: Tensor) {
    super(null, whole.dtype, whole.shape.slice(1));
    this.batching = batching;
    this.whole = whole;
  }

  override get storage(): Storage {
    throw new TraceError(
      `The value of a ${this.dtype} ${formatShape(this.shape)} tensor was asked for inside tf.vectorizedMap, where it stands for ` +
        `${this.batching.size} elements at once; compute with tf operations instead, or use tf.mapFn.`,
    );
  }

  override get holders(): readonly Tensor[] {
    return this.whole.holders;
  }

  override alias(): Tensor {
    return new BatchedTensor(this.batching, this.whole.alias());
  }
}

export interface BatchingOptions {
  /** Primitives without a rule run in a loop; an error otherwise. */
  readonly loops: boolean;
  /** Says so when they do, once for each primitive. */
  readonly warns: boolean;
}

const told = new Set<PrimitiveName>();

/** The interpreter of a function that is run for all elements at once: it passes whole batches on to the one below. */
export class Batching implements Interpreter {
  readonly size: number;
  readonly below: Interpreter = currentInterpreter();
  private readonly options: BatchingOptions;
  /** The tapes around see whole batches, those within elements. */
  private readonly around: readonly Observer[] = currentObservers();

  constructor(size: number, options: BatchingOptions = { loops: true, warns: true }) {
    this.size = size;
    this.options = options;
  }

  /** Runs `fn` under this interpreter. */
  run<T>(fn: () => T): T {
    return withObservers([], () => withInterpreter(this, fn));
  }

  /** One element of a whole batch. */
  elementOf(whole: Tensor): BatchedTensor {
    return new BatchedTensor(this, whole);
  }

  /** What holds all elements of a result: where it is the same for all, that many times. */
  wholeOf(element: Tensor): Tensor {
    return element instanceof BatchedTensor && element.batching === this
      ? element.whole
      : p.broadcastTo(element, [this.size, ...element.shape]);
  }

  isBatched(tensor: Tensor): boolean {
    return tensor instanceof BatchedTensor && tensor.batching === this;
  }

  bind<P extends PrimitiveName>(primitive: P, inputs: readonly Tensor[], params: PrimitiveParams[P]): Tensor[] {
    const operands = inputs.map((input): Operand =>
      input instanceof BatchedTensor && input.batching === this
        ? { value: input.whole, isBatched: true }
        : { value: input, isBatched: false },
    );
    return withObservers(this.around, () =>
      withInterpreter(this.below, () => {
        if (!operands.some(({ isBatched }) => isBatched)) return bind(primitive, inputs, params);
        // Of one element, so that errors speak of the shapes that the user sees.
        const outputs = infer(primitive, inputs, params);
        return this.batched(primitive, operands, params, outputs).map((whole) => this.elementOf(whole));
      }),
    );
  }

  /** Random numbers of every element's own. */
  feed({ dtype, shape }: AbstractValue, produce: () => TypedArray): Tensor {
    const all = { dtype, shape: [this.size, ...shape] };
    const produceAll = (): TypedArray => joined(Array.from({ length: this.size }, produce), produce);
    const { below } = this;
    const whole = isFeeding(below) ? below.feed(all, produceAll) : fromHost(produceAll(), dtype, all.shape);
    return this.elementOf(whole);
  }

  private batched<P extends PrimitiveName>(
    primitive: P,
    operands: readonly Operand[],
    params: PrimitiveParams[P],
    outputs: readonly AbstractValue[],
  ): Tensor[] {
    const { size } = this;
    if (size === 0)
      return outputs.map(({ dtype, shape }) =>
        p.broadcastTo(fromHost(toHostArray([0], dtype), dtype, []), [0, ...shape]),
      );
    const rule = batchingRules[primitive];
    if (rule) return rule({ operands, params, size, outputs });
    this.tell(primitive);
    return inTurns(primitive, operands, params, size);
  }

  private tell(primitive: PrimitiveName): void {
    const { loops, warns } = this.options;
    if (!loops)
      throw new TraceError(
        `vectorizedMap: there is no rule for all elements of ${primitive} at once; leave fallbackToWhileLoop: false out to run it in a loop.`,
      );
    if (!warns || told.has(primitive)) return;
    told.add(primitive);
    console.warn(
      `vectorizedMap: ${primitive} runs in a loop over the elements, which is slow; there is no rule for all of them at once.`,
    );
  }
}

interface Feeding {
  feed(value: AbstractValue, produce: () => TypedArray): Tensor;
}
const isFeeding = (interpreter: Interpreter): interpreter is Interpreter & Feeding => 'feed' in interpreter;

/** What draws random numbers here: a trace, where each call has its own, or a batch; null where they are drawn at once. */
export function currentFeeding(): Feeding | null {
  const interpreter = currentInterpreter();
  return interpreter instanceof Batching ? interpreter : (currentTrace() satisfies Trace | null);
}

function joined(arrays: readonly TypedArray[], produce: () => TypedArray): TypedArray {
  const [first] = arrays.length > 0 ? arrays : [produce().subarray(0, 0)];
  const whole = new (first.constructor as new (length: number) => TypedArray)(arrays.length * first.length);
  arrays.forEach((array, i) => (whole as Uint8Array).set(array as Uint8Array, i * first.length));
  return whole;
}

/** A primitive element by element. */
function inTurns<P extends PrimitiveName>(
  primitive: P,
  operands: readonly Operand[],
  params: PrimitiveParams[P],
  length: number,
): Tensor[] {
  const sequences = operands.filter(({ isBatched }) => isBatched);
  const captures = operands.filter(({ isBatched }) => !isBatched);
  const elements = sequences.map(({ value: { dtype, shape } }) => ({ dtype, shape: shape.slice(1) }));
  const body = deriveRegion([...elements, ...captures.map(({ value }) => value)], (stand) => {
    let [sequence, capture] = [0, sequences.length];
    return bind(
      primitive,
      operands.map(({ isBatched }) => stand[isBatched ? sequence++ : capture++]),
      params,
    );
  });
  return p.scan(
    [...sequences, ...captures].map(({ value }) => value),
    { carries: 0, sequences: sequences.length, length, reverse: false, body },
  );
}
