/** @file StringLookup: strings as whole numbers, and back. */
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { ArgumentError, DTypeError } from '../../tensor/errors.ts';
import { compareBytes, encodeText } from '../../tensor/string-storage.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { type IndexLookupOptions, refuseFile } from './index-lookup-options.ts';
import { IndexLookup } from './index-lookup.ts';

export interface StringLookupOptions extends IndexLookupOptions<string> {
  /** Of the bytes of tokens; `utf-8` alone. */
  encoding?: string;
}

/** @throws ArgumentError unless it is UTF-8 */
export function requireUTF8(layer: string, encoding: string | undefined): void {
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
    throw new ArgumentError(
      `Layer ${layer}: expected encoding 'utf-8', got '${encoding}'; tf.strings.unicodeTranscode makes UTF-8 of other encodings.`,
    );
}

/**
 * Strings as their places in a vocabulary (int64, of the inputs' shape), or as vectors. Place 0 is that of strings that are not in it,
 * or with a `maskToken` that token's, and then comes 1. With `invert` places as strings.
 *
 * @example
 * const layer = tf.layers.stringLookup({ vocabulary: ['a', 'b', 'c'] });
 * layer.apply([['a', 'c'], ['z', 'b']]); // [[1, 3], [0, 2]]
 */
export class StringLookup extends IndexLookup<string> {
  constructor(options: StringLookupOptions = {}) {
    super({ ...options, oovToken: options.oovToken === undefined ? '[UNK]' : options.oovToken }, 'string');
    requireUTF8(this.name, options.encoding);
  }

  protected override toTokens(values: readonly string[] | Tensor): string[] {
    const given: readonly unknown[] =
      values instanceof Tensor ? (ops.reshape(values, [values.size]).arraySync() as unknown as string[]) : values;
    const other = given.find((token) => typeof token !== 'string');
    if (other !== undefined)
      throw new ArgumentError(`Layer ${this.name}: expected a vocabulary of strings, it has ${String(other)}.`);
    return [...(given as readonly string[])];
  }

  protected override tokenOf(line: string): string {
    return line;
  }

  protected override compare(a: string, b: string): number {
    return compareBytes(encodeText(a), encodeText(b));
  }

  protected override toTensor(tokens: readonly string[]): Tensor {
    return ops.tensor([...tokens], [tokens.length], 'string');
  }

  protected override toKeys(inputs: Tensor): Tensor {
    if (inputs.dtype !== 'string')
      throw new DTypeError(
        `Layer ${this.name}: expected strings, got ${inputs.dtype}; tf.layers.integerLookup() is for whole numbers.`,
      );
    return inputs;
  }

  static fromConfig(config: Config): StringLookup {
    refuseFile(config);
    return new StringLookup(config as StringLookupOptions);
  }

  override getConfig(): Config {
    const { vocabularyDtype: _always, ...config } = super.getConfig();
    return { ...config, encoding: 'utf-8' };
  }
}
