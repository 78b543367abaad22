/** @file A cell process, a TypeScript server and a compiler that do what a test says, for tests of the session alone. */
import type { CellEvent, CellHost, ExecuteOutcome, ExecuteRequest } from '../../kernel/cell/contract.ts';
import type { Compiler, WorkerFactories } from '../../kernel/session/workers.ts';
import type { Completions, Diagnostic, TypeScriptService } from '../../kernel/typescript/contract.ts';

type Program = (request: ExecuteRequest, host: FakeCell) => ExecuteOutcome | Promise<ExecuteOutcome>;

/** Runs a test's function where the real one runs code: `programs[source]`, else the source is the result. */
export class FakeCell implements CellHost {
  readonly requests: ExecuteRequest[] = [];
  readonly programs: Record<string, Program> = {};
  restarts = 0;
  stopped = false;
  interrupted: (parents?: readonly string[], gentle?: boolean) => void = () => {};
  readonly #listeners: ((event: CellEvent) => void)[] = [];

  emit(event: CellEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  print(parent: string, text: string): void {
    this.emit({ type: 'stream', parent, name: 'stdout', text });
  }

  async start(): Promise<void> {}

  async execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
    this.requests.push(request);
    const program = this.programs[request.source];
    return program ? program(request, this) : { status: 'ok', result: { 'text/plain': request.source } };
  }

  async interrupt(parents?: readonly string[], gentle?: boolean): Promise<void> {
    this.interrupted(parents, gentle);
  }

  async stop(): Promise<void> {
    this.stopped = true;
  }

  async restart(): Promise<void> {
    this.restarts++;
  }

  onEvent(listener: (event: CellEvent) => void): void {
    this.#listeners.push(listener);
  }

  async call(name: string): Promise<unknown> {
    throw new Error(`No handler for ${name}.`);
  }

  onStart(): void {}

  onRequest(): void {}

  onNotice(): void {}
}

export class FakeTypes implements TypeScriptService {
  readonly committed: string[] = [];
  readonly checked: string[] = [];
  diagnostics: (source: string) => readonly Diagnostic[] | Promise<readonly Diagnostic[]> = () => [];
  completions: Completions = { items: [], start: 0, end: 0 };
  /** Offset of the last question. */
  asked: number | undefined;
  resets = 0;

  async start(): Promise<void> {}

  async check(source: string): Promise<readonly Diagnostic[]> {
    this.checked.push(source);
    return this.diagnostics(source);
  }

  async commit(source: string): Promise<void> {
    this.committed.push(source);
  }

  async complete(_source: string, offset: number): Promise<Completions> {
    this.asked = offset;
    return this.completions;
  }

  async inspect(source: string, offset: number): Promise<{ markdown: string; plain: string } | null> {
    this.asked = offset;
    return source === '' ? null : { markdown: `\`${source}\``, plain: source };
  }

  async reset(): Promise<void> {
    this.resets++;
  }

  async moveTo(): Promise<void> {}

  async packagesChanged(): Promise<void> {}

  async stop(): Promise<void> {}
}

/** Passes code through; a source that begins with `syntax` is an error at its start. */
const compiler: Compiler = {
  compileCell: (source, url) =>
    source.startsWith('syntax')
      ? { ok: false, problems: [{ message: 'Unexpected token.', line: 1, column: 1, start: 0, end: 6 }] }
      : { ok: true, cell: { url, code: source, map: '{"version":3,"sources":[],"names":[],"mappings":""}', source } },
  began: () => {},
  forget: () => {},
  completeness: (source) => (source.endsWith('{') ? { status: 'incomplete', indent: '  ' } : { status: 'complete' }),
};

export interface FakeWorkers {
  readonly cell: FakeCell;
  readonly types: FakeTypes;
  readonly factories: WorkerFactories;
}

export function fakeWorkers(): FakeWorkers {
  const cell = new FakeCell();
  const types = new FakeTypes();
  return {
    cell,
    types,
    factories: { cell: async () => cell, types: async () => types, compiler: async () => compiler },
  };
}
