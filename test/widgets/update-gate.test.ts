/** @file Updates of widgets that come faster than front ends take them. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CommMessage } from '../../kernel/comm/contract.ts';
import { UpdateGate, isStateUpdate, joinUpdates, type UpdateMessage } from '../../kernel/comm/update-gate.ts';

const update = (commId: string, state: object, parts: readonly (readonly [string, string])[] = []): UpdateMessage => ({
  type: 'msg',
  commId,
  data: { method: 'update', state, buffer_paths: parts.map(([key]) => [key]) },
  metadata: {},
  buffers: parts.map(([, part]) => part),
});

describe('joinUpdates', () => {
  it('keeps the newest of each key, binary or not', () => {
    const earlier = update('a', { x: 1, y: 1, was: 'text' }, [
      ['gone', 'AA'],
      ['stays', 'BB'],
      ['now', 'CC'],
    ]);
    const later = update('a', { x: 2, now: 'text' }, [
      ['gone', 'DD'],
      ['was', 'EE'],
    ]);
    expect(joinUpdates(earlier, later)).toEqual({
      ...update('a', { y: 1, x: 2, now: 'text' }, [
        ['stays', 'BB'],
        ['gone', 'DD'],
        ['was', 'EE'],
      ]),
    });
  });

  it('is for states alone, and not for those that say where output goes', () => {
    expect(isStateUpdate(update('a', { value: 1 }))).toBe(true);
    expect(isStateUpdate(update('a', { msg_id: 'x' }))).toBe(false);
    const custom = { ...update('a', {}), data: { method: 'custom', content: {} } };
    expect(isStateUpdate(custom)).toBe(false);
    const close: CommMessage = { ...update('a', {}), type: 'close' };
    expect(isStateUpdate(close)).toBe(false);
  });
});

describe('UpdateGate', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  /** A gate, what it published at once and what it held for a while. */
  const gate = () => {
    const published: { commId: string; state: unknown }[] = [];
    const publish = ({ commId, data }: UpdateMessage) => void published.push({ commId, state: data.state });
    const made = new UpdateGate(publish);
    const send = (message: UpdateMessage) => void (made.holds(message, '1') || publish(message));
    return { published, send, flush: () => made.flush() };
  };

  it('lets what a person could see pass at once', () => {
    const { published, send } = gate();
    for (let step = 0; step < 5_000; step++) {
      send(update('bar', { value: step }));
      vi.advanceTimersByTime(10);
    }
    expect(published).toHaveLength(5_000);
  });

  it('joins a flood, whose last state arrives soon', () => {
    const { published, send } = gate();
    for (let step = 0; step < 50_000; step++)
      send(update(`bar ${step % 2}`, { value: step, [`key ${step % 10}`]: step }));
    expect(published.length).toBeLessThanOrEqual(1_001);
    vi.advanceTimersByTime(100);
    expect(published.length).toBeLessThanOrEqual(1_060);
    const last = (bar: number) => published.findLast(({ commId }) => commId === `bar ${bar}`)!.state;
    expect(last(1)).toMatchObject({ value: 49_999, 'key 1': 49_991, 'key 9': 49_999 });
    expect(last(0)).toMatchObject({ value: 49_998 });
  });

  it('gives all that it holds where something must stand after them, once', () => {
    const { published, send, flush } = gate();
    for (let step = 0; step < 2_000; step++) send(update(`bar ${step}`, { value: step }));
    flush();
    expect(published).toHaveLength(2_000);
    vi.advanceTimersByTime(10_000);
    expect(published).toHaveLength(2_000);
  });
});
