import { describe, expect, test } from 'vitest';
import { highlightTypeScript } from '../../kernel/cli/html/highlight.ts';
import { markdownToHtml } from '../../kernel/cli/html/markdown.ts';
import { notebookToHtml } from '../../kernel/cli/html/page.ts';
import { terminalTextToHtml } from '../../kernel/cli/html/terminal-text.ts';

describe('markdown', () => {
  test.each([
    ['a paragraph\nof two lines', '<p>a paragraph\nof two lines</p>'],
    ['## Second *level*', '<h2 id="second-level">Second <em>level</em></h2>'],
    ['**bold**, _slanted_, snake_case_name', '<p><strong>bold</strong>, <em>slanted</em>, snake_case_name</p>'],
    ['`a < b` and 2 < 3', '<p><code>a &lt; b</code> and 2 &lt; 3</p>'],
    ['[`code` link](https://a.b/c?d=1&e=2)', '<p><a href="https://a.b/c?d=1&amp;e=2"><code>code</code> link</a></p>'],
    ['[bad](javascript:alert)', '<p>[bad](javascript:alert)</p>'],
    ['![alt](pic.png "hint")', '<p><img src="pic.png" alt="alt" title="hint"></p>'],
    ['one\n\n---\n\ntwo', '<p>one</p>\n<hr>\n<p>two</p>'],
    ['> quoted\n> lines', '<blockquote>\n<p>quoted\nlines</p>\n</blockquote>'],
    ['- a\n- b\n  1. c\n  2. d', '<ul>\n<li>a</li>\n<li>b\n<ol>\n<li>c</li>\n<li>d</li>\n</ol>\n</li>\n</ul>'],
    ['- a\n\n- b', '<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>'],
    ['3. three\n4. four', '<ol start="3">\n<li>three</li>\n<li>four</li>\n</ol>'],
    ['```py\na < b\n```', '<pre><code class="language-py">a &lt; b\n</code></pre>'],
    ['*not closed and 2 * 3', '<p>*not closed and 2 * 3</p>'],
    ['the loss $-\\log p_i$ costs $5', '<p>the loss <span class="formula">$-\\log p_i$</span> costs $5</p>'],
    ['\\*plain\\*', '<p>*plain*</p>'],
    ['<div class="x">\n*raw*\n</div>\n', '<div class="x">\n*raw*\n</div>'],
  ])('%j', (markdown, html) => expect(markdownToHtml(markdown)).toBe(`${html}\n`));

  test('tables', () => {
    const html = markdownToHtml('| a | b |\n| --- | ---: |\n| 1 | `x` |');
    expect(html).toContain('<th>a</th>\n<th style="text-align:right">b</th>');
    expect(html).toContain('<td>1</td>\n<td style="text-align:right"><code>x</code></td>');
  });

  test('attached pictures', () => {
    const html = markdownToHtml('![](attachment:a.png)', (name) =>
      name === 'a.png' ? 'data:image/png;base64,AA' : '',
    );
    expect(html).toBe('<p><img src="data:image/png;base64,AA" alt=""></p>\n');
  });
});

test('source: strings, comments, numbers and keywords are marked, names are not', () => {
  const html = highlightTypeScript('const forest = "if"; // for < 1\nreturn 0x1F');
  expect(html).toBe(
    '<span class="hljs-keyword">const</span> forest = <span class="hljs-string">&quot;if&quot;</span>; ' +
      '<span class="hljs-comment">// for &lt; 1</span>\n<span class="hljs-keyword">return</span> ' +
      '<span class="hljs-number">0x1F</span>',
  );
});

test('terminal text: colours become spans, redrawn lines show their last state, markup is escaped', () => {
  expect(terminalTextToHtml('\x1b[1;31mred\x1b[0m <b>')).toBe(
    '<span style="color:#c9302c;font-weight:bold">red</span> &lt;b&gt;',
  );
  expect(terminalTextToHtml('10%\r100%\ndone')).toBe('100%\ndone');
  expect(terminalTextToHtml('\x1b[38;5;196mx\x1b[39my\x1b[2K')).toBe('<span style="color:rgb(255,0,0)">x</span>y');
});

test('outputs: the richest form is shown, and one that a page cannot show is named', () => {
  const bundle = (data: Record<string, unknown>) => ({ output_type: 'display_data', data, metadata: {} }) as const;
  const outputs = [
    bundle({ 'text/plain': 'plain', 'text/html': '<b>rich</b>' }),
    bundle({ 'application/vnd.vegalite.v5+json': {}, 'image/svg+xml': '<?xml version="1.0"?><svg></svg>' }),
    bundle({ 'application/x-own': 1 }),
  ];
  const cell = { cell_type: 'code', id: 'a-b', metadata: {}, source: '1', execution_count: 7, outputs } as const;
  const notebook = { cells: [{ ...cell, outputs: [...outputs] }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const html = notebookToHtml(notebook, 'A <title>');
  expect(html).toContain('<title>A &lt;title&gt;</title>');
  expect(html).toContain('[7]:');
  expect(html).toContain('<section class="cell code" id="cell-id=a-b">');
  expect(html).toContain('<div class="rich"><b>rich</b></div>');
  expect(html).toContain('<div class="rich"><svg></svg></div>');
  expect(html).toContain('no view of application/x-own');
  expect(html).not.toContain('>plain<');
});

test('pictures have the size that they were shown at, and nothing of them is markup', () => {
  const data = { 'image/png': 'AQ\nID"><script>' };
  const metadata = { 'image/png': { width: 30, height: '"><script>', alt: 'a "red" <dot>' } };
  const output = { output_type: 'display_data', data, metadata } as const;
  const cell = { cell_type: 'code', metadata: {}, source: '', execution_count: 1, outputs: [output] } as const;
  const notebook = { cells: [{ ...cell, outputs: [output] }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const html = notebookToHtml(notebook, 'pictures');
  expect(html).toContain(
    'src="data:image/png;base64,AQID&quot;&gt;&lt;script&gt;" width="30" alt="a &quot;red&quot; &lt;dot&gt;">',
  );
  expect(html).not.toContain('<script');
});
