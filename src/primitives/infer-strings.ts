/** @file Inference of the `strings` primitive: what each function of strings takes and gives. */
import type { DType } from '../tensor/dtype.ts';
import { bytesPerElement } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { formatShape, normalizeAxis, reducedShape, shapesEqual } from '../tensor/shape.ts';
import type { InferenceRules } from './infer.ts';
import type { AbstractValue } from './primitives.ts';
import type { StringCall, StringFunctionName } from './string-functions.ts';

type Rule<N extends StringFunctionName> = (inputs: readonly AbstractValue[], call: StringCall<N>) => AbstractValue;

function expect(name: StringFunctionName, { dtype, shape }: AbstractValue, wanted: DType): void {
  if (dtype === wanted) return;
  const advice =
    wanted === 'string' ? 'tf.strings.asString(x) makes strings of numbers.' : `tf.cast(x, '${wanted}') makes it so.`;
  throw new DTypeError(`strings.${name}: expected ${wanted}, got ${dtype} ${formatShape(shape)}; ${advice}`);
}

/** Of strings of one shape, strings or `dtype` of that shape. */
const mapped =
  <N extends StringFunctionName>(name: N, dtype: DType = 'string'): Rule<N> =>
  (inputs) => {
    for (const input of inputs) {
      expect(name, input, 'string');
      if (!shapesEqual(input.shape, inputs[0].shape))
        throw new ShapeError(
          `strings.${name}: expected operands of one shape, got ${inputs.map(({ shape }) => formatShape(shape)).join(' and ')}.`,
        );
    }
    return { dtype, shape: inputs[0].shape };
  };

function expectRank1(name: StringFunctionName, what: string, { shape }: AbstractValue): void {
  if (shape.length !== 1)
    throw new ShapeError(`strings.${name}: expected ${what} of rank 1, got shape ${formatShape(shape)}.`);
}

function expectBuckets(name: string, buckets: number): void {
  if (!Number.isSafeInteger(buckets) || buckets < 1)
    throw new ArgumentError(`strings.${name}: expected 1 bucket or more, got ${buckets}.`);
}

const rules: { readonly [N in StringFunctionName]: Rule<N> } = {
  lower: mapped('lower'),
  upper: mapped('upper'),
  strip: mapped('strip'),
  length: mapped('length', 'int32'),
  substr: ([x, position, length]) => {
    expect('substr', x, 'string');
    for (const index of [position, length]) {
      expect('substr', index, 'int32');
      if (!shapesEqual(index.shape, x.shape))
        throw new ShapeError(
          `strings.substr: expected positions and lengths of shape ${formatShape(x.shape)}, got ${formatShape(index.shape)}.`,
        );
    }
    return { dtype: 'string', shape: x.shape };
  },
  join: mapped('join'),
  reduceJoin: ([x], { axes, keepDims }) => {
    expect('reduceJoin', x, 'string');
    for (const axis of axes) normalizeAxis(axis, x.shape.length, 'strings.reduceJoin');
    return { dtype: 'string', shape: reducedShape(x.shape, axes, keepDims) };
  },
  joinRows: ([x], { rowSplits }) => {
    expect('joinRows', x, 'string');
    return { dtype: 'string', shape: [rowSplits.length - 1] };
  },
  regexReplace: mapped('regexReplace'),
  regexFullMatch: mapped('regexFullMatch', 'bool'),
  toNumber: (inputs, { dtype }) => ({ ...mapped('toNumber')(inputs, { function: 'toNumber', dtype }), dtype }),
  asString: ([x]) => {
    if (x.dtype === 'string') throw new DTypeError('strings.asString: the elements are strings already.');
    return { dtype: 'string', shape: x.shape };
  },
  format: () => ({ dtype: 'string', shape: [] }),
  hashBucket: (inputs, { buckets }) => {
    expectBuckets('toHashBucket', buckets);
    return { dtype: 'int64', shape: mapped('hashBucket')(inputs, undefined as never).shape };
  },
  crossBucket: (inputs, { buckets }) => {
    expectBuckets('crossBucket', buckets);
    const [{ shape }] = inputs;
    for (const input of inputs) {
      if (input.dtype !== 'int64') expect('crossBucket', input, 'string');
      if (!shapesEqual(input.shape, shape))
        throw new ShapeError(
          `strings.crossBucket: expected operands of one shape, got ${formatShape(shape)} and ${formatShape(input.shape)}.`,
        );
    }
    return { dtype: 'int64', shape };
  },
  lookUp: ([x, vocabulary]) => {
    expect('lookUp', vocabulary, x.dtype === 'int64' ? 'int64' : 'string');
    if (x.dtype !== 'int64') expect('lookUp', x, 'string');
    expectRank1('lookUp', 'a vocabulary', vocabulary);
    return { dtype: 'int64', shape: x.shape };
  },
  tokens: ([x], { length }) => {
    expect('tokens', x, 'string');
    expectRank1('tokens', 'strings', x);
    return { dtype: 'string', shape: [...x.shape, length] };
  },
  countTokens: ([x, vocabulary]) => {
    for (const operand of [x, vocabulary]) {
      expect('countTokens', operand, 'string');
      expectRank1('countTokens', 'strings', operand);
    }
    return { dtype: 'int32', shape: [x.shape[0], vocabulary.shape[0] + 1] };
  },
  transcode: mapped('transcode'),
  encodeCodePoints: ([codes], { rowSplits }) => {
    expect('encodeCodePoints', codes, 'int32');
    return { dtype: 'string', shape: [rowSplits.length - 1] };
  },
  script: ([codes]) => {
    expect('script', codes, 'int32');
    return { dtype: 'int32', shape: codes.shape };
  },
  encodeBase64: mapped('encodeBase64'),
  decodeBase64: mapped('decodeBase64'),
  decodeRaw: ([x], { dtype, length }) => {
    expect('decodeRaw', x, 'string');
    const size = bytesPerElement(dtype);
    if (length % size !== 0)
      throw new ArgumentError(
        `io.decodeRaw: ${length} bytes are no whole number of ${dtype} elements of ${size} bytes.`,
      );
    return { dtype, shape: [...x.shape, length / size] };
  },
};

export const inferStrings = {
  strings: (inputs, call) => {
    const rule: Rule<StringFunctionName> = rules[call.function] as Rule<StringFunctionName>;
    return [rule(inputs, call)];
  },
} satisfies Partial<InferenceRules>;
