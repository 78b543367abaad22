/** @file The tokens of a vocabulary: read from a text, and checked. */
import { ArgumentError } from '../../tensor/errors.ts';
import type { Token } from './token-counts.ts';

/** Lines of a text, but for empty ones at its end. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  while (lines.at(-1) === '') lines.pop();
  return lines;
}

/** What stands before the tokens, and how much room there is. */
export interface VocabularyPlaces<T extends Token> {
  /** The tokens of the places before the vocabulary's own. */
  readonly special: readonly (T | null)[];
  /** What may not be among the vocabulary's own. */
  readonly reserved: readonly (T | null)[];
  readonly tokenStart: number;
  readonly maxTokens: number | null;
}

/** @throws ArgumentError where tokens are there twice, are special ones, or are too many */
export function checkVocabulary<T extends Token>(
  layer: string,
  tokens: readonly T[],
  { special, reserved, tokenStart, maxTokens }: VocabularyPlaces<T>,
): void {
  const seen = new Set<T>();
  const repeated = new Set(tokens.filter((token) => seen.has(token) || !seen.add(token)));
  if (repeated.size > 0)
    throw new ArgumentError(
      `Layer ${layer}: the vocabulary has ${[...repeated].slice(0, 5).map(shown).join(', ')} more than once.`,
    );
  const misplaced = reserved.find((token) => token !== null && seen.has(token));
  if (misplaced !== undefined)
    throw new ArgumentError(
      `Layer ${layer}: the vocabulary has the special token ${shown(misplaced)} among its tokens. Leave it out, or ` +
        `begin with all of them: ${special.map(shown).join(', ')}.`,
    );
  if (maxTokens !== null && tokenStart + tokens.length > maxTokens)
    throw new ArgumentError(
      `Layer ${layer}: the vocabulary needs ${tokenStart + tokens.length} places, but maxTokens is ${maxTokens}.`,
    );
}

const shown = (token: unknown): string => (typeof token === 'string' ? JSON.stringify(token) : String(token));
