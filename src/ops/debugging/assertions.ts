/** @file tf.debugging.assert*: conditions that must hold at every call, inside a traced function too. */
import * as p from '../../primitives/calls.ts';
import type { DType } from '../../tensor/dtype.ts';
import { isFloating, isInteger } from '../../tensor/dtype.ts';
import { DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { partsOf } from '../../tensor/complex.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, toPair, toTensor } from '../convert.ts';
import * as logical from '../logical.ts';
import { messageOf } from '../message.ts';
import { all } from '../reduction.ts';

export interface AssertOptions {
  /** What stands before the values in the error. */
  readonly message?: string;
  /** So many elements at both ends of an axis are shown. Default 3. */
  readonly summarize?: number;
}

/** Fails at once, or at each call of the function that is traced. */
function check(condition: Tensor, pieces: readonly unknown[], summarize = 3): void {
  const holds = condition.rank === 0 ? p.cast(condition, 'bool') : all(condition);
  const { params, operands } = messageOf(pieces, '', summarize);
  p.assert([holds, ...operands], params);
}

/**
 * Ends the program with an error where a condition does not hold; in a `tf.function` at every call, before anything that it
 * assigns is assigned.
 *
 * @param condition A boolean, or a tensor all of whose elements must be true.
 * @param data What the error shows: tensors, text.
 * @throws AssertionError
 * @example `tf.debugging.assert(x.greater(0), ['x must be positive, is', x])`
 */
function assert(
  condition: TensorLike,
  data: readonly unknown[] = [],
  { message, summarize }: AssertOptions = {},
): void {
  const pieces = [message ?? 'assert: the condition does not hold', ...data];
  check(toTensor(condition, 'assert'), separated(pieces), summarize);
}
export { assert };

const separated = (pieces: readonly unknown[]): unknown[] =>
  pieces.flatMap((piece, i) => (i === 0 ? [piece] : [' ', piece]));

type Comparison = (x: Tensor, y: Tensor) => Tensor;

/** An assertion about two operands that broadcast. */
const comparing =
  (name: string, sign: string, compare: Comparison) =>
  (x: TensorLike, y: TensorLike, { message, summarize }: AssertOptions = {}): void => {
    const [a, b] = toPair(x, y, name);
    const pieces = [
      `${message ? `${message} ` : ''}${name}: x ${sign} y does not hold element by element, where x = `,
      a,
      ', y = ',
      b,
    ];
    check(compare(a, b), pieces, summarize);
  };

/** An assertion about every element of one operand. */
const comparingWithZero =
  (name: string, sign: string, compare: Comparison) =>
  (x: TensorLike, { message, summarize }: AssertOptions = {}): void => {
    const a = toTensor(x, name);
    const pieces = [
      `${message ? `${message} ` : ''}${name}: x ${sign} 0 does not hold element by element, where x = `,
      a,
    ];
    check(compare(a, toTensor(0, name, a.dtype)), pieces, summarize);
  };

/** All elements are equal. @throws AssertionError, at every call of a traced function */
export const assertEqual = comparing('assertEqual', '=', logical.equal);
/** No elements in one place are equal. @throws AssertionError, at every call of a traced function */
export const assertNoneEqual = comparing('assertNoneEqual', '≠', logical.notEqual);
/** `x < y` in every place. @throws AssertionError, at every call of a traced function */
export const assertLess = comparing('assertLess', '<', logical.less);
/** `x ≤ y` in every place. @throws AssertionError, at every call of a traced function */
export const assertLessEqual = comparing('assertLessEqual', '≤', logical.lessEqual);
/** `x > y` in every place. @throws AssertionError, at every call of a traced function */
export const assertGreater = comparing('assertGreater', '>', logical.greater);
/** `x ≥ y` in every place. @throws AssertionError, at every call of a traced function */
export const assertGreaterEqual = comparing('assertGreaterEqual', '≥', logical.greaterEqual);
/** `x > 0` everywhere. @throws AssertionError, at every call of a traced function */
export const assertPositive = comparingWithZero('assertPositive', '>', logical.greater);
/** `x ≥ 0` everywhere. @throws AssertionError, at every call of a traced function */
export const assertNonNegative = comparingWithZero('assertNonNegative', '≥', logical.greaterEqual);
/** `x < 0` everywhere. @throws AssertionError, at every call of a traced function */
export const assertNegative = comparingWithZero('assertNegative', '<', logical.less);
/** `x ≤ 0` everywhere. @throws AssertionError, at every call of a traced function */
export const assertNonPositive = comparingWithZero('assertNonPositive', '≤', logical.lessEqual);

export interface AssertNearOptions extends AssertOptions {
  /** Allowed in relation to `|y|`. Default 10 machine epsilons of the dtype. */
  readonly rtol?: number;
  /** Allowed at any number. Default as `rtol`. */
  readonly atol?: number;
}

/** 10 times the distance of 1 to the next number. */
const defaultTolerance: Partial<Record<DType, number>> = {
  float16: 10 * 2 ** -10,
  float32: 10 * 2 ** -23,
  float64: 10 * 2 ** -52,
};

/** `|x - y| ≤ atol + rtol |y|` in every place. @throws AssertionError, at every call of a traced function */
export function assertNear(x: TensorLike, y: TensorLike, options: AssertNearOptions = {}): void {
  const [a, b] = toPair(x, y, 'assertNear');
  const { rtol = defaultTolerance[a.dtype] ?? 0, atol = defaultTolerance[a.dtype] ?? 0, message, summarize } = options;
  const wide = isFloating(a.dtype) ? a.dtype : 'float64';
  const [left, right] = [p.cast(a, wide), p.cast(b, wide)];
  const number = (value: number): Tensor => toTensor(value, 'assertNear', wide);
  const allowed = p.add(number(atol), p.mul(number(rtol), p.abs(right)));
  // Equal infinities are near, though their difference is none.
  const isNear = p.logicalOr(p.lessEqual(p.abs(p.sub(left, right)), allowed), p.equal(left, right));
  check(
    isNear,
    [
      `${message ? `${message} ` : ''}assertNear: |x - y| ≤ ${atol} + ${rtol} |y| does not hold element by element, where x = `,
      a,
      ', y = ',
      b,
    ],
    summarize,
  );
}

/** No element is NaN or infinite. @throws AssertionError, at every call of a traced function */
export function assertAllFinite(x: TensorLike, { message, summarize }: AssertOptions = {}): void {
  const a = toTensor(x, 'assertAllFinite');
  for (const part of partsOf(a)) {
    if (!isFloating(part.dtype)) return;
    // NaN and infinity less themselves are NaN.
    const isFinite = p.logicalNot(p.isNaN(p.sub(part, part)));
    check(
      isFinite,
      [`${message ? `${message} ` : ''}assertAllFinite: there are NaN or infinite elements in `, a],
      summarize,
    );
  }
}

const refusal = (message: string | undefined, text: string): string => `${message ? `${message} ` : ''}${text}`;

/** The tensor has this many axes. @throws ShapeError, while a function is traced */
export function assertRank(x: TensorLike, rank: number, { message }: AssertOptions = {}): void {
  const { shape } = toTensor(x, 'assertRank');
  if (shape.length !== rank)
    throw new ShapeError(refusal(message, `assertRank: expected rank ${rank}, got ${formatShape(shape)}.`));
}

/** The tensor has at least this many axes. @throws ShapeError, while a function is traced */
export function assertRankAtLeast(x: TensorLike, rank: number, { message }: AssertOptions = {}): void {
  const { shape } = toTensor(x, 'assertRankAtLeast');
  if (shape.length < rank)
    throw new ShapeError(
      refusal(message, `assertRankAtLeast: expected rank ${rank} or more, got ${formatShape(shape)}.`),
    );
}

/** The number of axes is one of these. @throws ShapeError, while a function is traced */
export function assertRankIn(x: TensorLike, ranks: readonly number[], { message }: AssertOptions = {}): void {
  const { shape } = toTensor(x, 'assertRankIn');
  if (!ranks.includes(shape.length))
    throw new ShapeError(
      refusal(message, `assertRankIn: expected rank ${ranks.join(' or ')}, got ${formatShape(shape)}.`),
    );
}

/** The tensor has no axes. @throws ShapeError, while a function is traced */
export const assertScalar = (x: TensorLike, options: AssertOptions = {}): void => assertRank(x, 0, options);

/** The elements are of this dtype. @throws DTypeError, while a function is traced */
export function assertType(x: TensorLike, dtype: DType, { message }: AssertOptions = {}): void {
  const found = toTensor(x, 'assertType').dtype;
  if (found !== dtype) throw new DTypeError(refusal(message, `assertType: expected ${dtype}, got ${found}.`));
}

/** The elements are whole numbers by their dtype. @throws DTypeError, while a function is traced */
export function assertInteger(x: TensorLike, { message }: AssertOptions = {}): void {
  const found = toTensor(x, 'assertInteger').dtype;
  if (!isInteger(found))
    throw new DTypeError(refusal(message, `assertInteger: expected an integer dtype, got ${found}.`));
}

/** All tensors have one dtype. @throws DTypeError, while a function is traced */
export function assertSameFloatDtype(tensors: readonly TensorLike[], dtype?: DType): DType {
  const found = tensors.map((x) => toTensor(x, 'assertSameFloatDtype').dtype);
  const wanted = dtype ?? found[0] ?? 'float32';
  if (!isFloating(wanted) || found.some((each) => each !== wanted))
    throw new DTypeError(
      `assertSameFloatDtype: expected tensors of one floating dtype${dtype ? `, ${dtype}` : ''}, got ${found.join(', ')}.`,
    );
  return wanted;
}

/** A tensor with what its axes must be: a number, a name that stands for one number in all shapes, or null for anything. */
export type ShapeRow = readonly [x: TensorLike, dimensions: readonly (number | string | null)[]];

/**
 * Shapes fit each other: equal names stand for equal sizes.
 *
 * @throws ShapeError, while a function is traced
 * @example `tf.debugging.assertShapes([[x, ['N', 'D']], [w, ['D', 10]], [y, ['N', null]]])`
 */
export function assertShapes(rows: readonly ShapeRow[], { message }: AssertOptions = {}): void {
  const sizes = new Map<string, number>();
  rows.forEach(([x, dimensions], row) => {
    const { shape } = toTensor(x, 'assertShapes');
    const fail = (why: string): never => {
      const wanted = `[${dimensions.map((d) => d ?? '?').join(', ')}]`;
      throw new ShapeError(
        refusal(
          message,
          `assertShapes: tensor ${row + 1} of ${rows.length} must have shape ${wanted}, got ${formatShape(shape)}: ${why}.`,
        ),
      );
    };
    if (shape.length !== dimensions.length) fail(`rank ${shape.length} instead of ${dimensions.length}`);
    dimensions.forEach((wanted, axis) => {
      const size = typeof wanted === 'string' ? (sizes.get(wanted) ?? shape[axis]) : (wanted ?? shape[axis]);
      if (size !== shape[axis])
        fail(
          `${typeof wanted === 'string' ? `${wanted} was ${size} before` : `axis ${axis} must be ${size}`}, and is ${shape[axis]}`,
        );
      if (typeof wanted === 'string') sizes.set(wanted, size);
    });
  });
}
