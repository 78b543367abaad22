/** @file tf.random.Generator: random numbers of a state that is a variable. */
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { type Shape, formatShape, shapesEqual } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { Variable } from '../../tensor/variable.ts';
import { type TensorLike, toTensor } from '../convert.ts';
import { tensor } from '../creation.ts';
import { Generator as Stream } from '../../engine/random/philox.ts';
import { type Drawn, drawBinomial, drawBits, drawNormal, drawUniform, skipBlocks } from './draws.ts';

const wordsOf = (value: number): [low: number, high: number] => {
  const bits = BigInt.asUintN(64, BigInt(value));
  return [Number(BigInt.asIntN(32, bits)), Number(BigInt.asIntN(32, bits >> 32n))];
};

/**
 * Random numbers of a state of its own (Philox4x32-10). The state is a variable: it goes on inside `tf.function` too, and is
 * saved and restored with a model's other variables.
 *
 * @example
 * ```ts
 * const generator = tf.random.Generator.fromSeed(1);
 * generator.normal([2, 3]);
 * generator.uniform([4], 0, 10, 'int32');
 * const [a, b] = generator.split(2); // independent of it and of each other
 * ```
 */
export class Generator {
  /** int32 `[6]`: the counter (four words) and the key (two). */
  readonly state: Variable;
  readonly algorithm = 'philox';

  private constructor(state: Tensor) {
    this.state = new Variable(checkedState(state), { name: 'StateVar', trainable: false });
  }

  /** One whose numbers follow from a whole number. */
  static fromSeed(seed: number): Generator {
    return new Generator(stateOfSeed(seed));
  }

  /** One that nobody has had before. */
  static fromNonDeterministicState(): Generator {
    return new Generator(tensor(crypto.getRandomValues(new Int32Array(6)).fill(0, 0, 4)));
  }

  /** One that goes on from the `state` of another one: a tensor, a variable or six numbers. */
  static fromState(state: TensorLike): Generator {
    return new Generator(toTensor(state, 'Generator.fromState', 'int32'));
  }

  /** One by whole numbers: which stream, and how many blocks of it are left out. */
  static fromKeyCounter(key: number, counter: number): Generator {
    return new Generator(tensor(Int32Array.of(...wordsOf(counter), 0, 0, ...wordsOf(key))));
  }

  /** Which stream it is: int32 `[2]`. */
  get key(): Tensor {
    return this.state.read().slice([4], [2]);
  }

  /** Goes on from another state. */
  reset(state: TensorLike): void {
    this.state.assign(checkedState(toTensor(state, 'Generator.reset', 'int32')));
  }

  /** Begins anew from a seed. */
  resetFromSeed(seed: number): void {
    this.state.assign(stateOfSeed(seed));
  }

  /** Leaves out so many blocks of four random words. */
  skip(blocks: number): void {
    if (!Number.isSafeInteger(blocks) || blocks < 0)
      throw new ArgumentError(`Generator.skip: expected a whole number of 0 or more, got ${blocks}.`);
    this.state.assign(skipBlocks(this.state.read(), blocks));
  }

  /** Normally distributed numbers. Gradients pass to mean and standard deviation, which broadcast to the shape. */
  normal(shape: Shape, mean: TensorLike = 0, stddev: TensorLike = 1, dtype: DType = 'float32'): Tensor {
    return this.take((state) => drawNormal(state, 'normal', shape, mean, stddev, dtype, 'Generator.normal'));
  }

  /** The same without numbers more than two standard deviations from the mean. */
  truncatedNormal(shape: Shape, mean: TensorLike = 0, stddev: TensorLike = 1, dtype: DType = 'float32'): Tensor {
    const operation = 'Generator.truncatedNormal';
    return this.take((state) => drawNormal(state, 'truncatedNormal', shape, mean, stddev, dtype, operation));
  }

  /** Uniform numbers in [minval, maxval), by default [0, 1); whole ones for an integer dtype. */
  uniform(shape: Shape, minval: TensorLike = 0, maxval?: TensorLike, dtype: DType = 'float32'): Tensor {
    return this.take((state) => drawUniform(state, shape, minval, maxval, dtype, 'Generator.uniform'));
  }

  /** All numbers of an integer dtype with the same probability. */
  uniformFullInt(shape: Shape, dtype: DType = 'int32'): Tensor {
    return this.take((state) => drawBits(state, shape, dtype, 'Generator.uniformFullInt'));
  }

  /** How many of `counts` trials succeed, each with probability `probs`; both broadcast to the shape. */
  binomial(shape: Shape, counts: TensorLike, probs: TensorLike, dtype: DType = 'int32'): Tensor {
    return this.take((state) => drawBinomial(state, shape, counts, probs, dtype, 'Generator.binomial'));
  }

  /** Seeds for stateless operations: int32 `[2, count]`, one in each column. */
  makeSeeds(count = 1): Tensor {
    return this.take((state) => drawBits(state, [2, count], 'int32', 'Generator.makeSeeds'));
  }

  /** New generators whose numbers are independent of this one's and of each other's. */
  split(count = 1): Generator[] {
    const keys = this.makeSeeds(count).dataSync<Int32Array>();
    return Array.from(
      { length: count },
      (_, i) => new Generator(tensor(Int32Array.of(0, 0, 0, 0, keys[i], keys[count + i]))),
    );
  }

  private take(draw: (state: Tensor) => Drawn): Tensor {
    const [values, next] = draw(this.state.read());
    this.state.assign(next);
    return values;
  }
}

function stateOfSeed(seed: number): Tensor {
  if (!Number.isSafeInteger(seed)) throw new ArgumentError(`Generator.fromSeed: expected a whole number, got ${seed}.`);
  return tensor(new Stream(seed).state());
}

function checkedState(state: Tensor): Tensor {
  if (state.dtype !== 'int32' || !shapesEqual(state.shape, [6]))
    throw new ArgumentError(
      `Generator: expected a state of six whole numbers, int32 [6], got ${state.dtype} ${formatShape(state.shape)}.`,
    );
  return state;
}

let shared: Generator | undefined;

/** The generator that a program shares, made at the first call. Operations without a generator do not use it, but `setSeed`. */
export const getGlobalGenerator = (): Generator => (shared ??= Generator.fromNonDeterministicState());

/** Another one in its place. */
export function setGlobalGenerator(generator: Generator): void {
  shared = generator;
}
