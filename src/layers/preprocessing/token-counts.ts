/** @file Which tokens are in data, how often, and in how many documents: of it vocabularies are made. */
import { RaggedTensor } from '../../ragged/index.ts';
import type { Tensor } from '../../tensor/tensor.ts';

export type Token = string | number | bigint;

/** Counts tokens, document by document. */
export class TokenCounts<T extends Token> {
  private readonly counts = new Map<T, number>();
  private readonly documentCounts = new Map<T, number>();
  /** How many documents were counted. */
  documents = 0;

  /** How many different tokens there are. */
  get size(): number {
    return this.counts.size;
  }

  add(document: readonly T[]): void {
    this.documents++;
    for (const token of document) this.counts.set(token, (this.counts.get(token) ?? 0) + 1);
    for (const token of new Set(document)) this.documentCounts.set(token, (this.documentCounts.get(token) ?? 0) + 1);
  }

  /** The most frequent tokens; of equally frequent ones the last in order first. */
  mostFrequent(limit: number, without: readonly (T | null)[], compare: (a: T, b: T) => number): T[] {
    return [...this.counts]
      .filter(([token]) => !without.includes(token))
      .sort(([a, countOfA], [b, countOfB]) => countOfB - countOfA || compare(b, a))
      .slice(0, limit)
      .map(([token]) => token);
  }

  /** The inverse document frequency of a token: log(1 + documents / (1 + documents with it)). */
  inverseDocumentFrequency(token: T): number {
    return Math.log(1 + this.documents / (1 + (this.documentCounts.get(token) ?? 0)));
  }
}

/** The documents of a batch, of which each row is one; a vector is one. */
export function documentsOf<T extends Token>(batch: Tensor | RaggedTensor, tokensOf: (x: Tensor) => T[]): T[][] {
  if (batch instanceof RaggedTensor) {
    if (batch.raggedRank > 1 || batch.flatValues.rank > 1)
      return Array.from(batch, (row) => documentsOf(row, tokensOf).flat());
    const tokens = tokensOf(batch.flatValues);
    const { splits } = batch.partition;
    return splits.slice(1).map((end, i) => tokens.slice(splits[i], end));
  }
  const tokens = tokensOf(batch);
  const rows = batch.rank < 2 ? 1 : batch.shape[0];
  const length = tokens.length / Math.max(1, rows);
  return Array.from({ length: rows }, (_, i) => tokens.slice(i * length, (i + 1) * length));
}
