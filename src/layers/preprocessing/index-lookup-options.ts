/** @file Options of StringLookup and IntegerLookup. */
import type { Config } from '../../configuration.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { LayerOptions } from '../layer.ts';
import type { OutputMode } from './categories.ts';
import type { Salt } from './hashing.ts';
import type { Token } from './token-counts.ts';

export const outputModes = ['int', 'oneHot', 'multiHot', 'count', 'tfIdf'] as const;

export interface IndexLookupOptions<T extends Token> extends LayerOptions {
  /** At most so many places, those of the mask and of what is out of the vocabulary among them; default: no limit. */
  maxTokens?: number | null;
  /** How many places there are for what is out of the vocabulary, chosen by a hash; with 0 it is an error. Default 1. */
  numOovIndices?: number;
  /** What stands for nothing: place 0 with `int`, in no vector with the other modes. Default null: no such token. */
  maskToken?: T | null;
  /** With `invert`, what comes of places that are out of the vocabulary. */
  oovToken?: T | null;
  /** The tokens, or the path of a text file with one a line; else `adapt` finds them. */
  vocabulary?: readonly T[] | Tensor | string | null;
  /** With `tfIdf` and a vocabulary: the weight of each of its tokens. */
  idfWeights?: readonly number[] | Tensor | null;
  /** Gives tokens for places; default false. */
  invert?: boolean;
  /**
   * `int` (default): the place of each token. `oneHot`: a vector for each token. `multiHot`, `count`: one for each sample, which is
   * the last axis, of what is in it, or how often. `tfIdf`: the counts times the tokens' inverse document frequencies.
   */
  outputMode?: OutputMode | (string & {});
  /** Vectors of size `maxTokens` also where the vocabulary is smaller; default false. */
  padToMaxTokens?: boolean;
  /** Gives a `tf.SparseTensor`, outside of compiled functions; not with `int`. Default false. */
  sparse?: boolean;
  /** How whole numbers out of the vocabulary find their place: `floormod` (default) by the remainder, `farmhash` by a hash. Strings are hashed. */
  oovMethod?: 'floormod' | 'farmhash';
  /** Makes the hash one that nobody can foresee (SipHash); default null. */
  salt?: Salt | null;
  /** How large the vocabulary was, in the config of a layer whose vocabulary is kept in another file. */
  vocabularySize?: number | null;
}

/** @throws ArgumentError where options are wrong or do not go together */
export function checkLookupOptions<T extends Token>(
  layer: string,
  options: IndexLookupOptions<T> & Required<Pick<IndexLookupOptions<T>, 'numOovIndices' | 'outputMode' | 'oovMethod'>>,
  keyDType: 'string' | 'int64',
): void {
  const { maxTokens = null, numOovIndices, outputMode, oovMethod, vocabulary = null, idfWeights = null } = options;
  const refuse = (why: string): never => {
    throw new ArgumentError(`Layer ${layer}: ${why}.`);
  };
  if (maxTokens !== null && !(Number.isInteger(maxTokens) && maxTokens > 1))
    refuse(`expected maxTokens to be a whole number above 1, got ${maxTokens}`);
  if (options.padToMaxTokens && maxTokens === null) refuse('padToMaxTokens needs maxTokens');
  if (!Number.isInteger(numOovIndices) || numOovIndices < 0)
    refuse(`expected numOovIndices to be a whole number of at least 0, got ${numOovIndices}`);
  if (options.invert && outputMode !== 'int') refuse(`invert needs outputMode 'int', got '${outputMode}'`);
  if (oovMethod !== 'floormod' && oovMethod !== 'farmhash')
    refuse(`expected oovMethod 'floormod' or 'farmhash', got '${String(oovMethod)}'`);
  if (options.salt && keyDType === 'int64' && oovMethod !== 'farmhash') refuse("salt needs oovMethod 'farmhash'");
  if (idfWeights !== null && outputMode !== 'tfIdf')
    refuse(`idfWeights are for outputMode 'tfIdf', got '${outputMode}'`);
  if (outputMode === 'tfIdf' && vocabulary !== null && idfWeights === null)
    refuse("outputMode 'tfIdf' needs idfWeights along with the vocabulary");
}

/** A config from a file may not name another file, which then would be read. @throws ArgumentError */
export function refuseFile(config: Config): void {
  if (typeof config.vocabulary === 'string')
    throw new ArgumentError(
      `A saved layer names the file '${config.vocabulary}' as its vocabulary. Files beside the model are not read; ` +
        `make the layer with that vocabulary and load weights alone.`,
    );
}
