/** @file tf.print, which writes at every call of a traced function too. */
import * as p from '../primitives/calls.ts';
import type { PrintParams } from '../primitives/primitives.ts';
import { ArgumentError } from '../tensor/errors.ts';
import { Tensor } from '../tensor/tensor.ts';
import { Variable } from '../tensor/variable.ts';
import { toTensor } from './convert.ts';
import type { TensorLike } from './convert.ts';
import { filled, messageOf } from './message.ts';

export interface PrintOptions {
  /** Between values. Default a space. */
  readonly sep?: string;
  /** So many elements at both ends of an axis are shown, -1 for all; long axes are cut by themselves where it is left out. */
  readonly summarize?: number;
  /** Default stdout. */
  readonly outputStream?: 'stdout' | 'stderr';
}

const optionNames = ['sep', 'summarize', 'outputStream'];
const isOptions = (value: unknown): value is PrintOptions =>
  typeof value === 'object' &&
  value !== null &&
  !(value instanceof Tensor) &&
  !(value instanceof Variable) &&
  !Array.isArray(value) &&
  Object.keys(value).length > 0 &&
  Object.keys(value).every((key) => optionNames.includes(key));

const isTensorLike = (value: unknown): value is TensorLike =>
  value instanceof Tensor || value instanceof Variable || ArrayBuffer.isView(value) || isNested(value);
/** Arrays of numbers, however deep. */
const isNested = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number' || isNested(item));

function summarized({ summarize }: PrintOptions): number | null {
  if (summarize === undefined) return null;
  if (!Number.isInteger(summarize) || summarize < -1 || summarize === 0)
    throw new ArgumentError(`print: summarize must be -1 or a whole number of 1 or more, got ${summarize}.`);
  return summarize === -1 ? Number.MAX_SAFE_INTEGER / 2 : summarize;
}

/**
 * Writes tensors and text to the console. In a `tf.function` it is part of the graph: it writes at every call, in the turn in
 * which it stands among other prints and assertions, in loops at every turn, with the values of that moment. (`console.log`
 * writes while the function is traced.)
 *
 * It takes tensors, variables, text, and arrays and objects of them. A text first with as many `{}` as values follow is
 * filled with them. A tensor alone, or with a boolean after it as in TensorFlow.js (with dtype, rank and shape), is written
 * as `console.log` writes it. Options may come last.
 * @example
 * ```ts
 * tf.print(tf.tensor([1, 2]));            // Tensor, [1, 2]
 * const f = tf.function((x: tf.Tensor) => {
 *   tf.print('the sum of {} is {}', x, x.sum());
 *   return x.square();
 * });
 * f(tf.tensor([1, 2]));                   // the sum of [1, 2] is 3
 * tf.print('step', 3, { loss: tf.scalar(0.5) }, { outputStream: 'stderr' });
 * ```
 */
export function print(x: TensorLike, verbose?: boolean): void;
export function print(...values: unknown[]): void;
export function print(...values: unknown[]): void {
  const [first, verbose] = values;
  const isAlone = values.length === 1 || (values.length === 2 && typeof verbose === 'boolean');
  if (isAlone && isTensorLike(first)) {
    write([toTensor(first, 'print')], {}, verbose === true ? 'verbose' : 'tensor');
    return;
  }
  const last = values[values.length - 1];
  const options = values.length > 1 && isOptions(last) ? last : {};
  const rest = options === last ? values.slice(0, -1) : values;
  const pieces = typeof first === 'string' ? filled(first, rest.slice(1)) : null;
  write(pieces ?? rest, options, 'elements', pieces !== null);
}

function write(pieces: readonly unknown[], options: PrintOptions, style: PrintParams['style'], isFilled = false): void {
  const { sep = ' ', outputStream = 'stdout' } = options;
  const { params, operands } = messageOf(pieces, isFilled ? '' : sep, summarized(options));
  p.print(operands, { ...params, style, stream: outputStream });
}
