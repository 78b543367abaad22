/** @file TypeScript source as HTML with its tokens marked, by highlight.js (`<span class="hljs-keyword">`...). */
import highlighter from 'highlight.js/lib/core';
import typescript from 'highlight.js/lib/languages/typescript';

highlighter.registerLanguage('typescript', typescript);

export const highlightTypeScript = (source: string): string =>
  highlighter.highlight(source, { language: 'typescript' }).value;
