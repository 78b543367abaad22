/** @file The widgets of a notebook as a front end keeps them: their states, and the output that some of them capture. */
import { widgetTarget } from '../comm/contract.ts';
import type { JsonObject, Message } from '../protocol/message.ts';
import type { KernelClient } from './kernel-client.ts';
import { CellOutputs, type DisplayRegistry, type NotebookOutput } from './notebook-outputs.ts';

/** A binary part of a widget's state, as notebooks keep it. */
export interface StatePart {
  readonly path: readonly (string | number)[];
  readonly encoding: 'base64';
  readonly data: string;
}

/** A widget as notebooks keep it. */
export interface SavedWidget {
  readonly model_name: unknown;
  readonly model_module: unknown;
  readonly model_module_version: unknown;
  readonly state: JsonObject;
  readonly buffers?: readonly StatePart[];
}

/** The type under which the metadata of a notebook hold its widgets. */
export const widgetStateType = 'application/vnd.jupyter.widget-state+json';

export interface WidgetMetadata {
  readonly [widgetStateType]: {
    readonly version_major: 2;
    readonly version_minor: 0;
    readonly state: Readonly<Record<string, SavedWidget>>;
  };
}

interface Model {
  readonly state: JsonObject;
  parts: readonly StatePart[];
  /** What an output widget shows. */
  outputs?: CellOutputs;
}

const outputModule = '@jupyter-widgets/output';

/** Follows the widgets of a kernel from now on. */
export class WidgetModels {
  readonly #client: KernelClient;
  readonly #displays: DisplayRegistry;
  readonly #models = new Map<string, Model>();
  /** Output widgets that take what belongs to a message; the newest first. */
  #captures: { readonly modelId: string; readonly messageId: string }[] = [];

  /** @param displays those of the notebook's cells */
  constructor(client: KernelClient, displays: DisplayRegistry) {
    this.#client = client;
    this.#displays = displays;
    client.onIopub((message) => this.#heard(message));
  }

  /** Gives an output to the widget that captures it. @returns whether there is one */
  capture(message: Message): boolean {
    const capture = this.#captures.find(({ messageId }) => messageId === message.parent_header.msg_id);
    if (capture === undefined || !CellOutputs.concerns(message)) return false;
    this.#models.get(capture.modelId)?.outputs?.add(message);
    return true;
  }

  /** What the metadata of the notebook say of its widgets; undefined where it has none. */
  metadata(): WidgetMetadata | undefined {
    const entries = [...this.#models].map(([id, model]): [string, SavedWidget] => {
      const { state, parts, outputs } = model;
      const saved = {
        model_name: state._model_name,
        model_module: state._model_module,
        model_module_version: state._model_module_version,
        // A capture is over when the notebook is saved.
        state: outputs ? { ...state, outputs: outputs.outputs, msg_id: '' } : state,
      };
      return [id, parts.length > 0 ? { ...saved, buffers: parts } : saved];
    });
    if (entries.length === 0) return undefined;
    return { [widgetStateType]: { version_major: 2, version_minor: 0, state: Object.fromEntries(entries) } };
  }

  #heard(message: Message): void {
    const { comm_id: id, target_name: target, data } = message.content as Partial<Record<string, unknown>>;
    if (typeof id !== 'string') return;
    switch (message.header.msg_type) {
      case 'comm_open':
        if (target !== widgetTarget) return;
        this.#models.set(id, { state: {}, parts: [] });
        return this.#update(id, data as JsonObject, message.buffers);
      case 'comm_msg':
        // Echoes are of what this front end has sent.
        if ((data as JsonObject).method === 'update') this.#update(id, data as JsonObject, message.buffers);
        return;
      case 'comm_close':
        this.#models.delete(id);
        this.#captures = this.#captures.filter(({ modelId }) => modelId !== id);
    }
  }

  #update(id: string, { state, buffer_paths }: JsonObject, buffers: readonly Uint8Array[]): void {
    const model = this.#models.get(id);
    if (model === undefined) return;
    const paths = (buffer_paths ?? []) as StatePart['path'][];
    const changed = new Set([...Object.keys((state ?? {}) as JsonObject), ...paths.map(([key]) => String(key))]);
    const added = paths.map((path, index): StatePart => ({
      path,
      encoding: 'base64',
      data: Buffer.from(buffers[index]).toString('base64'),
    }));
    model.parts = [...model.parts.filter(({ path }) => !changed.has(String(path[0]))), ...added];
    for (const key of changed) delete model.state[key];
    Object.assign(model.state, state);
    if (model.state._model_module === outputModule) this.#updateOutput(id, model, changed);
  }

  #updateOutput(id: string, model: Model, changed: ReadonlySet<string>): void {
    if (changed.has('outputs') || model.outputs === undefined)
      model.outputs = new CellOutputs(this.#displays, (model.state.outputs ?? []) as NotebookOutput[]);
    if (!changed.has('msg_id')) return;
    const hadCapture = this.#captures.some(({ modelId }) => modelId === id);
    this.#captures = this.#captures.filter(({ modelId }) => modelId !== id);
    const messageId = model.state.msg_id;
    if (typeof messageId === 'string' && messageId !== '') this.#captures.unshift({ modelId: id, messageId });
    if (hadCapture) this.#tellOutputs(id, model.outputs.outputs);
  }

  /** Cells can read what a widget has captured. */
  #tellOutputs(id: string, outputs: readonly NotebookOutput[]): void {
    const data = { method: 'update', state: { outputs }, buffer_paths: [] };
    this.#client.send('shell', 'comm_msg', { comm_id: id, data });
  }
}
