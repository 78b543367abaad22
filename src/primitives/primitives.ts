/** @file The closed set of operations everything else is composed of, with the type of each one's parameters. */
import type { DType, TypedArray } from '../tensor/dtype.ts';
import type { Shape } from '../tensor/shape.ts';
import type { BoxParams } from './boxes.ts';
import type { HostMathematicsParams, MathematicsParams } from './mathematics.ts';
import type { Region } from './region.ts';
import type { SamplingParams } from './sampling.ts';
import type { StringCall } from './string-functions.ts';

/** What is known of a value before it is computed. */
export interface AbstractValue {
  readonly dtype: DType;
  readonly shape: Shape;
}

type None = Record<never, never>;
type Pair = readonly [number, number];
/** Pixels added [before, after] on the height and on the width. */
export type Padding2D = readonly [Pair, Pair];

export interface ReductionParams {
  /** Normalised, sorted. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}
/** Images are [batch, height, width, channels], filters [height, width, inChannels / groups, outChannels]. */
export interface Conv2DParams {
  readonly strides: Pair;
  readonly padding: Padding2D;
  readonly dilations: Pair;
  readonly groups: number;
}
export interface Pool2DParams {
  readonly windowShape: Pair;
  readonly strides: Pair;
  readonly padding: Padding2D;
}

/**
 * Parameters of every primitive. Elementwise binary primitives broadcast by numpy's rule and take operands of one dtype
 * (ops/ promotes first); comparisons and logical primitives give bool.
 */
export interface PrimitiveParams extends MathematicsParams, BoxParams, SamplingParams {
  // elementwise, one operand
  neg: None;
  abs: None;
  sign: None;
  reciprocal: None;
  square: None;
  sqrt: None;
  rsqrt: None;
  exp: None;
  expm1: None;
  log: None;
  log1p: None;
  sin: None;
  cos: None;
  tan: None;
  asin: None;
  acos: None;
  atan: None;
  sinh: None;
  cosh: None;
  tanh: None;
  asinh: None;
  acosh: None;
  atanh: None;
  sigmoid: None;
  softplus: None;
  relu: None;
  erf: None;
  floor: None;
  ceil: None;
  /** Half to even. */ round: None;
  isNaN: None;
  logicalNot: None;
  // elementwise, two operands
  add: None;
  sub: None;
  mul: None;
  div: None;
  pow: None;
  /** Floored: the sign of the divisor. */ mod: None;
  floorDiv: None;
  maximum: None;
  minimum: None;
  atan2: None;
  equal: None;
  notEqual: None;
  less: None;
  lessEqual: None;
  greater: None;
  greaterEqual: None;
  logicalAnd: None;
  logicalOr: None;
  /** (condition: bool, whenTrue, whenFalse), all broadcast. */
  select: None;
  cast: { readonly dtype: DType };
  // reductions (NaN survives every one of them)
  sum: ReductionParams;
  prod: ReductionParams;
  max: ReductionParams;
  min: ReductionParams;
  /** First of equals; gives int32. */
  argMax: { readonly axis: number };
  argMin: { readonly axis: number };
  cumsum: { readonly axis: number; readonly exclusive: boolean; readonly reverse: boolean };
  softmax: { readonly axis: number };
  logSoftmax: { readonly axis: number };
  // shape and place
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  broadcastTo: { readonly shape: Shape };
  /** Elements begin, begin + stride, ... (size of them) on each axis; strides are positive. */
  slice: { readonly begin: Shape; readonly size: Shape; readonly strides: Shape };
  /** Constant padding [before, after] an axis. */
  pad: { readonly paddings: readonly Pair[]; readonly value: number };
  concat: { readonly axis: number };
  reverse: { readonly axes: readonly number[] };
  /** (x, indices: int32) -> x.shape[..axis] + indices.shape + x.shape[axis+1..]. */
  gather: { readonly axis: number };
  /** (updates, indices: int32 of rank 1) -> `size` along `axis`, rows of equal index summed; the adjoint of gather. */
  scatterAdd: { readonly axis: number; readonly size: number };
  /** (x, indices: int32 of x's rank) -> elements at `indices` along `axis`, as numpy's take_along_axis. */
  gatherAlong: { readonly axis: number };
  /** (updates, indices) -> `size` along `axis`; the adjoint of gatherAlong. */
  scatterAlongAdd: { readonly axis: number; readonly size: number };
  /** Largest k along the last axis, sorted: [values, indices: int32]. */
  topK: { readonly k: number };
  // products
  /** Batched on leading axes, which broadcast. Operands have rank >= 2. */
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** (images, filters) */
  conv2d: Conv2DParams;
  /** (dy, filters) -> gradient at the images, of `inputShape`. */
  conv2dInputGradient: Conv2DParams & { readonly inputShape: Shape };
  /** (images, dy) -> gradient at the filters, of `filterShape`. */
  conv2dFilterGradient: Conv2DParams & { readonly filterShape: Shape };
  maxPool2d: Pool2DParams;
  /** (x, y, dy) -> gradient at x; of equal maxima in a window the first one gets it. */
  maxPool2dGradient: Pool2DParams;
  /** (x, y, dx) -> for each window dx where its maximum was: the adjoint of maxPool2dGradient in dy. */
  maxPool2dTangent: Pool2DParams;
  /** Padding is left out of the mean. */
  avgPool2d: Pool2DParams;
  /** (dy) -> gradient at x, of `inputShape`. */
  avgPool2dGradient: Pool2DParams & { readonly inputShape: Shape };
  // matrices [..., m, n], computed on the host
  /** Of symmetric positive definite matrices, of which only the lower half is read: L, lower triangular, with L·Lᵀ = x. */
  cholesky: None;
  /** (a, b) -> x with a·x = b, or aᵀ·x = b. Of the square a only the `lower` half, or the upper one, is read. */
  triangularSolve: { readonly lower: boolean; readonly transpose: boolean };
  /** [L below the diagonal and U, permutation: int32] with x[permutation] = L·U; the diagonal of L is 1. */
  lu: None;
  /** [q, r] with q·r = x; q has as many columns as x has rows (full) or as the smaller of its sides. */
  qr: { readonly fullMatrices: boolean };
  /** Of symmetric matrices, of which only the lower half is read: [eigenvalues, ascending; eigenvectors, in columns]. */
  eigh: None;
  /** [singular values, descending; u; v] with x = u·diag(s)·vᵀ; u and v square (full) or with one column for each s. */
  svd: { readonly fullMatrices: boolean };
  // strings, which live on the host
  /** A function of strings, by name (string-functions.ts). */
  strings: StringCall;
  // control: what a trace cannot decide
  /** x, through which no gradient flows. */
  stopGradient: None;
  /** (...ys, ...xs, ...captures) -> the ys, whose gradients at the xs are what `backward` (...dys, ...ys, ...captures) gives. */
  customGradient: { readonly outputs: number; readonly inputs: number; readonly backward: Region };
  /**
   * The outputs of the region; its gradient computes the region again instead of keeping what it computed. One that `stays` is
   * not written out into the graph around it, where the two would be found to be the same.
   */
  call: { readonly region: Region; readonly stays?: boolean };
  /** (which: bool or int32 of rank 0, ...operands) -> the outputs of one of the branches: [false, true], or by number. */
  branch: { readonly branches: readonly Region[] };
  /**
   * (...carries, ...captures) -> the carries after the last turn. `condition` and `body` take the same operands; the body
   * gives the next carries and, last, whether there is another turn.
   */
  whileLoop: WhileLoopParams & {
    /** So many turns at once; then whether there is another is given after the carries. Engines alone use it. */
    readonly atMost?: number;
  };
  /** (...carries, ...captures, ...gradients at the floating carries) -> gradients at the floating carries and captures. */
  whileLoopGradient: WhileLoopParams & { readonly backward: Region };
  /**
   * (...carries, ...sequences, ...captures) -> the carries after `length` turns, then whatever else the body gives, stacked.
   * The body takes the carries, one element of each sequence, and the captures.
   */
  scan: ScanParams;
  // effects: they give nothing, and run in the order in which they were written down
  /** (...operands) -> nothing; writes a line. */
  print: PrintParams;
  /** (condition: bool of rank 0, ...operands) -> nothing; an error where the condition does not hold. */
  assert: MessageParams;
  /** (...operands) -> nothing; hands their elements to a function of the host. */
  observe: ObserveParams;
}

/** Text with values in it. */
export interface MessageParams {
  /** The text before each operand, and after the last one. */
  readonly text: readonly string[];
  /** How many tensors make an operand: two where it is complex. */
  readonly parts: readonly (1 | 2)[];
  /** So many elements at the ends of an axis are shown; null for as many as tensors show by themselves. */
  readonly summarize: number | null;
}
/** Elements on the host. */
export interface ObservedValue extends AbstractValue {
  readonly elements: TypedArray | readonly Uint8Array[];
}
export interface ObserveParams {
  readonly observer: (values: readonly ObservedValue[]) => void;
}
export interface PrintParams extends MessageParams {
  readonly stream: 'stdout' | 'stderr';
  /** Elements alone, or as a tensor prints itself, with its dtype, rank and shape or without. */
  readonly style: 'elements' | 'tensor' | 'verbose';
}

export interface WhileLoopParams {
  readonly carries: number;
  readonly condition: Region;
  readonly body: Region;
}
export interface ScanParams {
  readonly carries: number;
  readonly sequences: number;
  readonly length: number;
  /** From the last element to the first. */
  readonly reverse: boolean;
  readonly body: Region;
}

export type PrimitiveName = keyof PrimitiveParams;

/** Primitives that run other graphs, or say something about gradients and compute nothing. */
export type ControlPrimitive =
  'stopGradient' | 'customGradient' | 'call' | 'branch' | 'whileLoop' | 'whileLoopGradient' | 'scan' | EffectPrimitive;
/** Primitives that do something and compute nothing. */
export type EffectPrimitive = 'print' | 'assert' | 'observe';
/** Primitives that every engine leaves to the host: branching algorithms that devices have no kernels for. */
export type HostPrimitive = MatrixPrimitive | keyof HostMathematicsParams | keyof BoxParams | keyof SamplingParams;
/** Decompositions and solvers among them. */
export type MatrixPrimitive = 'cholesky' | 'triangularSolve' | 'lu' | 'qr' | 'eigh' | 'svd';
/** Primitives of strings alone; those that move elements take strings as well. */
export type StringPrimitive = 'strings';
/** Primitives that an engine runs itself. */
export type DevicePrimitive = Exclude<PrimitiveName, HostPrimitive | ControlPrimitive | StringPrimitive>;
/** Control primitives that an engine may compile together with what is around them. */
export type NestedPrimitive = 'branch' | 'whileLoop' | 'scan';
/** What may stand in a graph that an engine compiles. */
export type CompiledPrimitive = DevicePrimitive | NestedPrimitive;
