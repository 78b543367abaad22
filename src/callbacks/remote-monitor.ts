/** @file RemoteMonitor: sends the logs of each epoch to a server of the user's. */
import { Callback, type Logs } from './callback.ts';

export interface RemoteMonitorOptions {
  /** The server; default `http://localhost:9000`. */
  root?: string;
  /** Where on it; default `/publish/epoch/end/`. */
  path?: string;
  /** Name of the form's field that holds the JSON; default `data`. */
  field?: string;
  headers?: Readonly<Record<string, string>> | null;
  /** Sends the JSON itself instead of a form; default false. */
  sendAsJson?: boolean;
}

/**
 * Posts `{ epoch, loss, ... }` to `root + path` after each epoch, and to nowhere else: redirections are not followed. A server
 * that cannot be reached is told of by a warning; the training goes on.
 *
 * @example
 * tf.callbacks.remoteMonitor({ root: 'http://localhost:9000', sendAsJson: true });
 */
export class RemoteMonitor extends Callback {
  private readonly url: string;
  private readonly field: string;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly sendAsJson: boolean;

  constructor({
    root = 'http://localhost:9000',
    path = '/publish/epoch/end/',
    field = 'data',
    headers = null,
    sendAsJson = false,
  }: RemoteMonitorOptions = {}) {
    super();
    this.url = root + path;
    this.field = field;
    this.headers = headers ?? {};
    this.sendAsJson = sendAsJson;
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    const json = JSON.stringify({ epoch, ...logs });
    const headers = this.sendAsJson ? { 'Content-Type': 'application/json', ...this.headers } : this.headers;
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers,
        body: this.sendAsJson ? json : new URLSearchParams({ [this.field]: json }),
        redirect: 'manual',
      });
      await response.body?.cancel();
    } catch (error) {
      const reason = error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : '';
      console.warn(`RemoteMonitor: ${this.url} cannot be reached (${reason}); the training goes on.`);
    }
  }
}
