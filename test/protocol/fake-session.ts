/** @file A session over real sockets whose helper processes are fakes, and a client of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnectionFile, KernelClient, type ConnectionFile } from '../../kernel/client/index.ts';
import type { Message } from '../../kernel/protocol/message.ts';
import { KernelSockets } from '../../kernel/protocol/sockets.ts';
import { HistoryStore } from '../../kernel/session/history-store.ts';
import { KernelSession } from '../../kernel/session/session.ts';
import { fakeWorkers, type FakeWorkers } from './fake-workers.ts';

export interface FakeSession {
  readonly workers: FakeWorkers;
  readonly client: KernelClient;
  readonly file: ConnectionFile;
  /** How often a client asked the kernel to end. */
  readonly shutdowns: () => number;
  readonly close: () => void;
}

/** @param prepare changes the fakes before they start */
export async function startFakeSession(prepare: (workers: FakeWorkers) => void = () => {}): Promise<FakeSession> {
  let shutdowns = 0;
  const workers = fakeWorkers();
  prepare(workers);
  const file = await createConnectionFile('ipc');
  const folder = mkdtempSync(join(tmpdir(), 'session-'));
  const sockets = new KernelSockets();
  await sockets.bind(file.connection);
  new KernelSession(sockets, {
    connection: file.connection,
    factories: workers.factories,
    history: new HistoryStore(folder),
    onShutdown: () => shutdowns++,
  });
  const client = new KernelClient(file.connection);
  await client.ready();
  const close = (): void => {
    client.close();
    sockets.close();
    file.remove();
    rmSync(folder, { recursive: true });
  };
  return { workers, client, file, shutdowns: () => shutdowns, close };
}

/** What iopub carried: the states of status messages, the types of others. */
export const kinds = (messages: readonly Message[]): string[] =>
  messages.map(({ header, content }) => (content.execution_state as string | undefined) ?? header.msg_type);

/** A promise and its resolver, for cells that last until a test says so. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { open, opened };
}
