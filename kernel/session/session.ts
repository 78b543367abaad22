/** @file The Jupyter session: takes messages from the sockets, finds their handler, answers, and says busy and idle. */
import type { JsonObject } from '../protocol/message.ts';
import { MessageWriter, type Header } from '../protocol/message.ts';
import type { KernelSockets, RequestChannel } from '../protocol/sockets.ts';
import { Wire, type Envelope } from '../protocol/wire.ts';
import { ExecutionQueue } from './execution-queue.ts';
import { Execution } from './execution.ts';
import { parseExecuteRequest } from './handlers/execute.ts';
import { HistoryStore } from './history-store.ts';
import { Iopub } from './iopub.ts';
import { Outputs } from './outputs.ts';
import { Parents } from './parents.ts';
import type { Handler, SessionContext, SessionPart } from './part.ts';
import { parts } from './parts.ts';
import { errorContent, type KernelRequest } from './request.ts';
import type { WorkerFactories } from './workers.ts';

export interface SessionOptions {
  readonly signatureScheme: string;
  readonly key: string;
  readonly factories: WorkerFactories;
  readonly history?: HistoryStore;
  /** Called when a client asked the kernel to end, after the answer was sent. */
  readonly onShutdown: () => void;
}

/** One kernel's session with its clients. */
export class KernelSession {
  readonly #sockets: KernelSockets;
  readonly #wire: Wire;
  readonly #writer = new MessageWriter('kernel');
  readonly #iopub: Iopub;
  readonly #outputs: Outputs;
  readonly #execution: Execution;
  readonly #queue = new ExecutionQueue();
  readonly #parts: readonly SessionPart[];
  readonly #onShutdown: () => void;
  /** The request that runs in the cell process. */
  #executing: Header | undefined;

  constructor(sockets: KernelSockets, options: SessionOptions) {
    this.#sockets = sockets;
    this.#wire = new Wire(options.signatureScheme, options.key);
    this.#iopub = new Iopub(this.#writer, this.#wire, (frames) => sockets.publish(frames));
    this.#onShutdown = options.onShutdown;
    const history = options.history ?? new HistoryStore();
    const parents = new Parents();
    this.#outputs = new Outputs(this.#iopub, parents);
    this.#execution = new Execution({
      iopub: this.#iopub,
      parents,
      outputs: this.#outputs,
      history,
      factories: options.factories,
      prepareCell: (host) => this.#parts.forEach((part) => part.prepareCell?.(host)),
    });
    const context: SessionContext = {
      iopub: this.#iopub,
      outputs: this.#outputs,
      parents,
      history,
      writer: this.#writer,
      execution: this.#execution,
      workers: this.#execution.workers,
      send: (channel, type, content, request) => this.#send(channel, type, content, request),
      interrupt: () => this.interrupt(),
      stop: () => this.stop(),
    };
    // The helpers are loaded later than this: they find the parts complete.
    this.#parts = parts.map((create) => create(context));
    sockets.listen({
      received: (channel, frames) => this.#received(channel, frames),
      subscribed: (topic) => this.#iopub.publish('iopub_welcome', { subscription: topic }, {}, { topic }),
    });
    this.#iopub.publish('status', { execution_state: 'starting' });
  }

  async interrupt(): Promise<void> {
    await this.#execution.interrupt();
    for (const part of this.#parts) part.interrupted?.();
  }

  /** Ends the processes of the session; what was printed until now still goes out. */
  async stop(): Promise<void> {
    this.#queue.abort();
    await Promise.allSettled(this.#parts.map((part) => part.stop?.()));
    await this.#execution.workers.stop();
    this.#outputs.flush();
  }

  #received(channel: RequestChannel, frames: readonly Buffer[]): void {
    let envelope: Envelope;
    try {
      envelope = this.#wire.decode(frames);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.error(`tensorcell: a message on ${channel} was dropped: ${reason}.`);
      return;
    }
    const type = envelope.message.header.msg_type;
    const request: KernelRequest = { channel, ...envelope };
    if (channel === 'shell' && type === 'execute_request') return this.#enqueue(request);
    // Own properties only: a message of the type "constructor" is none.
    const part = this.#parts.findLast((candidate) => Object.hasOwn(candidate[channel] ?? {}, type));
    const handler = part?.[channel]?.[type];
    if (!handler) console.error(`tensorcell: ${type} on ${channel} is not a message this kernel knows.`);
    void (channel === 'stdin' ? this.#hear(request, handler) : this.#handle(request, handler));
  }

  /** Answers at once, whatever a cell is doing. */
  async #handle(request: KernelRequest, handler: Handler | undefined): Promise<void> {
    const { header, content } = request.message;
    this.#status('busy', header);
    try {
      const reply = await handler?.(content, request);
      if (reply) this.#reply(request, reply);
    } catch (error) {
      if (header.msg_type.endsWith('_request')) this.#reply(request, errorContent(error));
      else console.error(`tensorcell: ${header.msg_type} failed:`, error);
    }
    this.#status('idle', header);
    // Front ends show the newest status: an answered completion must not make a running cell look finished.
    if (this.#executing) this.#status('busy', this.#executing);
    if (header.msg_type === 'shutdown_request') this.#onShutdown();
  }

  async #hear(request: KernelRequest, handler: Handler | undefined): Promise<void> {
    try {
      await handler?.(request.message.content, request);
    } catch (error) {
      console.error(`tensorcell: ${request.message.header.msg_type} failed:`, error);
    }
  }

  /** Puts a cell into the queue; the status is busy from when its turn comes. */
  #enqueue(request: KernelRequest): void {
    const { header, content } = request.message;
    this.#queue.add({
      run: async () => {
        this.#executing = header;
        this.#status('busy', header);
        const { reply, stop } = await this.#execute(content, request);
        const answer = (): void => {
          this.#reply(request, reply);
          this.#status('idle', header);
          this.#executing = undefined;
        };
        return { stop, answer };
      },
      abort: () => {
        this.#status('busy', header);
        this.#reply(request, { status: 'aborted' });
        this.#status('idle', header);
      },
    });
  }

  async #execute(content: JsonObject, request: KernelRequest): Promise<{ reply: object; stop: boolean }> {
    try {
      const fields = parseExecuteRequest(content);
      const reply = await this.#execution.run(fields, request);
      return { reply, stop: reply.status === 'error' && fields.stop_on_error };
    } catch (error) {
      return { reply: errorContent(error), stop: false };
    }
  }

  #status(execution_state: 'busy' | 'idle', parent: Header): void {
    this.#iopub.publish('status', { execution_state }, parent);
  }

  #reply(request: KernelRequest, content: object): void {
    this.#send(request.channel, request.message.header.msg_type.replace(/_request$/, '_reply'), content, request);
  }

  #send(channel: RequestChannel, type: string, content: object, { identities, message }: KernelRequest): string {
    const sent = this.#writer.create(type, content, { parent: message.header });
    this.#sockets.send(channel, this.#wire.encode(sent, identities));
    return sent.header.msg_id;
  }
}
