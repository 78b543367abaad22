/** @file The kernel's five ZeroMQ sockets. */
import { Reply, Router, XPublisher } from 'zeromq';
import { endpoint, type ConnectionInfo } from './connection.ts';

/** The channels on which requests come. */
export type RequestChannel = 'shell' | 'control' | 'stdin';

export interface SocketListener {
  /** A multipart message came. Must not throw. */
  received(channel: RequestChannel, frames: readonly Buffer[]): void;
  /** A client subscribed to iopub; the empty topic is everything. */
  subscribed(topic: string): void;
}

/**
 * So many messages wait for a client that reads slowly; then it alone loses what comes until it has read half of them. The
 * kernel neither waits for it nor grows: streams come in pieces (see session/outputs.ts), so that this is 128 MB of text.
 */
const messagesBehind = 2_000;

// A send timeout of zero makes `send` hand the frames over at once, so messages leave in the order of the calls without a
// queue of ours.
const options = { sendHighWaterMark: messagesBehind, sendTimeout: 0, linger: 1_000 } as const;

/** Binds the sockets of a connection file and carries frames; what they mean is not known here. */
export class KernelSockets {
  readonly #routers: Readonly<Record<RequestChannel, Router>>;
  // With `allSubs` a second client's subscription is seen too, not only the first one to a topic.
  readonly #iopub = new XPublisher({ ...options, verbosity: 'allSubs' });
  readonly #heartbeat = new Reply({ linger: 0 });

  constructor() {
    const router = () => new Router({ ...options, handover: true });
    this.#routers = { shell: router(), control: router(), stdin: router() };
  }

  /** @throws where a port is taken */
  async bind(connection: ConnectionInfo): Promise<void> {
    await Promise.all([
      ...Object.entries(this.#routers).map(([channel, router]) =>
        router.bind(endpoint(connection, channel as RequestChannel)),
      ),
      this.#iopub.bind(endpoint(connection, 'iopub')),
      this.#heartbeat.bind(endpoint(connection, 'hb')),
    ]);
  }

  /** Begins to receive. */
  listen(listener: SocketListener): void {
    for (const channel of Object.keys(this.#routers) as RequestChannel[])
      void this.#receive(this.#routers[channel], (frames) => listener.received(channel, frames));
    void this.#receive(this.#iopub, ([frame]) => {
      if (frame[0] === 1) listener.subscribed(frame.subarray(1).toString('utf8'));
    });
    void this.#receive(this.#heartbeat, (frames) => void this.#heartbeat.send(frames).catch(reportLoss));
  }

  /** Answers on a request channel; the first frames are the identities of the client. Once closed, nothing is sent. */
  send(channel: RequestChannel, frames: Uint8Array[]): void {
    const router = this.#routers[channel];
    if (!router.closed) router.send(frames).catch(reportLoss);
  }

  publish(frames: Uint8Array[]): void {
    if (!this.#iopub.closed) this.#iopub.send(frames).catch(reportLoss);
  }

  /** Closes all; what was sent before still leaves (for at most a second after the process's last turn). */
  close(): void {
    for (const socket of [...Object.values(this.#routers), this.#iopub, this.#heartbeat]) socket.close();
  }

  async #receive(socket: Router | XPublisher | Reply, handle: (frames: Buffer[]) => void): Promise<void> {
    for await (const frames of socket) handle(frames as Buffer[]);
  }
}

/** A client that is gone is no reason to end. */
function reportLoss(error: unknown): void {
  console.error('tensorcell: a message was not sent:', error);
}
