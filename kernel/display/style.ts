/** @file The look of values: the page's own colours and lines where it has them, readable on light and dark pages alike. */

/**
 * One sheet for every view; it stands in each output, because each output must do alone. Where it is stripped (untrusted
 * notebooks, GitHub) the views are plain tables and lists, and what only scripts can do stays hidden.
 */
const rules = `
.tensorcell-view{color:inherit;font-size:var(--jp-code-font-size,13px);line-height:1.45;--tc-line:var(--jp-border-color2,rgba(127,127,127,.35));--tc-soft:var(--jp-content-font-color2,#7b7f87);--tc-code:var(--jp-code-font-family,ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace)}
.tensorcell-view .soft{color:var(--tc-soft);font-weight:400}
.tensorcell-view .note{color:var(--tc-soft);font-size:90%;margin:3px 0}
.tensorcell-view .title{font-weight:600;margin:0 0 3px}
.tensorcell-view .scroll{overflow:auto;max-width:100%}
.tensorcell-view pre,.tensorcell-view code{font-family:var(--tc-code);font-size:inherit;background:none;color:inherit}
.tensorcell-view pre{margin:4px 0;padding:0;white-space:pre!important;overflow:auto;max-height:32em}
.tensorcell-view pre.wrap{white-space:pre-wrap!important;overflow-wrap:anywhere}
.tensorcell-view details{margin:0}
.tensorcell-view summary{cursor:pointer;display:list-item}
.tensorcell-view .str{color:var(--jp-mirror-editor-string-color,#bd5f38);white-space:pre-wrap;overflow-wrap:anywhere}
.tensorcell-view .num{color:var(--jp-mirror-editor-number-color,#2a9461)}
.tensorcell-view .word{color:var(--jp-mirror-editor-keyword-color,#8d6cd9)}
.tensorcell-view .bad{color:var(--jp-error-color1,#d95757)}
`;

const tableRules = `
.tensorcell-view table{border-collapse:collapse;margin:0 0 4px!important;font-variant-numeric:tabular-nums;font-size:inherit;table-layout:auto;border:0}
.tensorcell-view th,.tensorcell-view td{padding:3px 10px!important;vertical-align:top;white-space:nowrap;max-width:28em;overflow:hidden;text-overflow:ellipsis;border:0;line-height:1.4}
.tensorcell-view thead th{border-bottom:1px solid var(--tc-line)!important;font-weight:600;vertical-align:bottom}
.tensorcell-view tbody th{font-weight:400;color:var(--tc-soft);text-align:right}
.tensorcell-view td:hover{white-space:pre-wrap;overflow-wrap:anywhere}
.tensorcell-view [data-sort]{cursor:pointer;user-select:none}
.tensorcell-view [data-sort]:hover{text-decoration:underline}
.tensorcell-view [aria-sort=ascending] b::after{content:' \\25B2'}
.tensorcell-view [aria-sort=descending] b::after{content:' \\25BC'}
.tensorcell-view .pages{display:flex;gap:6px;align-items:center;margin:2px 0 4px;user-select:none}
.tensorcell-view [data-go]{border:1px solid var(--tc-line);border-radius:3px;padding:0 8px;cursor:pointer}
.tensorcell-view [data-go][aria-disabled=true]{opacity:.35;cursor:default}
.tensorcell-view [data-go=first]::before{content:'\\AB'}
.tensorcell-view [data-go=back]::before{content:'\\2039'}
.tensorcell-view [data-go=next]::before{content:'\\203A'}
.tensorcell-view [data-go=last]::before{content:'\\BB'}
.tensorcell-view [data-page]::before{content:attr(data-page)}
`;

const outlineRules = `
.tensorcell-view.outline{font-family:var(--tc-code)}
.tensorcell-view.outline .in{padding-left:1.4em}
.tensorcell-view.outline .leaf{padding-left:1.05em;text-indent:0}
.tensorcell-view.outline .name{color:var(--jp-mirror-editor-property-color,#2f7ed8)}
`;

const sheets = { base: rules, table: rules + tableRules, outline: rules + outlineRules };

/** A view in its frame. @param sheet what it is made of */
export const view = (sheet: keyof typeof sheets, content: string, attributes = ''): string =>
  `<div class="tensorcell-view${sheet === 'base' ? '' : ` ${sheet}`}"${attributes}><style>${sheets[sheet].trim()}</style>${content}</div>`;
