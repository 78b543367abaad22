/** @file Pictures, sound and films. */
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { control, dom } from './control.ts';
import { bool, bytes, text } from './traits.ts';

const media = {
  ...dom,
  /** The file's bytes; where `format` is 'url', the address. */
  value: bytes,
};

const size = {
  /** Width in pixels; `layout.width` takes any length. */
  width: text(),
  height: text(),
};

const player = {
  ...media,
  autoplay: bool(true),
  loop: bool(true),
  controls: bool(true),
};

/** Formats whose names differ from the ending of their files. */
const formats: Readonly<Record<string, string>> = { jpg: 'jpeg', svg: 'svg+xml', m4a: 'mp4', oga: 'ogg', ogv: 'ogg' };

/** What a file gives: its bytes, and the format that its ending names. */
const fromFile = (path: string | URL): { value: Uint8Array; format?: string } => {
  const ending = extname(String(path)).slice(1).toLowerCase();
  const value = readFileSync(path);
  return ending === '' ? { value } : { value, format: formats[ending] ?? ending };
};

/**
 * A picture.
 *
 * @example
 * widgets.Image.fromFile('cat.png', { width: '200' });
 */
export class Image extends control('Image', { ...media, ...size, format: text('png') }) {
  /** The picture in a file; the format is that of the file's ending. */
  static fromFile(path: string | URL, options: ConstructorParameters<typeof Image>[0] = {}): Image {
    return new Image({ ...fromFile(path), ...options });
  }

  /** A picture that the browser fetches. */
  static fromUrl(url: string, options: ConstructorParameters<typeof Image>[0] = {}): Image {
    return new Image({ ...options, value: url, format: 'url' });
  }
}

/** A film. */
export class Video extends control('Video', { ...player, ...size, format: text('mp4') }) {
  static fromFile(path: string | URL, options: ConstructorParameters<typeof Video>[0] = {}): Video {
    return new Video({ ...fromFile(path), ...options });
  }

  static fromUrl(url: string, options: ConstructorParameters<typeof Video>[0] = {}): Video {
    return new Video({ ...options, value: url, format: 'url' });
  }
}

/** A sound. */
export class Audio extends control('Audio', { ...player, format: text('mp3') }) {
  static fromFile(path: string | URL, options: ConstructorParameters<typeof Audio>[0] = {}): Audio {
    return new Audio({ ...fromFile(path), ...options });
  }

  static fromUrl(url: string, options: ConstructorParameters<typeof Audio>[0] = {}): Audio {
    return new Audio({ ...options, value: url, format: 'url' });
  }
}
