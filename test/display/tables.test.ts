import { Window } from 'happy-dom';
import { describe, expect, test } from 'vitest';
import { createDisplayApi, loadViews } from '../../kernel/display/index.ts';
import type { TableDisplayOptions } from '../../kernel/display/display-types.ts';
import { cellsOf, columnsOf, dataOf, htmlOf, textOf } from './formatted.ts';

await loadViews();

/** What `display.table` shows. */
function tableOf(rows: object, options?: TableDisplayOptions): { html: string; text: string } {
  let data: Record<string, unknown> = {};
  const { display } = createDisplayApi((event) => {
    if (event.type === 'display') data = event.data;
  });
  display.table(rows, options);
  return { html: data['text/html'] as string, text: data['text/plain'] as string };
}

const people = [
  { name: 'Ada', born: new Date('1815-12-10'), score: 3.25, active: true },
  { name: 'Grace', born: new Date('1906-12-09'), score: null, active: false },
  { name: 'Edsger', born: new Date('1930-05-11'), score: Number.NaN, active: undefined },
  { name: 'Barbara', born: null, score: 1 / 3 },
];

describe('records', () => {
  test('have columns with types, numbers to the right, and words for what is missing', async () => {
    const html = await htmlOf(people);
    expect(columnsOf(html)).toEqual(['name: string', 'born: Date?', 'score: number?', 'active: boolean?']);
    expect(cellsOf(html)).toEqual([
      ['Ada', '1815-12-10', '3.25', 'true'],
      ['Grace', '1906-12-09', 'null', 'false'],
      ['Edsger', '1930-05-11', 'NaN', 'undefined'],
      ['Barbara', 'null', '0.333333', ''],
    ]);
    expect(html).toContain('<td style="text-align:right">3.25</td>');
    expect(html).toContain('<td style="text-align:right"><span class="soft">null</span></td>');
    expect(html).toContain('<td style="text-align:left">Ada</td>');
  });

  test('are aligned as text', async () => {
    expect(await textOf(people)).toBe(
      [
        'name     born           score  active',
        '-------  ----------  --------  ---------',
        'Ada      1815-12-10      3.25  true',
        'Grace    1906-12-09      null  false',
        'Edsger   1930-05-11       NaN  undefined',
        'Barbara  null        0.333333',
      ].join('\n'),
    );
  });

  test('a text "null" is not an empty cell', async () => {
    const html = await htmlOf([{ a: 'null' }, { a: 'x' }]);
    expect(html).toContain('<td style="text-align:left">null</td>');
  });

  test('of many columns are as wide as a terminal in text', async () => {
    const wide = [0, 1].map((row) =>
      Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`column${i}`, row * i])),
    );
    const lines = (await textOf(wide)).split('\n');
    expect(Math.max(...lines.slice(0, 4).map((line) => line.length))).toBeLessThanOrEqual(123);
    expect(lines[0]).toMatch(/ {2}…$/);
    expect(lines.at(-1)).toBe('(13 of 100 columns; display.full(value) shows all)');
    expect(await htmlOf(wide)).toContain('100 columns · the first 60 columns are here · display.full(value) shows all');
  });

  test('with control characters, line breaks and markup show them', async () => {
    const html = await htmlOf([
      { a: 'x\u001b[31m\u0000', b: 'one\ntwo', c: `<script>"'&` },
      { a: '', b: '', c: '' },
    ]);
    expect(cellsOf(html)[0]).toEqual(['x\\x1b[31m\\x00', 'one↵two', '&lt;script&gt;&quot;&#39;&amp;']);
  });

  test('of East Asian text are aligned', async () => {
    const lines = (
      await textOf([
        { a: '日本', b: 1 },
        { a: 'ab', b: 2 },
      ])
    ).split('\n');
    expect(lines.slice(2)).toEqual(['日本  1', 'ab    2']);
  });

  test('with getters are not run', async () => {
    const row = {
      get secret(): never {
        throw new Error('run');
      },
    };
    expect(cellsOf(await htmlOf([row, row]))[0]).toEqual(['[Getter]']);
  });
});

describe('other plain values', () => {
  test('arrays of arrays are a table, and text as ever', async () => {
    const data = await dataOf([
      [1, 'a'],
      [2, 'b'],
    ]);
    expect(cellsOf(data['text/html'] as string)).toEqual([
      ['1', 'a'],
      ['2', 'b'],
    ]);
    expect(data['text/plain']).toBe("[ [ 1, 'a' ], [ 2, 'b' ] ]");
  });

  test('columns by name are a table where they are as long as each other', async () => {
    const columns = { x: Float64Array.of(1, 2, 3, 4, 5.5), label: ['a', 'b', 'c', 'd', 'e'] };
    expect(cellsOf(await htmlOf(columns))[4]).toEqual(['5.5', 'e']);
    expect((await dataOf({ shape: [2, 3], strides: [3, 1] }))['text/html']).toBeUndefined();
    expect((await dataOf({ a: [1, 2, 3, 4, 5], b: [1, 2, 3, 4, 5, 6] }))['text/html']).toBeUndefined();
  });

  test('a Map of records has a column for the keys', async () => {
    const html = await htmlOf(
      new Map([
        ['first', { a: 1 }],
        ['second', { a: 2 }],
      ]),
    );
    expect(columnsOf(html)).toEqual(['key: string', 'a: number']);
    expect(cellsOf(html)).toEqual([
      ['first', '1'],
      ['second', '2'],
    ]);
  });
});

describe('display.table', () => {
  test('chooses columns, sorts, pages and has a caption', () => {
    const { html, text } = tableOf(people, {
      columns: ['score', 'name'],
      sort: '-score',
      page: 2,
      caption: '<Scores>',
    });
    expect(html).toContain('<div class="title">&lt;Scores&gt;</div>');
    expect(columnsOf(html)).toEqual(['score: number?', 'name: string']);
    expect(cellsOf(html)).toEqual([
      ['3.25', 'Ada'],
      ['0.333333', 'Barbara'],
    ]);
    expect(html).toContain('rows 1–2 of 4');
    expect(html).toContain('aria-sort="descending"');
    expect(text.split('\n').slice(0, 4)).toEqual(['<Scores>', '   score  name', '--------  -------', '    3.25  Ada']);
  });

  test.each([
    [
      [1, 'x'],
      ['1', 'x'],
    ],
    [new Set([5, 6]), ['5', '6']],
    [Int8Array.of(7, 8), ['7', '8']],
  ])('shows a column of values: %j', (values, expected) => {
    expect(cellsOf(tableOf(values).html).flat()).toEqual(expected);
  });

  test('shows the properties of an object', () => {
    expect(cellsOf(tableOf({ a: 1, b: { c: 2 } }).html)).toEqual([
      ['a', '1'],
      ['b', '{ c: 2 }'],
    ]);
  });

  test('sorts text as people do, dates by time, and BigInts beside numbers', () => {
    const first = (values: unknown[], sort = 'v') =>
      cellsOf(
        tableOf(
          values.map((v) => ({ v })),
          { sort },
        ).html,
      ).flat();
    expect(first(['item 10', 'Item 9', 'item 1'])).toEqual(['item 1', 'Item 9', 'item 10']);
    expect(first([10n ** 20n, 5, -1n, null, 7.5])).toEqual(['-1', '5', '7.5', '100000000000000000000', 'null']);
    expect(first([new Date(3e12), new Date(Number.NaN), new Date(0)], '-v')).toEqual([
      '2065-01-24 05:20Z',
      '1970-01-01 00:00Z',
      'Invalid Date',
    ]);
  });

  test.each([
    [{ columns: ['nmae'] }, 'columns names "nmae"; the columns are name, born, score, active'],
    [{ sort: '-nothing' }, 'sort names "nothing"'],
    [{ page: 0 }, 'page must be a whole number of rows of at least 1, got 0'],
  ])('refuses %j', (options, message) => {
    expect(() => tableOf(people, options)).toThrow(message);
  });

  test('refuses what has no rows', () => {
    expect(() => tableOf('text' as never)).toThrow(
      "expects rows: records [{a: 1}, ...], lists [[1, 2], ...], columns {a: [1, ...]}, a Map or a data frame; got 'text'",
    );
  });

  test('shows a table without rows', () => {
    const { html, text } = tableOf([]);
    expect(html).toContain('no rows');
    expect(text).toContain('(no rows)');
  });
});

describe('a table of several pages', () => {
  const rows = Array.from({ length: 45 }, (_, i) => ({
    n: i,
    other: i % 10 === 3 ? null : (i * 7) % 45,
    text: `<i>${i}</i>`,
  }));

  /** The table in a document, with its handler as the page would run it. */
  function inPage(html: string) {
    const window = new Window();
    window.document.body.innerHTML = html;
    const root = window.document.querySelector('.tensorcell-view');
    if (!root) throw new Error('no table');
    const handler = new Function('event', 'document', root.getAttribute('onclick') ?? '');
    const click = (selector: string) => handler.call(root, { target: root.querySelector(selector) }, window.document);
    const column = (place: number) =>
      [...root.querySelectorAll('tbody tr')].map((row) => row.querySelectorAll('td')[place].textContent);
    return { root, click, column, range: () => root.querySelector('[data-range]')?.textContent };
  }

  test('shows the first page without any script', async () => {
    const html = await htmlOf(rows);
    expect(cellsOf(html)).toHaveLength(20);
    expect(html).toContain('rows 1–20 of 45');
    expect(html).not.toContain('<script');
  });

  test('turns its pages', async () => {
    const { click, column, range, root } = inPage(await htmlOf(rows));
    click('[data-go=next]');
    expect(range()).toBe('rows 21–40 of 45');
    expect(column(0)[0]).toBe('20');
    click('[data-go=last]');
    expect(range()).toBe('rows 41–45 of 45');
    expect(column(2)).toEqual(['<i>40</i>', '<i>41</i>', '<i>42</i>', '<i>43</i>', '<i>44</i>']);
    expect(root.querySelector('tbody i')).toBeNull();
    expect(root.querySelector('[data-go=next]')?.getAttribute('aria-disabled')).toBe('true');
    click('[data-go=next]');
    expect(range()).toBe('rows 41–45 of 45');
    click('[data-go=back]');
    expect(range()).toBe('rows 21–40 of 45');
    click('[data-go=first]');
    expect(root.querySelector('[data-page]')?.getAttribute('data-page')).toBe('1 / 3');
  });

  test('sorts up, down and not at all, with empty cells at the end', async () => {
    const { click, column, root } = inPage(await htmlOf(rows));
    const head = root.querySelector('th[data-sort="1"]');
    const filled = rows.flatMap(({ other }) => (other === null ? [] : [other])).sort((a, b) => a - b);
    click('th[data-sort="1"]');
    expect(head?.getAttribute('aria-sort')).toBe('ascending');
    expect(column(1).map(Number)).toEqual(filled.slice(0, 20));
    click('th[data-sort="1"]');
    expect(head?.getAttribute('aria-sort')).toBe('descending');
    expect(column(1).map(Number)).toEqual(filled.reverse().slice(0, 20));
    click('[data-go=last]');
    expect(column(1)).toEqual(['null', 'null', 'null', 'null', 'null']);
    click('th[data-sort="1"]');
    expect(head?.getAttribute('aria-sort')).toBeNull();
    expect(column(0).map(Number)).toEqual(rows.slice(0, 20).map(({ n }) => n));
  });
});

describe('a table as JSON', () => {
  test('is there where all of it fits', async () => {
    const resource = (
      await dataOf([
        { a: 1n, b: 0.5, c: new Date(0), d: [1] },
        { a: 2n ** 70n, b: null, c: null },
      ])
    )['application/vnd.dataresource+json'];
    expect(resource).toEqual({
      schema: {
        fields: [
          { name: 'a', type: 'integer' },
          { name: 'b', type: 'number' },
          { name: 'c', type: 'datetime' },
          { name: 'd', type: 'any' },
        ],
      },
      data: [
        { a: 1, b: 0.5, c: '1970-01-01T00:00:00.000Z', d: [1] },
        { a: '1180591620717411303424', b: null, c: null, d: null },
      ],
    });
  });

  test('is left out where it would be large', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => ({ i, text: 'some text of some length' }));
    expect(Object.keys(await dataOf(rows))).toEqual(['text/html', 'text/plain']);
  });
});

describe('a table that is large', () => {
  test('carries the first rows and says so', async () => {
    const html = await htmlOf(Array.from({ length: 200_000 }, (_, i) => ({ i })));
    expect(html).toMatch(
      /rows 1–20 of 200,000<\/span> · 1 column · the first 5,000 rows are here · display\.full\(value\) shows all/,
    );
    expect(html.length).toBeLessThan(300_000);
  });
});
