/** @file What `debugInfo` tells. It stands apart from the debugger: front ends ask at every start, most never debug. */
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

/** What a front end needs to compute the path of a cell's text (`debugInfo`). */
export const cellPaths = {
  hashMethod: 'Murmur2',
  hashSeed: 0x7c311,
  // JupyterLab knows cells by the `ipykernel_` in their paths, and shows them as `Cell [3]` then.
  tmpFilePrefix: join(tmpdir(), `tensorcell_ipykernel_${process.pid}`) + sep,
  tmpFileSuffix: '.ts',
} as const;

/** What changes of the answer to `debugInfo`. */
export interface DebugState {
  readonly isStarted: boolean;
  readonly breakpoints: readonly object[];
  readonly stoppedThreads: readonly number[];
}

/** The answer to `debugInfo`. */
export const debugInfo = (state: DebugState): object => ({
  ...cellPaths,
  ...state,
  richRendering: true,
  exceptionPaths: ['TypeScript Exceptions'],
  copyToGlobals: true,
});
