/** @file Cells in another language that the front end shows: `%%html`, `%%markdown`, `%%svg`, `%%latex`, `%%javascript`. */
import type { Magic } from '../contract.ts';

const shown = (name: string, type: string, what: string): Magic => ({
  name,
  form: 'cell',
  usage: '',
  summary: `Shows the cell as ${what}.`,
  place: 'top',
  run: ({ body = '' }, kernel) => {
    const isText = type === 'text/markdown' || type === 'text/latex';
    kernel.display({ [type]: body, 'text/plain': isText ? body : `<${what}, ${body.length} characters>` });
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
