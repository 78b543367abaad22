/** @file Terminal text as HTML: colours, and the carriage returns with which progress bars redraw their line. */
import { applyTerminalControls } from '../../client/notebook-outputs.ts';
import { escapeHtml } from './escape.ts';

/** What select-graphic-rendition codes (ECMA-48, 8.3.117) have set so far. */
interface Style {
  color?: string;
  background?: string;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
}

const palette = ['#3e424d', '#c9302c', '#1f8a4c', '#a86a00', '#2463c4', '#9b3fae', '#0b7f8c', '#8b909a'];
const bright = ['#6b7280', '#e5484d', '#2aa866', '#c98a00', '#3b82f6', '#c05ad6', '#12a3b4', '#b8bcc4'];

/** A colour of the 256-colour table: 16 named ones, a 6x6x6 cube, 24 greys. */
function indexedColor(index: number): string {
  if (index < 8) return palette[index];
  if (index < 16) return bright[index - 8];
  if (index >= 232) {
    const grey = 8 + 10 * (index - 232);
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (digit: number): number => (digit === 0 ? 0 : 55 + 40 * digit);
  const cube = index - 16;
  return `rgb(${level(Math.floor(cube / 36))},${level(Math.floor(cube / 6) % 6)},${level(cube % 6)})`;
}

/** Applies the codes of one escape sequence. */
function applyCodes(style: Style, codes: readonly number[]): Style {
  let next = { ...style };
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = next.dim = false;
    else if (code === 23) next.italic = false;
    else if (code === 24) next.underline = false;
    else if (code >= 30 && code <= 37) next.color = palette[code - 30];
    else if (code >= 90 && code <= 97) next.color = bright[code - 90];
    else if (code >= 40 && code <= 47) next.background = palette[code - 40];
    else if (code >= 100 && code <= 107) next.background = bright[code - 100];
    else if (code === 39) delete next.color;
    else if (code === 49) delete next.background;
    else if (code === 38 || code === 48) {
      const indexed = codes[i + 1] === 5;
      const color = indexed ? indexedColor(codes[i + 2] ?? 0) : `rgb(${codes.slice(i + 2, i + 5).join(',')})`;
      next[code === 38 ? 'color' : 'background'] = color;
      i += indexed ? 2 : 4;
    }
  }
  return next;
}

const css = (style: Style): string =>
  [
    style.color && `color:${style.color}`,
    style.background && `background:${style.background}`,
    style.bold && 'font-weight:bold',
    style.dim && 'opacity:.7',
    style.italic && 'font-style:italic',
    style.underline && 'text-decoration:underline',
  ]
    .filter(Boolean)
    .join(';');

const escapes = /\x1b\[([0-9;:]*)([A-Za-z])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g;

/** HTML of a text with escape sequences; those that are not colours are left out. */
export function terminalTextToHtml(text: string): string {
  const lines = applyTerminalControls(text);
  let style: Style = {};
  let html = '';
  let from = 0;
  const show = (part: string): void => {
    if (part === '') return;
    const rules = css(style);
    html += rules ? `<span style="${rules}">${escapeHtml(part)}</span>` : escapeHtml(part);
  };
  for (const match of lines.matchAll(escapes)) {
    show(lines.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] === 'm') style = applyCodes(style, match[1].split(/[;:]/).map(Number));
  }
  show(lines.slice(from));
  return html;
}
