/** @file A front end in memory: records what widgets send, keeps the models as a front end would, and answers. */
import type { CommMessage } from '../../kernel/comm/contract.ts';
import { decodeBuffers, encodeBuffers } from '../../kernel/comm/contract.ts';
import { comms } from '../../kernel/comm/manager.ts';
import { putBuffers, type BufferPath } from '../../kernel/widgets/buffers.ts';

export type State = Record<string, unknown>;

/** A message in the form of the fixtures: buffers as lists of bytes. */
export interface RecordedMessage {
  readonly model: string;
  readonly type: 'comm_open' | 'comm_msg' | 'comm_close';
  readonly data: { readonly method?: string; readonly state?: State; readonly buffer_paths?: readonly BufferPath[] };
  readonly buffers: readonly (readonly number[])[];
  readonly metadata?: State;
  readonly target?: string;
}

/** The models of a front end. */
export class Models {
  readonly states = new Map<string, State>();

  /** Takes in messages as a front end does. */
  add(messages: readonly RecordedMessage[]): void {
    for (const { model, type, data, buffers } of messages) {
      if (type === 'comm_close') this.states.delete(model);
      const state = structuredClone(data.state ?? {});
      putBuffers(state, data.buffer_paths ?? [], buffers as unknown as Uint8Array[]);
      if (type === 'comm_open' || type === 'comm_msg') this.states.set(model, { ...this.states.get(model), ...state });
    }
  }

  /** A model's state with the states of the models that it names in it. */
  whole(model: string): unknown {
    const inline = (value: unknown): unknown => {
      if (typeof value === 'string' && value.startsWith('IPY_MODEL_')) return this.whole(value.slice(10));
      if (Array.isArray(value)) return value.map(inline);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, inline(element)]));
    };
    return inline(this.states.get(model));
  }
}

/** Connects the widgets of this process with a front end in memory. */
export class Recorder {
  readonly errors: unknown[] = [];
  readonly models = new Models();
  /** Id of the message that code runs for. */
  messageId = 'message-1';
  #messages: RecordedMessage[] = [];

  constructor() {
    comms.connect({
      send: (message) => this.#record(message),
      report: (error) => this.errors.push(error),
      messageId: () => this.messageId,
    });
  }

  /** The messages since the last call. */
  take(): RecordedMessage[] {
    return this.#messages.splice(0);
  }

  /** The front end changes a model. */
  async update(model: string, state: State, bufferPaths: BufferPath[] = [], buffers: Uint8Array[] = []): Promise<void> {
    await this.message(model, { method: 'update', state, buffer_paths: bufferPaths }, buffers);
  }

  /** The front end sends a custom message. */
  async custom(model: string, content: unknown): Promise<void> {
    await this.message(model, { method: 'custom', content });
  }

  async message(model: string, data: State, buffers: Uint8Array[] = []): Promise<void> {
    await comms.receive({ type: 'msg', commId: model, data, metadata: {}, buffers: encodeBuffers(buffers) });
  }

  /** The front end closes a comm. */
  async close(model: string): Promise<void> {
    await comms.receive({ type: 'close', commId: model, data: {}, metadata: {}, buffers: [] });
    this.models.states.delete(model);
  }

  /** The front end opens a comm. */
  async open(commId: string, targetName: string, data: State, metadata: State): Promise<boolean> {
    const { accepted } = await comms.receive({ type: 'open', commId, targetName, data, metadata, buffers: [] });
    return accepted;
  }

  #record(sent: CommMessage): void {
    const { commId: model, type, data, metadata } = JSON.parse(JSON.stringify(sent)) as CommMessage;
    const message: RecordedMessage = {
      model,
      type: `comm_${type}`,
      data,
      buffers: decodeBuffers(sent.buffers).map((buffer) => [...buffer]),
      ...(Object.keys(metadata).length > 0 && { metadata }),
      ...(sent.type === 'open' && { target: sent.targetName }),
    };
    this.#messages.push(message);
    this.models.add([message]);
  }
}
