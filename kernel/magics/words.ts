/** @file The text of a magic as words and options. */
import { RequestError } from '../session/request.ts';

/** Words as a shell separates them: by spaces that are not in quotes. */
export function wordsOf(text: string): string[] {
  return [...text.matchAll(/(?:"(?:[^"\\]|\\["\\])*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"((?:[^"\\]|\\["\\])*)"|'([^']*)'/g, (_, double?: string, single?: string) =>
      double === undefined ? (single ?? '') : double.replace(/\\(["\\])/g, '$1'),
    ),
  );
}

export interface ReadOptions {
  /** Values by option; `true` for one that takes none. */
  readonly options: Readonly<Record<string, string | true>>;
  /** The words that are no options, in their order. */
  readonly words: readonly string[];
}

/**
 * Separates options from words: `-n 3 -f file` with `takes: {n: true, f: false}`.
 *
 * @param takes the options there are, and whether each takes a value
 * @throws {@link RequestError} `UsageError` for another option, or one without its value
 */
export function readOptions(magic: string, text: string, takes: Readonly<Record<string, boolean>>): ReadOptions {
  const options: Record<string, string | true> = {};
  const words: string[] = [];
  const given = wordsOf(text);
  for (let at = 0; at < given.length; at++) {
    const word = given[at];
    const [, name, attached] = /^-([a-z])(.*)$/i.exec(word) ?? [];
    if (name === undefined) {
      words.push(word);
      continue;
    }
    const known = Object.keys(takes).map((option) => `-${option}`);
    if (!(name in takes)) throw usageError(`${magic} knows ${known.join(', ') || 'no options'}; got ${word}.`);
    if (!takes[name]) {
      // Several in one word: `-no`.
      for (const flag of word.slice(1)) {
        if (takes[flag] !== false) throw usageError(`${magic} knows ${known.join(', ')}; got ${word}.`);
        options[flag] = true;
      }
    } else {
      const value = attached === '' ? given[++at] : attached;
      if (value === undefined) throw usageError(`${magic} -${name} takes a value.`);
      options[name] = value;
    }
  }
  return { options, words };
}

/** A magic was not used as it can be. */
export const usageError = (message: string): RequestError => new RequestError('UsageError', message);
