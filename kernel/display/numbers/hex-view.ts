/** @file Bytes as a hexadecimal view. */
import { types } from 'node:util';
import type { MimeBundle } from '../../../src/display.ts';
import { type Limits, howToSeeAll } from '../limits.ts';
import { escapeMarkup, formatBytes, grouped } from '../markup.ts';
import { classNameOf } from '../outline/outline.ts';
import { view } from '../style.ts';

/** The bytes of a Buffer, an ArrayBuffer or a DataView; undefined for others. */
export function bytesOf(value: object): Uint8Array | undefined {
  if (Buffer.isBuffer(value)) return value;
  try {
    if (types.isAnyArrayBuffer(value)) return new Uint8Array(value);
    if (types.isDataView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  } catch {
    // Given away to another thread, or cut off by a resize: there is nothing to see.
  }
  return undefined;
}

/** Bytes that are more than fit on one line of text. */
export function hexView(value: object, limits: Limits): MimeBundle | undefined {
  const bytes = bytesOf(value);
  if (!bytes || bytes.byteLength <= 16) return undefined;
  const shown = bytes.subarray(0, limits.bytes);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += 16) lines.push(hexLine(shown.subarray(at, at + 16), at));
  const rest = bytes.byteLength - shown.byteLength;
  const note = rest > 0 ? `${grouped(rest)} more bytes; ${howToSeeAll(limits)}` : '';
  const title = `${classNameOf(value) ?? 'Bytes'}, ${formatBytes(bytes.byteLength)}`;
  return {
    'text/html': view(
      'base',
      `<div class="title">${escapeMarkup(title)}</div><pre>${escapeMarkup(lines.join('\n'))}</pre>` +
        (note ? `<div class="note">${escapeMarkup(note)}</div>` : ''),
    ),
    'text/plain': [title, ...lines, ...(note ? [`(${note})`] : [])].join('\n'),
  };
}

function hexLine(bytes: Uint8Array, offset: number): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
  const halves = `${hex.slice(0, 8).join(' ')}  ${hex.slice(8).join(' ')}`;
  const text = Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  return `${offset.toString(16).padStart(8, '0')}  ${halves.padEnd(48)}  ${text}`;
}
