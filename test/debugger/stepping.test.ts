import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { result } from '../kernel/real-kernel.ts';
import { DebugClient } from './debug-client.ts';

let debug: DebugClient;
beforeAll(async () => void (debug = await DebugClient.start()));
afterAll(() => debug.dispose());

const twice = `function twice(n: number): number {
  const more: number = n + 1;
  const double = more * 2;
  return double;
}
twice(20)`;

describe('a breakpoint', () => {
  it('set before the cell runs stops it, with the frames, the lines and the variables of its TypeScript', async () => {
    const [breakpoint] = await debug.breakAt(twice, 3);
    expect(breakpoint).toMatchObject({ verified: true, line: 3 });
    const cell = debug.run(twice);
    expect(await debug.stopped()).toMatchObject({
      reason: 'breakpoint',
      threadId: 1,
      hitBreakpointIds: [breakpoint.id],
    });
    expect(await debug.stack()).toEqual(['twice:3', '<cell>:6']);
    expect((await debug.frames())[0].source.path).toBe(await debug.dump(twice));
    expect(await debug.values('Locals')).toEqual({ n: '20', more: '21', double: 'undefined' });
    await debug.go();
    expect(result(await cell)).toBe('42');
  });

  it('stops again where the function is called from another cell, and stepping walks its lines', async () => {
    const caller = 'let total = 0;\ntotal += twice(1);\ntotal';
    const cell = debug.run(caller);
    await debug.stopped();
    expect(await debug.stack()).toEqual(['twice:3', '<cell>:2']);
    expect(await debug.step('next')).toMatchObject({ reason: 'step' });
    expect(await debug.stack()).toEqual(['twice:4', '<cell>:2']);
    await debug.step('stepOut');
    expect(await debug.stack()).toEqual(['<cell>:3']);
    expect(await debug.evaluate('total')).toBe('4');
    await debug.request('next', { threadId: 1 });
    expect(result(await cell)).toBe('4');
  });
});
