/**
 * @file Node's `readline` on `process.stdin`: a question becomes one input request with the question as its text. Left to
 * itself, readline would read on after the answer, and the front end would show a field that nobody asked for.
 */
import { createRequire, syncBuiltinESMExports } from 'node:module';
import type * as Callbacks from 'node:readline';
import type * as Promises from 'node:readline/promises';
import { promisify } from 'node:util';
import { wasInterrupted } from './interruption.ts';
import { inputErrors } from './stdin-questions.ts';
import { askLine, type PendingLine } from './stdin.ts';
import { isCellStdin, LineStream } from './stdin-stream.ts';

type Options = Callbacks.ReadLineOptions & Promises.ReadLineOptions;
type Interface = Callbacks.Interface & { readonly closed?: boolean };
interface QuestionOptions {
  readonly signal?: AbortSignal;
}

/** As Node has it for an aborted operation. */
const abortError = (signal: AbortSignal): Error =>
  Object.assign(new Error('The operation was aborted', { cause: signal.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });

/** The interface that Node makes, reading from a source of its own. */
function connect<Made extends Interface>(create: (options: Options) => Made, options: Options): Made {
  let made: Made | undefined = undefined as Made | undefined;
  const source = new LineStream('readline', () => (made?.listenerCount('line') ?? 0) > 0);
  // No terminal: line editing is the front end's.
  made = create({ ...options, input: source, terminal: false });
  made.on('newListener', (event: string) => {
    if (event === 'line') source.wake();
  });
  source.on('error', (error) => made.emit('error', error));
  made.once('close', () => source.destroy());
  made.prompt = () => {
    source.prompt = made.getPrompt();
    made.resume();
    source.wake();
  };
  return made;
}

/** Asks once for an open interface; the signal takes the question back. */
async function ask(from: Interface, query: string, signal: AbortSignal | undefined, open: Set<PendingLine>) {
  if (from.closed) throw Object.assign(new Error('readline was closed'), { code: 'ERR_USE_AFTER_CLOSE' });
  if (signal?.aborted) throw abortError(signal);
  const pending = askLine('rl.question', query);
  open.add(pending);
  let abort: () => void = () => undefined;
  try {
    const aborted = new Promise<never>((_resolve, reject) => {
      abort = () => {
        pending.cancel();
        reject(abortError(signal!));
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
    pending.line.catch(() => undefined); // cancelled by the signal
    const line = await Promise.race([pending.line, aborted]);
    if (line === null) from.close();
    return line;
  } finally {
    open.delete(pending);
    signal?.removeEventListener('abort', abort);
  }
}

/** What `question` is to do with the questions of an interface that closes: nobody answers them. */
const questionsOf = (from: Interface): Set<PendingLine> => {
  const open = new Set<PendingLine>();
  from.once('close', () => open.forEach((pending) => pending.cancel()));
  return open;
};

/** `createInterface(options)`, or the stream arguments of old. */
const optionsOf = (given: readonly unknown[]): Options => {
  const [first, output, completer, terminal] = given;
  if (first !== null && typeof first === 'object' && 'input' in first) return first as Options;
  return { input: first, output, completer, terminal } as Options;
};

/** Makes `readline` and `readline/promises` ask the front end when they are given `process.stdin`. */
export function installReadline(): void {
  const require = createRequire(import.meta.url);
  const callbacks = require('node:readline') as typeof Callbacks;
  const promises = require('node:readline/promises') as typeof Promises;
  const createWithCallbacks = callbacks.createInterface as (options: Options) => Callbacks.Interface;
  const createWithPromises = promises.createInterface as (options: Options) => Promises.Interface;

  const withCallbacks = (...given: unknown[]): Callbacks.Interface => {
    const options = optionsOf(given);
    if (!isCellStdin(options.input)) return createWithCallbacks(options);
    const made = connect(createWithCallbacks, options);
    const open = questionsOf(made);
    const question = (query: string, ...rest: unknown[]): void => {
      const answered = rest.at(-1) as (answer: string) => void;
      const { signal } = (rest.length > 1 ? rest[0] : {}) as QuestionOptions;
      ask(made, query, signal, open).then(
        (line) => line !== null && answered(line),
        (error: Error) => {
          // As Node: an aborted question is over in silence, and so is one of an interface that closed. That its cell was
          // interrupted is told by the cell.
          const isTold = error.name === inputErrors.cancelled && wasInterrupted();
          if (!signal?.aborted && !(made as Interface).closed && !isTold) made.emit('error', error);
        },
      );
    };
    // What `util.promisify` makes of it: the answer is the first argument, where others have an error.
    const promised = (query: string, options: QuestionOptions = {}): Promise<string> =>
      new Promise((resolve, reject) => {
        ask(made, query, options.signal, open).then((line) => line !== null && resolve(line), reject);
      });
    return Object.assign(made, { question: Object.assign(question, { [promisify.custom]: promised }) });
  };
  const withPromises = (...given: unknown[]): Promises.Interface => {
    const options = optionsOf(given);
    if (!isCellStdin(options.input)) return createWithPromises(options);
    const made = connect(createWithPromises as (options: Options) => Promises.Interface & Interface, options);
    const open = questionsOf(made);
    const question = async (query: string, { signal }: QuestionOptions = {}): Promise<string> => {
      const line = await ask(made, query, signal, open);
      if (line === null) throw abortError(AbortSignal.abort(new Error('The input ended.')));
      return line;
    };
    return Object.assign(made, { question });
  };
  Object.assign(callbacks, { createInterface: withCallbacks });
  Object.assign(promises, { createInterface: withPromises });
  Object.assign(callbacks.promises, { createInterface: withPromises });
  syncBuiltinESMExports();
}
