/** @file `%%capture`: the output of a cell as a value. */
import type { Magic } from '../contract.ts';
import { magicHelper } from '../value-types.ts';
import { readOptions, usageError } from '../words.ts';

export const captureMagics: readonly Magic[] = [
  {
    name: 'capture',
    form: 'cell',
    usage: '[NAME]',
    summary: 'Runs the cell and keeps its output in a variable instead of showing it.',
    help: 'The variable has `stdout`, `stderr`, `outputs` and `show()`. Without a name the output is dropped.',
    place: 'top',
    runsCells: true,
    code: 'body',
    run: async ({ text, bodyInPlace }, kernel) => {
      const { words } = readOptions('%%capture', text, {});
      const [name] = words;
      if (words.length > 1 || (name !== undefined && !/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)))
        throw usageError(`%%capture takes the name of a variable, got ${text}.`);
      const { outcome, captured } = await kernel.capture(bodyInPlace);
      if (name === undefined) return outcome;
      const declared = await kernel.declare({
        script: `let ${name} = await ${magicHelper}.captured(${JSON.stringify(captured)});`,
        types: `let ${name} = ǃcapture;`,
      });
      return outcome.status === 'error' ? outcome : declared;
    },
  },
];
