/** @file Objects that hold a picture: canvases, sharp's pipelines, pixels in memory, blobs. */
import { types } from 'node:util';
import type { MimeBundle } from '../../../src/display.ts';
import { formatBytes } from '../markup.ts';
import type { Limits } from '../limits.ts';
import { propertiesOf } from '../properties.ts';
import { recognisedMedia } from './media.ts';
import { formatOf } from './signatures.ts';

type Recogniser = (value: object, limits: Limits) => MimeBundle | Promise<MimeBundle | undefined> | undefined;

/** A canvas: DOM's, node-canvas's, @napi-rs/canvas's. */
export const canvas: Recogniser = (value) => {
  const { toDataURL, width, height } = propertiesOf(value, 'toDataURL', 'width', 'height');
  if (typeof toDataURL !== 'function' || typeof width !== 'number' || typeof height !== 'number') return undefined;
  const url: unknown = toDataURL.call(value, 'image/png');
  if (typeof url !== 'string' || !url.startsWith('data:image/png;base64,')) return undefined;
  return { 'image/png': url.slice(url.indexOf(',') + 1), 'text/plain': `canvas, ${width} x ${height}` };
};

interface SharpPipeline {
  clone(): SharpPipeline;
  png(): SharpPipeline;
  toBuffer(): Promise<Uint8Array>;
}

/** A sharp pipeline, drawn from a copy. One that waits for a stream is left alone: its input can be read once only. */
export const sharpPipeline: Recogniser = (value, limits) => {
  const { clone, png, toBuffer, metadata, options } = propertiesOf(
    value,
    ...(['clone', 'png', 'toBuffer', 'metadata', 'options'] as const),
  );
  if (![clone, png, toBuffer, metadata].every((method) => typeof method === 'function')) return undefined;
  const input = (
    options as { input?: { file?: unknown; buffer?: unknown; createWidth?: unknown; text?: unknown } } | undefined
  )?.input;
  if (!input || !(input.file ?? input.buffer ?? input.createWidth ?? input.text)) return undefined;
  return drawn(value as SharpPipeline, limits);
};

async function drawn(pipeline: SharpPipeline, limits: Limits): Promise<MimeBundle | undefined> {
  const made = await pipeline.clone().toBuffer();
  // What it would write (raw pixels, TIFF) may be no format that a page shows.
  const bytes = formatOf(made)?.kind === 'image' ? made : await pipeline.clone().png().toBuffer();
  return recognisedMedia(bytes, limits.media);
}

/** Pixels in memory: ImageData, a Jimp image's bitmap, pngjs's PNG. */
export const raster: Recogniser = (value) => {
  const { bitmap } = propertiesOf(value, 'bitmap');
  const pixels = typeof bitmap === 'object' && bitmap !== null ? bitmap : value;
  const { data, width, height } = propertiesOf(pixels, 'data', 'width', 'height');
  if (!types.isUint8Array(data) && !types.isUint8ClampedArray(data)) return undefined;
  if (
    typeof width !== 'number' ||
    typeof height !== 'number' ||
    width * height === 0 ||
    data.length !== width * height * 4
  )
    return undefined;
  return rasterPng(data, width, height);
};

async function rasterPng(data: Uint8Array | Uint8ClampedArray, width: number, height: number): Promise<MimeBundle> {
  const { default: sharp } = await import('sharp');
  const pixels = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const png = await sharp(pixels, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return { 'image/png': png.toString('base64'), 'text/plain': `image, ${width} x ${height}` };
}

/** A Blob or a File with an image, a sound or a film in it. */
export const blob: Recogniser = (value, limits) => {
  if (!(value instanceof Blob)) return undefined;
  const name = value instanceof File ? ` ${JSON.stringify(value.name)}` : '';
  const words = `${value.constructor.name}${name}, ${value.type || 'no type'}, ${formatBytes(value.size)}`;
  return blobBundle(value, words, limits);
};

async function blobBundle(value: Blob, words: string, limits: Limits): Promise<MimeBundle> {
  const head = new Uint8Array(await value.slice(0, 4096).arrayBuffer());
  if (!formatOf(head) || value.size > limits.media) return { 'text/plain': words };
  const media = recognisedMedia(new Uint8Array(await value.arrayBuffer()), limits.media);
  return { ...media, 'text/plain': words };
}
