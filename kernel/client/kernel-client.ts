/** @file A Jupyter client: one kernel's five channels, requests as promises. */
import { v7 as uuidv7 } from 'uuid';
import { Dealer, Request, Subscriber } from 'zeromq';
import { endpoint, type ConnectionInfo } from '../protocol/connection.ts';
import type {
  CompleteReply,
  ExecuteReply,
  HistoryReply,
  HistoryRequestContent,
  InspectReply,
  IsCompleteReply,
  KernelInfoReply,
} from '../protocol/content.ts';
import { MessageWriter, type JsonObject, type Message, type MessageOptions } from '../protocol/message.ts';
import { Wire } from '../protocol/wire.ts';
import { CellOutputs } from './notebook-outputs.ts';
import {
  endOfInput,
  NoReplyError,
  type ClientChannel,
  type ExecuteOptions,
  type ExecuteResult,
  type InputQuestion,
  type RequestOptions,
} from './requests.ts';

/** A request that is not answered yet. */
interface Waiting {
  readonly reply: (message: Message) => void;
  readonly iopub: (message: Message) => void;
  readonly input: (message: Message) => void;
  readonly fail: (error: Error) => void;
}

const options = {
  sendHighWaterMark: 0,
  receiveHighWaterMark: 0,
  sendTimeout: 0,
  linger: 0,
  reconnectInterval: 5,
} as const;

const isIdle = ({ header, content }: Message): boolean =>
  header.msg_type === 'status' && content.execution_state === 'idle';

/** Talks to a kernel that runs already; `launchKernel` starts one. */
export class KernelClient {
  readonly connection: ConnectionInfo;
  readonly #wire: Wire;
  /** A session id that sorts by time: logs and histories of several clients line up. */
  readonly #writer = new MessageWriter('tensorcell', uuidv7());
  readonly #dealers: Readonly<Record<ClientChannel, Dealer>>;
  readonly #iopub = new Subscriber({ receiveHighWaterMark: 0, linger: 0, reconnectInterval: 5 });
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners = new Set<(message: Message) => void>();
  #closed = false;

  constructor(connection: ConnectionInfo) {
    this.connection = connection;
    this.#wire = new Wire(connection.signature_scheme, connection.key);
    const dealer = (channel: ClientChannel) => {
      const socket = new Dealer({ ...options, routingId: this.#writer.session });
      socket.connect(endpoint(connection, channel));
      void this.#receive(socket, channel);
      return socket;
    };
    this.#iopub.connect(endpoint(connection, 'iopub'));
    this.#iopub.subscribe('');
    void this.#receive(this.#iopub, 'iopub');
    this.#dealers = { shell: dealer('shell'), control: dealer('control'), stdin: dealer('stdin') };
  }

  /** Session id in the headers of this client. */
  get session(): string {
    return this.#writer.session;
  }

  /** Hears every iopub message, late output too. Returns how to stop it. */
  onIopub(listener: (message: Message) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Waits until the kernel answers and iopub is heard; for kernels that send no iopub_welcome, until a status comes. */
  async ready(timeout = 30_000): Promise<KernelInfoReply> {
    const heard = this.nextIopub(() => true, timeout);
    const info = this.kernelInfo({ timeout });
    heard.catch(() => {});
    const reply = await info;
    // A kernel without iopub_welcome may have published before the subscription was there: ask until something comes.
    const again = setInterval(() => void this.kernelInfo().catch(() => {}), 200);
    try {
      await heard;
    } finally {
      clearInterval(again);
    }
    return reply;
  }

  /** The next iopub message that `accepts` takes. */
  nextIopub(accepts: (message: Message) => boolean, timeout: number): Promise<Message> {
    return new Promise((resolve, reject) => {
      const stop = this.onIopub((message) => {
        if (!accepts(message)) return;
        clearTimeout(timer);
        stop();
        resolve(message);
      });
      const timer = setTimeout(() => {
        stop();
        reject(new NoReplyError(`No such iopub message came within ${timeout} ms.`));
      }, timeout);
    });
  }

  /** Sends a message that has no reply, such as a comm's; resolves at its `idle`, with what came on iopub for it. */
  sendAndHear(type: string, content: object, messageOptions: MessageOptions = {}): Promise<readonly Message[]> {
    if (this.#closed) return Promise.reject(new NoReplyError('The client is closed.'));
    const message = this.#writer.create(type, content, messageOptions);
    const id = message.header.msg_id;
    return new Promise((resolve, reject) => {
      const caused: Message[] = [];
      this.#waiting.set(id, {
        reply: () => {},
        input: () => {},
        iopub: (heard) => {
          caused.push(heard);
          if (!isIdle(heard)) return;
          this.#waiting.delete(id);
          resolve(caused);
        },
        fail: reject,
      });
      this.sendFrames('shell', this.#wire.encode(message));
    });
  }

  /** Sends a message without waiting for an answer; returns its id. */
  send(channel: ClientChannel, type: string, content: object, messageOptions: MessageOptions = {}): string {
    const message = this.#writer.create(type, content, messageOptions);
    this.sendFrames(channel, this.#wire.encode(message));
    return message.header.msg_id;
  }

  /** Sends frames as they are; for tests of what a kernel does with a broken message. */
  sendFrames(channel: ClientChannel, frames: readonly Uint8Array[]): void {
    this.#dealers[channel].send([...frames]).catch((error: unknown) => {
      if (!this.#closed) throw error;
    });
  }

  /** The signed frames of a message, for {@link sendFrames}. */
  frames(type: string, content: object): Uint8Array[] {
    return this.#wire.encode(this.#writer.create(type, content));
  }

  /** Asks and waits for the reply. */
  request<Reply extends object = JsonObject>(type: string, content: object, options?: RequestOptions): Promise<Reply> {
    return this.requestMessage(type, content, options).then((message) => message.content as Reply);
  }

  /** The same, for who wants the reply's metadata or header as well. */
  requestMessage(
    type: string,
    content: object,
    { channel = 'shell', ...options }: RequestOptions = {},
  ): Promise<Message> {
    return this.#ask(channel, type, content, options);
  }

  kernelInfo(requestOptions?: RequestOptions): Promise<KernelInfoReply> {
    return this.request('kernel_info_request', {}, requestOptions);
  }

  /** @param cursor in code points; absent: at the end */
  complete(code: string, cursor = [...code].length, timeout?: number): Promise<CompleteReply> {
    return this.request('complete_request', { code, cursor_pos: cursor }, { timeout });
  }

  /** @param detail_level 1 asks for the source as well */
  inspect(code: string, cursor = [...code].length, timeout?: number, detail_level: 0 | 1 = 0): Promise<InspectReply> {
    return this.request('inspect_request', { code, cursor_pos: cursor, detail_level }, { timeout });
  }

  isComplete(code: string, timeout?: number): Promise<IsCompleteReply> {
    return this.request('is_complete_request', { code }, { timeout });
  }

  history(content: Partial<HistoryRequestContent>, timeout?: number): Promise<HistoryReply> {
    return this.request('history_request', { output: false, raw: true, ...content }, { timeout });
  }

  interrupt(timeout?: number): Promise<JsonObject> {
    return this.request('interrupt_request', {}, { channel: 'control', timeout });
  }

  shutdown(restart = false, timeout?: number): Promise<JsonObject> {
    return this.request('shutdown_request', { restart }, { channel: 'control', timeout });
  }

  /**
   * Runs a cell; resolves when both the reply and `idle` came.
   *
   * @example
   * const { outputs } = await client.execute('1 + 1');
   */
  async execute(code: string, executeOptions: ExecuteOptions = {}): Promise<ExecuteResult> {
    const {
      onMessage,
      silent = false,
      storeHistory = !silent,
      stopOnError = true,
      onInput,
      allowStdin = onInput !== undefined,
    } = executeOptions;
    const { userExpressions = {}, timeout, subshell, displays, takes, cellId, outputs } = executeOptions;
    const content = {
      ...{ code, silent, store_history: storeHistory, user_expressions: userExpressions },
      ...{ allow_stdin: allowStdin, stop_on_error: stopOnError },
    };
    const collected = outputs ?? new CellOutputs(displays);
    const messages: Message[] = [];
    const heard = (message: Message): void => {
      messages.push(message);
      if (!takes?.(message)) collected.add(message);
      onMessage?.(message);
    };
    const asked = (message: Message): void => void (onInput && this.#answerInput(message, onInput));
    const { content: answered } = await this.#ask(
      'shell',
      'execute_request',
      content,
      { timeout, subshell, ...(cellId !== undefined && { metadata: { cellId } }) },
      heard,
      asked,
    );
    const reply = answered as unknown as ExecuteReply;
    const executionCount = 'execution_count' in reply ? reply.execution_count : null;
    return { reply, executionCount, outputs: collected.outputs, messages };
  }

  async #answerInput(request: Message, onInput: NonNullable<ExecuteOptions['onInput']>): Promise<void> {
    const { prompt = '', password = false } = request.content as Partial<InputQuestion>;
    let value: string;
    try {
      value = await onInput({ prompt, password });
    } catch (error) {
      console.error('An input request was not answered:', error);
      value = endOfInput;
    }
    if (!this.#closed) this.send('stdin', 'input_reply', { status: 'ok', value }, { parent: request.header });
  }

  /** Milliseconds of one heartbeat there and back. */
  async ping(timeout = 5_000): Promise<number> {
    const socket = new Request({ linger: 0, receiveTimeout: timeout, reconnectInterval: 5 });
    try {
      socket.connect(endpoint(this.connection, 'hb'));
      const sent = performance.now();
      await socket.send('ping');
      await socket.receive();
      return performance.now() - sent;
    } finally {
      socket.close();
    }
  }

  /** Closes the sockets; whoever waits for a reply gets a {@link NoReplyError}. */
  close(reason = 'The client was closed.'): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const socket of [...Object.values(this.#dealers), this.#iopub]) socket.close();
    for (const waiting of this.#waiting.values()) waiting.fail(new NoReplyError(reason));
    this.#waiting.clear();
  }

  /** Sends a request; resolves with the reply, and where iopub is of interest not before the request's `idle`. */
  #ask(
    channel: ClientChannel,
    type: string,
    content: object,
    { timeout, subshell, metadata }: RequestOptions,
    onIopub?: (message: Message) => void,
    onInput: (message: Message) => void = () => {},
  ): Promise<Message> {
    if (this.#closed) return Promise.reject(new NoReplyError('The client is closed.'));
    const message = this.#writer.create(type, content, { subshell_id: subshell, metadata });
    const id = message.header.msg_id;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      let answer: Message | undefined;
      let idle = onIopub === undefined;
      const forget = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
      };
      const settle = (): void => {
        if (!answer || !idle) return;
        forget();
        resolve(answer);
      };
      const waiting: Waiting = {
        reply: (received) => {
          answer = received;
          settle();
        },
        iopub: (heard) => {
          try {
            onIopub?.(heard);
          } catch (error) {
            forget();
            reject(error as Error);
          }
          idle ||= isIdle(heard);
          settle();
        },
        input: onInput,
        fail: (error) => {
          forget();
          reject(error);
        },
      };
      this.#waiting.set(id, waiting);
      if (timeout !== undefined)
        timer = setTimeout(() => waiting.fail(new NoReplyError(`No reply to ${type} within ${timeout} ms.`)), timeout);
      this.sendFrames(channel, this.#wire.encode(message));
    });
  }

  async #receive(socket: Dealer | Subscriber, channel: ClientChannel | 'iopub'): Promise<void> {
    for await (const frames of socket) {
      let message: Message;
      try {
        message = this.#wire.decode(frames as Buffer[]).message;
      } catch (error) {
        console.error(`A message from the kernel on ${channel} was dropped: ${(error as Error).message}.`);
        continue;
      }
      try {
        this.#deliver(message, channel);
      } catch (error) {
        console.error(`What listens to the kernel failed at a ${message.header.msg_type} message:`, error);
      }
    }
  }

  #deliver(message: Message, channel: ClientChannel | 'iopub'): void {
    const waiting = this.#waiting.get(message.parent_header.msg_id ?? '');
    if (channel === 'iopub') {
      waiting?.iopub(message);
      for (const listener of [...this.#listeners]) listener(message);
    } else if (channel === 'stdin') waiting?.input(message);
    else waiting?.reply(message);
  }
}
