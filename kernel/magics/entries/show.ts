/** @file Cells in another language that the front end shows: `%%html`, `%%markdown`, `%%svg`, `%%latex`, `%%javascript`. */
import type { Magic } from '../contract.ts';
import { readOptions, usageError } from '../words.ts';

const shown = (name: string, type: string, what: string): Magic => ({
  name,
  form: 'cell',
  usage: name === 'html' ? '[--isolated]' : '',
  summary: `Shows the cell as ${what}.`,
  place: 'top',
  ...(name === 'html' && { options: { isolated: 'in a frame of its own, where its styles touch nothing else' } }),
  run: ({ text, body = '' }, kernel) => {
    const { options, words } = readOptions(`%%${name}`, text, name === 'html' ? { isolated: false } : {});
    if (words.length > 0)
      throw usageError(`%%${name} takes nothing on its own line, got ${text}: the cell stands below.`);
    const isText = type === 'text/markdown' || type === 'text/latex';
    const data = { [type]: body, 'text/plain': isText ? body : `<${what}, ${body.length} characters>` };
    kernel.display(data, options.isolated ? { [type]: { isolated: true } } : {});
  },
});

export const showMagics: readonly Magic[] = [
  shown('html', 'text/html', 'HTML'),
  shown('markdown', 'text/markdown', 'Markdown'),
  shown('svg', 'image/svg+xml', 'an SVG image'),
  shown('latex', 'text/latex', 'LaTeX'),
  shown('javascript', 'application/javascript', 'JavaScript that the front end runs'),
  shown('js', 'application/javascript', 'JavaScript that the front end runs'),
];
