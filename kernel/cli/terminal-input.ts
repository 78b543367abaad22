/** @file Lines that cells ask for in a run: typed on the terminal, or read from a pipe or a file. */
import { fstatSync } from 'node:fs';
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { endOfInput, type InputQuestion } from '../client/index.ts';

/** Shows what is asked, and nothing of what is typed. */
class Muted extends Writable {
  override _write(_chunk: unknown, _encoding: string, done: () => void): void {
    done();
  }
}

export class TerminalInput {
  /** Lines of a pipe, and whoever waits for the next one. */
  #piped: AsyncIterator<string> | undefined;
  /** The question that is on the terminal. */
  #open: Interface | undefined;

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
    this.#open?.close();
  }

  #askTerminal({ prompt, password }: InputQuestion): Promise<string> {
    process.stderr.write(prompt);
    const output = password ? new Muted() : process.stderr;
    const asking = createInterface({ input: process.stdin, output, terminal: true, prompt: '' });
    this.#open = asking;
    return new Promise<string>((resolve) => {
      asking.once('line', (line) => {
        resolve(line);
        asking.close();
      });
      asking.once('close', () => {
        if (password) process.stderr.write('\n');
        resolve(endOfInput);
        this.#open = undefined;
      });
      // The terminal gives Ctrl-C to whoever reads from it.
      asking.once('SIGINT', () => {
        asking.close();
        process.kill(process.pid, 'SIGINT');
      });
    });
  }

  async #readPipe(): Promise<string> {
    this.#piped ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const { value, done } = await this.#piped.next();
    return done === true ? endOfInput : value;
  }
}
