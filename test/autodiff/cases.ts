/** @file A differentiable call for each primitive and each public operation: what the gradient checks run over. */
import type { Tensor } from '../../src/index.ts';
import * as tf from '../../src/index.ts';
import { bind } from '../../src/primitives/bind.ts';
import * as p from '../../src/primitives/calls.ts';
import type { PrimitiveName } from '../../src/primitives/primitives.ts';
import type { Region } from '../../src/primitives/region.ts';
import { deriveRegion } from '../../src/tracing/region-trace.ts';
import {
  mathematicsCases,
  mathematicsPrimitiveCases,
  mathematicsWithoutGradient,
  matrixFunctionCases,
} from './cases-mathematics.ts';
import { visionCases, visionWithoutGradient } from './cases-vision.ts';
import { type Case, numbersOf, of } from './numbers.ts';

export type { Case } from './numbers.ts';

const numbers = numbersOf(7);
const positive = (shape: readonly number[]): Tensor => numbers(shape, 0.3, 2.5);
const index = (values: number[] | number[][]): Tensor => tf.tensor(values, undefined, 'int32');
const condition = tf.tensor([true, false, true, false, false, true], [2, 3]);

/** One operand of shape [2, 3]. */
const at = (f: (x: Tensor) => Tensor, low?: number, high?: number): Case => of(f, numbers([2, 3], low, high));
/** Two operands that broadcast: [2, 3] with [3]. */
const pair = (f: (a: Tensor, b: Tensor) => Tensor): Case => of(f, numbers([2, 3]), numbers([3]));

const window = {
  strides: [2, 1],
  padding: [
    [1, 0],
    [0, 2],
  ],
  dilations: [1, 2],
  groups: 2,
} as const;
const images = (): Tensor => numbers([2, 4, 5, 4]);
const filters = (): Tensor => numbers([2, 2, 2, 6]);
/** What `conv2d` of those has for its shape. */
const convolved = (): Tensor => numbers([2, 2, 5, 6]);
const pooling = {
  windowShape: [2, 3],
  strides: [2, 1],
  padding: [
    [0, 1],
    [1, 1],
  ],
} as const;
const pooled = (x: Tensor): Tensor => p.maxPool2d(x, pooling);
const fixedImages = numbers([2, 3, 4, 2]);
const imagesLike = (x: Tensor): Tensor => fixedImages.cast(x.dtype);

/** Symmetric positive definite matrices, smoothly made of any. */
const definite = (x: Tensor): Tensor =>
  tf.matMul(x, x, true).add(tf.eye(x.shape[x.rank - 1], undefined, undefined, x.dtype));
const all = (...tensors: Tensor[]): Tensor => tf.concat(tensors.map((tensor) => tensor.flatten()));

/** Graphs for control primitives of vectors like x; loops take two turns. */
const count = { dtype: 'int32', shape: [] } as const;
const int = (value: number): Tensor => tf.scalar(value, 'int32');
const twisted = (like: Tensor): Region =>
  deriveRegion([like, like], ([x, y]) => [p.mul(p.sin(x), y), p.add(x, p.square(y))]);
const turning = (like: Tensor) => ({
  carries: 2,
  condition: deriveRegion([count, like, like], ([i]) => [p.less(i, int(2))]),
  body: deriveRegion([count, like, like], ([i, x, w]) => {
    const next = p.add(i, int(1));
    return [next, p.mul(p.sin(x), w), p.less(next, int(2))];
  }),
});
const turnedBack = (like: Tensor): Region =>
  deriveRegion([count, like, like, like], ([, x, w, dy]) => [p.mul(dy, p.mul(p.cos(x), w)), p.mul(dy, p.sin(x))]);

export const primitiveCases: { readonly [P in PrimitiveName]?: Case } = {
  ...mathematicsPrimitiveCases,
  neg: at(p.neg),
  abs: at(p.abs),
  sign: at(p.sign),
  reciprocal: of(p.reciprocal, positive([2, 3])),
  square: at(p.square),
  sqrt: of(p.sqrt, positive([2, 3])),
  rsqrt: of(p.rsqrt, positive([2, 3])),
  exp: at(p.exp),
  expm1: at(p.expm1),
  log: of(p.log, positive([2, 3])),
  log1p: at(p.log1p, -0.7, 2),
  sin: at(p.sin),
  cos: at(p.cos),
  tan: at(p.tan, -1, 1),
  asin: at(p.asin, -0.9, 0.9),
  acos: at(p.acos, -0.9, 0.9),
  atan: at(p.atan),
  sinh: at(p.sinh),
  cosh: at(p.cosh),
  tanh: at(p.tanh),
  asinh: at(p.asinh),
  acosh: at(p.acosh, 1.2, 3),
  atanh: at(p.atanh, -0.8, 0.8),
  sigmoid: at(p.sigmoid),
  softplus: at(p.softplus),
  relu: at(p.relu),
  erf: at(p.erf),
  floor: at(p.floor),
  ceil: at(p.ceil),
  round: at(p.round),
  add: pair(p.add),
  sub: pair(p.sub),
  mul: pair(p.mul),
  div: of(p.div, numbers([2, 3]), positive([3])),
  pow: of(p.pow, positive([2, 3]), numbers([3])),
  mod: of(p.mod, numbers([2, 3], -3, 3), positive([3])),
  floorDiv: of(p.floorDiv, numbers([2, 3], -3, 3), positive([3])),
  maximum: pair(p.maximum),
  minimum: pair(p.minimum),
  atan2: of(p.atan2, numbers([2, 3]), numbers([2, 1])),
  select: of((a, b) => p.select(condition, a, b), numbers([2, 3]), numbers([3])),
  // To its own dtype: a narrower one would lose the digits that differences are made of (gradient-tape.test.ts has those).
  cast: at((x) => bind('cast', [p.square(x)], { dtype: 'float64' })[0]),
  sum: of((x) => p.sum(x, [0, 2]), numbers([2, 3, 2])),
  prod: of((x) => p.prod(x, [0, 2]), numbers([2, 3, 2])),
  max: of((x) => p.max(x, [0, 2], true), numbers([2, 3, 2])),
  min: of((x) => p.min(x, [1]), numbers([2, 3, 2])),
  cumsum: of((x) => p.cumsum(x, 1, true, true), numbers([2, 3, 2])),
  softmax: of((x) => p.softmax(x, 1), numbers([2, 3, 2])),
  logSoftmax: of((x) => p.logSoftmax(x, 0), numbers([2, 3])),
  reshape: at((x) => p.reshape(x, [3, 2])),
  transpose: of((x) => p.transpose(x, [2, 0, 1]), numbers([2, 3, 2])),
  broadcastTo: of((x) => p.broadcastTo(x, [2, 2, 3]), numbers([2, 1])),
  slice: of((x) => p.slice(x, [1, 0], [3, 2], [2, 3]), numbers([7, 5])),
  pad: at((x) =>
    p.pad(
      x,
      [
        [1, 0],
        [2, 1],
      ],
      5,
    ),
  ),
  concat: of((a, b) => p.concat([a, b, a], 1), numbers([2, 3]), numbers([2, 1])),
  reverse: at((x) => p.reverse(x, [1])),
  gather: of(
    (x) =>
      p.gather(
        x,
        index([
          [2, 0],
          [2, 1],
        ]),
        1,
      ),
    numbers([2, 3, 2]),
  ),
  scatterAdd: of((x) => p.scatterAdd(x, index([3, 0, 3]), 1, 4), numbers([2, 3, 2])),
  gatherAlong: of(
    (x) =>
      p.gatherAlong(
        x,
        index([
          [2, 2],
          [0, 1],
        ]),
        1,
      ),
    numbers([2, 3]),
  ),
  scatterAlongAdd: of(
    (x) =>
      p.scatterAlongAdd(
        x,
        index([
          [3, 3],
          [0, 1],
        ]),
        1,
        4,
      ),
    numbers([2, 2]),
  ),
  topK: of((x) => p.topK(x, 2)[0], numbers([2, 4])),
  matMul: of((a, b) => p.matMul(a, b), numbers([2, 3, 4]), numbers([4, 2])),
  conv2d: of((x, w) => p.conv2d(x, w, window), images(), filters()),
  conv2dInputGradient: of(
    (dy, w) => p.conv2dInputGradient(dy, w, { ...window, inputShape: [2, 4, 5, 4] }),
    convolved(),
    filters(),
  ),
  conv2dFilterGradient: of(
    (x, dy) => p.conv2dFilterGradient(x, dy, { ...window, filterShape: [2, 2, 2, 6] }),
    images(),
    convolved(),
  ),
  maxPool2d: of(pooled, numbers([2, 3, 4, 2])),
  maxPool2dGradient: of(
    (dy) => p.maxPool2dGradient(imagesLike(dy), pooled(imagesLike(dy)), dy, pooling),
    numbers(pooled(fixedImages).shape),
  ),
  maxPool2dTangent: of(
    (dx) => p.maxPool2dTangent(imagesLike(dx), pooled(imagesLike(dx)), dx, pooling),
    numbers(fixedImages.shape),
  ),
  avgPool2d: of((x) => p.avgPool2d(x, pooling), numbers([2, 3, 4, 2])),
  avgPool2dGradient: of(
    (dy) => p.avgPool2dGradient(dy, { ...pooling, inputShape: fixedImages.shape }),
    numbers(pooled(fixedImages).shape),
  ),
  cholesky: of((x) => p.cholesky(definite(x)), numbers([2, 3, 3])),
  triangularSolve: of(
    (a, b) =>
      all(
        ...[false, true].flatMap((lower) =>
          [false, true].map((transpose) => p.triangularSolve(definite(a), b, { lower, transpose })),
        ),
      ),
    numbers([2, 3, 3]),
    numbers([2, 3, 2]),
  ),
  lu: of((x) => p.lu(x)[0], numbers([2, 3, 3])),
  qr: of(
    (tall, square, wide) => all(...p.qr(tall, false), ...p.qr(square, true), ...p.qr(wide, false)),
    numbers([2, 4, 3]),
    numbers([3, 3]),
    numbers([2, 4]),
  ),
  eigh: of((x) => all(...p.eigh(definite(x))), numbers([2, 3, 3])),
  svd: of(
    (tall, square, wide) => all(...p.svd(tall, false), ...p.svd(square, true), ...p.svd(wide, false)),
    numbers([3, 2]),
    numbers([2, 2]),
    numbers([2, 2, 3]),
  ),
  // A rule of its own, which happens to be the right one.
  customGradient: of(
    (x) =>
      p.customGradient([p.square(x), x, x], {
        outputs: 1,
        inputs: 1,
        backward: deriveRegion([x, x, x], ([dy, , at]) => [p.mul(dy, p.add(at, at))]),
      })[0],
    numbers([3]),
  ),
  call: of((x, y) => all(...p.call([x, y], { region: twisted(x) })), numbers([3]), numbers([3])),
  branch: of(
    (x, y) => all(...p.branch(tf.scalar(true), [x, y], { branches: [twisted(x), twisted(x)] })),
    numbers([3]),
    numbers([3]),
  ),
  whileLoop: of((x, w) => p.whileLoop([int(0), x, w], turning(x))[1], numbers([3]), numbers([3])),
  whileLoopGradient: of(
    (x, w, dy) => all(...p.whileLoopGradient([int(0), x, w, dy], { ...turning(x), backward: turnedBack(x) })),
    numbers([3]),
    numbers([3]),
    numbers([3]),
  ),
  scan: of(
    (x, e, w) =>
      all(
        ...p.scan([x, e, w], {
          ...{ carries: 1, sequences: 1, length: 4, reverse: true },
          body: deriveRegion([x, x, x], ([state, element, weight]) => {
            const next = p.add(p.mul(p.sin(state), weight), element);
            return [next, p.square(next)];
          }),
        }),
      ),
    numbers([3]),
    numbers([4, 3]),
    numbers([3]),
  ),
};

export const operationCases: Record<string, Case> = {
  ...visionCases,
  ...mathematicsCases,
  tensor: at((x) => tf.tensor(x, [3, 2])),
  cast: at((x) => tf.cast(x.mul(x), 'float64')),
  neg: at(tf.neg),
  abs: at(tf.abs),
  sign: at(tf.sign),
  square: at(tf.square),
  sqrt: of(tf.sqrt, positive([2, 3])),
  rsqrt: of(tf.rsqrt, positive([2, 3])),
  reciprocal: of(tf.reciprocal, positive([2, 3])),
  exp: at(tf.exp),
  expm1: at(tf.expm1),
  log: of(tf.log, positive([2, 3])),
  log1p: of(tf.log1p, positive([2, 3])),
  sin: at(tf.sin),
  cos: at(tf.cos),
  tan: at(tf.tan, -1, 1),
  asin: at(tf.asin, -0.9, 0.9),
  acos: at(tf.acos, -0.9, 0.9),
  atan: at(tf.atan),
  sinh: at(tf.sinh),
  cosh: at(tf.cosh),
  tanh: at(tf.tanh),
  asinh: at(tf.asinh),
  acosh: at(tf.acosh, 1.2, 3),
  atanh: at(tf.atanh, -0.8, 0.8),
  erf: at(tf.erf),
  floor: at(tf.floor),
  ceil: at(tf.ceil),
  round: at(tf.round),
  clipByValue: at((x) => tf.clipByValue(x, -1, 1)),
  sigmoid: at(tf.sigmoid),
  logSigmoid: at(tf.logSigmoid),
  softplus: at(tf.softplus),
  relu: at(tf.relu),
  relu6: at(tf.relu6, -3, 9),
  leakyRelu: at((x) => tf.leakyRelu(x, 0.3)),
  elu: at(tf.elu),
  selu: at(tf.selu),
  gelu: at((x) => tf.gelu(x).add(tf.gelu(x, true))),
  silu: at(tf.silu),
  add: pair(tf.add),
  sub: pair(tf.sub),
  mul: pair(tf.mul),
  div: of(tf.div, numbers([2, 3]), positive([3])),
  divNoNan: of((a, b) => tf.divNoNan(a, b.mul([1, 0, 1])), numbers([2, 3]), positive([3])),
  floorDiv: of(tf.floorDiv, numbers([2, 3]), positive([3])),
  mod: of(tf.mod, numbers([2, 3]), positive([3])),
  pow: of(tf.pow, positive([2, 3]), numbers([2, 1])),
  maximum: pair(tf.maximum),
  minimum: pair(tf.minimum),
  squaredDifference: pair(tf.squaredDifference),
  atan2: pair(tf.atan2),
  where: of((a, b) => tf.where(condition, a, b), numbers([2, 3]), numbers([2, 1])),
  sum: at((x) => tf.sum(x, -1)),
  prod: at((x) => tf.prod(x)),
  max: at((x) => tf.max(x, 0)),
  min: at((x) => tf.min(x)),
  mean: at((x) => tf.mean(x, 1, true)),
  logSumExp: at((x) => tf.logSumExp(x, 1)),
  moments: at((x) => tf.moments(x, 0).mean.mul(tf.moments(x, 0).variance)),
  variance: at((x) => tf.variance(x, 1)),
  std: at((x) => tf.std(x)),
  cumsum: at((x) => tf.cumsum(x, 1)),
  softmax: at((x) => tf.softmax(x)),
  logSoftmax: at((x) => tf.logSoftmax(x)),
  topk: at((x) => tf.topk(x, 2).values),
  reshape: at((x) => tf.reshape(x, [-1, 2])),
  clone: at(tf.clone),
  flatten: at(tf.flatten),
  expandDims: at((x) => tf.expandDims(x, -1)),
  squeeze: of((x) => tf.squeeze(x), numbers([1, 3, 1])),
  transpose: at((x) => tf.transpose(x)),
  broadcastTo: of((x) => tf.broadcastTo(x, [2, 3]), numbers([3])),
  slice: at((x) => tf.slice(x, [0, 1], [-1, 2])),
  stridedSlice: of((x) => tf.stridedSlice(x, [4, 0], [0, 3], [-2, 2]), numbers([5, 3])),
  pad: at((x) =>
    tf.pad(x, [
      [0, 1],
      [2, 0],
    ]),
  ),
  unstack: at((x) => tf.unstack(x, 1)[1]),
  split: at((x) => tf.split(x, [1, -1], 1)[1]),
  tile: at((x) => tf.tile(x, [2, 3])),
  reverse: at((x) => tf.reverse(x, 0)),
  gather: at((x) => tf.gather(x, [2, 0, 2], 1)),
  gatherAlong: at((x) => tf.gatherAlong(x, [[2], [0]])),
  concat: of((a, b) => tf.concat([a, b]), numbers([2, 3]), numbers([1, 3])),
  stack: of((a, b) => tf.stack([a, b, a], 1), numbers([2, 3]), numbers([2, 3])),
  addN: of((a, b) => tf.addN([a, b, a]), numbers([2, 3]), numbers([2, 3])),
  matMul: of((a, b) => tf.matMul(a, b, true, true), numbers([3, 1, 4, 2]), numbers([2, 3, 4])),
  dot: of(tf.dot, numbers([3]), numbers([3, 2])),
  outerProduct: of(tf.outerProduct, numbers([2]), numbers([3])),
  tensordot: of(
    (a, b) =>
      tf.tensordot(a, b, [
        [0, 2],
        [1, 0],
      ]),
    numbers([2, 3, 4]),
    numbers([4, 2, 2]),
  ),
  conv2d: of((x, w) => tf.conv2d(x, w, 2, 'same'), numbers([1, 5, 4, 2]), numbers([3, 2, 2, 2])),
  depthwiseConv2d: of(
    (x, w) => tf.depthwiseConv2d(x, w, 1, 'same', 'NCHW'),
    numbers([1, 2, 3, 4]),
    numbers([2, 2, 2, 2]),
  ),
  conv2dTranspose: of(
    (x, w) => tf.conv2dTranspose(x, w, [1, 5, 6, 2], 2, 'same'),
    numbers([1, 3, 3, 2]),
    numbers([3, 3, 2, 2]),
  ),
  maxPool: of((x) => tf.maxPool(x, 3, 2, 'same'), numbers([1, 5, 4, 2])),
  avgPool: of((x) => tf.avgPool(x, 3, 2, 'same'), numbers([1, 5, 4, 2])),
  batchNorm: of(
    (x, mean, variance, offset, scale) => tf.batchNorm(x, mean, variance, offset, scale),
    numbers([4, 2]),
    numbers([2]),
    positive([2]),
    numbers([2]),
    numbers([2]),
  ),
  dropout: at((x) => tf.dropout(x.square(), 0.4, null, 3)),
  shuffle: at((x) => tf.shuffle(x.square(), 5)),
  cond: at((x) =>
    tf.cond(
      x.sum().greater(-100),
      () => x.sin(),
      () => x,
    ),
  ),
  switchCase: at((x) => tf.switchCase(1, [() => x, () => x.sin()])),
  whileLoop: at((x) =>
    tf.whileLoop(
      (y) => y.abs().max().greater(0.5),
      (y) => y.sin().mul(0.5),
      x,
    ),
  ),
  forLoop: at((x) => tf.forLoop(2, (_, y) => y.sin(), x)),
  scan: at((x) => tf.scan((state: Tensor, element: Tensor) => state.sin().mul(element), x)),
  mapFn: at((x) => tf.mapFn((row: Tensor) => row.square().sum(), x)),
  vectorizedMap: of(
    (x, w) => tf.vectorizedMap((row: Tensor) => tf.grad((v) => v.mul(w).sin().sum())(row), x),
    numbers([2, 3]),
    numbers([3]),
  ),
  at: of((x) => tf.at(x, [0, 2, 0], '::-1'), numbers([3, 2])),
  diag: of((x) => tf.diag(x), numbers([2, 2])),
  setAt: of((x, v) => tf.setAt(x, [[0, 2], '1:'], v), numbers([3, 3]), numbers([2, 1])),
};

/** The same for `tf.linalg`. */
export const linalgCases: Readonly<Record<string, Case>> = {
  ...matrixFunctionCases,
  cholesky: of((x) => tf.linalg.cholesky(definite(x)), numbers([3, 3])),
  choleskySolve: of((l, b) => tf.linalg.choleskySolve(definite(l), b), numbers([2, 2]), numbers([3, 2, 1])),
  eigh: of((x) => all(...tf.linalg.eigh(definite(x))), numbers([3, 3])),
  eigvalsh: of((x) => tf.linalg.eigvalsh(definite(x)), numbers([3, 3])),
  lu: of((x) => tf.linalg.lu(x)[0], numbers([3, 3])),
  qr: of((x) => all(...tf.linalg.qr(x)), numbers([3, 2])),
  svd: of((x) => all(...tf.linalg.svd(x)), numbers([2, 3])),
  bandPart: of((x) => tf.linalg.bandPart(x, 1, 0), numbers([2, 3, 4])),
  diag: of(tf.linalg.diag, numbers([2, 3])),
  diagPart: of(tf.linalg.diagPart, numbers([2, 4, 3])),
  setDiag: of(tf.linalg.setDiag, numbers([2, 4, 3]), numbers([2, 3])),
  trace: of(tf.linalg.trace, numbers([2, 3, 3])),
  cross: of(tf.linalg.cross, numbers([2, 3]), numbers([3])),
  det: of(tf.linalg.det, numbers([2, 3, 3])),
  slogdet: of((x) => tf.linalg.slogdet(x)[1], numbers([2, 3, 3])),
  logdet: of((x) => tf.linalg.logdet(definite(x)), numbers([2, 3, 3])),
  gramSchmidt: of(tf.linalg.gramSchmidt, numbers([2, 3])),
  inv: of((x) => tf.linalg.inv(definite(x)), numbers([2, 2, 2])),
  lstsq: of(
    (a, b) => all(tf.linalg.lstsq(a, b), tf.linalg.lstsq(a, b, { l2Regularizer: 0.3 })),
    numbers([3, 2]),
    numbers([3, 1]),
  ),
  pinv: of((x) => tf.linalg.pinv(x), numbers([3, 2])),
  solve: of((a, b) => tf.linalg.solve(definite(a), b), numbers([2, 3, 3]), numbers([3, 1])),
  triangularSolve: of(
    (a, b) => tf.linalg.triangularSolve(definite(a), b, { lower: false }),
    numbers([2, 2]),
    numbers([2, 1]),
  ),
};
export const linalgWithoutGradient = ['matrixRank', 'eig', 'eigvals'];

/** The same for `tf.signal`. */
export const signalCases: Readonly<Record<string, Case>> = {
  dct: of((x) => all(...([1, 2, 3, 4] as const).map((type) => tf.signal.dct(x, type))), numbers([2, 3])),
  idct: of((x) => tf.signal.idct(x, 2, 4, -1, 'ortho'), numbers([2, 3])),
  fftshift: at((x) => tf.signal.fftshift(x)),
  ifftshift: at((x) => tf.signal.ifftshift(x, 1)),
  frame: of((x) => tf.signal.frame(x, 3, 2, true), numbers([2, 6])),
  overlapAndAdd: of((x) => tf.signal.overlapAndAdd(x, 2), numbers([2, 3])),
  mdct: of((x) => tf.signal.mdct(x, 4), numbers([8])),
  inverseMdct: of((x) => tf.signal.inverseMdct(x), numbers([2, 2])),
  mfccsFromLogMelSpectrograms: at(tf.signal.mfccsFromLogMelSpectrograms),
};
/** Through complex64 with its digits of float32, whose gradients are in ops/spectral.test.ts. */
const fourierTransforms = ['fft', 'ifft', 'fft2d', 'ifft2d', 'fft3d', 'ifft3d'].flatMap((name) =>
  name.startsWith('i') ? [name, name.replace('ifft', 'irfft')] : [name, name.replace('fft', 'rfft')],
);
export const signalWithoutGradient = [
  ...fourierTransforms,
  ...['stft', 'inverseStft'],
  // made from host values
  ...['hannWindow', 'hammingWindow', 'kaiserWindow', 'kaiserBesselDerivedWindow', 'vorbisWindow'],
  ...['inverseStftWindowFn', 'linearToMelWeightMatrix'],
];

/** Public operations that are not functions of tensors, or whose results do not depend on them smoothly. */
export const operationsWithoutGradient = [
  ...mathematicsWithoutGradient,
  ...visionWithoutGradient,
  // complex64 has the digits of float32 only: its gradients are in ops/complex.test.ts
  ...['complex', 'real', 'imag', 'conj', 'angle'],
  ...fourierTransforms,
  // made from host values
  ...[
    'tensor1d',
    'tensor2d',
    'tensor3d',
    'tensor4d',
    'scalar',
    'variable',
    'fill',
    'zeros',
    'ones',
    'range',
    'linspace',
    'eye',
  ],
  // drawn: their gradients are in ops/sampling.test.ts
  ...['randomUniform', 'randomUniformInt', 'randomNormal', 'truncatedNormal', 'randomPermutation', 'setSeed'],
  ...['rand', 'randomStandardNormal', 'randomGamma', 'multinomial'],
  // of whole numbers, booleans or places
  ...['zerosLike', 'onesLike', 'oneHot', 'step', 'isNaN', 'isInf', 'isFinite', 'any', 'all', 'argMax', 'argMin'],
  ...['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual'],
  ...['logicalAnd', 'logicalOr', 'logicalXor', 'logicalNot'],
  // indices
  ...['span', 'Span'],
  // about the elements of a tensor on the host
  ...['buffer', 'TensorBuffer'],
  // about devices
  ...['device', 'getDevice', 'listDevices', 'setDevice'],
  // about TensorFlow.js' backends
  ...['getBackend', 'backend', 'setBackend', 'findBackend', 'ready', 'registerBackend', 'removeBackend'],
  // about text
  ...['printOptions', 'setPrintOptions'],
  // about measuring and the environment
  ...['profile', 'time', 'nextFrame', 'env', 'enableDebugMode', 'enableProdMode', 'disableDeprecationWarnings'],
  // about memory and text
  ...['disposeVariables', 'keep', 'tidy', 'dispose', 'memory', 'print'],
];
