/** @file Images, sounds and films by path, URL or bytes, for `display.image` and its like. */
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { types } from 'node:util';
import type { FormattedValue } from '../contract.ts';
import type { MediaOptions } from '../display-types.ts';
import { escapeMarkup, formatBytes } from '../markup.ts';
import { mediaBundle, mediaElement } from './media.ts';
import { type Format, formatOf } from './signatures.ts';

/** Bytes, with the name of their file; or a URL that the front end follows by itself. */
export type ReadSource = { readonly bytes: Uint8Array; readonly name?: string } | { readonly url: string };

/**
 * Reads what a user named.
 *
 * @param asker as the user wrote it: `display.image`
 * @throws TypeError for what is neither a path, a URL nor bytes; the file system's error where a file cannot be read
 */
export function readSource(source: unknown, asker: string): ReadSource {
  if (types.isUint8Array(source)) return { bytes: source };
  if (types.isAnyArrayBuffer(source)) return { bytes: new Uint8Array(source) };
  const text = source instanceof URL ? source.href : source;
  if (typeof text !== 'string' || text === '')
    throw new TypeError(
      `${asker} expects a path, a URL or bytes, got ${text === '' ? 'an empty string' : typeof source}.`,
    );
  if (/^(https?|data|blob):/i.test(text)) return { url: text };
  const path = text.startsWith('file:') ? fileURLToPath(text) : text;
  return { bytes: readFileSync(path), name: basename(path) };
}

/** An image, a sound or a film that a user asked to see. @throws TypeError where the bytes are something else */
export function askedMedia(source: unknown, kind: Format['kind'], options: MediaOptions): FormattedValue {
  const asker = `display.${kind}`;
  const read = readSource(source, asker);
  if ('url' in read)
    return {
      data: {
        'text/html': mediaElement(read.url, kind, options),
        'text/plain': `${kind}${options.alt ? ` ${options.alt}` : ''}: ${read.url.startsWith('data:') ? 'embedded' : read.url}`,
      },
      metadata: {},
    };
  const format = formatOf(read.bytes) ?? formatByName(read.name, kind);
  if (format?.kind !== kind)
    throw new TypeError(
      `${asker}: ${read.name ?? 'the bytes'} (${formatBytes(read.bytes.byteLength)}) ${format ? `is ${format.type}` : 'is in no format that a page shows'}.`,
    );
  return mediaBundle(read.bytes, format, options);
}

/** Formats without a signature that is told apart, by the file's name. */
function formatByName(name: string | undefined, kind: Format['kind']): Format | undefined {
  const type = (
    {
      '.mp3': 'audio/mpeg',
      '.bmp': 'image/bmp',
      '.ogv': 'video/ogg',
      '.aac': 'audio/aac',
      '.ico': 'image/x-icon',
    } as Record<string, string>
  )[extname(name ?? '').toLowerCase()];
  return type?.startsWith(kind) ? { type, kind } : undefined;
}

/** A link by which bytes can be saved. */
export function downloadLink(source: unknown, { name, type }: { name?: string; type?: string }): FormattedValue {
  const read = readSource(source, 'display.file');
  const saved = name ?? ('name' in read ? read.name : undefined) ?? 'download';
  const href =
    'url' in read
      ? read.url
      : `data:${type ?? 'application/octet-stream'};base64,${Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.byteLength).toString('base64')}`;
  const size = 'url' in read ? '' : ` (${formatBytes(read.bytes.byteLength)})`;
  return {
    data: {
      'text/html': `<a download="${escapeMarkup(saved)}" href="${escapeMarkup(href)}">${escapeMarkup(saved)}</a>${size}`,
      'text/plain': `file ${saved}${size}`,
    },
    metadata: {},
  };
}
