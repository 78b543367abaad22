/** @file `%time` and `%timeit`: the registry's part of them; kernel/magics/cell/timing.ts measures. */
import type { Magic } from '../contract.ts';

export const timingMagics: readonly Magic[] = [
  {
    name: 'time',
    form: 'both',
    usage: '[STATEMENT]',
    summary: 'Runs a statement, or the whole cell, and prints how long it took.',
    code: 'statement',
  },
  {
    name: 'timeit',
    form: 'both',
    usage: '[-n LOOPS] [-r RUNS] [-p DIGITS] [-c] [-q] [-o] [STATEMENT]',
    summary: 'Measures a statement: runs it in a loop, several times, and prints the mean and the deviation.',
    help: 'As a cell magic it measures the cell; the text on its line runs once before each run. `const result = %timeit -o f()` keeps the numbers.',
    options: {
      n: 'loops a run; without, as many as take a fifth of a second',
      r: 'runs; 7 without',
      p: 'significant digits; 3 without',
      c: 'measures the time on a processor',
      q: 'prints nothing',
      o: 'gives the result as the value',
    },
    code: 'loop',
    value: 'TimeitResult',
  },
];
