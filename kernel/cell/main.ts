/** @file The program of the cell process: starts its I/O thread and, while that comes up, its main thread's duties. */
import { Worker } from 'node:worker_threads';

// It stays referenced: it is what keeps the process alive while no code runs.
const ioThread = new Worker(new URL('./io-thread.js', import.meta.url), { name: 'tensorcell I/O' });
ioThread.on('error', (error) => {
  throw error;
});

const { startMainThread } = await import('./main-thread.ts');
startMainThread(ioThread);
