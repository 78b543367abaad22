/** @file The text of a magic as words and options. */
import { RequestError } from '../session/request.ts';

/** Words as a shell separates them: by spaces that are not in quotes. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\["\\])*"|'[^']*'|[^\s"']|["'])+/g)].map(([word]) =>
    word.replace(/"((?:[^"\\]|\\["\\])*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replace(/\\(["\\])/g, '$1'),
    ),
  );
}

export interface ReadOptions {
  /** Values by option; `true` for one that takes none. */
  readonly options: Readonly<Record<string, string | true | undefined>>;
  /** The words that are no options, in their order. */
  readonly words: readonly string[];
}

/** Options by name, and whether each takes a value. Names of one letter are written `-n`, longer ones `--name`. */
export type KnownOptions = Readonly<Record<string, boolean>>;

/** `-n`, `--name`. */
export const markOfOption = (name: string): string => (name.length === 1 ? `-${name}` : `--${name}`);

/**
 * Separates options from words: `-n 3 -f file` with `takes: {n: true, f: false}`, `--name value` and `--name=value` with
 * `{name: true}`. After `--` all are words.
 *
 * @param setting.passesOthers other options are words: they are a program's
 * @throws {@link RequestError} `UsageError` for another option, or one without its value
 */
export function readOptions(
  magic: string,
  text: string,
  takes: KnownOptions,
  { passesOthers = false }: { readonly passesOthers?: boolean } = {},
): ReadOptions {
  const options: Record<string, string | true> = {};
  const words: string[] = [];
  const rest = wordsOf(text);
  const check = (name: string, word: string): void => {
    if (Object.hasOwn(takes, name)) return;
    throw usageError(`${magic} knows ${Object.keys(takes).map(markOfOption).join(', ') || 'no options'}; got ${word}.`);
  };
  const nextValue = (name: string): string => {
    const value = rest.shift();
    if (value === undefined) throw usageError(`${magic} ${markOfOption(name)} takes a value.`);
    return value;
  };
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') {
      words.push(...rest);
      break;
    }
    const [, long, attached] = /^--([a-z][^=]+)(?:=([^]*))?$/i.exec(word) ?? [];
    const isOther = !Object.hasOwn(takes, long ?? word[1] ?? '');
    if (long !== undefined && !(isOther && passesOthers)) {
      check(long, word);
      if (!takes[long] && attached !== undefined) throw usageError(`${magic} --${long} takes no value; got ${word}.`);
      options[long] = takes[long] ? (attached ?? nextValue(long)) : true;
    } else if (/^-[a-z]/i.test(word) && !(isOther && passesOthers)) {
      // Several in one word, `-no`; the value of the last one may follow at once, `-l3`.
      for (let at = 1; at < word.length; at++) {
        const name = word[at];
        check(name, word);
        options[name] = takes[name] ? word.slice(at + 1) || nextValue(name) : true;
        if (takes[name]) break;
      }
    } else words.push(word);
  }
  return { options, words };
}

/** A magic was not used as it can be. */
export const usageError = (message: string): RequestError => new RequestError('UsageError', message);

/** Whether a cell could declare a variable of this name. */
export const isVariableName = (text: unknown): text is string =>
  typeof text === 'string' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text);
