/** @file IndexLookup: what StringLookup and IntegerLookup share: a vocabulary, and places in it. */
import { readFileSync } from 'node:fs';
import type { Config } from '../../configuration.ts';
import * as ops from '../../ops/index.ts';
import { RaggedTensor } from '../../ragged/index.ts';
import type { DType } from '../../tensor/dtype.ts';
import { ArgumentError } from '../../tensor/errors.ts';
import { Tensor } from '../../tensor/tensor.ts';
import { initScope } from '../../tracing/trace.ts';
import type { PartialShape, TensorTree, VariableStore } from '../layer.ts';
import { AdaptiveLayer, type Samples } from './adaptation.ts';
import { type OutputMode, encodeCategories, encodedShape, requireOutputMode, requireSparse } from './categories.ts';
import type { RawValues } from './data-layer.ts';
import { bucketsOf, requireSalt } from './hashing.ts';
import { type IndexLookupOptions, checkLookupOptions, outputModes } from './index-lookup-options.ts';
import { type Token, TokenCounts, documentsOf } from './token-counts.ts';
import { checkVocabulary, linesOf } from './vocabulary.ts';

const assetName = 'vocabulary.txt';

/** Tokens as their places in a vocabulary: first the mask's (with `int`), then those for what is not in it, then its tokens. */
export abstract class IndexLookup<T extends Token> extends AdaptiveLayer {
  readonly maxTokens: number | null;
  readonly numOovIndices: number;
  readonly maskToken: T | null;
  readonly oovToken: T | null;
  readonly invert: boolean;
  readonly outputMode: OutputMode;
  readonly padToMaxTokens: boolean;
  readonly sparse: boolean;
  readonly oovMethod: 'floormod' | 'farmhash';
  readonly salt: readonly [number, number] | null;
  private readonly keyDType: 'string' | 'int64';
  /** What the options gave; null for a path, whose text goes into a file of its own. */
  private readonly givenVocabulary: readonly T[] | null;
  private readonly givenWeights: readonly number[] | null;
  private readonly isGiven: boolean;
  private tokens: readonly T[] = [];
  private frozenSize: number | null;
  private idfWeights: Tensor | null = null;
  private counts = new TokenCounts<T>();
  /** Of the vocabulary as it is now, for the operations. */
  private tables: { readonly words: Tensor; readonly lookUp: Tensor; readonly inverse: Tensor | null } | null = null;

  constructor(options: IndexLookupOptions<T>, keyDType: 'string' | 'int64') {
    super({ ...options, autocast: false });
    const { vocabulary = null, idfWeights = null, maxTokens = null } = options;
    this.keyDType = keyDType;
    this.maxTokens = maxTokens;
    this.numOovIndices = options.numOovIndices ?? 1;
    this.maskToken = options.maskToken ?? null;
    this.oovToken = options.oovToken ?? null;
    this.invert = options.invert ?? false;
    this.outputMode = requireOutputMode(this.name, options.outputMode ?? 'int', outputModes);
    this.padToMaxTokens = options.padToMaxTokens ?? false;
    this.sparse = requireSparse(this.name, options.sparse, this.outputMode);
    this.oovMethod = options.oovMethod ?? 'floormod';
    this.salt = requireSalt(this.name, options.salt);
    this.frozenSize = options.vocabularySize ?? null;
    this.isGiven = vocabulary !== null;
    const { numOovIndices, outputMode, oovMethod, salt } = this;
    checkLookupOptions(this.name, { ...options, numOovIndices, outputMode, oovMethod, salt }, keyDType);
    this.givenVocabulary = vocabulary === null || typeof vocabulary === 'string' ? null : this.toTokens(vocabulary);
    this.givenWeights = idfWeights && toNumbers(idfWeights);
    if (vocabulary !== null) this.setVocabulary(vocabulary, idfWeights);
  }

  /** The tokens in arrays or in a tensor. @throws ArgumentError */
  protected abstract toTokens(values: readonly T[] | Tensor): T[];
  /** The token that a line of a file is. */
  protected abstract tokenOf(line: string): T;
  /** Below, at or above 0 where `a` comes before, is, or comes after `b`. */
  protected abstract compare(a: T, b: T): number;
  /** A tensor of tokens. */
  protected abstract toTensor(tokens: readonly T[]): Tensor;
  /** Inputs in the dtype of the tokens. */
  protected abstract toKeys(inputs: Tensor): Tensor;

  /** Of the inputs. Vectors are in the dtype of the policy. */
  override get computeDtype(): DType {
    return this.invert ? 'int64' : this.keyDType;
  }

  private get vectorDType(): DType {
    return this.dtypePolicy.computeDtype;
  }

  private get hasMaskPlace(): boolean {
    return this.maskToken !== null && this.outputMode === 'int';
  }

  /** Place of the first one of what is out of the vocabulary. */
  private get oovStart(): number {
    return this.hasMaskPlace ? 1 : 0;
  }

  private get tokenStart(): number {
    return this.oovStart + this.numOovIndices;
  }

  /** What stands before the tokens. */
  private specialTokens(): (T | null)[] {
    const unknown = Array<T | null>(this.numOovIndices).fill(this.oovToken);
    return this.hasMaskPlace ? [this.maskToken, ...unknown] : unknown;
  }

  /** How many places there are, those before the tokens among them. */
  vocabularySize(): number {
    return this.tokenStart + this.tokens.length;
  }

  /**
   * The tokens by their places.
   *
   * @param includeSpecialTokens - Whether what stands before the tokens is among them; default true.
   */
  getVocabulary(includeSpecialTokens = true): T[] {
    return includeSpecialTokens ? ([...this.specialTokens(), ...this.tokens] as T[]) : [...this.tokens];
  }

  /**
   * Sets the vocabulary.
   *
   * @param vocabulary - Tokens, which may begin with the special ones that `getVocabulary` gives; or the path of a text file.
   * @param idfWeights - With `tfIdf` a weight for each of them.
   * @throws ArgumentError where tokens are there twice, are special ones, or are too many
   */
  setVocabulary(
    vocabulary: readonly T[] | Tensor | string,
    idfWeights: readonly number[] | Tensor | null = null,
  ): void {
    const isTfIdf = this.outputMode === 'tfIdf';
    if (isTfIdf !== (idfWeights !== null))
      throw new ArgumentError(
        `Layer ${this.name}: idfWeights go with outputMode 'tfIdf' and it needs them; it has '${this.outputMode}', and ${idfWeights === null ? 'none' : 'some'} were given.`,
      );
    const given =
      typeof vocabulary === 'string'
        ? linesOf(readFileSync(vocabulary, 'utf8')).map((line) => this.tokenOf(line))
        : this.toTokens(vocabulary);
    if (given.length === 0) throw new ArgumentError(`Layer ${this.name}: expected a vocabulary, got an empty one.`);
    const special = this.specialTokens();
    const hasSpecial = special.every((token, i) => given[i] === token);
    const tokens = hasSpecial ? given.slice(special.length) : given;
    checkVocabulary(this.name, tokens, {
      special,
      reserved: this.invert ? [this.maskToken, this.oovToken] : [this.maskToken],
      tokenStart: this.tokenStart,
      maxTokens: this.maxTokens,
    });
    this.useVocabulary(tokens);
    if (idfWeights) this.useWeights(toNumbers(idfWeights), given.length, hasSpecial);
  }

  private useVocabulary(tokens: readonly T[]): void {
    const size = this.tokenStart + tokens.length;
    const isFixed = this.outputMode !== 'int' && !this.padToMaxTokens;
    if (isFixed && this.frozenSize !== null && this.frozenSize !== size)
      throw new ArgumentError(
        `Layer ${this.name}: its vectors have size ${this.frozenSize}, which another vocabulary cannot change to ${size}; ` +
          `padToMaxTokens keeps their size, or make a new layer.`,
      );
    this.tokens = tokens;
    this.frozenSize = size;
    if (this.tables) for (const table of Object.values(this.tables)) table?.dispose();
    this.tables = null;
  }

  /** @param hasSpecial - Whether there are weights for what is out of the vocabulary; else it gets their mean. */
  private useWeights(weights: readonly number[], count: number, hasSpecial: boolean): void {
    if (weights.length !== count)
      throw new ArgumentError(
        `Layer ${this.name}: expected as many idfWeights as tokens in the vocabulary, ${count}; got ${weights.length}.`,
      );
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
    const known = hasSpecial ? weights : [...Array<number>(this.tokenStart).fill(mean), ...weights];
    this.keepWeights(known);
  }

  private keepWeights(known: readonly number[]): void {
    const rest = this.padToMaxTokens ? (this.maxTokens ?? 0) - known.length : 0;
    const all = [...known, ...Array<number>(Math.max(0, rest)).fill(0)];
    this.idfWeights?.dispose();
    this.idfWeights = initScope(() => ops.keep(ops.tensor(all, [all.length], 'float32')));
  }

  // ---- adapting

  override resetState(): void {
    this.counts = new TokenCounts();
  }

  protected override wholeOf(data: Samples | RawValues): Samples {
    const whole = super.wholeOf(data);
    // A vector is a document each element, where all data comes at once.
    return whole instanceof Tensor && whole.rank === 1 ? ops.reshape(whole, [whole.size, 1]) : whole;
  }

  /** Counts the tokens of a batch; each row is a document, a vector is one. */
  override updateState(batch: Samples | RawValues): void {
    if (this.isGiven)
      throw new ArgumentError(`Layer ${this.name}: it cannot adapt, since it was given its vocabulary.`);
    const given = batch instanceof Tensor || batch instanceof RaggedTensor ? batch : ops.tensor(batch);
    for (const document of documentsOf(given, (x) => this.toTokens(this.toKeys(x)))) this.counts.add(document);
  }

  override finalizeState(): void {
    if (this.isGiven || this.counts.size === 0) return;
    const limit = this.maxTokens === null ? Infinity : this.maxTokens - this.tokenStart;
    const tokens = this.counts.mostFrequent(limit, [this.maskToken, this.oovToken], (a, b) => this.compare(a, b));
    this.useVocabulary(tokens);
    if (this.outputMode === 'tfIdf') {
      const weights = tokens.map((token) => this.counts.inverseDocumentFrequency(token));
      this.useWeights(weights, tokens.length, false);
    }
    this.resetState();
  }

  // ---- looking up

  private table(): NonNullable<IndexLookup<T>['tables']> {
    if (this.tables) return this.tables;
    const { maskToken, oovToken, tokens } = this;
    const make = (list: readonly T[]): Tensor => initScope(() => ops.keep(this.toTensor(list)));
    if (this.invert && oovToken === null)
      throw new ArgumentError(`Layer ${this.name}: invert needs an oovToken, for places that no token has.`);
    this.tables = {
      words: make(tokens),
      lookUp: make(maskToken === null ? tokens : [maskToken, ...tokens]),
      // What lies beyond all places comes last.
      inverse: this.invert ? make([...(this.specialTokens() as T[]), ...tokens, oovToken as T]) : null,
    };
    return this.tables;
  }

  /** The tokens as a tensor. */
  get words(): Tensor {
    return this.table().words;
  }

  override call(inputs: Tensor | RaggedTensor): TensorTree {
    this.requireSize();
    const looked =
      inputs instanceof RaggedTensor
        ? inputs.withFlatValues(this.lookUp(inputs.flatValues))
        : this.lookUp(inputs as Tensor);
    if (this.outputMode === 'int') return looked;
    // What fills rows up is, like the mask, in no vector.
    return this.encode(looked instanceof RaggedTensor ? looked.toTensor(-1) : looked);
  }

  private requireSize(): void {
    if (this.outputMode !== 'int' && this.depth === null)
      throw new ArgumentError(
        `Layer ${this.name}: it has no vocabulary yet, so that the size of its vectors is not known; call adapt(data), or give a vocabulary.`,
      );
  }

  private lookUp(inputs: Tensor): Tensor {
    if (this.invert) return this.tokensAt(inputs);
    const keys = this.toKeys(inputs);
    const int = (value: number): Tensor => ops.scalar(value, 'int64');
    const hasMask = this.maskToken !== null;
    const places = ops.strings.lookUp(keys, this.table().lookUp, this.numOovIndices === 0);
    const known = ops.add(places, int(this.tokenStart - (hasMask ? 1 : 0)));
    const all = this.numOovIndices === 0 ? known : ops.where(ops.less(places, int(0)), this.unknownPlaces(keys), known);
    return hasMask ? ops.where(ops.equal(places, int(0)), int(this.hasMaskPlace ? 0 : -1), all) : all;
  }

  /** Places of what is out of the vocabulary. */
  private unknownPlaces(keys: Tensor): Tensor {
    const { numOovIndices, oovStart, salt } = this;
    const start = ops.scalar(oovStart, 'int64');
    if (numOovIndices === 1) return start;
    const isPlain = this.keyDType === 'int64' && this.oovMethod === 'floormod';
    const bucket = isPlain ? ops.mod(keys, ops.scalar(numOovIndices, 'int64')) : bucketsOf(keys, numOovIndices, salt);
    return ops.add(bucket, start);
  }

  private tokensAt(inputs: Tensor): Tensor {
    const inverse = this.table().inverse as Tensor;
    const beyond = inverse.size - 1;
    const places = ops.cast(inputs, 'int32');
    const isThere = ops.logicalAnd(ops.greaterEqual(places, 0), ops.less(places, beyond));
    return ops.gather(inverse, ops.where(isThere, places, ops.scalar(beyond, 'int32')));
  }

  /** Size of vectors. */
  private get depth(): number | null {
    return this.padToMaxTokens ? this.maxTokens : this.frozenSize;
  }

  private encode(places: Tensor): TensorTree {
    const { outputMode, vectorDType: dtype } = this;
    const mode = outputMode === 'tfIdf' ? 'count' : outputMode;
    return this.weighted(encodeCategories(places, { mode, depth: this.depth as number, dtype }));
  }

  /**
   * @internal Vectors of counts that were made elsewhere: for each token, and last for all others. Of a layer with one place for those.
   */
  encodeCounts(counts: Tensor): TensorTree {
    this.requireSize();
    const { outputMode, vectorDType: dtype } = this;
    const words = counts.shape[counts.rank - 1] - 1;
    const [known, others] = ops.split(counts, [words, 1], -1);
    const missing = (this.depth as number) - words - 1;
    const none = counts.shape.map((_, axis) => [0, axis === counts.rank - 1 ? missing : 0] as [number, number]);
    const all = ops.pad(ops.concat([others, known], -1), none);
    return this.weighted(ops.cast(outputMode === 'multiHot' ? ops.minimum(all, 1) : all, dtype));
  }

  private weighted(vectors: Tensor): TensorTree {
    if (this.outputMode === 'tfIdf' && !this.idfWeights)
      throw new ArgumentError(`Layer ${this.name}: it has no idfWeights yet; call adapt(data), or setVocabulary.`);
    const result = this.idfWeights ? ops.mul(vectors, ops.cast(this.idfWeights, vectors.dtype)) : vectors;
    return this.sparse ? ops.sparse.fromDense(result) : result;
  }

  override computeOutputShape(inputShape: PartialShape): PartialShape {
    return encodedShape(inputShape, this.outputMode, this.depth);
  }

  /** Of the outputs. */
  get outputDtype(): DType {
    if (this.invert) return this.keyDType;
    return this.outputMode === 'int' ? 'int64' : this.vectorDType;
  }

  protected override outputForms(inputs: Tensor): unknown {
    this.requireSize();
    return this.formOf(this.computeOutputShape(inputs.shape), this.outputDtype);
  }

  // ---- saving

  override saveOwnVariables(store: VariableStore): void {
    if (this.idfWeights) store.set('idf_weights', this.idfWeights);
  }

  override loadOwnVariables(store: VariableStore): void {
    const weights = store.get('idf_weights');
    if (this.outputMode === 'tfIdf' && weights) this.keepWeights(toNumbers(weights));
  }

  /** Writes the vocabulary, unless the config has it. */
  saveAssets(files: Map<string, Uint8Array>): void {
    if (this.givenVocabulary) return;
    const lines = this.getVocabulary().map((token) => String(token ?? ''));
    files.set(assetName, new TextEncoder().encode(lines.join('\n')));
  }

  /** Reads the vocabulary, unless the config had it. */
  loadAssets(files: ReadonlyMap<string, Uint8Array>): void {
    const file = files.get(assetName);
    if (this.givenVocabulary || !file) return;
    const tokens = linesOf(new TextDecoder().decode(file)).map((line) => this.tokenOf(line));
    const special = this.specialTokens();
    // The place of a token that is null is an empty line.
    const given = tokens.map((token, i) => (i < special.length && special[i] === null ? null : token)) as T[];
    if (given.length <= special.length) return;
    const weights = this.idfWeights && toNumbers(this.idfWeights).slice(0, given.length);
    this.setVocabulary(given, weights);
  }

  override detail(): string {
    return `${this.vocabularySize()} tokens${this.outputMode === 'int' ? '' : `, ${this.outputMode}`}`;
  }

  override getConfig(): Config {
    const { invert, maxTokens, numOovIndices, oovToken, maskToken, outputMode, sparse, padToMaxTokens } = this;
    return {
      ...super.getConfig(),
      ...{ invert, maxTokens, numOovIndices, oovToken, maskToken, outputMode, sparse, padToMaxTokens },
      vocabularyDtype: this.keyDType,
      idfWeights: this.givenWeights,
      vocabulary: this.givenVocabulary,
      vocabularySize: this.frozenSize,
      oovMethod: this.oovMethod,
      salt: this.salt,
    };
  }
}

const toNumbers = (values: readonly number[] | Tensor): number[] =>
  Array.from(values instanceof Tensor ? (values.dataSync() as Float32Array) : values, Number);
