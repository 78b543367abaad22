/** @file Options of `%timeit`, as IPython has them: `-n100 -r 5 -q -o`. */
import { RequestError } from '../session/request.ts';

export interface TimeitOptions {
  /** Loops a run; absent: as many as take a fifth of a second. */
  readonly loops?: number;
  /** Runs. */
  readonly runs: number;
  /** Nothing is printed. */
  readonly quiet: boolean;
  /** The result is the value. */
  readonly result: boolean;
}

/** @throws {@link RequestError} `UsageError` for an option that does not exist or has no number */
export function timeitOptions(text: string): TimeitOptions {
  let options: TimeitOptions = { runs: 7, quiet: false, result: false };
  for (const [, flag, number] of text.matchAll(/-([a-z]+)[^\S\n]*(\d+)?/gi)) {
    if (flag === 'n' || flag === 'r') {
      if (number === undefined || Number(number) < 1)
        throw new RequestError('UsageError', `%timeit -${flag} takes a number above 0, as in -${flag} 10.`);
      options = { ...options, [flag === 'n' ? 'loops' : 'runs']: Number(number) };
    } else if (flag === 'q') options = { ...options, quiet: true };
    else if (flag === 'o') options = { ...options, result: true };
    else throw new RequestError('UsageError', `%timeit knows -n, -r, -q and -o; got -${flag}.`);
  }
  return options;
}
