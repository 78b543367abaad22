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
    ['[bad](javascript:alert)', '<p><a href="">bad</a></p>'],
    ['![alt](pic.png "hint")', '<p><img src="pic.png" alt="alt" title="hint"></p>'],
    ['one\n\n---\n\ntwo', '<p>one</p>\n<hr>\n<p>two</p>'],
    ['> quoted\n> lines', '<blockquote><p>quoted\nlines</p></blockquote>'],
    ['- a\n- b\n  1. c\n  2. d', '<ul><li>a</li>\n<li>b\n<ol><li>c</li>\n<li>d</li></ol></li></ul>'],
    ['- a\n\n- b', '<ul><li><p>a</p></li>\n<li><p>b</p></li></ul>'],
    ['3. three\n4. four', '<ol start="3"><li>three</li>\n<li>four</li></ol>'],
    ['```py\na < b\n```', '<pre><code>a &lt; b\n</code></pre>'],
    ['*not closed and 2 * 3', '<p>*not closed and 2 * 3</p>'],
    ['the loss $-\\log p_i$ costs $5', '<p>the loss <span class="formula">$-\\log p_i$</span> costs $5</p>'],
    ['\\*plain\\*', '<p>*plain*</p>'],
    ['<div class="x">\n*raw*\n</div>', '<div class="x">\n*raw*\n</div>'],
  ])('%j', (markdown, html) => expect(markdownToHtml(markdown)).toBe(html));

  test('tables', () => {
    const html = markdownToHtml('| a | b |\n| --- | ---: |\n| 1 | `x` |');
    expect(html).toContain('<th style="text-align:left">a</th><th style="text-align:right">b</th>');
    expect(html).toContain('<td style="text-align:left">1</td><td style="text-align:right"><code>x</code></td>');
  });

  test('attached pictures', () => {
    const html = markdownToHtml('![](attachment:a.png)', (name) =>
      name === 'a.png' ? 'data:image/png;base64,AA' : '',
    );
    expect(html).toBe('<p><img src="data:image/png;base64,AA" alt=""></p>');
  });
});

test('source: strings, comments, numbers and keywords are marked, names are not', () => {
  const html = highlightTypeScript('const forest = "if"; // for < 1\nreturn object.from(0x1F, `a${b}`)');
  expect(html).toBe(
    '<span class="tok-keyword">const</span> forest = <span class="tok-string">&quot;if&quot;</span>; ' +
      '<span class="tok-comment">// for &lt; 1</span>\n<span class="tok-keyword">return</span> object.from(' +
      '<span class="tok-number">0x1F</span>, <span class="tok-string">`a${b}`</span>)',
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
  const cell = { cell_type: 'code', metadata: {}, source: '1', execution_count: 7, outputs } as const;
  const notebook = { cells: [{ ...cell, outputs: [...outputs] }], metadata: {}, nbformat: 4, nbformat_minor: 5 };
  const html = notebookToHtml(notebook, 'A <title>');
  expect(html).toContain('<title>A &lt;title&gt;</title>');
  expect(html).toContain('[7]:');
  expect(html).toContain('<div class="rich"><b>rich</b></div>');
  expect(html).toContain('<div class="rich"><svg></svg></div>');
  expect(html).toContain('no view of application/x-own');
  expect(html).not.toContain('>plain<');
});
