/** @file What pictures take as numbers: tensors, typed arrays, arrays of numbers. */
import { type NestedArray, readHostValues, toNumbers } from '../tensor/host.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type Shape, formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';

/** Numbers in any of the usual forms. */
export type NumericInput = Tensor | Variable | NestedArray;

/** Whether data is an object of fields, rather than numbers themselves. */
export const isRecord = (data: unknown): data is Readonly<Record<string, unknown>> =>
  typeof data === 'object' &&
  data !== null &&
  !Array.isArray(data) &&
  !ArrayBuffer.isView(data) &&
  !(data instanceof Tensor) &&
  !(data instanceof Variable);

/** Numbers, row-major. */
export interface Numbers {
  readonly values: ArrayLike<number>;
  readonly shape: Shape;
  /** Whether they came in an integer dtype. */
  readonly integers: boolean;
}

/** Reads numbers from any of their forms. @throws ArgumentError, ShapeError */
export function readNumbers(input: NumericInput, operation: string): Numbers {
  const tensor = input instanceof Variable ? input.value : input;
  if (tensor instanceof Tensor)
    return {
      values: toNumbers(tensor.dataSync(), tensor.dtype),
      shape: tensor.shape,
      integers: !tensor.dtype.startsWith('float'),
    };
  if (Array.isArray(tensor) && tensor[0] instanceof Tensor) return stack(tensor as unknown as Tensor[], operation);
  const { values, shape, dtype } = readHostValues(tensor, operation);
  if (dtype === 'string') throw new ArgumentError(`${operation} expects numbers, got strings.`);
  return { values: Array.from(values as ArrayLike<unknown>, Number), shape, integers: !dtype.startsWith('float') };
}

/** As `readNumbers`, of a certain rank. */
export function readRank(input: NumericInput, rank: number, operation: string): Numbers {
  const numbers = readNumbers(input, operation);
  if (numbers.shape.length !== rank)
    throw new ShapeError(`${operation} expects values of rank ${rank}, got shape ${formatShape(numbers.shape)}.`);
  return numbers;
}

/** Rank 1 numbers as an array. */
export const readVector = (input: NumericInput, operation: string): number[] =>
  Array.from(readRank(input, 1, operation).values);

/** Rank 2 numbers as rows. */
export function readMatrix(input: NumericInput, operation: string): number[][] {
  const { values, shape } = readRank(input, 2, operation);
  return Array.from({ length: shape[0] }, (_, row) =>
    Array.from({ length: shape[1] }, (_, column) => values[row * shape[1] + column]),
  );
}

function stack(tensors: readonly Tensor[], operation: string): Numbers {
  const { shape } = tensors[0];
  const parts = tensors.map((tensor) => readNumbers(tensor, operation));
  if (parts.some((part) => part.shape.join() !== shape.join()))
    throw new ArgumentError(
      `${operation}: the tensors of a list must have one shape; the first has ${formatShape(shape)}.`,
    );
  return {
    values: parts.flatMap(({ values }) => Array.from(values)),
    shape: [tensors.length, ...shape],
    integers: parts[0].integers,
  };
}

/** Least and greatest of the finite values; `[0, 0]` where there are none. */
export function extent(values: ArrayLike<number>): [low: number, high: number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}
