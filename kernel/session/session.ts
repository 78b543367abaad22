/** @file The Jupyter session: takes messages from the sockets, finds their handler, answers, and says busy and idle. */
import type { ConnectionInfo } from '../protocol/connection.ts';
import type { JsonObject } from '../protocol/message.ts';
import { MessageWriter, type Header } from '../protocol/message.ts';
import type { KernelSockets, RequestChannel } from '../protocol/sockets.ts';
import { Wire, type Envelope } from '../protocol/wire.ts';
import { Execution } from './execution.ts';
import { parseExecuteRequest } from './handlers/execute.ts';
import { HistoryStore } from './history-store.ts';
import { Iopub } from './iopub.ts';
import { Outputs } from './outputs.ts';
import { Parents } from './parents.ts';
import type { Handler, SessionContext, SessionPart } from './part.ts';
import { parts } from './parts.ts';
import { errorContent, type KernelRequest } from './request.ts';
import { Shells, type Shell } from './shells.ts';
import type { WorkerFactories } from './workers.ts';

export interface SessionOptions {
  readonly connection: ConnectionInfo;
  readonly factories: WorkerFactories;
  readonly history?: HistoryStore;
  /** Called when a client asked the kernel to end, after the answer was sent. */
  readonly onShutdown: () => void;
}

/** Milliseconds that a session that ends gives to the answers of what ran. */
const farewell = 500;

/** What a cell answers, as far as a session looks at it. */
interface CellReply {
  readonly status: string;
  readonly payload?: readonly JsonObject[];
}

/** Whether a cell said `exit`: consoles close and shut the kernel down, others see it end. */
const asksToEnd = ({ payload }: CellReply): boolean =>
  payload?.some(({ source, keepkernel }) => source === 'ask_exit' && keepkernel === false) ?? false;

/** One kernel's session with its clients. */
export class KernelSession {
  readonly #sockets: KernelSockets;
  readonly #wire: Wire;
  readonly #writer = new MessageWriter('kernel');
  readonly #iopub: Iopub;
  readonly #outputs: Outputs;
  readonly #execution: Execution;
  readonly #shells = new Shells();
  readonly #parts: readonly SessionPart[];
  readonly #onShutdown: () => void;
  #isStopping = false;

  constructor(sockets: KernelSockets, options: SessionOptions) {
    this.#sockets = sockets;
    this.#wire = new Wire(options.connection.signature_scheme, options.connection.key);
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
      shells: this.#shells,
      connection: options.connection,
      send: (channel, type, content, request) => this.#send(channel, type, content, request),
      interrupt: (shell) => this.interrupt(shell),
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

  /** Stops the cell of a shell; where that has none, all cells. */
  async interrupt(shell: string | null = null): Promise<void> {
    const interruption = await this.#execution.interrupt(shell);
    for (const part of this.#parts) part.interrupted?.(interruption);
  }

  /** Ends the processes of the session; what was printed until now still goes out. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#shells.abort();
    await Promise.allSettled(this.#parts.map((part) => part.stop?.()));
    await this.#execution.workers.stop();
    // What ran is over with its process: its clients hear so before the kernel is gone.
    await Promise.race([this.#shells.settled(), new Promise((resolve) => setTimeout(resolve, farewell).unref())]);
    this.#outputs.flush();
  }

  /** Ends the session without a client's request, and tells all clients. */
  async end(): Promise<void> {
    await this.stop();
    this.#iopub.publish('shutdown_reply', { status: 'ok', restart: false });
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
    if (channel === 'stdin') return void this.#hear(request, this.#handler(channel, type));
    let shell: Shell;
    try {
      shell = this.#shells.of(request);
    } catch (error) {
      return void this.#handle(request, () => {
        throw error;
      });
    }
    if (type === 'execute_request') return this.#enqueue(request, shell);
    // Whatever shell answers is answered on control too, as ipykernel does.
    const handler = this.#handler(channel, type) ?? (type.endsWith('_request') && this.#handler('shell', type));
    if (!handler) console.error(`tensorcell: ${type} on ${channel} is not a message this kernel knows.`);
    void this.#handle(request, handler || undefined);
  }

  /** Own properties only: a message of the type "constructor" has none. */
  #handler(channel: RequestChannel, type: string): Handler | undefined {
    return this.#parts.findLast((part) => Object.hasOwn(part[channel] ?? {}, type))?.[channel]?.[type];
  }

  /** Answers at once, whatever a cell is doing. */
  async #handle(request: KernelRequest, handler: Handler | undefined): Promise<void> {
    const { header, content } = request.message;
    this.#status('busy', header);
    let isShutDown = false;
    try {
      const reply = await handler?.(content, request);
      if (reply) this.#reply(request, reply);
      isShutDown = header.msg_type === 'shutdown_request';
    } catch (error) {
      if (header.msg_type.endsWith('_request')) this.#reply(request, errorContent(error));
      else console.error(`tensorcell: ${header.msg_type} failed:`, error);
    }
    this.#status('idle', header);
    this.#stayBusy();
    if (isShutDown) this.#onShutdown();
  }

  async #hear(request: KernelRequest, handler: Handler | undefined): Promise<void> {
    try {
      await handler?.(request.message.content, request);
    } catch (error) {
      console.error(`tensorcell: ${request.message.header.msg_type} failed:`, error);
    }
  }

  /** Front ends show the newest status: an answered completion must not make a running cell look finished. */
  #stayBusy(): void {
    const { executing } = this.#shells;
    if (executing) this.#status('busy', executing);
  }

  /** Puts a cell into its queue; the status is busy from when its turn comes. */
  #enqueue(request: KernelRequest, shell: Shell): void {
    const { header, content } = request.message;
    if (this.#isStopping) return this.#abort(request);
    shell.queue.add({
      run: async () => {
        const started = new Date();
        shell.executing = header;
        this.#status('busy', header);
        const { reply, stop } = await this.#execute(content, request, shell);
        const answer = (): void => {
          try {
            this.#replyExecuted(request, reply, started);
          } catch (error) {
            // Values of user_expressions may be too long for a message.
            this.#replyExecuted(request, errorContent(error), started);
          }
          this.#status('idle', header);
          shell.executing = undefined;
          this.#stayBusy();
          if (asksToEnd(reply)) void this.end().finally(this.#onShutdown);
        };
        return { stop, answer };
      },
      abort: () => this.#abort(request),
    });
  }

  /** Answers that a cell was not run. */
  #abort(request: KernelRequest): void {
    const { header } = request.message;
    this.#status('busy', header);
    this.#replyExecuted(request, { status: 'aborted' }, new Date());
    this.#status('idle', header);
    this.#stayBusy();
  }

  async #execute(
    content: JsonObject,
    request: KernelRequest,
    shell: Shell,
  ): Promise<{ reply: CellReply; stop: boolean }> {
    try {
      const fields = parseExecuteRequest(content);
      const reply = await this.#execution.run(fields, request, shell.id);
      return { reply, stop: reply.status === 'error' && fields.stop_on_error && !fields.silent };
    } catch (error) {
      return { reply: errorContent(error), stop: false };
    }
  }

  /** JupyterLab takes the time of a cell from `started`; the rest is what ipykernel gives to parallel clients. */
  #replyExecuted(request: KernelRequest, reply: { readonly status: string }, started: Date): void {
    const { status } = reply;
    this.#reply(request, reply, { started, dependencies_met: true, engine: this.#writer.session, status });
  }

  #status(execution_state: 'busy' | 'idle', parent: Header): void {
    this.#iopub.publish('status', { execution_state }, parent);
  }

  #reply(request: KernelRequest, content: object, metadata?: JsonObject): void {
    const type = request.message.header.msg_type.replace(/_request$/, '_reply');
    this.#send(request.channel, type, content, request, metadata);
  }

  #send(
    channel: RequestChannel,
    type: string,
    content: object,
    { identities, message }: KernelRequest,
    metadata?: JsonObject,
  ): string {
    const sent = this.#writer.create(type, content, { parent: message.header, metadata });
    this.#sockets.send(channel, this.#wire.encode(sent, identities));
    return sent.header.msg_id;
  }
}
