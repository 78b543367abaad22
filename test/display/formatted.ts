/** @file What a value is shown as, for the tests. */
import { formatValue } from '../../kernel/display/index.ts';

/** Data by MIME type. */
export async function dataOf(value: unknown): Promise<Record<string, unknown>> {
  const formatted = await formatValue(value);
  if (!formatted) throw new Error('nothing to show');
  return formatted.data;
}

export const textOf = async (value: unknown): Promise<string> => (await dataOf(value))['text/plain'] as string;

export const htmlOf = async (value: unknown): Promise<string> => (await dataOf(value))['text/html'] as string;

/** The text of each cell of a table in HTML, by rows, without the row numbers. */
export const cellsOf = (html: string): string[][] =>
  [...html.matchAll(/<tr><th>\d+<\/th>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell.replace(/<[^>]*>/g, '')),
  );

/** Names and types of a table's columns. */
export const columnsOf = (html: string): string[] =>
  [...html.matchAll(/<b>(.*?)<\/b>(?:<br><span class="soft">(.*?)<\/span>)?<\/th>/g)].map(([, name, type]) =>
    type ? `${name}: ${type}` : name,
  );
