/** @file TextVectorization: texts as the numbers of their words. */
import { type Config, sameSpelling } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import { customObject, registeredNameOf } from '../../serialization/registry.ts';
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../tensor/errors.ts';
import { formatShape } from '../../tensor/shape.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { requireCount } from '../expectations.ts';
import type { PartialShape, TensorTree, VariableStore } from '../layer.ts';
import { AdaptiveLayer, type Samples } from './adaptation.ts';
import type { OutputMode } from './categories.ts';
import type { RawValues } from './data-layer.ts';
import { type IndexLookupOptions, refuseFile } from './index-lookup-options.ts';
import { StringLookup, type StringLookupOptions, requireUTF8 } from './string-lookup.ts';

const standards = ['lowerAndStripPunctuation', 'lower', 'stripPunctuation'] as const;
const splits = ['whitespace', 'character'] as const;
const punctuation = '[!"#$%&()\\*\\+,-\\./:;<=>?@\\[\\\\\\]^_`{|}~\']';

/** What is made of each text before it is cut. */
export type Standardize = (typeof standards)[number] | ((texts: Tensor) => Tensor);
/** How a text is cut into tokens. */
export type Split = (typeof splits)[number] | ((texts: Tensor) => Tensor | RaggedTensor);

/** A function, or its name as configs have it. */
type FunctionIdentifier<F> = F | (string & {}) | { readonly className: 'function'; readonly config: string };

type Shared = Pick<
  IndexLookupOptions<string>,
  'maxTokens' | 'outputMode' | 'padToMaxTokens' | 'vocabulary' | 'idfWeights' | 'sparse' | 'vocabularySize'
>;

export interface TextVectorizationOptions extends Omit<StringLookupOptions, keyof IndexLookupOptions<string>>, Shared {
  name?: string;
  trainable?: boolean;
  dtype?: StringLookupOptions['dtype'];
  inputShape?: PartialShape;
  batchInputShape?: PartialShape;
  /** `lowerAndStripPunctuation` (default), `lower`, `stripPunctuation`, a function of a tensor of strings, or null for nothing. */
  standardize?: FunctionIdentifier<Exclude<Standardize, string>> | (typeof standards)[number] | null;
  /** `whitespace` (default), `character`, a function that gives the tokens of each string, or null: inputs are tokens already. */
  split?: FunctionIdentifier<Exclude<Split, string>> | (typeof splits)[number] | null;
  /** Neighbouring tokens joined by a space: all groups of up to so many, or of the sizes listed. Default null. */
  ngrams?: number | readonly number[] | null;
  /** With `int`: so many numbers for each text, cut or filled up with 0. Needed where a model shall be compiled. Default null: the longest text's. */
  outputSequenceLength?: number | null;
  /** With `int`: gives a `tf.RaggedTensor`, without zeros; default false. */
  ragged?: boolean;
}

/**
 * Texts as numbers: each is standardized, cut into tokens, joined to n-grams, and its tokens are looked up in a vocabulary, which `adapt`
 * finds: 0 is nothing, 1 a token that is not in it.
 *
 * Input: strings of shape [batch] or [batch, 1]. Output [batch, tokens] int64; or with `multiHot`, `count` and `tfIdf` a vector for
 * each text, in which place 0 is for tokens that are not in the vocabulary.
 *
 * @example
 * const layer = tf.layers.textVectorization({ outputSequenceLength: 4, vocabulary: ['to', 'be', 'or', 'not'] });
 * layer.apply(['To be, or what?']); // [[2, 3, 4, 1]]
 */
export class TextVectorization extends AdaptiveLayer {
  readonly standardize: Standardize | null;
  readonly split: Split | null;
  /** The sizes of n-grams. */
  readonly ngrams: readonly number[] | null;
  readonly outputMode: OutputMode;
  readonly outputSequenceLength: number | null;
  readonly ragged: boolean;
  /** Named as in Keras: files have its state under that name. */
  readonly _lookupLayer: StringLookup;
  private readonly givenNgrams: number | readonly number[] | null;

  constructor(options: TextVectorizationOptions = {}) {
    super({ ...options, autocast: false });
    const { name: _name, standardize, split, ngrams = null, outputSequenceLength: length = null, ...rest } = options;
    this.standardize = choice<Standardize, (typeof standards)[number]>(
      'standardize',
      standards,
      standardize,
      standards[0],
    );
    this.split = choice<Split, (typeof splits)[number]>('split', splits, split, 'whitespace');
    this.givenNgrams = ngrams;
    this.ngrams = ngrams === null ? null : this.sizesOf(ngrams);
    requireUTF8(this.name, options.encoding);
    const { maxTokens, outputMode, padToMaxTokens, vocabulary, idfWeights, sparse, vocabularySize, dtype } = rest;
    this._lookupLayer = new StringLookup({
      ...{ maxTokens, outputMode, padToMaxTokens, vocabulary, idfWeights, sparse, vocabularySize, dtype },
      ...{ maskToken: '', name: `${this.name}_lookup` },
    });
    this.outputMode = this._lookupLayer.outputMode;
    this.outputSequenceLength = length === null ? null : requireCount(this.name, 'outputSequenceLength', length);
    this.ragged = options.ragged ?? false;
    const wrong = this.outputSequenceLength !== null ? 'outputSequenceLength' : this.ragged ? 'ragged' : null;
    if (this.outputMode !== 'int' && wrong)
      throw new ArgumentError(`Layer ${this.name}: ${wrong} is for outputMode 'int', it has '${this.outputMode}'.`);
  }

  /** Of the inputs. */
  override get computeDtype(): DType {
    return 'string';
  }

  private sizesOf(ngrams: number | readonly number[]): readonly number[] {
    const sizes = typeof ngrams === 'number' ? Array.from({ length: ngrams }, (_, i) => i + 1) : [...ngrams];
    if (sizes.length === 0 || !sizes.every((size) => Number.isInteger(size) && size > 0))
      throw new ArgumentError(
        `Layer ${this.name}: expected ngrams to be a whole number of at least 1, or a list of them; got ${JSON.stringify(ngrams)}.`,
      );
    return sizes;
  }

  // ---- the vocabulary

  /** The tokens by their numbers. @param includeSpecialTokens - Whether `''` and `[UNK]` are among them; default true. */
  getVocabulary(includeSpecialTokens = true): string[] {
    return this._lookupLayer.getVocabulary(includeSpecialTokens);
  }

  /** How many numbers there are, 0 and that of unknown tokens among them. */
  vocabularySize(): number {
    return this._lookupLayer.vocabularySize();
  }

  /** Sets the vocabulary, as {@link StringLookup.setVocabulary} does. */
  setVocabulary(
    vocabulary: readonly string[] | Tensor | string,
    idfWeights: readonly number[] | Tensor | null = null,
  ): void {
    this._lookupLayer.setVocabulary(vocabulary, idfWeights);
  }

  override resetState(): void {
    this._lookupLayer.resetState();
  }

  override updateState(batch: Samples | RawValues): void {
    const texts = this.wholeOf(batch);
    if (!(texts instanceof Tensor))
      throw new ArgumentError(
        `Layer ${this.name}: adapt expected texts in a tensor or in arrays, got a ragged tensor.`,
      );
    this._lookupLayer.updateState(this.tokensOf(this.standardized(texts)));
  }

  override finalizeState(): void {
    this._lookupLayer.finalizeState();
  }

  // ---- from texts to numbers

  override call(inputs: Tensor): TensorTree {
    const texts = this.standardized(inputs);
    const { split, ngrams, outputMode, outputSequenceLength: length } = this;
    if (typeof split === 'string') {
      // Of a size that is known before the texts are: these are compiled.
      if (outputMode === 'int' && length !== null && !this.ragged)
        return this._lookupLayer.call(ops.strings.tokens(this.withoutLast(texts), length, { split, ngrams }));
      if (outputMode !== 'int' && outputMode !== 'oneHot') {
        const counts = ops.strings.countTokens(this.withoutLast(texts), this._lookupLayer.words, { split, ngrams });
        return this._lookupLayer.encodeCounts(counts);
      }
    }
    const tokens = this.tokensOf(texts);
    if (outputMode === 'oneHot' && tokens instanceof RaggedTensor)
      throw new ArgumentError(`Layer ${this.name}: outputMode 'oneHot' needs as many tokens of each text: split null.`);
    const numbers = this._lookupLayer.call(tokens);
    return outputMode === 'int' ? this.fitted(numbers as Tensor | RaggedTensor) : numbers;
  }

  private standardized(inputs: Tensor): Tensor {
    const { standardize } = this;
    if (inputs.dtype !== 'string')
      throw new DTypeError(`Layer ${this.name}: expected texts, got ${inputs.dtype}; tf.strings.asString makes some.`);
    if (typeof standardize === 'function') return standardize(inputs);
    const isLower = standardize === 'lower' || standardize === 'lowerAndStripPunctuation';
    const lowered = isLower ? ops.strings.lower(inputs) : inputs;
    return standardize === null || standardize === 'lower'
      ? lowered
      : ops.strings.regexReplace(lowered, punctuation, '');
  }

  /** [batch, 1] as [batch]. */
  private withoutLast(texts: Tensor): Tensor {
    if (texts.rank < 2) return texts;
    if (texts.shape[texts.rank - 1] !== 1)
      throw new ShapeError(
        `Layer ${this.name}: expected texts of shape [batch] or [batch, 1], got ${formatShape(texts.shape)}; with split null inputs may be tokens.`,
      );
    return ops.reshape(texts, texts.shape.slice(0, -1));
  }

  private tokensOf(texts: Tensor): Tensor | RaggedTensor {
    const { split, ngrams } = this;
    const cut = split === null ? texts : this.cut(this.withoutLast(texts), split);
    return ngrams ? ops.strings.ngrams(cut, ngrams) : cut;
  }

  private cut(texts: Tensor, split: Split): Tensor | RaggedTensor {
    if (typeof split === 'function') return split(texts);
    return split === 'whitespace' ? ops.strings.split(texts) : ops.strings.unicodeSplit(texts, 'UTF-8');
  }

  /** Rows of the wanted length. */
  private fitted(numbers: Tensor | RaggedTensor): TensorTree {
    const { outputSequenceLength: length, ragged } = this;
    if (numbers instanceof RaggedTensor) {
      if (ragged) return length === null ? numbers : (numbers.at(':', `:${length}`) as RaggedTensor);
      return numbers.toTensor(0, [...Array<null>(numbers.rank - 1).fill(null), length]);
    }
    if (length === null) return numbers;
    const last = numbers.rank - 1;
    const size = numbers.shape[last];
    const kept = numbers.shape.map((each, axis) => (axis === last ? Math.min(each, length) : each));
    const cut = ops.slice(
      numbers,
      kept.map(() => 0),
      kept,
    );
    if (ragged || size >= length) return cut;
    return ops.pad(
      cut,
      kept.map((_, axis) => [0, axis === last ? length - size : 0] as [number, number]),
    );
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    if (this.outputMode === 'int') return [inputShape[0] ?? null, this.outputSequenceLength];
    const tokens =
      this.split !== null ? this.tokenShape(inputShape) : inputShape.length < 2 ? [...inputShape, 1] : inputShape;
    return this._lookupLayer.computeOutputShape(tokens);
  }

  private tokenShape(inputShape: PartialShape): PartialShape {
    return [...(inputShape.length > 1 ? inputShape.slice(0, -1) : inputShape), null];
  }

  protected override outputForms(inputs: Tensor): unknown {
    return this.formOf(this.computeOutputShape(inputs.shape), this._lookupLayer.outputDtype);
  }

  // ---- saving

  override saveOwnVariables(store: VariableStore): void {
    this._lookupLayer.saveOwnVariables(store);
  }

  override loadOwnVariables(store: VariableStore): void {
    this._lookupLayer.loadOwnVariables(store);
  }

  /** Writes the vocabulary, unless the config has it. */
  saveAssets(files: Map<string, Uint8Array>): void {
    this._lookupLayer.saveAssets(files);
  }

  /** Reads the vocabulary, unless the config had it. */
  loadAssets(files: ReadonlyMap<string, Uint8Array>): void {
    this._lookupLayer.loadAssets(files);
  }

  override detail(): string {
    return this._lookupLayer.detail();
  }

  static fromConfig(config: Config): TextVectorization {
    refuseFile(config);
    return new TextVectorization(config as TextVectorizationOptions);
  }

  override getConfig(): Config {
    const lookup = this._lookupLayer.getConfig();
    const { maxTokens, padToMaxTokens, sparse, vocabulary, idfWeights, outputMode, encoding } = lookup;
    return {
      ...super.getConfig(),
      ...{ maxTokens, padToMaxTokens, sparse, vocabulary, idfWeights, outputMode, encoding },
      standardize: choiceConfig(this.standardize),
      split: choiceConfig(this.split),
      ngrams: this.givenNgrams,
      outputSequenceLength: this.outputSequenceLength,
      ragged: this.ragged,
      vocabularySize: lookup.vocabularySize,
    };
  }
}

/** One of the names in any spelling, a function or the name of a registered one, null, or the default. */
function choice<C, N extends C & string>(
  option: string,
  names: readonly N[],
  given: FunctionIdentifier<Exclude<C, string>> | null | undefined,
  byDefault: N,
): C | null {
  if (given === undefined) return byDefault;
  if (given === null || typeof given === 'function') return given as C | null;
  const name = typeof given === 'string' ? given : (given as { config: string }).config;
  const known = names.find((each) => sameSpelling(each, name));
  if (known !== undefined) return known;
  const registered = customObject(name);
  if (typeof registered === 'function') return registered as C;
  throw new ArgumentError(
    `Expected ${option} to be ${names.join(', ')}, null or a function; got '${name}', which is no function that was registered ` +
      `(tf.serialization.registerClass).`,
  );
}

/** A name, or a function by its name. */
const choiceConfig = (chosen: Standardize | Split | null): unknown =>
  typeof chosen === 'function' ? { className: 'function', config: registeredNameOf(chosen) ?? chosen.name } : chosen;
