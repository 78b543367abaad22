/** @file Markdown of notebooks to HTML: markdown-it with headings' anchors, attached pictures and formulas put through. */
import MarkdownIt from 'markdown-it';
import { escapeHtml } from './escape.ts';
import { highlightTypeScript } from './highlight.ts';

/** Gives the data of a picture that the cell carries (`attachment:name`), as a data URL. */
export type FindAttachment = (name: string) => string | undefined;

/** An anchor's name from a heading's text, as GitHub makes it. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');

const formula = /\$\$[\s\S]+?\$\$|\$(?=\S)[^$\n]*?\S\$(?!\d)/y;

/** HTML in the text is passed on, as notebook front ends do; links to scripts are not. */
const markdown = new MarkdownIt({
  html: true,
  highlight: (code, language) =>
    /^(?:ts|js|typescript|javascript)$/i.test(language) ? highlightTypeScript(code) : escapeHtml(code),
});

// Formulas stay as they are written: a page that needs nothing else has no typesetter.
markdown.inline.ruler.before('escape', 'formula', (state, silent) => {
  formula.lastIndex = state.pos;
  const [text] = formula.exec(state.src) ?? [];
  if (!text) return false;
  if (!silent) state.push('html_inline', '', 0).content = `<span class="formula">${escapeHtml(text)}</span>`;
  state.pos += text.length;
  return true;
});

markdown.core.ruler.push('anchors', ({ tokens }) => {
  tokens.forEach((token, i) => {
    if (token.type === 'heading_open') token.attrSet('id', anchor(tokens[i + 1].content));
  });
});

markdown.core.ruler.push('attachments', ({ tokens, env }) => {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    const source = token.type === 'image' ? String(token.attrGet('src')) : '';
    if (source.startsWith('attachment:')) {
      const find = (env as { attachment: FindAttachment }).attachment;
      token.attrSet('src', find(decodeURI(source.slice('attachment:'.length))) ?? '');
    }
  }
});

/** HTML of a markdown text. */
export const markdownToHtml = (text: string, attachment: FindAttachment = () => undefined): string =>
  markdown.render(text, { attachment });
