/** @file Options of `%timeit`, as IPython has them: `-n100 -r 5 -p 4 -q -o`, `-qo`. */
import { RequestError } from '../session/request.ts';

export interface TimeitOptions {
  /** Loops a run; absent: as many as take a fifth of a second. */
  readonly loops?: number;
  /** Runs. */
  readonly runs: number;
  /** Significant digits that are printed. */
  readonly digits: number;
  /** Nothing is printed. */
  readonly quiet: boolean;
  /** The result is the value. */
  readonly result: boolean;
  /** Processor time is measured rather than time. */
  readonly cpu: boolean;
}

/**
 * Words that look like options: what follows them is TypeScript. `-x` is TypeScript, too, where no option of such a letter
 * exists: `%timeit -x + y` negates.
 */
const optionWords = /^(?:-[tcqo]*(?:[nrp][^\S\n]*\d*|[tcqo])(?=\s|$)[^\S\n]*)*/;

/** How many characters at the start of the text of `%timeit` are options. */
export const timeitOptionsLength = (text: string): number => optionWords.exec(text)![0].length;

/** @throws {@link RequestError} `UsageError` for an option without its number */
export function timeitOptions(text: string): TimeitOptions {
  const options = { runs: 7, digits: 3, quiet: false, result: false, cpu: false };
  let loops: number | undefined;
  for (const [, letter, given] of text.slice(0, timeitOptionsLength(text)).matchAll(/([a-z])[^\S\n]*(\d*)/g)) {
    if (letter === 'q') options.quiet = true;
    else if (letter === 'o') options.result = true;
    else if (letter === 't' || letter === 'c') options.cpu = letter === 'c';
    else {
      const number = Number(given);
      if (number < 1)
        throw new RequestError('UsageError', `%timeit -${letter} takes a number above 0, as in -${letter} 10.`);
      if (letter === 'n') loops = number;
      else if (letter === 'r') options.runs = number;
      else options.digits = Math.min(number, 21);
    }
  }
  return { ...options, ...(loops !== undefined && { loops }) };
}
