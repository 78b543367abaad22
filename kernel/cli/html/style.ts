/** @file The style sheet of an exported page. */

export const style = `
:root { color-scheme: light; --ink: #1d2430; --soft: #667085; --line: #e3e7ee; --code: #f6f8fb; --blue: #1f6fc0; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: #fff; font: 16px/1.6 system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; }
main { max-width: 980px; margin: 0 auto; padding: 32px 20px 80px; }
pre, code { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
pre { margin: 0; font-size: 13px; line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--blue); }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.4em 0 .5em; }
.cell { margin: 14px 0; }
.cell.text { padding-left: 66px; }
.cell.text code { background: var(--code); border-radius: 4px; padding: .1em .35em; font-size: .88em; }
.cell.text pre { background: var(--code); border-radius: 6px; padding: 10px 12px; }
.cell.text pre code { padding: 0; font-size: 13px; }
.cell.text blockquote { margin: 1em 0; padding: 0 1em; border-left: 4px solid var(--line); color: var(--soft); }
.row { display: flex; gap: 8px; }
.prompt { flex: 0 0 58px; text-align: right; color: var(--soft); font: 12px/1.6 ui-monospace, Menlo, Consolas, monospace; padding-top: 9px; }
.source { flex: 1; min-width: 0; background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: 9px 12px; }
.output { flex: 1; min-width: 0; padding: 8px 12px; overflow-x: auto; }
.stderr { background: #fff4f2; padding: 6px 10px; border-radius: 6px; }
.error { background: #fff4f2; border-left: 4px solid #e5484d; padding: 8px 12px; border-radius: 4px; }
.note, .formula { color: var(--soft); }
.rich img, .rich svg, .cell.text img { max-width: 100%; height: auto; }
.widget { display: flex; gap: 8px; align-items: center; margin: 2px; }
.widget > label { flex: 0 0 80px; text-align: right; }
.widget.vbox, .widget.tab, .widget.accordion, .widget.stack, .widget.output, .widget.box { flex-direction: column; align-items: stretch; }
.widget.hbox, .widget.box { flex-wrap: wrap; }
.widget.gridbox { display: grid; }
table { border-collapse: collapse; font-size: 14px; }
.rich th, .rich td { padding: 2px 10px; }
.rich tbody tr:nth-child(odd) { background: var(--code); }
.cell.text table { margin: 1em 0; }
.cell.text th, .cell.text td { border: 1px solid var(--line); padding: 5px 10px; }
.hljs-comment { color: #6a737d; font-style: italic; }
.hljs-string, .hljs-regexp { color: #0a6b45; }
.hljs-number, .hljs-literal { color: #a3500b; }
.hljs-keyword { color: #7c2fb5; }
.hljs-meta { color: #1f6fc0; font-weight: bold; }
@media (max-width: 640px) { .prompt { display: none; } .cell.text { padding-left: 0; } }
@media print { main { max-width: none; } .cell { break-inside: avoid; } }
`;
