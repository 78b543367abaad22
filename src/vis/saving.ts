/** @file Pictures as files. */
import { ArgumentError } from '../tensor/errors.ts';

/** What can be written to a file. */
export interface Drawable {
  /** Left out by pictures that are made of pixels. */
  toSVG?(): string | Promise<string>;
  toPNG(options?: PictureFileOptions): Promise<Uint8Array>;
}

export interface PictureFileOptions {
  /** Pixels of a PNG a CSS pixel; 2 where left out, for sharp screens. */
  scale?: number;
  /** A CSS colour behind a PNG; none where left out. */
  background?: string;
}

/**
 * Writes a picture of `tf.vis` or `tf.plotModel` to a file: SVG or PNG, by the ending of its name.
 *
 * @throws ArgumentError for another ending, and for pixels as SVG
 * @example
 * await tf.vis.save(tf.vis.history(history), 'history.png', { background: 'white' })
 */
export async function save(picture: Drawable, path: string, options: PictureFileOptions = {}): Promise<void> {
  if (typeof picture?.toPNG !== 'function')
    throw new ArgumentError(
      'tf.vis.save expects a picture, what tf.vis.line and the like give; got something without toPNG().',
    );
  const ending = /\.(svg|png)$/i.exec(path)?.[1].toLowerCase();
  if (!ending) throw new ArgumentError(`tf.vis.save: the name of the file must end in .svg or .png, got '${path}'.`);
  if (ending === 'svg' && !picture.toSVG)
    throw new ArgumentError(`tf.vis.save: a picture made of pixels cannot be SVG; give '${path}' the ending .png.`);
  const { writeFile } = await import('node:fs/promises');
  await writeFile(path, ending === 'svg' ? await picture.toSVG!() : await picture.toPNG(options));
}
