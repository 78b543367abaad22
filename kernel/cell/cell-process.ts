/** @file One cell process, from its start to its end, as the kernel process sees it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Duplex, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CellEvent, ExecuteOutcome, ExecuteRequest } from './contract.ts';
import { type Ending, endingError, endingReason } from './ending.ts';
import { NativeOutput } from './native-output.ts';
import { endGroup, markVariable } from './process-group.ts';
import { StreamRuns } from './stream-runs.ts';
import {
  type Answer,
  type ChildMessage,
  type Command,
  type IoMessage,
  LineReader,
  answerOf,
  descriptors,
  encode,
  markerVariable,
  valueOf,
} from './wire.ts';

export interface CellProcessOptions {
  /** The notebook's folder: imports, `require` and file paths are relative to it. */
  readonly cwd: string;
  /** Environment of the process; the kernel's own where absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Options for Node, such as `--max-old-space-size=4096`. */
  readonly execArgv?: readonly string[];
  /** The program: `main.js` of this folder where absent (of the built package when this runs from its sources). */
  readonly program?: string;
}

const builtProgram = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../dist/kernel/cell/main.js' : './main.js', import.meta.url),
);

/** How long (ms) to wait for the end of a cell's pipes after its outcome: a grandchild may fill them for ever. */
const markerPatience = 500;
/** How long (ms) the pipes of an ended process may stay open. */
const closePatience = 300;
/** Characters of fd 2 that are kept to explain a crash. */
const keptStderr = 8192;

/** The environment without what belongs to the kernel process alone. */
const childEnvironment = (env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(env).filter(([name]) => name !== 'JPY_PARENT_PID' && !name.startsWith('NODE_CHANNEL_')),
  );

type StreamName = 'stdout' | 'stderr';

interface Running {
  readonly id: number;
  readonly parent: string;
  readonly resolve: (outcome: ExecuteOutcome) => void;
  /** Streams whose end marker has come. */
  readonly marked: Set<StreamName>;
  outcome?: ExecuteOutcome;
  timer?: NodeJS.Timeout;
}

/** What a cell process tells and asks. */
export interface CellProcessListener {
  event(event: CellEvent): void;
  /** Answers code in the cell process; a JSON value or a promise of one. */
  request(name: string, argument: unknown, parent: string): unknown;
  notice(name: string, argument: unknown): void;
}

export class CellProcess {
  /** Resolves when cells can be evaluated; rejects if the process ends before. */
  readonly ready: Promise<void>;
  /** Resolves when the process ended and its output was read. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  /** What it started is known by this. */
  readonly #mark = randomBytes(12).toString('hex');
  readonly #listener: CellProcessListener;
  /** Calls without an answer yet. */
  readonly #calls = new Map<number, (answer: Answer) => void>();
  /** Interrupts that are not over. */
  readonly #interrupts = new Map<number, Promise<unknown>>();
  readonly #answers = new Map<number, () => void>();
  /** Cells by number: several where subshells are in use. */
  readonly #running = new Map<number, Running>();
  #lastId = 0;
  /** The cell to which output without a cell of its own belongs: the one that runs or ran last. */
  #latestParent = '';
  #announcedCode: number | undefined;
  #stderr = '';
  #stopped = false;
  #endedInCell = false;
  #ending: Ending | undefined;

  constructor(options: CellProcessOptions, listener: CellProcessListener) {
    this.#listener = listener;
    const secret = randomBytes(12).toString('hex');
    this.#child = spawn(process.execPath, [...(options.execArgv ?? []), options.program ?? builtProgram], {
      cwd: options.cwd,
      env: { ...childEnvironment(options.env ?? process.env), [markerVariable]: secret, [markVariable]: this.#mark },
      // A process group of its own, so that what user code starts can be ended with it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    });
    this.ended = this.#watchEnd(options.cwd);
    let markReady: () => void = () => undefined;
    this.ready = new Promise<void>((resolve, reject) => {
      markReady = resolve;
      void this.ended.then((ending) =>
        reject(new Error(`The cell process did not start: it ${endingReason(ending)}.\n${ending.stderr}`.trimEnd())),
      );
    });
    this.ready.catch(() => undefined);
    this.#readNative('stdout', secret);
    this.#readNative('stderr', secret);
    this.#readEvents(markReady);
    this.#readControl();
  }

  /** Runs a cell, beside those that run already; if the process ends meanwhile, the outcome says so. */
  async execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    const id = ++this.#lastId;
    const outcome = new Promise<ExecuteOutcome>((resolve) =>
      this.#running.set(id, { id, parent: request.parent, resolve, marked: new Set() }),
    );
    if (this.#ending !== undefined) this.#fail(this.#ending);
    // An interrupt of what ran before must not meet this cell.
    await Promise.all(this.#interrupts.values());
    this.#latestParent = request.parent;
    this.#send({ type: 'execute', id, request });
    return outcome;
  }

  /** Calls a handler of the process. @throws what the handler threw, or an error where the process ends before its answer */
  async call(name: string, argument: unknown, parent?: string): Promise<unknown> {
    const id = ++this.#lastId;
    const answer = new Promise<Answer>((resolve) => this.#calls.set(id, resolve));
    if (this.#ending === undefined) this.#send({ type: 'call', id, name, argument, parent });
    else this.#abandonCalls('CellProcessEnded', `The cell process ${endingReason(this.#ending)}.`);
    return valueOf(await answer);
  }

  #answered(id: number, answer: Answer): void {
    this.#calls.get(id)?.(answer);
    this.#calls.delete(id);
  }

  /** @param before only calls with a lower number */
  #abandonCalls(name: string, message: string, before = Infinity): void {
    for (const id of [...this.#calls.keys()]) if (id < before) this.#answered(id, { ok: false, name, message });
  }

  /** Resolves when what ran has stopped, or the process ended; a gentle one at once. */
  async interrupt(parents?: readonly string[], gentle = false): Promise<void> {
    const cells: number[] = [];
    for (const { id, parent } of this.#running.values()) if (parents?.includes(parent) ?? true) cells.push(id);
    if (parents !== undefined && cells.length === 0) return;
    const id = ++this.#lastId;
    if (gentle) return this.#send({ type: 'interrupt', id, cells, gentle });
    const over = Promise.race([new Promise<void>((resolve) => this.#answers.set(id, resolve)), this.ended]);
    this.#interrupts.set(id, over);
    this.#send({ type: 'interrupt', id, cells, gentle });
    await over;
    this.#interrupts.delete(id);
    this.#answers.delete(id);
  }

  /** Whether the process ended while a cell ran, whose outcome says so. */
  get endedInCell(): boolean {
    return this.#endedInCell;
  }

  /** Ends the process and what it started. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#killGroup();
    await this.ended;
  }

  #killGroup(): void {
    if (this.#child.pid !== undefined) endGroup(this.#child.pid, this.#mark);
  }

  #stream(fd: number): Duplex {
    return this.#child.stdio[fd] as Duplex;
  }

  #send(command: Command): void {
    const stream = this.#stream(descriptors.control);
    if (stream.writable) stream.write(encode(command));
  }

  #readNative(name: StreamName, secret: string): void {
    const output = new NativeOutput(
      secret,
      (text) => {
        if (name === 'stderr') this.#stderr = (this.#stderr + text).slice(-keptStderr);
        this.#listener.event({ type: 'stream', parent: this.#latestParent, name, text });
      },
      (id) => {
        const running = this.#running.get(id);
        running?.marked.add(name);
        if (running) this.#settleIfComplete(running);
      },
    );
    const stream = this.#child[name] as Readable;
    stream.on('data', (chunk: Buffer) => output.write(chunk));
    stream.on('end', () => output.end());
    stream.on('error', () => undefined);
  }

  #readEvents(markReady: () => void): void {
    const reader = new LineReader<ChildMessage | string>();
    const runs = new StreamRuns();
    const handle = (message: ChildMessage): void => {
      switch (message.type) {
        case 'ready':
          return markReady();
        case 'exit':
          this.#announcedCode = message.code;
          return;
        case 'outcome': {
          const running = this.#running.get(message.id);
          if (running === undefined || running.outcome !== undefined) return;
          running.outcome = message.outcome;
          running.timer = setTimeout(() => this.#settle(running), markerPatience);
          return this.#settleIfComplete(running);
        }
        case 'answer':
          return this.#answered(message.id, message.answer);
        case 'request':
          return void answerOf(() => this.#listener.request(message.name, message.argument, message.parent)).then(
            (answer) => this.#send({ type: 'answer', id: message.id, answer }),
          );
        default:
          this.#listener.event(message);
      }
    };
    const stream = this.#stream(descriptors.events);
    stream.on('data', (chunk: Buffer) => runs.join(reader.read(chunk)).forEach(handle));
    stream.on('error', () => undefined);
  }

  #readControl(): void {
    const reader = new LineReader<IoMessage>();
    const stream = this.#stream(descriptors.control);
    const handle = (message: IoMessage): void => {
      if ('notice' in message) this.#listener.notice(message.notice, message.argument);
      else if ('answered' in message) this.#answered(message.answered, message.answer);
      // The I/O thread answers the newest of several interrupts: earlier ones are over with it.
      else {
        for (const [id, answered] of this.#answers) if (id <= message.interrupted) answered();
        if (message.struck) this.#abandonCalls('Interrupted', 'The call was interrupted.', message.interrupted);
      }
    };
    stream.on('data', (chunk: Buffer) => reader.read(chunk).forEach(handle));
    stream.on('error', () => undefined);
  }

  #settleIfComplete(running: Running): void {
    if (running.outcome !== undefined && running.marked.size === 2) this.#settle(running);
  }

  #settle(running: Running): void {
    if (running.outcome === undefined) return;
    clearTimeout(running.timer);
    this.#running.delete(running.id);
    this.#latestParent = [...this.#running.values()].at(-1)?.parent ?? this.#latestParent;
    running.resolve(running.outcome);
  }

  /** The running cells are over, because the process is. */
  #fail(ending: Ending): void {
    for (const running of [...this.#running.values()]) {
      this.#endedInCell = true;
      // A cell may finish and end the process in the same breath: then its own outcome stands.
      running.outcome ??= { status: 'error', error: endingError(ending) };
      this.#settle(running);
    }
  }

  async #watchEnd(cwd: string): Promise<Ending> {
    const unstarted = new Promise<Error>((resolve) => this.#child.once('error', resolve));
    const exited = new Promise<Pick<Ending, 'code' | 'signal'>>((resolve) =>
      this.#child.once('exit', (code, signal) => resolve({ code, signal })),
    );
    const closed = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    const end = await Promise.race([exited, unstarted]);
    if (end instanceof Error) {
      // Node speaks of the program where the folder is missing.
      this.#stderr = existsSync(cwd) ? end.message : `The folder of the notebook does not exist: ${cwd}`;
    } else {
      this.#killGroup();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, closePatience)))]);
      clearTimeout(timer);
    }
    const { code, signal } = end instanceof Error ? { code: null, signal: null } : end;
    const ending = { code, signal, announced: this.#announcedCode, stopped: this.#stopped, stderr: this.#stderr };
    this.#ending = ending;
    this.#fail(ending);
    this.#abandonCalls('CellProcessEnded', `The cell process ${endingReason(ending)}.`);
    for (const stream of this.#child.stdio) stream?.destroy();
    return ending;
  }
}
