/** @file A table as aligned text. */
import { type Limits, howToSeeAll } from '../limits.ts';
import { grouped, shortened } from '../markup.ts';
import type { TablePlan } from './plan.ts';

/** No column of text is wider than this, as long as others want room. */
const widestColumn = 40;

/** The first rows, with the columns that fit side by side, and a line that says what is left out. */
export function tableText(plan: TablePlan, limits: Limits): string {
  const { columns, data, texts } = plan;
  const shown = texts.slice(0, Math.max(limits.textRows, 1));
  const narrow = columns.length > 1 ? Math.min(widestColumn, limits.textWidth) : limits.textWidth;
  const fitting = (text: string) => shortened(text, Math.max(narrow, 2));
  const names = columns.map(({ name }) => fitting(name.replace(/\s+/g, ' ')));
  const cells = shown.map((row) => row.map(fitting));
  const widths = columns.map((_, i) => Math.max(1, ...cells.map((row) => width(row[i])), width(names[i])));
  let room = limits.textWidth;
  const visible = widths.findIndex((size, i) => (room -= size + (i === 0 ? 0 : 2)) < 0 && i > 0);
  const count = visible === -1 ? columns.length : visible;
  const dots = count < plan.columnCount ? '  …' : '';
  const line = (row: readonly string[]) =>
    row
      .slice(0, count)
      .map((text, i) => {
        const space = ' '.repeat(widths[i] - width(text));
        return columns[i].isNumeric ? space + text : text + space;
      })
      .join('  ') + dots;
  const rule = widths
    .slice(0, count)
    .map((size) => '-'.repeat(size))
    .join('  ');
  const left = [
    ...(shown.length < data.rowCount ? [`${grouped(shown.length)} of ${grouped(data.rowCount)} rows`] : []),
    ...(count < plan.columnCount ? [`${grouped(count)} of ${grouped(plan.columnCount)} columns`] : []),
  ];
  return [
    ...(plan.caption === undefined ? [] : [plan.caption]),
    ...(data.title === undefined ? [] : [data.title]),
    line(names).trimEnd(),
    rule,
    ...cells.map((row) => line(row).trimEnd()),
    ...(data.rowCount === 0 ? ['(no rows)'] : []),
    ...(left.length > 0 ? [`(${left.join(', ')}; ${howToSeeAll(limits)})`] : []),
    ...(data.remark === undefined ? [] : [`(${data.remark})`]),
  ].join('\n');
}

/** Columns of a terminal that a text takes: characters of East Asia and emoji take two, accents none. */
function width(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text)
    columns += /\p{Mn}|\p{Me}|\p{Cf}/u.test(character)
      ? 0
      : /\p{Emoji_Presentation}|[ᄀ-ᅟ⺀-꓏가-힣豈-﫿︰-﹏＀-｠￠-￦]/u.test(character)
        ? 2
        : 1;
  return columns;
}
