/** @file Input from the front end as cells ask for it: `prompt`, `confirm` and `alert` block, `input` is awaited. */
import { callKernel, callKernelSync } from './calls.ts';
import type { InputQuestion } from './stdin-questions.ts';

/** What `input` is: a function with a variant for what must not be shown. */
export interface Input {
  /**
   * Asks the user for a line of text.
   *
   * @param message what stands before the field
   * @returns the line, without its end
   * @throws `StdinNotImplementedError` where the front end has no way to ask, `EOFError` where the user ended the input
   * @example
   * const name = await input('Your name: ');
   */
  (message?: string): Promise<string>;
  /** The same, and what is typed is not shown. */
  password(message?: string): Promise<string>;
}

/** What `prompt` is: a function with a variant for what must not be shown. */
export interface Prompt {
  /**
   * Asks the user for a line of text, and waits: nothing else of the notebook's code runs meanwhile (see `input`).
   *
   * @param message what stands before the field
   * @param defaultValue what an empty line means
   * @returns the line; null where the user ended the input
   * @throws `StdinNotImplementedError` where the front end has no way to ask
   */
  (message?: string, defaultValue?: string): string | null;
  /** The same, and what is typed is not shown. */
  password(message?: string): string | null;
}

/** Asks a question that is answered with `y` or `yes`, or anything else; blocks. */
export type Confirm = (message?: string) => boolean;

/** Shows a message and blocks until the user has pressed Enter. */
export type Alert = (message?: string) => void;

/** The names that cells find. */
export interface InputApi {
  readonly input: Input;
  readonly prompt: Prompt;
  readonly confirm: Confirm;
  readonly alert: Alert;
}

/** What a console sends for the end of the input (Ctrl-D). */
const endOfInput = '\u0004';

let lastId = 0;
const question = (caller: string, prompt: unknown, password: boolean): InputQuestion => ({
  id: ++lastId,
  caller,
  prompt: String(prompt),
  password,
});

/** Line, or null at the end of the input. */
const lineOf = (answer: unknown): string | null => (answer === endOfInput ? null : String(answer));

/** A question under way that can be taken back. */
export interface PendingLine {
  readonly line: Promise<string | null>;
  /** Nobody waits any more: `line` rejects. */
  cancel(): void;
}

/** Asks without blocking. An error of the answer has the stack of who asked. */
export function askLine(caller: string, prompt = '', password = false): PendingLine {
  const asked = question(caller, prompt, password);
  const failure = new Error();
  const line = callKernel('input', asked).then(lineOf, (error: Error) => {
    throw Object.assign(failure, { name: error.name, message: error.message });
  });
  return {
    line,
    cancel: () => void callKernel('input:cancel', asked.id).catch(() => undefined),
  };
}

const askLineSync = (caller: string, prompt: unknown, password = false): string | null =>
  lineOf(callKernelSync('input', question(caller, prompt, password)));

/** An error as Python's `input` throws it. */
class EOFError extends Error {
  override readonly name = 'EOFError';
}

async function inputLine(caller: string, message: unknown, password: boolean): Promise<string> {
  const line = await askLine(caller, String(message), password).line;
  if (line === null) throw new EOFError(`${caller}() found the end of the input.`);
  return line;
}

/** `Delete all?` and a suffix, with one space between them. */
const withSuffix = (message: unknown, suffix: string): string => `${String(message).trimEnd()} ${suffix} `.trimStart();

const api: InputApi = {
  input: Object.assign((message = '') => inputLine('input', message, false), {
    password: (message = '') => inputLine('input.password', message, true),
  }),
  prompt: Object.assign(
    (message = '', defaultValue?: string) => {
      const shown = defaultValue === undefined ? String(message) : withSuffix(message, `[${defaultValue}]`);
      const line = askLineSync('prompt', shown);
      return line === '' && defaultValue !== undefined ? String(defaultValue) : line;
    },
    { password: (message = '') => askLineSync('prompt.password', message, true) },
  ),
  confirm: (message = 'Confirm') =>
    /^y(es)?$/i.test(askLineSync('confirm', withSuffix(message, '[y/N]'))?.trim() ?? ''),
  alert: (message = 'Alert') => void askLineSync('alert', withSuffix(message, '[Enter]')),
};

/** Puts the functions on a global object; cells may declare names of their own over them. */
export function installInputApi(target: object = globalThis): void {
  for (const [name, value] of Object.entries(api))
    Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}
