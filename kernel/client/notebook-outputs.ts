/** @file iopub messages to the outputs of notebook cells, in nbformat's form. */
import type { IopubContents, MimeBundle } from '../protocol/content.ts';
import type { JsonObject, Message } from '../protocol/message.ts';

export interface StreamOutput {
  output_type: 'stream';
  name: 'stdout' | 'stderr';
  text: string;
}
export interface DisplayOutput {
  output_type: 'display_data';
  data: MimeBundle;
  metadata: JsonObject;
}
export interface ResultOutput {
  output_type: 'execute_result';
  execution_count: number | null;
  data: MimeBundle;
  metadata: JsonObject;
}
export interface ErrorOutput {
  output_type: 'error';
  ename: string;
  evalue: string;
  traceback: string[];
}
/** An output of a code cell as nbformat 4 stores it. */
export type NotebookOutput = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

/** The displays of a notebook by display id: an update reaches every place that shows it, in earlier cells too. */
export class DisplayRegistry {
  readonly #shown = new Map<string, Set<DisplayOutput | ResultOutput>>();

  add(id: string, output: DisplayOutput | ResultOutput): void {
    const outputs = this.#shown.get(id) ?? new Set();
    this.#shown.set(id, outputs.add(output));
  }

  update(id: string, data: MimeBundle, metadata: JsonObject): void {
    for (const output of this.#shown.get(id) ?? []) Object.assign(output, { data, metadata });
  }

  /** The output is not shown any more. */
  remove(output: NotebookOutput): void {
    for (const outputs of this.#shown.values()) outputs.delete(output as DisplayOutput);
  }
}

/** Collects the outputs of one cell. */
export class CellOutputs {
  readonly #displays: DisplayRegistry;
  #outputs: NotebookOutput[] = [];
  /** clear_output with `wait`: the next output clears. */
  #clearNext = false;

  /**
   * @param displays shared by the cells of a notebook
   * @param outputs what is there already
   */
  constructor(displays: DisplayRegistry = new DisplayRegistry(), outputs: readonly NotebookOutput[] = []) {
    this.#displays = displays;
    this.#outputs = outputs.map((output) => ({ ...output }));
  }

  /** What the cell shows now; text with its carriage returns and backspaces applied, as a terminal would. */
  get outputs(): NotebookOutput[] {
    return this.#outputs.map((output) => {
      if (output.output_type !== 'stream') return output;
      return { ...output, text: applyTerminalControls(output.text) };
    });
  }

  /** Whether a message is about outputs. */
  static concerns({ header }: Message): boolean {
    return ['stream', 'display_data', 'execute_result', 'error', 'clear_output'].includes(header.msg_type);
  }

  /** Takes a message of the cell; types that are no output are passed over. */
  add({ header, content }: Message): void {
    const handlers: Readonly<Record<string, (content: never) => void>> = this.#handlers;
    handlers[header.msg_type]?.(content as never);
  }

  readonly #handlers = {
    stream: ({ name, text }: IopubContents['stream']) => {
      this.#clearIfAsked();
      const last = this.#outputs.at(-1);
      if (last?.output_type === 'stream' && last.name === name) last.text += text;
      else this.#outputs.push({ output_type: 'stream', name, text });
    },
    display_data: ({ data, metadata, transient }: IopubContents['display_data']) =>
      this.#show({ output_type: 'display_data', data, metadata }, transient?.display_id),
    execute_result: ({ data, metadata, execution_count }: IopubContents['execute_result']) =>
      this.#show({ output_type: 'execute_result', execution_count, data, metadata }, undefined),
    update_display_data: ({ data, metadata, transient }: IopubContents['update_display_data']) => {
      if (transient.display_id !== undefined) this.#displays.update(transient.display_id, data, metadata);
    },
    error: ({ ename, evalue, traceback }: IopubContents['error']) => {
      this.#clearIfAsked();
      this.#outputs.push({ output_type: 'error', ename, evalue, traceback: [...traceback] });
    },
    clear_output: ({ wait }: IopubContents['clear_output']) => {
      if (wait) this.#clearNext = true;
      else this.#clear();
    },
  };

  #show(output: DisplayOutput | ResultOutput, id: string | undefined): void {
    this.#clearIfAsked();
    this.#outputs.push(output);
    if (id !== undefined) this.#displays.add(id, output);
  }

  #clearIfAsked(): void {
    if (this.#clearNext) this.#clear();
  }

  #clear(): void {
    this.#clearNext = false;
    for (const output of this.#outputs) this.#displays.remove(output);
    this.#outputs = [];
  }
}

/** Text as a terminal would leave it: `\r` writes over the line from its start, `\b` one character back. */
export function applyTerminalControls(text: string): string {
  if (!/[\r\b]/.test(text)) return text;
  return text
    .replace(/\r+\n/g, '\n')
    .split('\n')
    .map((line) => {
      if (!/[\r\b]/.test(line)) return line;
      const shown: string[] = [];
      let column = 0;
      for (const character of line)
        if (character === '\r') column = 0;
        else if (character === '\b') column = Math.max(0, column - 1);
        else shown[column++] = character;
      return shown.join('');
    })
    .join('\n');
}
