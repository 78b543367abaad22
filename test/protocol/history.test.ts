import { mkdtempSync, readdirSync, rmSync, appendFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { globExpression, queryHistory } from '../../kernel/session/history-queries.ts';
import { historyFolder, HistoryStore } from '../../kernel/session/history-store.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A kernel that ran these cells and ended. */
function past(...inputs: string[]): HistoryStore {
  const store = new HistoryStore(folder);
  inputs.forEach((input, index) => store.append(index + 1, input, `-> ${input}`));
  return store;
}
const inputs = (entries: readonly { input: string }[]) => entries.map(({ input }) => input);

describe('the history store', () => {
  it('keeps cells over restarts, with session, line, input and output', () => {
    past('const a = 1', 'a');
    past('b');
    const store = new HistoryStore(folder);
    expect(store.session).toBe(3);
    expect(store.read(1)).toEqual([
      { session: 1, line: 1, input: 'const a = 1', output: '-> const a = 1' },
      { session: 1, line: 2, input: 'a', output: '-> a' },
    ]);
    expect(inputs(store.read(2))).toEqual(['b']);
  });

  it('gives kernels that run at the same time sessions of their own', () => {
    const stores = Array.from({ length: 5 }, () => new HistoryStore(folder));
    for (let line = 1; line <= 20; line++)
      stores.forEach((store, kernel) => store.append(line, `kernel ${kernel} line ${line}\nsecond row`, null));
    expect(new Set(stores.map((store) => store.session)).size).toBe(5);
    const reader = new HistoryStore(folder);
    stores.forEach((store, kernel) => {
      expect(inputs(reader.read(store.session))).toEqual(
        Array.from({ length: 20 }, (_, index) => `kernel ${kernel} line ${index + 1}\nsecond row`),
      );
    });
  });

  it('passes over a line that a killed kernel left half written', () => {
    const store = past('whole');
    appendFileSync(join(folder, readdirSync(folder)[0]), '{"line":2,"inp');
    expect(inputs(new HistoryStore(folder).read(store.session))).toEqual(['whole']);
  });

  it('lives in memory where its folder cannot be made, and says so once', () => {
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const store = new HistoryStore(join(file, 'below'));
    store.append(1, 'x', null);
    store.append(2, 'y', null);
    expect(log).toHaveBeenCalledTimes(1);
    expect(log.mock.calls[0][0]).toMatch(/not saved/);
    log.mockRestore();
    expect(inputs(queryHistory(store, { hist_access_type: 'tail', n: 5 }))).toEqual(['x', 'y']);
  });

  it('removes the oldest sessions when there are more than a thousand', () => {
    for (let session = 1; session <= 1_005; session++)
      writeFileSync(join(folder, `${String(session).padStart(6, '0')}.jsonl`), '');
    expect(new HistoryStore(folder).session).toBe(1_006);
    expect(readdirSync(folder)).toHaveLength(1_001);
    expect(readdirSync(folder)[0]).toBe('000006.jsonl');
  });

  it('is in the data folder of Jupyter, or where the user says', () => {
    expect(historyFolder({ TENSORCELL_HISTORY: '/x' })).toBe('/x');
    expect(historyFolder({ JUPYTER_DATA_DIR: '/data' })).toBe('/data/tensorcell/history');
    if (process.platform === 'linux')
      expect(historyFolder({ XDG_DATA_HOME: '/xdg' })).toBe('/xdg/jupyter/tensorcell/history');
  });
});

describe('history queries', () => {
  it('tail: the last cells of all sessions, oldest first', () => {
    past('a', 'b');
    const store = past('c');
    expect(inputs(queryHistory(store, { hist_access_type: 'tail', n: 2 }))).toEqual(['b', 'c']);
    expect(inputs(queryHistory(store, { hist_access_type: 'tail', n: 99 }))).toEqual(['a', 'b', 'c']);
    expect(queryHistory(store, { hist_access_type: 'tail', n: 0 })).toEqual([]);
  });

  it('range: lines of a session, counted back from this one where its number is not positive', () => {
    past('a', 'b', 'c');
    const store = past('d', 'e');
    const range = (session: number, start: number, stop?: number) =>
      inputs(queryHistory(store, { hist_access_type: 'range', session, start, stop }));
    expect(range(1, 2, 4)).toEqual(['b', 'c']);
    expect(range(0, 1)).toEqual(['d', 'e']);
    expect(range(-1, 1, 2)).toEqual(['a']);
    expect(range(-2, 0)).toEqual([]);
    expect(range(77, 0)).toEqual([]);
  });

  it('search: a glob over whole inputs, the newest n, each once where unique', () => {
    past('let x = 1', 'x', 'let y = 2');
    const store = past('let x = 1', 'let\nz = 3');
    const search = (pattern: string, unique = false, n?: number) =>
      inputs(queryHistory(store, { hist_access_type: 'search', pattern, unique, n }));
    expect(search('let*')).toEqual(['let x = 1', 'let y = 2', 'let x = 1', 'let\nz = 3']);
    expect(search('let*', true)).toEqual(['let y = 2', 'let x = 1', 'let\nz = 3']);
    expect(search('let*', false, 2)).toEqual(['let x = 1', 'let\nz = 3']);
    expect(search('x')).toEqual(['x']);
    expect(search('let ? = [12]', true)).toEqual(['let y = 2', 'let x = 1']);
  });

  it.each([
    ['a.b', 'a.b', true],
    ['a.b', 'axb', false],
    ['[!a]x', 'bx', true],
    ['[^a]x', 'ax', false],
    ['[a-c]', 'b', true],
    ['[', '[', true],
    ['f(*)', 'f(1, 2)', true],
    ['?', '𝒳', true],
    ['a\\d', 'a\\d', true],
    ['[]]', ']', true],
  ])('the glob %j and %j: %s', (glob, text, expected) => {
    expect(globExpression(glob).test(text)).toBe(expected);
  });
});
