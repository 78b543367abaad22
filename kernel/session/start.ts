/** @file A kernel process: binds the sockets, starts the session, ends with its parent or on a signal. */
import { readConnectionFile } from '../protocol/connection.ts';
import { KernelSockets } from '../protocol/sockets.ts';
import { watchParent } from './parent-watch.ts';
import { KernelSession } from './session.ts';
import type { WorkerFactories } from './workers.ts';

/** Where the notebook is: `%cd` moves it. */
const notebook = { folder: process.cwd() };

/** The real helpers. They are imported late: kernel_info is answered before their modules are read. */
const factories: WorkerFactories = {
  cell: async () => new (await import('../cell/host.ts')).CellProcessHost({ cwd: process.cwd() }),
  types: async () => {
    const { NativeTypeScriptService } = await import('../typescript/service.ts');
    return new NativeTypeScriptService({ cwd: notebook.folder, onMove: (folder) => (notebook.folder = folder) });
  },
  compiler: async () => (await import('../compile/index.ts')).projectCompiler(() => notebook.folder),
};

/**
 * Runs a kernel for a connection file, until a client shuts it down, its parent ends, or SIGTERM comes; then the process
 * exits. SIGINT interrupts the running cell.
 */
export async function startKernel(connectionFile: string): Promise<void> {
  const connection = readConnectionFile(connectionFile);
  if (connection.key === '') console.error('tensorcell: the connection has no key; messages are not authenticated.');
  const sockets = new KernelSockets();
  try {
    await sockets.bind(connection);
  } catch (error) {
    sockets.close(); // a socket left open at exit aborts the process
    throw error;
  }

  let isOver = false;
  const exit = (code: number): void => {
    if (isOver) return; // one client said exit, another shut the kernel down
    isOver = true;
    sockets.close(); // a socket left open at exit aborts the process
    process.exitCode = code;
    setImmediate(() => process.exit());
  };
  const session = new KernelSession(sockets, {
    connection,
    factories,
    onShutdown: () => exit(0),
  });
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    void session.end().finally(() => exit(0));
  };

  // An error that nobody expected is logged; it must not cost the user the state of the notebook.
  process.on('uncaughtException', (error) => console.error('tensorcell: an error inside the kernel:', error));
  process.on('SIGINT', () => void session.interrupt().catch((error: unknown) => console.error('tensorcell:', error)));
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  watchParent(end);
}
