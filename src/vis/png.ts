/** @file Raster images: pixels and SVG to PNG, through sharp. */

/** SVG source as the bytes of a PNG file. */
export async function svgToPNG(
  svg: string,
  { scale = 2, background }: { scale?: number; background?: string } = {},
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const picture = sharp(Buffer.from(svg), { density: 72 * scale });
  return (background ? picture.flatten({ background }) : picture).png().toBuffer();
}

/** Rows of 8-bit pixels with 1 (grey), 2 (grey, opacity), 3 (RGB) or 4 (RGBA) channels. */
export interface Raster {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
}

/** Pixels as the bytes of a PNG file, each pixel drawn as a square of `scale` pixels. */
export async function rasterToPNG({ pixels, width, height, channels }: Raster, scale = 1): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const picture = sharp(pixels, { raw: { width, height, channels } });
  const sized =
    scale === 1 ? picture : picture.resize(width * scale, height * scale, { kernel: 'nearest', fit: 'fill' });
  return sized.png({ compressionLevel: 9 }).toBuffer();
}
