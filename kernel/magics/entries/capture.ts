/** @file `%%capture`: the output of a cell as a value. */
import type { Magic } from '../contract.ts';
import { magicHelper } from '../value-types.ts';
import { isVariableName, readOptions, usageError } from '../words.ts';

export const captureMagics: readonly Magic[] = [
  {
    name: 'capture',
    form: 'cell',
    usage: '[--no-stdout] [--no-stderr] [--no-display] [NAME]',
    summary: 'Runs the cell and keeps its output in a variable instead of showing it.',
    help: 'The variable has `stdout`, `stderr`, `outputs` and `show()`. Without a name the output is dropped.',
    options: {
      'no-stdout': 'shows what is printed',
      'no-stderr': 'shows what is printed on stderr',
      'no-display': 'shows what is displayed, and the value',
    },
    place: 'top',
    runsCells: true,
    code: 'body',
    run: async ({ text, bodyInPlace }, kernel) => {
      const { words, options } = readOptions('%%capture', text, {
        'no-stdout': false,
        'no-stderr': false,
        'no-display': false,
      });
      const [name] = words;
      if (words.length > 1 || (name !== undefined && !isVariableName(name)))
        throw usageError(`%%capture takes the name of a variable, got ${text}.`);
      const { outcome, captured } = await kernel.capture(bodyInPlace, {
        stdout: options['no-stdout'] === undefined,
        stderr: options['no-stderr'] === undefined,
        displays: options['no-display'] === undefined,
      });
      if (name === undefined) return outcome;
      const declared = await kernel.declare({
        script: `let ${name} = await ${magicHelper}.captured(${JSON.stringify(captured)});`,
        types: `let ${name} = ǃcapture;`,
      });
      return outcome.status === 'error' || declared.status === 'ok' ? outcome : declared;
    },
  },
];
