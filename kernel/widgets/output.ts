/** @file The output widget: a place on the page for what code prints and displays. */
import { displayPort } from '../../src/display.ts';
import { comms } from '../comm/manager.ts';
import { formatValue } from '../display/format-value.ts';
import { dom, onPage } from './control.ts';
import { type Trait, TraitError, list, text } from './traits.ts';
import { keepBusy } from './handlers.ts';
import { model } from './model.ts';

const outputModule = '@jupyter-widgets/output';

/** An output in the notebook format's form. */
export type OutputItem =
  | { readonly output_type: 'stream'; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | {
      readonly output_type: 'display_data' | 'execute_result';
      readonly data: Readonly<Record<string, unknown>>;
      readonly metadata: Readonly<Record<string, unknown>>;
    }
  | {
      readonly output_type: 'error';
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

const outputItem: Trait<OutputItem> = {
  initial: () => ({ output_type: 'stream', name: 'stdout', text: '' }),
  check: (input) => {
    if (typeof (input as { output_type?: unknown } | null)?.output_type === 'string') return input as OutputItem;
    throw new TraitError('an output, {output_type: ...}', input);
  },
};

const OutputModel = onPage(
  model({
    model: 'OutputModel',
    view: 'OutputView',
    module: outputModule,
    version: '1.0.0',
    traits: {
      ...dom,
      /** Id of the message whose output the front end puts here. */
      msgId: text(),
      /** What stands in the widget. */
      outputs: list(outputItem),
    },
  }),
);

const isPromise = (value: unknown): value is Promise<unknown> => value instanceof Promise;

/**
 * A place for output.
 *
 * @example
 * const out = new widgets.Output();
 * display(out);
 * out.with(() => console.log('goes into the widget'));
 * button.onClick(out.capture(() => console.log('pressed')));
 */
export class Output extends OutputModel {
  /** The messages of the captures that are under way: the newest is the one whose output the front end puts here. */
  readonly #captured: string[] = [];

  /**
   * Runs code whose output goes into the widget; the promise of an asynchronous function is waited for. The front end tells
   * outputs apart by the message that caused them: what else the same cell prints meanwhile goes here too.
   *
   * @returns what the code returns; its errors are thrown on
   */
  with<Result>(work: () => Result): Result {
    const leave = this.#enter();
    let result: Result;
    try {
      result = work();
    } catch (error) {
      leave();
      throw error;
    }
    if (isPromise(result)) keepBusy(result.then(leave, leave));
    else leave();
    return result;
  }

  /**
   * A function that does the same with its output in the widget. Its errors are shown there.
   *
   * @param options.clear begin with an empty widget each time
   */
  capture<Arguments extends unknown[], Result>(
    work: (...args: Arguments) => Result,
    { clear = false }: { readonly clear?: boolean } = {},
  ): (...args: Arguments) => Result | undefined {
    return (...args) => {
      const report = (error: unknown): undefined => void comms.connection?.report(error);
      return this.with(() => {
        if (clear) this.clear({ wait: true });
        try {
          const result = work(...args);
          return isPromise(result) ? (result.catch(report) as Result) : result;
        } catch (error) {
          return report(error);
        }
      });
    };
  }

  /** Empties the widget; with `wait` not before something new comes. */
  clear({ wait = false }: { readonly wait?: boolean } = {}): void {
    const { clearOutput } = globalThis as { clearOutput?: (options: { wait: boolean }) => void };
    const isShown = clearOutput !== undefined && !this.closed;
    if (isShown) this.with(() => clearOutput({ wait }));
    // The front end tells what it cleared, but later than the next line may append something.
    if (!wait || !isShown) this.outputs = [];
  }

  /** Adds text without a capture. */
  appendStdout(text: string): void {
    this.outputs = [...this.outputs, { output_type: 'stream', name: 'stdout', text }];
  }

  appendStderr(text: string): void {
    this.outputs = [...this.outputs, { output_type: 'stream', name: 'stderr', text }];
  }

  /** Adds a value, as `display` shows it, without a capture. */
  async appendDisplay(value: unknown): Promise<void> {
    const { data, metadata } = (await formatValue(value)) ?? { data: { 'text/plain': 'undefined' }, metadata: {} };
    this.outputs = [...this.outputs, { output_type: 'display_data', data, metadata }];
  }

  /** @returns ends the capture, when the pictures that were displayed in it are there */
  #enter(): () => void {
    const id = comms.connection?.messageId() ?? '';
    this.#captured.push(id);
    this.msgId = id;
    const leave = (): void => {
      this.#captured.splice(this.#captured.lastIndexOf(id), 1);
      this.msgId = this.#captured.at(-1) ?? '';
    };
    return () => {
      const pending = displayPort()?.pending?.();
      if (pending) keepBusy(pending.then(leave));
      else leave();
    };
  }
}
