/** @file Cursor positions: the protocol counts Unicode code points, JavaScript strings UTF-16 units. */

/** UTF-16 offset of the code point number `position`; clamped to the text. */
export function toUtf16(text: string, position: number): number {
  let offset = 0;
  for (let point = 0; point < position && offset < text.length; point++)
    offset += text.codePointAt(offset)! > 0xffff ? 2 : 1;
  return offset;
}

/** Number of code points before the UTF-16 offset; inside a surrogate pair, the pair is not counted. */
export function toCodePoints(text: string, offset: number): number {
  let points = 0;
  for (let at = 0; at < Math.min(offset, text.length); points++) {
    at += text.codePointAt(at)! > 0xffff ? 2 : 1;
    if (at > offset) break;
  }
  return points;
}
