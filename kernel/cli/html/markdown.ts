/** @file Markdown as notebooks use it, to HTML: headings, paragraphs, lists, tables, quotes, code, links, pictures, emphasis. */
import { escapeHtml } from './escape.ts';
import { highlightTypeScript } from './highlight.ts';

/** Gives the data of a picture that the cell carries (`attachment:name`), as a data URL. */
export type FindAttachment = (name: string) => string | undefined;

/** Only what a page may safely follow; a `javascript:` link becomes text. */
const isSafeUrl = (url: string): boolean =>
  /^(?:https?:|mailto:|#|\.{0,2}\/|data:image\/|[\w.-]+(?:[/?#]|$))/i.test(url);

/** Marks up the text of one block. Code spans, formulas and escapes are put aside first: nothing inside them is markup. */
function inline(text: string, attachment: FindAttachment): string {
  const aside: string[] = [];
  const keep = (html: string): string => `\u0000${aside.push(html) - 1}\u0000`;
  const link = (url: string): string => (isSafeUrl(url) ? escapeHtml(url) : '');
  let html = text
    .replace(/(`+)([\s\S]*?[^`])\1(?!`)/g, (_, _ticks, code: string) => keep(`<code>${escapeHtml(code.trim())}</code>`))
    .replace(/\\([\\`*_{}[\]()#+\-.!|$<>])/g, (_, character: string) => keep(escapeHtml(character)))
    .replace(/\$\$[\s\S]+?\$\$|\$(?=\S)[^$\n]*?\S\$(?!\d)/g, (formula) =>
      keep(`<span class="formula">${escapeHtml(formula)}</span>`),
    )
    .replace(
      /!\[([^\]]*)\]\(\s*<?([^\s)>]+)>?(?:\s+"([^"]*)")?\s*\)/g,
      (_, alt: string, url: string, title?: string) => {
        const source = url.startsWith('attachment:') ? attachment(url.slice('attachment:'.length)) : url;
        const hint = title ? ` title="${escapeHtml(title)}"` : '';
        return keep(`<img src="${link(source ?? '')}" alt="${escapeHtml(alt)}"${hint}>`);
      },
    )
    .replace(/<(https?:\/\/[^\s>]+)>/g, (_, url: string) => keep(`<a href="${link(url)}">${escapeHtml(url)}</a>`))
    .replace(/<\/?[a-z][^<>]*>/gi, (tag) => keep(tag));
  html = escapeHtml(html)
    .replace(
      /\[([^\]]+)\]\(\s*([^\s)]+)(?:\s+&quot;(.*?)&quot;)?\s*\)/g,
      (_, label: string, url: string) => `<a href="${keep(link(url.replaceAll('&amp;', '&')))}">${label}</a>`,
    )
    .replace(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, '<strong>$2</strong>')
    .replace(/\*(?=\S)([\s\S]*?\S)\*/g, '<em>$1</em>')
    .replace(/(?<![\w])_(?=\S)([\s\S]*?\S)_(?![\w])/g, '<em>$1</em>')
    .replace(/~~(?=\S)([\s\S]*?\S)~~/g, '<del>$1</del>')
    .replace(/(?: {2,}|\\)\n/g, '<br>\n');
  // What was put aside may hold what was put aside before it: a code span in a link's label.

  while (html.includes('\u0000')) html = html.replace(/\u0000(\d+)\u0000/g, (_, index: string) => aside[Number(index)]);
  return html;
}

const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+-]*)/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$/;
const rule = /^ {0,3}(?:-[ -]*-[ -]*-|\*[ *]*\*[ *]*\*|_[ _]*_[ _]*_)[-*_ ]*$/;
const item = /^( *)([-*+]|\d{1,9}[.)])( +|$)(.*)$/;
const quote = /^ {0,3}> ?/;
const tableRule = /^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/;
const htmlBlock =
  /^ {0,3}<(?:!--|\/?(?:address|article|aside|blockquote|center|details|div|dl|figure|footer|h[1-6]|header|hr|iframe|img|link|main|nav|ol|p|pre|script|section|style|summary|svg|table|ul|video)\b)/i;

const cellsOf = (row: string): string[] =>
  row
    .trim()
    .replace(/^\||(?<!\\)\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** An anchor's name from a heading's text, as GitHub makes it. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s+/g, '-');

/** Turns the lines of one container (the page, a list item, a quote) into blocks. `tight` leaves paragraphs unwrapped. */
function blocks(lines: readonly string[], attachment: FindAttachment, tight = false): string {
  const html: string[] = [];
  const text = (raw: string): string => inline(raw, attachment);
  let i = 0;
  /** Takes lines while the test holds. */
  const take = (test: (line: string) => boolean): string[] => {
    const from = i;
    while (i < lines.length && test(lines[i])) i++;
    return lines.slice(from, i);
  };
  const startsBlock = (line: string, next?: string): boolean =>
    fence.test(line) ||
    heading.test(line) ||
    rule.test(line) ||
    quote.test(line) ||
    item.test(line) ||
    htmlBlock.test(line) ||
    (line.includes('|') && next !== undefined && tableRule.test(next));

  while (i < lines.length) {
    const line = lines[i];
    if (line.trim() === '') {
      i++;
      continue;
    }
    const fenced = fence.exec(line);
    if (fenced) {
      i++;
      const code = take((inner) => !inner.trim().startsWith(fenced[1])).join('\n');
      i++;
      const colored = /^(?:ts|js|typescript|javascript)$/i.test(fenced[2])
        ? highlightTypeScript(code)
        : escapeHtml(code);
      html.push(`<pre><code>${colored}\n</code></pre>`);
      continue;
    }
    const headed = heading.exec(line);
    if (headed) {
      i++;
      const level = headed[1].length;
      html.push(`<h${level} id="${anchor(headed[2])}">${text(headed[2])}</h${level}>`);
      continue;
    }
    if (rule.test(line)) {
      i++;
      html.push('<hr>');
      continue;
    }
    if (quote.test(line)) {
      const quoted = take((inner) => inner.trim() !== '' && (quote.test(inner) || !startsBlock(inner)));
      html.push(
        `<blockquote>${blocks(
          quoted.map((inner) => inner.replace(quote, '')),
          attachment,
        )}</blockquote>`,
      );
      continue;
    }
    if (item.test(line)) {
      html.push(list());
      continue;
    }
    if (htmlBlock.test(line)) {
      html.push(take((inner) => inner.trim() !== '').join('\n'));
      continue;
    }
    if (line.includes('|') && i + 1 < lines.length && tableRule.test(lines[i + 1])) {
      html.push(table());
      continue;
    }
    const first = i;
    const paragraph = take((inner) => inner.trim() !== '' && (i === first || !startsBlock(inner, lines[i + 1])));
    const content = text(paragraph.map((inner) => inner.trimStart()).join('\n'));
    html.push(tight ? content : `<p>${content}</p>`);
  }
  return html.join('\n');

  function table(): string {
    const head = cellsOf(lines[i]);
    const align = cellsOf(lines[i + 1]).map((mark) =>
      mark.endsWith(':') ? (mark.startsWith(':') ? 'center' : 'right') : 'left',
    );
    i += 2;
    const row = (cells: readonly string[], tag: string): string =>
      `<tr>${head.map((_, column) => `<${tag} style="text-align:${align[column] ?? 'left'}">${text(cells[column] ?? '')}</${tag}>`).join('')}</tr>`;
    const body = take((inner) => inner.trim() !== '' && inner.includes('|')).map((inner) => row(cellsOf(inner), 'td'));
    return `<table><thead>${row(head, 'th')}</thead><tbody>${body.join('')}</tbody></table>`;
  }

  function list(): string {
    const [, indent, marker] = item.exec(lines[i]) as RegExpExecArray;
    const ordered = /\d/.test(marker);
    const kind = marker.slice(-1);
    const items: string[][] = [];
    let loose = false;
    while (i < lines.length) {
      const match = item.exec(lines[i]);
      if (!match || match[1].length !== indent.length || !match[2].endsWith(kind)) break;
      const width = match[1].length + match[2].length + Math.min(match[3].length || 1, 4);
      const content = [match[4]];
      i++;
      while (i < lines.length) {
        const inner = lines[i];
        const deep = inner.search(/\S/);
        if (deep < 0) {
          const after = lines.slice(i).find((later) => later.trim() !== '');
          if (after === undefined || after.search(/\S/) < width) break;
          loose = true;
          content.push('');
        } else if (deep >= width) content.push(inner.slice(width));
        else if (deep > indent.length && item.test(inner)) content.push(inner.trimStart());
        else if (startsBlock(inner)) break;
        else content.push(inner.trimStart());
        i++;
      }
      items.push(content);
      const next = lines.findIndex((later, at) => at >= i && later.trim() !== '');
      const goesOn = next > i ? item.exec(lines[next]) : null;
      if (goesOn && goesOn[1].length === indent.length && goesOn[2].endsWith(kind)) {
        loose = true;
        i = next;
      }
    }
    const start = ordered && parseInt(marker) !== 1 ? ` start="${parseInt(marker)}"` : '';
    const tag = ordered ? 'ol' : 'ul';
    const parts = items.map((content) => `<li>${blocks(content, attachment, !loose)}</li>`);
    return `<${tag}${start}>${parts.join('\n')}</${tag}>`;
  }
}

/** HTML of a markdown text. HTML in it is passed on, as notebook front ends do. */
export const markdownToHtml = (markdown: string, attachment: FindAttachment = () => undefined): string =>
  blocks(markdown.replace(/\r\n?/g, '\n').replaceAll('\t', '    ').split('\n'), attachment);
