/** @file A notebook as one page that needs nothing else: `tensorcell run --html`. */
import { joinLines } from '../notebook.ts';
import { widgetStateType } from '../../client/widget-models.ts';
import type { MimeBundle } from '../../protocol/content.ts';
import type { Cell, CodeCell, MultilineString, Notebook, Output, TextCell } from '../notebook.ts';
import { escapeHtml } from './escape.ts';
import { highlightTypeScript } from './highlight.ts';
import { markdownToHtml } from './markdown.ts';
import { style } from './style.ts';
import { terminalTextToHtml } from './terminal-text.ts';
import { StaticWidgets } from './widgets.ts';

const textOf = (value: unknown): string =>
  typeof value === 'string' || Array.isArray(value)
    ? joinLines(value as MultilineString)
    : JSON.stringify(value, null, 2);

/** @param shown the output's metadata for the type: the size to be shown at, and words for who cannot see it */
const picture =
  (type: string) =>
  (value: unknown, shown: unknown): string => {
    const { width, height, alt } = (shown ?? {}) as { width?: unknown; height?: unknown; alt?: unknown };
    const sizes = Object.entries({ width, height }).map(([name, size]) =>
      typeof size === 'number' ? ` ${name}="${size}"` : '',
    );
    const source = `data:${type};base64,${textOf(value).replace(/\s/g, '')}`;
    return `<img src="${escapeHtml(source)}"${sizes.join('')} alt="${typeof alt === 'string' ? escapeHtml(alt) : ''}">`;
  };

/** How each MIME type is shown, the richest first. Charts carry an SVG or PNG beside their specification. */
const renderers: readonly (readonly [type: string, render: (value: unknown, shown: unknown) => string])[] = [
  ['text/html', textOf],
  ['image/svg+xml', (value) => textOf(value).replace(/^\s*<\?xml[^>]*\?>\s*/, '')],
  ['image/png', picture('image/png')],
  ['image/jpeg', picture('image/jpeg')],
  ['image/gif', picture('image/gif')],
  ['image/webp', picture('image/webp')],
  ['image/bmp', picture('image/bmp')],
  ['text/markdown', (value) => markdownToHtml(textOf(value))],
  ['text/latex', (value) => `<pre class="formula">${escapeHtml(textOf(value))}</pre>`],
  ['text/plain', (value) => `<pre>${terminalTextToHtml(textOf(value))}</pre>`],
  ['application/json', (value) => `<pre>${escapeHtml(JSON.stringify(value, null, 2))}</pre>`],
];

const widgetViewType = 'application/vnd.jupyter.widget-view+json';

function bundleToHtml(data: MimeBundle, metadata: Readonly<Record<string, unknown>>, widgets: StaticWidgets): string {
  const view = data[widgetViewType] as { model_id?: unknown } | undefined;
  const widget = view && widgets.show(String(view.model_id));
  if (widget !== undefined) return widget;
  const found = renderers.find(([type]) => type in data);
  if (found) return found[1](data[found[0]], metadata[found[0]]);
  return `<pre class="note">${escapeHtml(`(no view of ${Object.keys(data).join(', ') || 'an empty output'} in a page)`)}</pre>`;
}

function outputToHtml(output: Output, widgets: StaticWidgets): string {
  if (output.output_type === 'stream') {
    return `<pre class="stream ${output.name}">${terminalTextToHtml(joinLines(output.text))}</pre>`;
  }
  if (output.output_type === 'error') {
    const text = output.traceback.length > 0 ? output.traceback.join('\n') : `${output.ename}: ${output.evalue}`;
    return `<pre class="error">${terminalTextToHtml(text)}</pre>`;
  }
  return `<div class="rich">${bundleToHtml(output.data, output.metadata ?? {}, widgets)}</div>`;
}

/** Where links to a cell lead, as in JupyterLab and in pages of nbconvert. */
const anchor = (id: string | undefined): string => (id === undefined ? '' : ` id="cell-id=${escapeHtml(id)}"`);

function codeCellToHtml({ id, source, outputs, execution_count: count }: CodeCell, widgets: StaticWidgets): string {
  const prompt = (content: string): string => `<div class="prompt">${content}</div>`;
  const input = `${prompt(`[${count ?? ' '}]:`)}<pre class="source"><code>${highlightTypeScript(joinLines(source))}</code></pre>`;
  const shown = outputs.map((output) => {
    const mark = output.output_type === 'execute_result' ? `[${output.execution_count ?? ' '}]:` : '';
    return `<div class="row">${prompt(mark)}<div class="output">${outputToHtml(output, widgets)}</div></div>`;
  });
  return `<section class="cell code"${anchor(id)}><div class="row">${input}</div>${shown.join('\n')}</section>`;
}

function textCellToHtml({ id, source, attachments, cell_type: type }: TextCell): string {
  if (type === 'raw') return '';
  const attachment = (name: string): string | undefined => {
    const [found] = Object.entries(attachments?.[name] ?? {});
    return found && `data:${found[0]};base64,${textOf(found[1]).replace(/\s/g, '')}`;
  };
  return `<section class="cell text"${anchor(id)}>${markdownToHtml(joinLines(source), attachment)}</section>`;
}

const cellToHtml = (cell: Cell, widgets: StaticWidgets): string =>
  cell.cell_type === 'code' ? codeCellToHtml(cell, widgets) : textCellToHtml(cell);

function widgetsOf({ metadata }: Notebook): StaticWidgets {
  const models = metadata.widgets?.[widgetStateType]?.state ?? {};
  const widgets: StaticWidgets = new StaticWidgets(models, (output) => outputToHtml(output, widgets));
  return widgets;
}

/** The whole page of a notebook; `title` names it in the browser's tab. */
export const notebookToHtml = (notebook: Notebook, title: string): string => {
  const widgets = widgetsOf(notebook);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${notebook.cells.map((cell) => cellToHtml(cell, widgets)).join('\n')}
</main>
</body>
</html>
`;
};
