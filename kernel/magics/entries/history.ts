/** @file What was run before: `%history`, `%rerun`, `%save`, and the ranges that they take. */
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import type { ExecuteOutcome } from '../../cell/contract.ts';
import { queryHistory } from '../../session/history-queries.ts';
import type { HistoryEntry, HistoryStore } from '../../session/history-store.ts';
import type { Magic, MagicKernel } from '../contract.ts';
import { fileCandidates, resolvePath } from '../paths.ts';
import { readOptions, usageError } from '../words.ts';

/**
 * Entries of ranges as IPython writes them: `4`, `4-6`, `~1/3` (of the session before), `2/1-3` (of session 2), `~1/`.
 *
 * @throws `UsageError` where a word is no range
 */
export function entriesOf(ranges: readonly string[], history: HistoryStore): HistoryEntry[] {
  return ranges.flatMap((range) => {
    const [, back, session, from, to] = /^(?:(~?)(\d+)\/)?(?:(\d+)(?:-(\d+))?)?$/.exec(range) ?? [];
    if (from === undefined && session === undefined)
      throw usageError(`${range} is no range: write 4, 4-6, or ~1/4-6 for the session before.`);
    return queryHistory(history, {
      hist_access_type: 'range',
      session: session === undefined ? 0 : back === '~' ? -Number(session) : Number(session),
      start: from === undefined ? 0 : Number(from),
      ...(from !== undefined && { stop: Number(to ?? from) + 1 }),
    });
  });
}

const lastEntries = (history: HistoryStore, count: number): HistoryEntry[] =>
  queryHistory(history, { hist_access_type: 'tail', n: count });

const numberOf = (magic: string, name: string, value: string | true | undefined): number => {
  const number = Number(value);
  if (!(number > 0)) throw usageError(`${magic} -${name} takes a number above 0, got ${String(value)}.`);
  return number;
};

/** The cell that a magic stands in is not in the history yet. */
function choose(magic: string, text: string, history: HistoryStore, takes: Readonly<Record<string, boolean>>) {
  const { options, words } = readOptions(magic, text, { ...takes, g: true, l: true });
  if (typeof options.g === 'string') {
    const pattern = [options.g, ...words].join(' ');
    const limit = options.l === undefined ? Infinity : numberOf(magic, 'l', options.l);
    const unique = options.u === true;
    return {
      options,
      words: [],
      entries: queryHistory(history, { hist_access_type: 'search', pattern: `*${pattern}*`, unique, n: limit }),
    };
  }
  if (options.l !== undefined)
    return { options, words, entries: lastEntries(history, numberOf(magic, 'l', options.l)) };
  return { options, words, entries: undefined };
}

function showHistory(text: string, kernel: MagicKernel): void {
  const { history } = kernel;
  const {
    options,
    words,
    entries = words.length === 0 ? [...history.own] : entriesOf(words, history),
  } = choose('%history', text, history, { n: false, o: false, u: false, f: true });
  const lines = entries.map(({ session, line, input, output }) => {
    const number = session === history.session ? `${line}` : `${session}/${line}`;
    const shown = options.n === true || options.g !== undefined ? `${number.padStart(4)}: ${input}` : input;
    return `${shown}\n${options.o === true && output !== null ? `${output}\n` : ''}`;
  });
  if (typeof options.f === 'string') {
    const path = resolvePath(options.f, kernel.folder);
    writeFileSync(path, lines.join(''));
    kernel.print(`Written to ${path}.\n`);
  } else kernel.print(lines.join(''));
}

async function rerun(text: string, kernel: MagicKernel): Promise<ExecuteOutcome | void> {
  const { words, entries } = choose('%rerun', text, kernel.history, {});
  const chosen = entries ?? (words.length === 0 ? lastEntries(kernel.history, 1) : entriesOf(words, kernel.history));
  const cells = chosen.map(({ input }) => input).filter((input) => !/^\s*%rerun\b/.test(input));
  if (cells.length === 0) return kernel.print('There is nothing to run again.\n');
  kernel.print(`=== Executing: ===\n${cells.join('\n')}\n=== Output: ===\n`);
  let outcome: ExecuteOutcome = { status: 'ok' };
  for (const cell of cells) {
    outcome = await kernel.runCell(cell);
    if (outcome.status === 'error') break;
  }
  return outcome;
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
    if (!(await kernel.call('magic:confirm', question))) return kernel.print('Operation cancelled.\n');
  }
  const source = entries.map(({ input }) => `${input.trimEnd()}\n`).join('');
  if (options.a === true) appendFileSync(path, source);
  else writeFileSync(path, source);
  kernel.print(
    `The following commands were ${options.a === true && isThere ? 'appended' : 'written'} to file ${path}:\n${source}`,
  );
}

const choosing = { g: 'those that contain a pattern (* is any text)', l: 'the last so many' } as const;

export const historyMagics: readonly Magic[] = [
  ...(['history', 'hist'] as const).map((name): Magic => ({
    name,
    form: 'line',
    usage: '[-n] [-o] [-u] [-l COUNT] [-g PATTERN] [-f FILE] [RANGE ...]',
    summary: 'Prints the cells of this session, or those of ranges such as 4-6 and ~1/2 (session before, cell 2).',
    options: { n: 'with their numbers', o: 'with their results', u: 'each input once', f: 'into a file', ...choosing },
    run: ({ text }, kernel) => showHistory(text, kernel),
  })),
  ...(['rerun', 'recall'] as const).map((name): Magic => ({
    name,
    form: 'line',
    usage: '[-l COUNT] [-g PATTERN] [RANGE ...]',
    summary: 'Runs cells of the history again; the last one where none is named.',
    place: 'top',
    runsCells: true,
    options: choosing,
    run: ({ text }, kernel) => rerun(text, kernel),
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
