/** @file Attention maps: which position looked at which, for each head. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';
import { heatChart } from './heatmap.ts';
import { type NumericInput, extent, readNumbers } from './numbers.ts';
import { type Plot, chart } from './vega.ts';

export interface AttentionOptions {
  /** The tokens of a sequence that attends to itself: stands for both `queries` and `keys`. */
  tokens?: readonly (string | number)[];
  /** The tokens that look: a row each. */
  queries?: readonly (string | number)[];
  /** The tokens that are looked at: a column each. */
  keys?: readonly (string | number)[];
  /** Which sample of a batch. Default 0. */
  sample?: number;
  /** Only these heads, by number; all of them where left out. */
  heads?: readonly number[];
  /** How many maps stand side by side. Default 4 at most. */
  columns?: number;
  title?: string;
}

/** A map alone is about so large, in CSS pixels; several share a row, each at least so large. */
const singleSide = 420;
const rowWidth = 760;
const leastSide = 190;

/**
 * Attention weights as heat maps, one a head, all in the same colours: row i says where position i looked.
 *
 * @param scores [queries, keys], [heads, queries, keys], or [batch, heads, queries, keys] as `MultiHeadAttention` returns with
 *   `returnAttentionScores`
 * @throws ShapeError, ArgumentError where tokens, heads or the sample do not fit
 * @example
 * const [, scores] = attention.call([x, x], { returnAttentionScores: true });
 * tf.vis.attention(scores, { tokens: ['the', 'cat', 'sat'] })
 */
export function attention(scores: NumericInput, options: AttentionOptions = {}): Plot {
  const operation = 'tf.vis.attention';
  const { values, shape } = readNumbers(scores, operation);
  if (shape.length < 2 || shape.length > 4)
    throw new ShapeError(
      `${operation} expects scores of shape [queries, keys], [heads, queries, keys] or [batch, heads, queries, keys]; got ${formatShape(shape)}.`,
    );
  const [batch, heads, rows, columns] = [...new Array<number>(4 - shape.length).fill(1), ...shape];
  const { sample = 0, tokens, queries = tokens, keys = tokens, title } = options;
  const place = (name: string, value: number, count: number) => {
    if (!Number.isInteger(value) || value < 0 || value >= count)
      throw new ArgumentError(`${operation}: expected ${name} from 0 to ${count - 1}, got ${value}.`);
  };
  place('a sample', sample, batch);
  const shown = options.heads ?? Array.from({ length: heads }, (_, head) => head);
  for (const head of shown) place('heads', head, heads);
  if (shown.length === 0) throw new ArgumentError(`${operation}: heads names none of the ${heads} heads.`);
  for (const [name, list, count] of [
    ['queries', queries, rows],
    ['keys', keys, columns],
  ] as const)
    if (list && list.length !== count)
      throw new ArgumentError(
        `${operation}: there are ${count} ${name} in scores of shape ${formatShape(shape)}, and ${list.length} tokens for them.`,
      );
  const mapOf = (head: number) =>
    Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => values[((sample * heads + head) * rows + row) * columns + column]),
    );
  const maps = shown.map(mapOf);
  // Weights are parts of 1: colours begin at 0, so that an even spread looks faint.
  const [low, high] = extent(maps.flat(2));
  const limits = [Math.min(0, low), high] as const;
  const isSingle = shown.length === 1;
  const inRow = options.columns ?? Math.min(4, shown.length);
  const mapSide = isSingle ? singleSide : Math.max(leastSide, Math.floor(rowWidth / inRow));
  const side = Math.max(3, Math.min(isSingle ? 36 : 24, Math.floor(mapSide / Math.max(rows, columns, 1))));
  const labels = { xLabels: keys, yLabels: queries };
  const text =
    `${title ?? 'Attention'}: ${shown.length} head${isSingle ? '' : 's'}, ` +
    `${rows} queries x ${columns} keys${queries ? ` (${queries.slice(0, 30).join(' ')}${queries.length > 30 ? ' …' : ''})` : ''}`;
  if (isSingle)
    return chart(
      {
        ...(title !== undefined && { title }),
        ...heatChart(maps[0], limits, side, { ...labels, xTitle: 'attended to', yTitle: 'query' }),
      },
      text,
    );
  return chart(
    {
      ...(title !== undefined && { title }),
      columns: inRow,
      spacing: { row: 30, column: 24 },
      concat: maps.map((map, i) => ({
        title: { text: `head ${shown[i]}`, fontSize: 12 },
        ...heatChart(map, limits, side, labels),
      })),
    },
    text,
  );
}
