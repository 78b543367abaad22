import { describe, expect, it } from 'vitest';
import { NotebookSettings, splitMagics } from '../../kernel/session/magics.ts';

describe('magics', () => {
  it('are taken from the top of a cell, and the rest keeps its positions', () => {
    const code = '\n%typecheck off\nconst a = 1\n';
    const { magics, source } = splitMagics(code);
    expect(magics).toEqual([{ name: '%typecheck', argument: 'off' }]);
    expect(source).toHaveLength(code.length);
    expect(source.indexOf('const')).toBe(code.indexOf('const'));
    expect(source.trim()).toBe('const a = 1');
  });

  it('leave the remainder operator alone', () => {
    const code = 'const r = total\n% count';
    expect(splitMagics(code)).toEqual({ magics: [], source: code });
  });

  it.each(['', '\n', '%typecheck', '%typecheck on\n', '   '])('end with the cell %j', (code) => {
    expect(splitMagics(code).source.trim()).toBe('');
  });

  it('%typecheck sets the mode and shows it', () => {
    const settings = new NotebookSettings();
    expect(settings.typecheck).toBe('on');
    expect(settings.apply(splitMagics('%typecheck warn').magics)).toBe('');
    expect(settings.typecheck).toBe('warn');
    expect(settings.apply(splitMagics('%typecheck').magics)).toMatch(/warn/);
  });

  it.each([
    ['%typecheck maybe', /maybe/],
    ['%nothing', /%nothing is not known/],
    ['%%html\n<b>', /%%html is not known/],
  ])('refuse %j and change nothing', (code, reason) => {
    const settings = new NotebookSettings();
    expect(() => settings.apply(splitMagics(`%typecheck off\n${code}`).magics)).toThrow(reason);
    expect(settings.typecheck).toBe('on');
  });
});
