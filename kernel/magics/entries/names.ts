/** @file The notebook's variables: `%who`, `%who_ls`, `%whos`, `%reset`. */
import { variablesCall, type LiveVariable } from '../../cell/variables.ts';
import type { Magic, MagicKernel } from '../contract.ts';
import { usageError, wordsOf } from '../words.ts';

/** Variables, of the types that were asked for (`Array` is every `Array(3)`). */
async function variables(text: string, kernel: MagicKernel): Promise<LiveVariable[]> {
  const wanted = wordsOf(text);
  const all = (await kernel.call(variablesCall)) as LiveVariable[];
  const isWanted = ({ type }: LiveVariable): boolean =>
    wanted.some((name) => type === name || type.replace(/[( ].*$/, '') === name);
  return wanted.length === 0 ? all : all.filter(isWanted);
}

const none = (text: string): string =>
  text.trim() === '' ? 'The notebook has no variables.\n' : 'No variables match your requested type.\n';

function table(rows: readonly LiveVariable[]): string {
  const width = (cells: readonly string[]): number => Math.max(...cells.map((cell) => cell.length));
  const names = width(['Variable', ...rows.map(({ name }) => name)]);
  const types = width(['Type', ...rows.map(({ type }) => type)]);
  const line = (name: string, type: string, value: string): string =>
    `${name.padEnd(names)}   ${type.padEnd(types)}   ${value}`.trimEnd();
  const head = line('Variable', 'Type', 'Data/Info');
  return [head, '-'.repeat(head.length), ...rows.map(({ name, type, value }) => line(name, type, value)), ''].join(
    '\n',
  );
}

const typeNames = ['number', 'string', 'boolean', 'function', 'class', 'Array', 'Object', 'Map', 'Set', 'Tensor'];
const common = { form: 'line', usage: '[TYPE ...]', complete: () => typeNames } as const;

export const nameMagics: readonly Magic[] = [
  {
    ...common,
    name: 'who',
    summary: "Prints the names of the notebook's variables, of some types only where these are given.",
    run: async ({ text }, kernel) => {
      const found = await variables(text, kernel);
      kernel.print(found.length === 0 ? none(text) : `${found.map(({ name }) => name).join('\t ')}\n`);
    },
  },
  {
    ...common,
    name: 'who_ls',
    summary: 'The names of the variables, as an array.',
    value: 'string[]',
    run: async ({ text }, kernel) => (await variables(text, kernel)).map(({ name }) => name),
  },
  {
    ...common,
    name: 'whos',
    summary: "Prints a table of the notebook's variables with their types and values.",
    run: async ({ text }, kernel) => {
      const found = await variables(text, kernel);
      kernel.print(found.length === 0 ? none(text) : table(found));
    },
  },
  {
    name: 'reset',
    form: 'line',
    usage: '[-f]',
    summary: 'Forgets all variables, modules and timers: the notebook gets a fresh process. The history stays.',
    place: 'top',
    options: { f: 'does not ask' },
    complete: () => [{ text: '-f', kind: 'option', signature: 'does not ask' }],
    run: async ({ text }, kernel) => {
      if (!['', '-f'].includes(text.trim())) throw usageError(`%reset takes -f or nothing, got ${text}.`);
      const question = 'Once deleted, variables cannot be recovered. Proceed (y/[n])? ';
      // As IPython: where nobody can be asked, as in nbconvert, the notebook says what it wants.
      if (text.trim() === '' && (await kernel.confirm(question)) === false) return kernel.print('Nothing done.\n');
      await kernel.restart();
    },
  },
];
