/** @file A table as HTML: its first page for every reader, and paging and sorting where the page runs handlers. */
import { type Limits, howToSeeAll } from '../limits.ts';
import { counted, escapeMarkup, grouped, jsonAttribute } from '../markup.ts';
import { view } from '../style.ts';
import { pagingHandler } from './paging.ts';
import { type TablePlan, sortedOrder } from './plan.ts';
import { absent } from './table-data.ts';

/** Cells that are no value; what pages carry of them is their place in this list. */
const empties = ['null', 'undefined', 'NaN', 'Invalid Date'] as const;

/** A cell as the page carries it: its text, or which of the empty ones it is. */
type Carried = string | number;

/** The table, its caption, and a line that says which rows these are. */
export function tableHtml(plan: TablePlan, limits: Limits): string {
  const { columns, data, places, sorted, texts } = plan;
  const shown = texts.length <= plan.page * 1.25 ? texts.length : plan.page;
  const cells = texts.map((row, i) => row.map((text, column) => carried(text, plan.rows[i][column])));
  const alignments = columns.map(({ isNumeric }) => (isNumeric ? 'right' : 'left'));

  const head = columns.map(({ name, type }, i) => {
    const sortedHere = sorted?.column === i ? ` aria-sort="${sorted.descending ? 'descending' : 'ascending'}"` : '';
    const label = `<b>${escapeMarkup(name)}</b>${type ? `<br><span class="soft">${escapeMarkup(type)}</span>` : ''}`;
    return `<th style="text-align:${alignments[i]}" data-sort="${i}" tabindex="0"${sortedHere}>${label}</th>`;
  });
  const body = cells.slice(0, shown).map((row, i) => {
    const written = row.map((cell, column) => {
      const content = typeof cell === 'number' ? `<span class="soft">${empties[cell]}</span>` : escapeMarkup(cell);
      return `<td style="text-align:${alignments[column]}">${content}</td>`;
    });
    return `<tr><th>${places[i]}</th>${written.join('')}</tr>`;
  });

  const isPaged = texts.length > shown;
  const range =
    isPaged || shown < data.rowCount ? `rows 1–${grouped(shown)} of ${grouped(data.rowCount)}` : counted(shown, 'row');
  const isWhole = texts.length === data.rowCount && columns.length === plan.columnCount;
  const notes = [
    `<span data-range>${data.rowCount === 0 ? 'no rows' : range}</span>`,
    counted(plan.columnCount, 'column'),
    ...(columns.length < plan.columnCount ? [`the first ${grouped(columns.length)} columns are here`] : []),
    ...(texts.length < data.rowCount ? [`the first ${grouped(texts.length)} rows are here`] : []),
    ...(isWhole ? [] : [escapeMarkup(howToSeeAll(limits))]),
    ...(data.remark === undefined ? [] : [escapeMarkup(data.remark)]),
  ];
  const title = plan.caption ?? data.title;
  const pages = isPaged ? controls(Math.ceil(texts.length / shown)) : '';
  return view(
    'table',
    (title === undefined ? '' : `<div class="title">${escapeMarkup(title)}</div>`) +
      `<div class="scroll"><table class="dataframe"><thead><tr><th></th>${head.join('')}</tr></thead>` +
      `<tbody>${body.join('')}</tbody></table></div>${pages}<div class="note">${notes.join(' · ')}</div>`,
    texts.length > 1 ? interaction(plan, cells, shown) : '',
  );
}

/** Elements without content: what is seen of them is written by the style sheet, so that where that is dropped nothing is left. */
const controls = (pages: number): string => {
  const control = (go: string, label: string, isDisabled: boolean) =>
    `<span role="button" tabindex="0" data-go="${go}" aria-label="${label}" aria-disabled="${isDisabled}"></span>`;
  return (
    `<div class="pages">${control('first', 'first page', true)}${control('back', 'page before', true)}` +
    `<span data-page="1 / ${pages}"></span>${control('next', 'next page', false)}${control('last', 'last page', false)}</div>`
  );
};

function carried(text: string, value: unknown): Carried {
  if (typeof value === 'string' || value === absent) return text;
  const empty = empties.indexOf(text as (typeof empties)[number]);
  return empty === -1 ? text : empty;
}

/** What the handler in the page needs: the cells, and for each column the order of the rows by it. */
function interaction({ columns, data, places, rows, sorted }: TablePlan, cells: Carried[][], page: number): string {
  const orders = columns.map((_, i) => sortedOrder(rows.map((row) => row[i])));
  const carriedTable = {
    page,
    total: data.rowCount,
    empties,
    right: columns.flatMap(({ isNumeric }, i) => (isNumeric ? [i] : [])),
    // In most tables the rows stand as they come: then their numbers go without saying.
    ...(places.some((place, i) => place !== i) && { places }),
    ...(sorted && { by: sorted.column, down: sorted.descending }),
    cells,
    orders: orders.map(({ order, empty }) => (order.every((row, i) => row === i) ? empty : [empty, ...order])),
  };
  const handler = escapeMarkup(pagingHandler);
  return ` data-table=${jsonAttribute(carriedTable)} onclick="${handler}" onkeydown="if(event.key==='Enter'||event.key===' '){event.preventDefault();this.onclick(event)}"`;
}
