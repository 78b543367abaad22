import { describe, expect, it } from 'vitest';
import { describeMagic, suggestion } from '../../kernel/magics/describe.ts';
import { magics, namesOf } from '../../kernel/magics/registry.ts';

describe('the registry', () => {
  it('has every name once', () => {
    const names = magics.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(magics.map((magic) => [magic.name, magic] as const))(
    '%s says how it is used, and does something',
    (_name, magic) => {
      expect(magic.summary).toMatch(/^[A-Z].*\.$|: `.*`\.$/);
      expect(magic.run !== undefined || magic.code !== undefined).toBe(true);
      // What is written in words can be completed; what is TypeScript completes as such.
      const takesWords = magic.usage !== '' && magic.code === undefined && !/^\[ARGUMENTS\]$/.test(magic.usage);
      expect(!takesWords || magic.complete !== undefined || magic.options !== undefined).toBe(true);
      expect(describeMagic(magic).plain).toContain(magic.usage);
    },
  );

  it('suggests what a wrong name may mean, within reason', () => {
    expect(suggestion('hsitory', namesOf('line'), '%')).toBe(' Did you mean %history?');
    expect(suggestion('zzzzzz', namesOf('line'), '%')).toBe(' %lsmagic lists what there is.');
  });
});
