/** @file What bytes are, by their first ones: images, sounds, films. */

/** A format that front ends show. */
export interface Format {
  readonly type: string;
  readonly kind: 'image' | 'audio' | 'video';
}

interface Signature extends Format {
  readonly matches: (bytes: Uint8Array) => boolean;
}

function has(bytes: Uint8Array, text: string, offset = 0): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[offset + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** The brand of a file in the ISO base media format: MP4, M4A, AVIF. */
const brand = (bytes: Uint8Array, pattern: RegExp): boolean =>
  has(bytes, 'ftyp', 4) && pattern.test(String.fromCharCode(...bytes.subarray(8, 12)));

const isSvg = (bytes: Uint8Array): boolean => {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 1024)).toString('latin1');
  return /^(?:\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/.test(head);
};

/** An MPEG audio frame is marked by 11 bits only, so a second one must follow where the first says it ends. */
function isMp3(bytes: Uint8Array): boolean {
  if (has(bytes, 'ID3')) return true;
  const length = frameLength(bytes, 0);
  return length > 0 && frameLength(bytes, length) > 0;
}

const bitrates = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const rates = [44_100, 48_000, 32_000];

/** Length of the frame of MPEG 1, layer III that begins at `at`; 0 where none does. */
function frameLength(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== 0xff || (bytes[at + 1] & 0xfe) !== 0xfa) return 0;
  const bitrate = bitrates[bytes[at + 2] >> 4];
  const rate = rates[(bytes[at + 2] >> 2) & 3];
  if (!bitrate || !rate) return 0;
  return Math.floor((144_000 * bitrate) / rate) + ((bytes[at + 2] >> 1) & 1);
}

const signatures: readonly Signature[] = [
  { type: 'image/png', kind: 'image', matches: (bytes) => has(bytes, '\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', kind: 'image', matches: (bytes) => has(bytes, '\xff\xd8\xff') },
  { type: 'image/gif', kind: 'image', matches: (bytes) => has(bytes, 'GIF87a') || has(bytes, 'GIF89a') },
  { type: 'image/webp', kind: 'image', matches: (bytes) => has(bytes, 'RIFF') && has(bytes, 'WEBP', 8) },
  { type: 'image/avif', kind: 'image', matches: (bytes) => brand(bytes, /^avi[fs]/) },
  { type: 'audio/wav', kind: 'audio', matches: (bytes) => has(bytes, 'RIFF') && has(bytes, 'WAVE', 8) },
  { type: 'audio/ogg', kind: 'audio', matches: (bytes) => has(bytes, 'OggS') },
  { type: 'audio/flac', kind: 'audio', matches: (bytes) => has(bytes, 'fLaC') },
  { type: 'audio/mp4', kind: 'audio', matches: (bytes) => brand(bytes, /^M4A/) },
  { type: 'video/mp4', kind: 'video', matches: (bytes) => brand(bytes, /^(?:isom|iso\d|mp4\d|avc1|M4V|dash|qt)/) },
  { type: 'video/webm', kind: 'video', matches: (bytes) => has(bytes, '\x1aE\xdf\xa3') },
  { type: 'audio/mpeg', kind: 'audio', matches: isMp3 },
  { type: 'image/svg+xml', kind: 'image', matches: isSvg },
];

/** The format of bytes; undefined where it is none that a front end shows. */
export const formatOf = (bytes: Uint8Array): Format | undefined => {
  const found = bytes.byteLength < 4 ? undefined : signatures.find(({ matches }) => matches(bytes));
  return found && { type: found.type, kind: found.kind };
};

/** Width and height in pixels, for the formats that say it near their beginning. */
export function pixelsOf(bytes: Uint8Array, type: string): readonly [width: number, height: number] | undefined {
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 30) return undefined;
  if (type === 'image/png') return [data.getUint32(16), data.getUint32(20)];
  if (type === 'image/gif') return [data.getUint16(6, true), data.getUint16(8, true)];
  if (type === 'image/webp' && has(bytes, 'VP8X', 12))
    return [1 + (data.getUint32(24, true) & 0xffffff), 1 + (data.getUint32(26, true) >>> 8)];
  if (type === 'image/webp' && has(bytes, 'VP8 ', 12))
    return [data.getUint16(26, true) & 0x3fff, data.getUint16(28, true) & 0x3fff];
  if (type === 'image/jpeg') return jpegSize(data);
  return undefined;
}

/** The frame header of a JPEG lies behind segments that each say how long they are. */
function jpegSize(data: DataView): readonly [width: number, height: number] | undefined {
  for (let at = 2; at + 9 < data.byteLength && data.getUint8(at) === 0xff; at += 2 + data.getUint16(at + 2)) {
    const marker = data.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return [data.getUint16(at + 7), data.getUint16(at + 5)];
  }
  return undefined;
}
