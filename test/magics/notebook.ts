/** @file A kernel for the tests of a file, and the ways in which they look at a cell. */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import type { ExecuteResult, KernelClient } from '../../kernel/client/index.ts';
import { failure, printed, result, startKernel, type TestKernel } from '../kernel/real-kernel.ts';

export interface TestNotebook {
  readonly client: KernelClient;
  /** Where the notebook lies, without links in its path. */
  readonly folder: string;
  /** @param answer to what the cell asks; without, it cannot ask */
  run(code: string, answer?: string): Promise<ExecuteResult>;
  /** What a cell prints that must not fail. */
  output(code: string, answer?: string): Promise<string>;
  /** `text/plain` of the value. */
  value(code: string): Promise<unknown>;
  /** Path of a file of the folder. */
  file(name: string): string;
  /** Runs a cell, and interrupts it when it has printed `ready`. */
  interrupted(code: string): Promise<ExecuteResult>;
}

/** Opens a notebook for all tests of the file. */
export function useNotebook(): TestNotebook {
  let kernel: TestKernel;
  beforeAll(async () => void (kernel = await startKernel()));
  afterAll(() => kernel.dispose());
  const run = (code: string, answer?: string): Promise<ExecuteResult> =>
    kernel.client.execute(code, answer === undefined ? {} : { onInput: () => answer });
  const notebook: TestNotebook = {
    get client() {
      return kernel.client;
    },
    get folder() {
      return realpathSync(kernel.folder);
    },
    run,
    output: async (code, answer) => {
      const executed = await run(code, answer);
      expect(failure(executed)).toBe('ok');
      return printed(executed);
    },
    value: async (code) => result(await run(code)),
    file: (name) => join(notebook.folder, name),
    interrupted: (code) => {
      let sent = false;
      return kernel.client.execute(code, {
        onMessage: ({ header, content }) => {
          if (sent || header.msg_type !== 'stream' || !String(content.text).includes('ready')) return;
          sent = true;
          void kernel.client.interrupt();
        },
      });
    },
  };
  return notebook;
}
