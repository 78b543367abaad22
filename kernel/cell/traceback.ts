/** @file Exceptions as the notebook shows them: the user's own TypeScript lines and columns, without frames of ours. */
import { inspect } from 'node:util';
import type { CellError, CompiledCell } from './contract.ts';
import { currentParent, send } from './output.ts';

const cells = new Map<string, CompiledCell>();

/** Makes a cell's source and map known, for errors in it and in what it leaves behind. */
export const registerCell = (cell: CompiledCell): void => {
  cells.set(cell.url, cell);
};

export interface Place {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

export const thrownError = (value: unknown, _place?: Place): CellError => {
  const error = value instanceof Error ? value : undefined;
  return {
    ename: error?.name ?? 'Thrown',
    evalue: error?.message ?? inspect(value),
    traceback: (error?.stack ?? inspect(value)).split('\n'),
  };
};

export const interruptedError = (): CellError => ({
  ename: 'Interrupted',
  evalue: 'The cell was interrupted.',
  traceback: ['Interrupted: The cell was interrupted.'],
});

/** Errors that nobody caught are told to the cell that caused them; the process goes on. */
export const installErrorReports = (): void => {
  const report = (value: unknown) =>
    send({
      type: 'stream',
      parent: currentParent(),
      name: 'stderr',
      text: `${thrownError(value).traceback.join('\n')}\n`,
    });
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
};
