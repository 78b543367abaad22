/** @file The queue of cells goes on, whatever becomes of one of them. */
import { afterEach, expect, it, vi } from 'vitest';
import { ExecutionQueue, type Finished } from '../../kernel/session/execution-queue.ts';

afterEach(() => vi.restoreAllMocks());

it('gives the next cell its turn where one fails inside the kernel, or cannot be answered', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const queue = new ExecutionQueue();
  const done: string[] = [];
  const add = (name: string, run: () => Finished | Promise<Finished>): void =>
    queue.add({ run: async () => run(), abort: () => done.push(`${name} aborted`) });
  const fail = (what: string) => (): never => {
    throw new Error(what);
  };
  add('a', fail('run'));
  add('b', () => ({ stop: false, answer: fail('answer') }));
  add('c', () => ({ stop: false, answer: () => done.push('c') }));
  await queue.settled();
  add('d', () => ({ stop: true, answer: fail('error') }));
  queue.add({ run: async () => ({ stop: false, answer: () => {} }), abort: fail('abort') });
  add('e', () => ({ stop: false, answer: () => done.push('e') }));
  await queue.settled();
  add('f', () => ({ stop: false, answer: () => done.push('f') }));
  await queue.settled();
  expect(done).toEqual(['c', 'e aborted', 'f']);
  expect(said).toHaveBeenCalledTimes(4);
});
