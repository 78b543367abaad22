/** @file The Jupyter session: takes requests from the sockets, finds their handler, answers, and says busy and idle. */
import type { JsonObject } from '../protocol/message.ts';
import { MessageWriter, type Header, type Message } from '../protocol/message.ts';
import type { KernelSockets, RequestChannel } from '../protocol/sockets.ts';
import { Wire, type Envelope } from '../protocol/wire.ts';
import { ExecutionQueue } from './execution-queue.ts';
import { Execution } from './execution.ts';
import { parseExecuteRequest } from './handlers/execute.ts';
import { history } from './handlers/history.ts';
import { complete, inspect, isComplete } from './handlers/intelligence.ts';
import { kernelInfo } from './handlers/kernel-info.ts';
import { HistoryStore } from './history-store.ts';
import { Iopub } from './iopub.ts';
import { Outputs } from './outputs.ts';
import { Parents } from './parents.ts';
import { errorContent, field, RequestError, type KernelRequest } from './request.ts';
import type { WorkerFactories } from './workers.ts';

/** Answers a request; the reply's type is the request's, with `_reply`. Nothing returned: the message has no reply. */
type Handler = (content: JsonObject, header: Header) => object | void | Promise<object | void>;

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
  readonly #history: HistoryStore;
  readonly #queue = new ExecutionQueue();
  readonly #onShutdown: () => void;
  /** The request that runs in the cell process. */
  #executing: Header | undefined;

  readonly #handlers: Readonly<Record<KernelRequest['channel'], Readonly<Record<string, Handler>>>> = {
    shell: {
      kernel_info_request: () => kernelInfo,
      complete_request: (content) => complete(content, this.#execution.workers),
      inspect_request: (content) => inspect(content, this.#execution.workers),
      is_complete_request: (content) => isComplete(content, this.#execution.workers),
      history_request: (content) => history(content, this.#history),
      comm_info_request: () => ({ status: 'ok', comms: {} }),
      comm_open: (content, header) => this.#refuseComm(content, header),
      comm_msg: () => {},
      comm_close: () => {},
      shutdown_request: (content, header) => this.#shutdown(content, header),
    },
    control: {
      kernel_info_request: () => kernelInfo,
      interrupt_request: () => this.interrupt(),
      shutdown_request: (content, header) => this.#shutdown(content, header),
      debug_request: () => {
        throw new RequestError('NotSupported', 'This kernel has no debugger (kernel_info says debugger: false).');
      },
    },
  };

  constructor(sockets: KernelSockets, options: SessionOptions) {
    this.#sockets = sockets;
    this.#wire = new Wire(options.signatureScheme, options.key);
    this.#iopub = new Iopub(this.#writer, this.#wire, (frames) => sockets.publish(frames));
    this.#history = options.history ?? new HistoryStore();
    this.#onShutdown = options.onShutdown;
    const parents = new Parents();
    this.#outputs = new Outputs(this.#iopub, parents);
    this.#execution = new Execution({
      iopub: this.#iopub,
      parents,
      outputs: this.#outputs,
      history: this.#history,
      factories: options.factories,
    });
    sockets.listen({
      received: (channel, frames) => this.#received(channel, frames),
      subscribed: (topic) => this.#iopub.publish('iopub_welcome', { subscription: topic }, {}, topic),
    });
    this.#iopub.publish('status', { execution_state: 'starting' });
  }

  async interrupt(): Promise<{ status: 'ok' }> {
    await this.#execution.interrupt();
    return { status: 'ok' };
  }

  /** Ends the processes of the session; what was printed until now still goes out. */
  async stop(): Promise<void> {
    this.#queue.abort();
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
    if (channel === 'stdin') return console.error(`tensorcell: a ${type} on stdin answers no question of ours.`);
    const request: KernelRequest = { channel, ...envelope };
    if (channel === 'shell' && type === 'execute_request') this.#enqueue(request);
    else void this.#handle(request, this.#handlers[channel][type]);
  }

  /** Answers at once, whatever a cell is doing. */
  async #handle(request: KernelRequest, handler: Handler | undefined): Promise<void> {
    const { header, content } = request.message;
    this.#status('busy', header);
    if (!handler)
      console.error(`tensorcell: ${header.msg_type} on ${request.channel} is not a request this kernel knows.`);
    try {
      const reply = await handler?.(content, header);
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

  /** Puts a cell into the queue; the status is busy from when its turn comes. */
  #enqueue(request: KernelRequest): void {
    const { header, content } = request.message;
    this.#queue.add({
      run: async () => {
        this.#executing = header;
        this.#status('busy', header);
        const { reply, stop } = await this.#execute(content, header);
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

  async #execute(content: JsonObject, header: Header): Promise<{ reply: object; stop: boolean }> {
    try {
      const request = parseExecuteRequest(content);
      const reply = await this.#execution.run(request, header);
      return { reply, stop: reply.status === 'error' && request.stop_on_error };
    } catch (error) {
      return { reply: errorContent(error), stop: false };
    }
  }

  #status(execution_state: 'busy' | 'idle', parent: Header): void {
    this.#iopub.publish('status', { execution_state }, parent);
  }

  #reply({ channel, identities, message }: KernelRequest, content: object): void {
    const type = message.header.msg_type.replace(/_request$/, '_reply');
    const reply: Message<object> = this.#writer.create(type, content, { parent: message.header });
    this.#sockets.send(channel, this.#wire.encode(reply, identities));
  }

  /** No comm target is known in this kernel, so the specification asks to close the comm at once. */
  #refuseComm(content: JsonObject, header: Header): void {
    const comm_id = field(content, 'comm_id', 'string');
    this.#iopub.publish('comm_close', { comm_id, data: {} }, header);
  }

  async #shutdown(content: JsonObject, header: Header): Promise<{ status: 'ok'; restart: boolean }> {
    const reply = { status: 'ok', restart: field(content, 'restart', 'boolean', false) } as const;
    await this.stop();
    this.#iopub.publish('shutdown_reply', reply, header);
    return reply;
  }
}
