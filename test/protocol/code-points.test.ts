import { describe, expect, it } from 'vitest';
import { toCodePoints, toUtf16 } from '../../kernel/protocol/code-points.ts';

describe('cursor positions', () => {
  const text = 'a𝒳é👍🏽z'; // 1 + 2 + 1 + 4 + 1 UTF-16 units, 6 code points

  it('count code points on the wire and UTF-16 units inside', () => {
    expect([0, 1, 2, 3, 4, 5, 6].map((point) => toUtf16(text, point))).toEqual([0, 1, 3, 4, 6, 8, 9]);
    expect([0, 1, 3, 4, 6, 8, 9].map((offset) => toCodePoints(text, offset))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('are clamped to the text, and never fall between two halves of a character', () => {
    expect(toUtf16(text, 99)).toBe(text.length);
    expect(toUtf16(text, -1)).toBe(0);
    expect(toCodePoints(text, 99)).toBe(6);
    expect(toCodePoints(text, 2)).toBe(1);
  });

  it('agree with the string iterator everywhere', () => {
    const points = [...text];
    for (let count = 0; count <= points.length; count++) {
      const offset = points.slice(0, count).join('').length;
      expect(toUtf16(text, count)).toBe(offset);
      expect(toCodePoints(text, offset)).toBe(count);
    }
  });
});
