/** @file IntegerLookup: whole numbers of any size as places in a vocabulary, and back. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, DTypeError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type IndexLookupOptions, refuseFile } from './index-lookup-options.ts';
import { IndexLookup } from './index-lookup.ts';

/** Numbers where they are exact, else bigints. */
type Integer = number | bigint;

export interface IntegerLookupOptions extends IndexLookupOptions<Integer> {
  /** `int64` alone. */
  vocabularyDtype?: 'int64';
}

/**
 * Whole numbers as their places in a vocabulary (int64, of the inputs' shape), or as vectors. Place 0 is that of numbers that are not in
 * it, or with a `maskToken` that token's, and then comes 1. With `invert` places as numbers, -1 (`oovToken`) for what no number has.
 *
 * @example
 * const layer = tf.layers.integerLookup({ vocabulary: [12, 36, 1138, 42] });
 * layer.apply([[12, 1138, 42], [42, 1000, 36]]); // [[1, 3, 4], [4, 0, 2]]
 */
export class IntegerLookup extends IndexLookup<Integer> {
  constructor(options: IntegerLookupOptions = {}) {
    super({ ...options, oovToken: options.oovToken === undefined ? -1 : options.oovToken }, 'int64');
    if (options.vocabularyDtype !== undefined && options.vocabularyDtype !== 'int64')
      throw new ArgumentError(
        `Layer ${this.name}: expected vocabularyDtype 'int64', got '${String(options.vocabularyDtype)}'.`,
      );
  }

  protected override toTokens(values: readonly Integer[] | Tensor): Integer[] {
    const given: Iterable<unknown> = values instanceof Tensor ? ops.cast(values, 'int64').dataSync() : values;
    return Array.from(given, (value) => {
      if (typeof value === 'bigint') return exact(value);
      if (typeof value === 'number' && Number.isInteger(value)) return value;
      throw new ArgumentError(`Layer ${this.name}: expected a vocabulary of whole numbers, it has ${String(value)}.`);
    });
  }

  protected override tokenOf(line: string): Integer {
    if (!/^[+-]?\d+$/.test(line.trim()))
      throw new ArgumentError(
        `Layer ${this.name}: expected a whole number in each line of a vocabulary, got ${JSON.stringify(line)}.`,
      );
    return exact(BigInt(line.trim()));
  }

  protected override compare(a: Integer, b: Integer): number {
    return a < b ? -1 : a > b ? 1 : 0;
  }

  protected override toTensor(tokens: readonly Integer[]): Tensor {
    return ops.tensor(BigInt64Array.from(tokens, BigInt), [tokens.length], 'int64');
  }

  protected override toKeys(inputs: Tensor): Tensor {
    if (inputs.dtype === 'string')
      throw new DTypeError(
        `Layer ${this.name}: expected whole numbers, got strings; tf.layers.stringLookup() is for those.`,
      );
    return ops.cast(inputs, 'int64');
  }

  static fromConfig(config: Config): IntegerLookup {
    refuseFile(config);
    return new IntegerLookup(config as IntegerLookupOptions);
  }
}

const exact = (value: bigint): Integer => (Number.isSafeInteger(Number(value)) ? Number(value) : value);
