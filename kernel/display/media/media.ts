/** @file Images, sounds and films as MIME bundles. */
import { escapeMarkup, formatBytes } from '../markup.ts';
import type { FormattedValue } from '../contract.ts';
import type { MediaOptions } from '../display-types.ts';
import { type Format, formatOf, pixelsOf } from './signatures.ts';

/** Formats that front ends take as they are; others are embedded in HTML. */
const imageTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp']);

const sizeAttributes = ({ width, height }: MediaOptions): string =>
  (width === undefined ? '' : ` width="${Number(width)}"`) +
  (height === undefined ? '' : ` height="${Number(height)}"`);

/** Words for the bytes: `image/png, 640 x 480, 12.3 kB`. */
export function mediaText(bytes: Uint8Array, { type }: Format, alt?: string): string {
  const size = pixelsOf(bytes, type);
  const facts = [type, ...(size ? [size.join(' x ')] : []), formatBytes(bytes.byteLength)].join(', ');
  return alt ? `${alt} (${facts})` : facts;
}

/** Bytes of a known format as a bundle. */
export function mediaBundle(bytes: Uint8Array, format: Format, options: MediaOptions = {}): FormattedValue {
  const { type, kind } = format;
  const text = { 'text/plain': mediaText(bytes, format, options.alt) };
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (type === 'image/svg+xml' && !options.width && !options.height && !options.alt)
    return { data: { [type]: buffer.toString('utf8'), ...text }, metadata: {} };
  const base64 = buffer.toString('base64');
  if (imageTypes.has(type)) {
    const { width, height, alt } = options;
    const shown = {
      ...(width !== undefined && { width }),
      ...(height !== undefined && { height }),
      ...(alt && { alt }),
    };
    return { data: { [type]: base64, ...text }, metadata: Object.keys(shown).length > 0 ? { [type]: shown } : {} };
  }
  return { data: { 'text/html': mediaElement(`data:${type};base64,${base64}`, kind, options), ...text }, metadata: {} };
}

/** An element that shows what is at a URL. */
export function mediaElement(url: string, kind: Format['kind'], options: MediaOptions = {}): string {
  const source = `src="${escapeMarkup(url)}"${sizeAttributes(options)}`;
  if (kind === 'image') return `<img ${source} alt="${escapeMarkup(options.alt ?? '')}">`;
  return `<${kind} controls ${source}${options.alt ? ` aria-label="${escapeMarkup(options.alt)}"` : ''}></${kind}>`;
}

/** The bundle of bytes that are an image, a sound or a film; undefined for others. */
export function recognisedMedia(bytes: Uint8Array, largest: number): Record<string, unknown> | undefined {
  const format = formatOf(bytes);
  if (!format) return undefined;
  if (bytes.byteLength > largest)
    return {
      'text/plain': `${mediaText(bytes, format)} (too large to be shown unasked; display.${format.kind}(bytes) shows it)`,
    };
  return mediaBundle(bytes, format).data;
}
