/** @file Every operation whose first operand is a tensor, as a chained method of Tensor and Variable. */
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import * as binary from './binary.ts';
import * as blocks from './blocks.ts';
import { type TensorBuffer, bufferOf, bufferOfSync } from './buffer.ts';
import * as chained from './chained.ts';
import * as complex from './complex.ts';
import { to } from './devices.ts';
import * as convolution from './convolution.ts';
import * as fractionalPooling from './fractional-pooling.ts';
import { formatTensor } from '../tensor/format.ts';
import type { TensorLike } from './convert.ts';
import * as indexing from './indexing/index.ts';
import { entries, rows } from './iteration.ts';
import { concat, stack } from './joining.ts';
import * as logical from './logical.ts';
import * as manipulation from './manipulation.ts';
import * as mathematics from './mathematics.ts';
import * as matrix from './matrix.ts';
import * as normalization from './normalization.ts';
import * as pooling from './pooling.ts';
import { print } from './printing.ts';
import * as reading from './reading.ts';
import * as reduction from './reduction.ts';
import * as fourier from './spectral/fourier.ts';
import * as unary from './unary.ts';

/** A function of a tensor without that operand. */
type Method<F> = F extends (first: never, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;
/** A mapped type keeps each operation's own documentation. */
type Methods<Family> = { [Name in keyof Family]: Method<Family[Name]> };

type UnaryMethods = Methods<typeof unary>;
type BinaryMethods = Methods<typeof binary>;
type LogicalMethods = Methods<typeof logical>;
type ReductionMethods = Methods<typeof reduction>;
type ManipulationMethods = Methods<typeof manipulation>;
type MatrixMethods = Methods<typeof matrix>;
/** Of lists, of shapes, of several tensors alike: no methods. */
type NotOfOne =
  'broadcastStaticShape' | 'clipByGlobalNorm' | 'dynamicStitch' | 'globalNorm' | 'meshgrid' | 'polyval' | 'scatterND';
type MathematicsMethods = Methods<Omit<typeof mathematics, NotOfOne>>;
type ComplexMethods = Methods<Omit<typeof complex, 'complex'>>;
type ChainedMethods = Methods<typeof chained>;
type IndexingMethods = Methods<typeof indexing>;
type ConvolutionMethods = Methods<typeof convolution>;
type PoolingMethods = Methods<typeof pooling & typeof fractionalPooling & typeof blocks>;
type NormalizationMethods = Methods<typeof normalization>;
type FourierMethods = Methods<typeof fourier>;

/** Operations as methods: `x.add(y)` is `tf.add(x, y)`. */
export interface TensorMethods
  extends
    UnaryMethods,
    BinaryMethods,
    LogicalMethods,
    ReductionMethods,
    ManipulationMethods,
    MatrixMethods,
    MathematicsMethods,
    ComplexMethods,
    ChainedMethods,
    IndexingMethods,
    ConvolutionMethods,
    PoolingMethods,
    NormalizationMethods,
    FourierMethods {
  /** This tensor and others, one after another along an axis they have. */
  concat(others: Tensor | Variable | readonly TensorLike[], axis?: number): Tensor;
  /** This tensor and others of its shape, side by side along a new axis. */
  stack(others: Tensor | Variable | readonly TensorLike[], axis?: number): Tensor;
  /**
   * The elements in nested arrays, at once. int64 elements come as BigInts, booleans as 0 and 1, strings as texts, complex
   * numbers as pairs.
   *
   * @example `const rows = tf.eye(2).arraySync<number[][]>();`
   */
  arraySync<A extends reading.NestedElements = reading.NestedNumbers>(): A;
  /** The elements in nested arrays, without blocking the event loop; otherwise as `arraySync`. */
  array<A extends reading.NestedElements = reading.NestedNumbers>(): Promise<A>;
  /** The elements in a buffer that can be changed, without blocking the event loop. */
  buffer(): Promise<TensorBuffer>;
  /** The elements in a buffer that can be changed, at once. */
  bufferSync(): TensorBuffer;
  /** The slices along the first axis: `for (const row of x)`. A scalar is not iterable. */
  [Symbol.iterator](): IterableIterator<Tensor>;
  /** The slices along the first axis with their places: `for (const [i, row] of x.entries())`. @throws ShapeError of a scalar */
  entries(): IterableIterator<[number, Tensor]>;
  /** The only element of a tensor of size 1: a number; of int64 a BigInt, `item<bigint>()`; of strings a text, `item<string>()`. */
  item<E extends number | bigint | string = number>(): E;
  /** A copy on another device: `x.to('webgpu')`, `x.to('cpu:0')`. */
  to(device: string): Tensor;
  /** Writes the tensor to the console. @param verbose With dtype, rank and shape. */
  print(verbose?: boolean): void;
}

declare module '../tensor/tensor.ts' {
  interface Tensor extends TensorMethods {}
}
declare module '../tensor/variable.ts' {
  interface Variable extends TensorMethods {}
}

/** Operations on lists, with the tensor itself as the first of the list. */
const joiningMethods = Object.fromEntries(
  Object.entries({ concat, stack }).map(([name, join]) => [
    name,
    (first: Tensor, others: Tensor | Variable | readonly TensorLike[], axis?: number): Tensor =>
      join([first, ...(others instanceof Tensor || others instanceof Variable ? [others] : others)], axis),
  ]),
);

const { complex: _maker, ...complexParts } = complex;
const {
  broadcastStaticShape: _shape,
  clipByGlobalNorm: _clip,
  dynamicStitch: _stitch,
  globalNorm: _norm,
  meshgrid: _grid,
  polyval: _polynomial,
  scatterND: _scatter,
  ...mathematicsOfTensor
} = mathematics;

const families = [
  unary,
  binary,
  logical,
  reduction,
  manipulation,
  matrix,
  mathematicsOfTensor,
  complexParts,
  chained,
  indexing,
  convolution,
  pooling,
  fractionalPooling,
  blocks,
  normalization,
  fourier,
  reading,
  { print, entries, to, buffer: bufferOf, bufferSync: bufferOfSync },
  joiningMethods,
];
type Operation = (first: Tensor, ...rest: unknown[]) => unknown;

for (const family of families)
  for (const [name, operation] of Object.entries(family as unknown as Record<string, Operation>)) {
    const define = (target: object, method: (...rest: unknown[]) => unknown): void => {
      Object.defineProperty(target, name, { value: method, writable: true, configurable: true });
    };
    define(Tensor.prototype, function (this: Tensor, ...rest) {
      return operation(this, ...rest);
    });
    define(Variable.prototype, function (this: Variable, ...rest) {
      return operation(this.read(), ...rest);
    });
  }

function iterate(this: Tensor | Variable): IterableIterator<Tensor> {
  return rows(this instanceof Variable ? this.read() : this);
}
// Scalars are not iterable: whatever tells iterables by this symbol (tests, printers) must not start on them.
for (const { prototype } of [Tensor, Variable])
  Object.defineProperty(prototype, Symbol.iterator, {
    get(this: Tensor | Variable) {
      return this.rank === 0 ? undefined : iterate;
    },
    configurable: true,
  });

Tensor.prototype.toString = function (this: Tensor): string {
  return formatTensor(this);
};
Variable.prototype.toString = function (this: Variable): string {
  return `Variable ${this.name}, trainable: ${this.trainable}\n${formatTensor(this.value)}`;
};
