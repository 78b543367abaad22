/** @file The client itself, where those who use it fail and where the kernel is gone. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type TestKernel, result, startKernel } from './real-kernel.ts';

let kernel: TestKernel;
beforeEach(async () => {
  kernel = await startKernel();
});
afterEach(() => kernel?.dispose());

const fail = (): never => {
  throw new Error('the listener is broken');
};

test('a listener that throws does not make the client deaf', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const stop = kernel.client.onIopub(fail);
  expect(result(await kernel.client.execute('1 + 1', { timeout: 30_000 }))).toBe('2');
  stop();
  expect(said).toHaveBeenCalledWith(expect.stringContaining('What listens to the kernel failed'), expect.any(Error));
  said.mockRestore();
  await expect(kernel.client.execute('"heard"', { onMessage: fail })).rejects.toThrow('the listener is broken');
  expect(result(await kernel.client.execute('2 + 1', { timeout: 30_000 }))).toBe('3');
});

test('who waits for the end of a message hears that there will be none', async () => {
  const heard = kernel.client.sendAndHear('comm_open', { comm_id: 'c', target_name: 'nobody', data: {} });
  expect((await heard).map(({ header }) => header.msg_type)).toContain('comm_close');
  kernel.process.kill('SIGSTOP');
  const waiting = kernel.client.sendAndHear('comm_msg', { comm_id: 'c', data: {} });
  kernel.process.kill('SIGKILL');
  await expect(waiting).rejects.toThrow('The kernel process ended (SIGKILL)');
  await expect(kernel.client.sendAndHear('comm_msg', {})).rejects.toThrow('The client is closed');
});
