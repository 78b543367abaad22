/** @file Lines that cells ask for in a run: typed on the terminal, or read from a pipe or a file. */
import { fstatSync } from 'node:fs';
import { createInterface, type Key } from 'node:readline';
import { Writable } from 'node:stream';
import { endOfInput, type InputQuestion } from '../client/index.ts';

/** Shows what is asked, and nothing of what is typed. */
class Muted extends Writable {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

export class TerminalInput {
  /** Lines of a pipe. */
  #piped: AsyncIterator<string> | undefined;
  /** The next one, from when somebody wants it until somebody has it: a cell that ends before leaves it to another. */
  #nextLine: Promise<IteratorResult<string>> | undefined;
  /** What came from the terminal with an answer: pasted lines are for the questions to come. */
  #typedAhead = '';
  /** Cells that are over. */
  #cells = 0;
  /** Takes the question off the terminal. */
  #giveUp: (() => void) | undefined;

  /** Whether there is anybody, or anything, to ask: nothing comes from `/dev/null` or a closed input. */
  get isAvailable(): boolean {
    if (process.stdin.isTTY) return true;
    try {
      const stats = fstatSync(0);
      return stats.isFIFO() || stats.isFile() || stats.isSocket();
    } catch {
      return false;
    }
  }

  /** One line; at the end of the input what stands for that. */
  ask(question: InputQuestion): Promise<string> {
    return process.stdin.isTTY ? this.#askTerminal(question) : this.#readPipe();
  }

  /** Nobody waits for the answer any more: the cell is over. */
  abandon(): void {
    this.#cells++;
    this.#giveUp?.();
  }

  #askTerminal({ prompt, password }: InputQuestion): Promise<string> {
    const typed = this.#takeTypedLine();
    if (typed !== undefined) {
      process.stderr.write(`${prompt}${password ? '' : typed}\n`);
      return Promise.resolve(typed);
    }
    // Readline draws the last line of the prompt again when the answer is edited; nothing is drawn of a password.
    const [, before, line] = /^([^]*\n|)(.*)$/.exec(prompt)!;
    const output = password ? new Muted() : process.stderr;
    const asking = createInterface({ input: process.stdin, output, terminal: true, prompt: line });
    // The terminal is silent now: what is typed when the prompt appears is shown by readline alone.
    process.stderr.write(password ? prompt : before);
    asking.prompt();
    asking.write(this.#typedAhead);
    this.#typedAhead = '';
    return new Promise<string>((resolve) => {
      let isInterrupted = false;
      this.#giveUp = () => {
        asking.close();
        resolve(endOfInput);
      };
      asking.once('line', (line) => {
        resolve(line);
        this.#keepRest();
        asking.close();
      });
      asking.once('close', () => {
        if (password) process.stderr.write('\n');
        // To an interrupted cell the end of the input would be an answer, and it would go on with that.
        if (isInterrupted) return;
        resolve(endOfInput);
        this.#giveUp = undefined;
      });
      // The terminal gives Ctrl-C to whoever reads from it.
      asking.once('SIGINT', () => {
        this.#typedAhead = '';
        isInterrupted = true;
        asking.close();
        process.kill(process.pid, 'SIGINT');
      });
    });
  }

  /** Listens to the keys that are left of what was read with the answer: they come before this turn is over. */
  #keepRest(): void {
    const keep = (_text: string | undefined, { sequence = '' }: Key): void => {
      if (sequence === '\x7f' || sequence === '\b') this.#typedAhead = this.#typedAhead.replace(/[^\r\n]$/u, '');
      // Others are control characters and the sequences of keys such as the arrows.
      else if (sequence >= ' ' || ['\t', '\r', '\n'].includes(sequence)) this.#typedAhead += sequence;
    };
    process.stdin.on('keypress', keep);
    setImmediate(() => process.stdin.off('keypress', keep));
  }

  /** A whole line that was typed already. */
  #takeTypedLine(): string | undefined {
    const [whole, line] = /^([^\r\n]*)(?:\r\n|\r|\n)/.exec(this.#typedAhead) ?? [];
    if (whole === undefined) return undefined;
    this.#typedAhead = this.#typedAhead.slice(whole.length);
    return line;
  }

  async #readPipe(): Promise<string> {
    this.#piped ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const cell = this.#cells;
    const next = (this.#nextLine ??= this.#piped.next());
    const { value, done } = await next;
    if (this.#cells === cell) this.#nextLine = undefined;
    return done === true ? endOfInput : value;
  }
}
