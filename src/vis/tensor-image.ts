/** @file The view of a tensor that is an image: the picture, with its values below. */
import { createRequire } from 'node:module';
import type { Tensor } from '../tensor/tensor.ts';
import { imageRaster } from './image.ts';
import { escapeMarkup } from './markup.ts';
import { extent } from './numbers.ts';
import { toNumbers } from '../tensor/host.ts';
import type { Raster } from './png.ts';

/** Images have at least so many pixels a side: smaller ones are numbers. */
const leastSide = 8;
/** More pixels than this are shown by tf.vis.image only. */
const mostPixels = 4_000_000;
/** Screen pixels a side that small images are enlarged to, about. */
const usualSide = 200;

/**
 * Whether a tensor is an image beyond doubt: [height, width, 1, 3 or 4] of bytes, or of floats all of which lie in [0, 1].
 * (`tf.vis.image` shows any.)
 */
export function looksLikeImage(x: Tensor): boolean {
  const [height, width, channels] = x.shape;
  const isShaped = x.rank === 3 && Math.min(height, width) >= leastSide && [1, 3, 4].includes(channels);
  if (!isShaped || height * width > mostPixels) return false;
  if (x.dtype === 'uint8') return true;
  if (!x.dtype.startsWith('float')) return false;
  const values = toNumbers(x.dataSync(), x.dtype);
  const [low, high] = extent(values);
  return low >= 0 && high <= 1 && low < high && !Array.prototype.some.call(values, Number.isNaN);
}

/** The bytes of a PNG file, made at once: a value shows itself without waiting. */
function encode({ pixels, width, height, channels }: Raster): Buffer {
  const { createCanvas } = createRequire(import.meta.url)('canvas') as typeof import('canvas');
  const canvas = createCanvas(width, height);
  const context = canvas.getContext('2d');
  const picture = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++)
    for (let channel = 0; channel < 4; channel++)
      picture.data[4 * i + channel] =
        channel < 3
          ? pixels[i * channels + (channels === 1 ? 0 : channel)]
          : channels === 4
            ? pixels[i * channels + 3]
            : 255;
  context.putImageData(picture, 0, 0);
  return canvas.toBuffer('image/png');
}

/** The picture as HTML, and the values folded away. */
export function imageView(x: Tensor, heading: string, text: string): string {
  const raster = imageRaster(x);
  const scale = Math.max(1, Math.round(usualSide / Math.max(raster.width, raster.height)));
  const source = `data:image/png;base64,${encode(raster).toString('base64')}`;
  return (
    `<div><div style="opacity:0.65;font-size:90%;margin-bottom:3px">${escapeMarkup(heading)}</div>` +
    `<img src="${source}" width="${raster.width * scale}" height="${raster.height * scale}" alt="${escapeMarkup(heading)}" style="image-rendering:pixelated"/>` +
    `<details><summary style="opacity:0.65;font-size:90%">values</summary><pre>${escapeMarkup(text)}</pre></details></div>`
  );
}
