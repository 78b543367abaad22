/** @file The session's helpers in other processes, and the compiler: loaded and started beside the first requests. */
import type { CellHost } from '../cell/contract.ts';
import type { CompileCell, Completeness } from '../compile/contract.ts';
import type { TypeScriptService } from '../typescript/contract.ts';

export interface Compiler {
  readonly compileCell: CompileCell;
  readonly completeness: (source: string) => Completeness;
  /** What was compiled last under this name runs. */
  readonly began: (url: string) => void;
  /** The names of the cells are gone. */
  readonly forget: () => void;
}

/** How to get the helpers; tests put their own in. */
export interface WorkerFactories {
  readonly cell: () => Promise<CellHost>;
  readonly types: () => Promise<TypeScriptService>;
  readonly compiler: () => Promise<Compiler>;
}

/**
 * The helpers, each as a promise: a request waits only for the one it needs. The promises of `cell` and `types` settle when
 * the process behind them answers.
 */
export class Workers {
  readonly cell: Promise<CellHost>;
  readonly types: Promise<TypeScriptService>;
  readonly compiler: Promise<Compiler>;

  /** Begins to start all of them. @param prepare is given the cell host before it starts */
  constructor(factories: WorkerFactories, prepare: (host: CellHost) => void) {
    // The slowest start comes first.
    this.types = factories.types().then(async (service) => {
      await service.start();
      return service;
    });
    this.cell = factories.cell().then(async (host) => {
      prepare(host);
      await host.start();
      return host;
    });
    this.compiler = factories.compiler();
    // Whoever needs a helper that failed gets its error; nobody needing it is no reason to end the kernel.
    for (const worker of [this.cell, this.types, this.compiler])
      worker.catch((error: unknown) => console.error('tensorcell: a part of the kernel failed to start:', error));
  }

  /** Ends the processes; waits for them, but not for ever. */
  async stop(patience = 2_000): Promise<void> {
    const stopping = Promise.allSettled([
      this.cell.then((host) => host.stop()),
      this.types.then((service) => service.stop()),
    ]);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([stopping, new Promise((resolve) => (timer = setTimeout(resolve, patience)))]);
    clearTimeout(timer);
  }
}
