/** @file Errors that nobody caught: told on stderr of the cell that caused them; the process goes on. */
import { repairImmediates, watchImmediates } from './immediates.ts';
import { currentParent, send } from './output.ts';
import type { Tracebacks } from './traceback.ts';

export const reportUncaughtErrors = (tracebacks: Tracebacks): void => {
  watchImmediates();
  const report = (title: string, value: unknown): void =>
    send({
      type: 'stream',
      parent: currentParent(),
      name: 'stderr',
      text: `${title}\n${tracebacks.describe(value).traceback.join('\n')}\n`,
    });
  process.on('uncaughtException', (error) => {
    if (!repairImmediates(error)) report('Uncaught error in a callback:', error);
  });
  process.on('unhandledRejection', (reason) => report('A promise was rejected and nobody handled it:', reason));
};
