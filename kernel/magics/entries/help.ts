/** @file `%help` and `%lsmagic`: which magics there are. */
import type { Magic } from '../contract.ts';
import { describeMagic, markOf, namesFor, suggestion } from '../describe.ts';
import { usageError } from '../words.ts';

/** Aliases are the same entry under another name: they are listed with their summary alike. */
function list(magics: readonly Magic[]): string {
  const lines = magics.map((magic) => {
    const marks = magic.form === 'both' ? `%${magic.name}, %%${magic.name}` : markOf(magic);
    return [marks, magic.summary] as const;
  });
  const width = Math.max(...lines.map(([marks]) => marks.length));
  return lines.map(([marks, summary]) => `${marks.padEnd(width)}  ${summary}\n`).join('');
}

/** @param all the registry, which has these, too */
export const helpMagics = (all: () => readonly Magic[]): readonly Magic[] => [
  ...(['help', 'magic'] as const).map((name): Magic => ({
    name,
    form: 'line',
    usage: '[MAGIC]',
    summary: 'Lists the magics with what they do, or says more about one.',
    complete: () => all().map(({ name: each }) => each),
    wordAtEnd: (text) => /[^%\s]*$/.exec(text)![0],
    run: ({ text }, kernel) => {
      if (text === '')
        return kernel.print(`${list(all())}\nname? shows help for a name of the notebook, %name? for a magic.\n`);
      const wanted = text.replace(/^%+/, '');
      const found = all().find(({ name: each }) => each === wanted);
      if (found === undefined)
        throw usageError(
          `There is no magic ${text}.${suggestion(
            wanted,
            all().map(({ name: each }) => each),
            '%',
          )}`,
        );
      kernel.print(`${describeMagic(found).plain}\n`);
    },
  })),
  {
    name: 'lsmagic',
    form: 'line',
    usage: '',
    summary: 'Lists the names of the magics.',
    run: (_call, kernel) => {
      const names = (form: 'line' | 'cell', mark: string): string =>
        namesFor(form, all())
          .map((name) => (name.startsWith('!') ? name : mark + name))
          .join('  ');
      kernel.print(`Line magics:\n${names('line', '%')}\n\nCell magics:\n${names('cell', '%%')}\n`);
    },
  },
];
