/** @file How magics are written, what is said of one, and which one a wrong name may mean. */
import type { Magic } from './contract.ts';
import { markOfOption } from './words.ts';

/** Names that can stand after `%` or `%%`. */
export const namesFor = (form: 'line' | 'cell', magics: readonly Magic[]): string[] =>
  magics.filter((magic) => magic.form === form || magic.form === 'both').map(({ name }) => name);

/** `%cd`, `%%sh`, `!`. */
export const markOf = ({ name, form }: Magic): string => {
  if (name.startsWith('!')) return name;
  return form === 'cell' ? `%%${name}` : `%${name}`;
};

/** How many letters one must change, add, drop or swap. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = rows[i - 1][j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      rows[i][j] = Math.min(changed, rows[i - 1][j] + 1, rows[i][j - 1] + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
    }
  }
  return rows[a.length][b.length];
}

/** ` Did you mean %cd?` where a name is near; else where the list is. */
export function suggestion(name: string, names: readonly string[], mark: string): string {
  const nearest = names
    .filter((each) => !each.startsWith('!'))
    .map((each) => ({ each, far: distance(name.toLowerCase(), each) }))
    .sort((a, b) => a.far - b.far)
    .at(0);
  if (nearest !== undefined && nearest.far <= Math.max(1, Math.floor(nearest.each.length / 3)))
    return ` Did you mean ${mark}${nearest.each}?`;
  return ' %lsmagic lists what there is.';
}

/** What there is to say of a magic. */
export function describeMagic(magic: Magic): { markdown: string; plain: string } {
  const { name, form, usage, summary, help, options = {} } = magic;
  const space = name === '!' || name === '!!' ? '' : ' ';
  const written = form === 'both' ? [`%${name}`, `%%${name}`] : [markOf(magic)];
  const lines = written.map((mark) => `${mark}${space}${usage}`.trimEnd());
  const optionLines = Object.entries(options).map(([option, does]) => `- \`${markOfOption(option)}\`: ${does}`);
  const parts = [`\`\`\`\n${lines.join('\n')}\n\`\`\``, summary, help ?? '', optionLines.join('\n')];
  const markdown = parts.filter((part) => part !== '').join('\n\n');
  return { markdown, plain: markdown.replace(/```\n?/g, '').replace(/`/g, '') };
}
