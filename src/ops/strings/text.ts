/** @file Strings changed, measured, cut and joined. */
import * as p from '../../primitives/calls.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import type { StringUnit } from '../../primitives/string-functions.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { normalizeAxis } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, ownTensor, toTensor } from '../convert.ts';
import { type Like, type StringsLike, inOneShape, onStrings, toStrings } from './operands.ts';
import { op } from '../../symbolic/op.ts';

/** `''`: only the letters of ASCII; `'utf-8'`: all letters of Unicode. */
export type CaseEncoding = '' | 'utf-8';

/**
 * Each string in lower case.
 *
 * @param encoding `''` (default) changes the letters of ASCII only, `'utf-8'` all letters.
 * @example `tf.strings.lower(['CamelCase']) // ["camelcase"]`
 */
export const lower = op(
  'strings.lower',
  <Input extends StringsLike>(input: Input, encoding: CaseEncoding = ''): Like<Input> =>
    onStrings(input, 'strings.lower', (x) => p.strings([x], { function: 'lower', encoding })),
);

/** Each string in upper case; `encoding` as in {@link lower}. @example `tf.strings.upper(['é'], 'utf-8') // ["É"]` */
export const upper = op(
  'strings.upper',
  <Input extends StringsLike>(input: Input, encoding: CaseEncoding = ''): Like<Input> =>
    onStrings(input, 'strings.upper', (x) => p.strings([x], { function: 'upper', encoding })),
);

/** Each string without white space (of ASCII) at its ends. @example `tf.strings.strip([' a b\n']) // ["a b"]` */
export const strip = op('strings.strip', <Input extends StringsLike>(input: Input): Like<Input> =>
  onStrings(input, 'strings.strip', (x) => p.strings([x], { function: 'strip' })),
);

function checkUnit(unit: StringUnit, operation: string): void {
  if (unit !== 'BYTE' && unit !== 'UTF8_CHAR')
    throw new ArgumentError(`${operation}: expected the unit 'BYTE' or 'UTF8_CHAR', got ${JSON.stringify(unit)}.`);
}

/**
 * The length of each string, int32.
 *
 * @param unit `'BYTE'` (default), or `'UTF8_CHAR'` for characters.
 * @example `tf.strings.length(['né'], 'UTF8_CHAR') // [2]; in bytes it is 3`
 */
export const length = op('strings.length', function length<
  Input extends StringsLike,
>(input: Input, unit: StringUnit = 'BYTE'): Like<Input> {
  checkUnit(unit, 'strings.length');
  return onStrings(input, 'strings.length', (x) => p.strings([x], { function: 'length', unit }));
});

/**
 * A part of each string.
 *
 * @param pos Where it begins, from the end where negative; one for all, or of a shape that broadcasts with the strings.
 * @param len How long it is at most; as `pos`.
 * @param unit What `pos` and `len` count: `'BYTE'` (default) or `'UTF8_CHAR'`.
 * @throws ArgumentError where a string ends before `pos`
 * @example `tf.strings.substr(['Hello', 'World'], 1, 3) // ["ell", "orl"]`
 */
export const substr = op(
  'strings.substr',
  function substr(input: TensorLike, pos: TensorLike, len: TensorLike, unit: StringUnit = 'BYTE'): Tensor {
    checkUnit(unit, 'strings.substr');
    const [position, count] = [pos, len].map((index) => p.cast(toTensor(index, 'strings.substr', 'int32'), 'int32'));
    const operands = inOneShape([toStrings(input, 'strings.substr'), position, count], 'strings.substr');
    return p.strings(operands, { function: 'substr', unit });
  },
);

/**
 * Strings of several tensors, which broadcast, one after another.
 *
 * @example `tf.strings.join([['a', 'b'], '!'], '-') // ["a-!", "b-!"]`
 */
export const join = op('strings.join', function join(inputs: readonly TensorLike[], separator = ''): Tensor {
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw new ArgumentError('strings.join: expected an array of at least one tensor of strings.');
  const operands = inputs.map((input) => toStrings(input, 'strings.join'));
  if (operands.length === 1) return ownTensor(operands[0], inputs[0]);
  return p.strings(inOneShape(operands, 'strings.join'), { function: 'join', separator });
});

/**
 * All strings along some axes in one.
 *
 * @param axis The axes, the one joined first before the others: `[1, 0]` joins row by row, `[0, 1]` column by column. All of them
 *   by default, row by row.
 * @example `tf.strings.reduceJoin([['a', 'b'], ['c', 'd']], 1, false, '+') // ["a+b", "c+d"]`
 */
export function reduceJoin(
  input: TensorLike,
  axis?: number | readonly number[] | null,
  keepDims?: boolean,
  separator?: string,
): Tensor;
export function reduceJoin(
  input: StringsLike,
  axis?: number | readonly number[] | null,
  keepDims?: boolean,
  separator?: string,
): Tensor | RaggedTensor;
export function reduceJoin(
  input: StringsLike,
  axis: number | readonly number[] | null = null,
  keepDims = false,
  separator = '',
): Tensor | RaggedTensor {
  if (input instanceof RaggedTensor) return joinRows(input, axis, keepDims, separator);
  const x = toStrings(input, 'strings.reduceJoin');
  const given = axis === null ? x.shape.map((_, i) => x.rank - 1 - i) : typeof axis === 'number' ? [axis] : axis;
  const axes = given.map((a) => normalizeAxis(a, x.rank, 'strings.reduceJoin'));
  if (new Set(axes).size !== axes.length)
    throw new ArgumentError(`strings.reduceJoin: an axis is named twice in [${given.join(', ')}].`);
  return p.strings([x], { function: 'reduceJoin', axes, keepDims, separator });
}

/** The strings of each row in one: along the last axis, which is ragged. */
function joinRows(
  input: RaggedTensor,
  axis: number | readonly number[] | null,
  keepDims: boolean,
  separator: string,
): Tensor | RaggedTensor {
  const { values, rank } = input;
  if (axis === null) return reduceJoin(input.flatValues, null, false, separator);
  const [at, ...others] = (typeof axis === 'number' ? [axis] : axis).map((a) =>
    normalizeAxis(a, rank, 'strings.reduceJoin'),
  );
  if (at !== rank - 1 || others.length > 0 || keepDims)
    throw new ArgumentError('strings.reduceJoin: of a ragged tensor the last axis can be joined, or all of them.');
  if (values instanceof RaggedTensor || values.rank > 1)
    return input.withValues(reduceJoin(values, -1, false, separator));
  const flat = toStrings(values, 'strings.reduceJoin');
  return p.strings([flat], { function: 'joinRows', separator, rowSplits: input.partition.splits });
}

export interface FormatOptions {
  /** What stands for a tensor in the template. Default `{}`. */
  readonly placeholder?: string;
  /** So many elements at the ends of each axis are written; -1 for all. Default 3. */
  readonly summarize?: number;
}

/**
 * One string with tensors written into it.
 *
 * @param template Text with a placeholder for each tensor.
 * @throws ArgumentError unless there are as many placeholders as tensors
 * @example `tf.strings.format('loss {} at {}', [0.5, tf.range(0, 10)]) // "loss 0.5 at [0 1 2 ... 7 8 9]"`
 */
export const format = op(
  'strings.format',
  function format(
    template: string,
    inputs: TensorLike | readonly TensorLike[],
    { placeholder = '{}', summarize = 3 }: FormatOptions = {},
  ): Tensor {
    const list = Array.isArray(inputs) ? (inputs as readonly TensorLike[]) : [inputs as TensorLike];
    const places = template.split(placeholder).length - 1;
    if (placeholder === '' || places !== list.length)
      throw new ArgumentError(
        `strings.format: the template has ${places} times ${JSON.stringify(placeholder)}, for ${list.length} tensors.`,
      );
    return p.strings(
      list.map((input) => toTensor(input, 'strings.format')),
      { function: 'format', template, placeholder, summarize },
    );
  },
);
