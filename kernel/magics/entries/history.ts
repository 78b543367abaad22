/** @file What was run before: `%history`, `%rerun`, `%save`, and the ranges that they take. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import type { ExecuteOutcome } from '../../cell/contract.ts';
import { queryHistory } from '../../session/history-queries.ts';
import type { HistoryEntry, HistoryStore } from '../../session/history-store.ts';
import type { Magic, MagicKernel } from '../contract.ts';
import { fileCandidates, resolvePath } from '../paths.ts';
import { RequestError } from '../../session/request.ts';
import { readOptions, usageError, wordsOf } from '../words.ts';

/** One end of a range: `4`, `~1/4`, `2/4`, `~1/`. */
const rangeEnd = String.raw`(?:(~?)(\d+)/)?(\d+)?`;
const rangeForm = new RegExp(`^${rangeEnd}(?:-${rangeEnd})?$`);

/** A session as queries take it: 0 is this one, -1 the one before. */
const sessionOf = (back: string, number: string | undefined): number => {
  if (number === undefined) return 0;
  return back === '~' ? -Number(number) : Number(number);
};

/**
 * Entries of ranges as IPython writes them: `4`, `4-6`, `~1/3` (of the session before), `2/1-3` (of session 2), `~1/`,
 * `~8/1-~6/5`.
 *
 * @throws `UsageError` where a word is no range
 */
export function entriesOf(ranges: readonly string[], history: HistoryStore): HistoryEntry[] {
  return ranges.flatMap((range) => {
    const [all, back, number, from, backTo, numberTo, to] = rangeForm.exec(range) ?? [];
    if (all === undefined || (number === undefined && from === undefined))
      throw usageError(`${range} is no range: write 4, 4-6, or ~1/4-6 for the session before.`);
    const query = (session: number, start: number, last: number): HistoryEntry[] =>
      queryHistory(history, { hist_access_type: 'range', session, start, stop: last + 1 });
    const session = sessionOf(back, number);
    const start = Number(from ?? 0);
    if (numberTo === undefined) {
      const isOne = from !== undefined && !range.includes('-');
      return query(session, start, isOne ? start : Number(to ?? Infinity));
    }
    const sessions = history.sessions();
    const indexOf = (each: number): number =>
      each > 0 ? sessions.indexOf(each) : sessions.indexOf(history.session) + each;
    const [first, last] = [indexOf(session), indexOf(sessionOf(backTo, numberTo))];
    return sessions
      .slice(Math.max(first, 0), last + 1)
      .flatMap((each, at, { length }) =>
        query(each, at === 0 && first >= 0 ? start : 0, at === length - 1 ? Number(to ?? Infinity) : Infinity),
      );
  });
}

const lastEntries = (history: HistoryStore, count: number): HistoryEntry[] =>
  queryHistory(history, { hist_access_type: 'tail', n: count });

const search = (history: HistoryStore, pattern: string, unique = false): HistoryEntry[] =>
  queryHistory(history, { hist_access_type: 'search', pattern: `*${pattern}*`, unique });

/** What `-g` and `-l` choose, and the text without them. */
interface Selection {
  readonly rest: string;
  readonly pattern?: string;
  readonly count?: number;
}

/** As IPython: a pattern may have spaces; both may stand alone, and mean all, and the last ten. */
function selectionOf(text: string): Selection {
  const { 0: patternPart = '', 1: pattern = '' } =
    /(?:^|\s)-g(?:\s+((?!-[a-z]\b).*?))?(?=\s+-[a-z]\b|\s*$)/.exec(text) ?? [];
  const withoutPattern = text.replace(patternPart, '');
  const { 0: countPart = '', 1: count = '' } = /(?:^|\s)-l\s*(\d*)(?=\s|$)/.exec(withoutPattern) ?? [];
  if (count !== '' && Number(count) < 1) throw usageError(`-l takes a number above 0, got ${count}.`);
  return {
    rest: withoutPattern.replace(countPart, ''),
    ...(patternPart !== '' && { pattern: pattern.replace(/^(["'])(.*)\1$/, '$2') }),
    ...(countPart !== '' && { count: Number(count || 10) }),
  };
}

async function showHistory(text: string, kernel: MagicKernel): Promise<void> {
  const { history } = kernel;
  const { rest, pattern, count } = selectionOf(text);
  const { options, words } = readOptions('%history', rest, { n: false, o: false, u: false, f: true });
  let entries: readonly HistoryEntry[];
  if (pattern !== undefined) entries = search(history, pattern, options.u === true);
  else if (words.length > 0) entries = entriesOf(words, history);
  else entries = count === undefined ? history.own : lastEntries(history, count);
  if (pattern !== undefined && count !== undefined) entries = entries.slice(-count);
  const lines = entries.map(({ session, line, input, output }) => {
    const number = (session === history.session ? `${line}` : `${session}/${line}`).padStart(4);
    const isNumbered = options.n === true || pattern !== undefined;
    const shown = isNumbered ? `${number}:${input.includes('\n') ? '\n' : ' '}${input}` : input;
    return `${shown}\n${options.o === true && output !== null ? `${output}\n` : ''}`;
  });
  if (typeof options.f === 'string') {
    const path = resolvePath(options.f, kernel.folder);
    const question = `File ${path} exists. Overwrite (y/[N])? `;
    if (existsSync(path) && (await kernel.confirm(question)) === false) return kernel.print('Aborting.\n');
    writeFileSync(path, lines.join(''));
    kernel.print(`Written to ${path}.\n`);
  } else kernel.print(lines.join(''));
}

/** What runs cells again is not run again itself: it would never end. */
const isRepetition = ({ input }: HistoryEntry): boolean => /^[^\S\n]*%(?:rerun|recall|rep)\b/m.test(input);

async function rerun(text: string, kernel: MagicKernel): Promise<ExecuteOutcome | void> {
  const { history } = kernel;
  const { rest, pattern, count } = selectionOf(text);
  const { words } = readOptions('%rerun', rest, {});
  let chosen: readonly HistoryEntry[];
  if (count !== undefined) chosen = lastEntries(history, count);
  // Of all that contain a pattern the last one is meant.
  else if (pattern !== undefined)
    chosen = search(history, pattern)
      .filter((entry) => !isRepetition(entry))
      .slice(-1);
  else chosen = words.length === 0 ? lastEntries(history, 1) : entriesOf(words, history);
  const cells = chosen.filter((entry) => !isRepetition(entry)).map(({ input }) => input);
  if (cells.length === 0) return kernel.print('There is nothing to run again.\n');
  kernel.print(`=== Executing: ===\n${cells.join('\n')}\n=== Output: ===\n`);
  let outcome: ExecuteOutcome = { status: 'ok' };
  for (const cell of cells) {
    outcome = await kernel.runCell(cell);
    if (outcome.status === 'error') break;
  }
  return outcome;
}

/** Offers cells of the history for the next input. */
function recall(text: string, kernel: MagicKernel): void {
  const { history } = kernel;
  const words = wordsOf(text);
  const isRange = words.length > 0 && words.every((word) => rangeForm.test(word));
  let found: readonly HistoryEntry[];
  if (isRange) found = entriesOf(words, history);
  else if (words.length === 0) found = history.own.filter((entry) => !isRepetition(entry)).slice(-1);
  else
    found = search(history, text)
      .filter((entry) => !isRepetition(entry))
      .slice(-1);
  if (found.length === 0) throw usageError(`The history has no cell ${text}.`);
  const next = found.map(({ input }) => input.trimEnd()).join('\n');
  kernel.addPayload({ source: 'set_next_input', text: next, replace: false });
}

async function save(text: string, kernel: MagicKernel): Promise<void> {
  const { options, words } = readOptions('%save', text, { f: false, a: false });
  const [name, ...ranges] = words;
  if (name === undefined) throw usageError('%save takes a file and cells: %save setup.ts 1-3 5.');
  const entries = ranges.length === 0 ? [...kernel.history.own] : entriesOf(ranges, kernel.history);
  if (entries.length === 0) throw usageError(`The history has no cell ${ranges.join(' ')}.`);
  const path = resolvePath(/\.\w+$/.test(name) ? name : `${name}.ts`, kernel.folder);
  const isThere = existsSync(path);
  if (isThere && options.f === undefined && options.a === undefined) {
    const question = `File ${path} exists. Overwrite (y/[N])? `;
    const isWanted = await kernel.confirm(question);
    if (isWanted === undefined)
      throw new RequestError('FileExists', `${path} exists, and this front end cannot ask. %save -f overwrites it.`);
    if (!isWanted) return kernel.print('Operation cancelled.\n');
  }
  const source = entries.map(({ input }) => `${input.trimEnd()}\n`).join('');
  if (options.a === true) appendFileSync(path, source);
  else writeFileSync(path, source);
  kernel.print(
    `The following commands were ${options.a === true && isThere ? 'appended' : 'written'} to file ${path}:\n${source}`,
  );
}

export const historyMagics: readonly Magic[] = [
  ...(['history', 'hist'] as const).map((name): Magic => ({
    name,
    form: 'line',
    usage: '[-n] [-o] [-u] [-l COUNT] [-g PATTERN] [-f FILE] [RANGE ...]',
    summary: 'Prints the cells of this session, or those of ranges such as 4-6 and ~1/2 (session before, cell 2).',
    options: {
      ...{ n: 'with their numbers', o: 'with their results', f: 'into a file' },
      ...{ g: 'those of all sessions that contain a pattern (* is any text)', u: 'with -g: each input once' },
      l: 'the last so many, 10 without a number',
    },
    run: ({ text }, kernel) => showHistory(text, kernel),
  })),
  {
    name: 'rerun',
    form: 'line',
    usage: '[-l COUNT] [-g PATTERN] [RANGE ...]',
    summary: 'Runs cells of the history again; the last one where none is named.',
    place: 'top',
    runsCells: true,
    options: { l: 'the last so many', g: 'the last one that contains a pattern (* is any text)' },
    run: ({ text }, kernel) => rerun(text, kernel),
  },
  ...(['recall', 'rep'] as const).map((name): Magic => ({
    name,
    form: 'line',
    usage: '[RANGE ... | PATTERN]',
    summary:
      'Puts cells of the history into the next input: the last one, those of ranges, or the last one that contains a text.',
    place: 'top',
    complete: () => [],
    run: ({ text }, kernel) => recall(text, kernel),
  })),
  {
    name: 'save',
    form: 'line',
    usage: '[-f] [-a] FILE [RANGE ...]',
    summary: 'Saves cells of the history to a file.',
    place: 'top',
    options: { f: 'overwrites without asking', a: 'appends' },
    complete: fileCandidates(),
    run: ({ text }, kernel) => save(text, kernel),
  },
];
