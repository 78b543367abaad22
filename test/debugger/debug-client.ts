/** @file A kernel under a debugger, as a front end drives it: DAP requests on control, events from iopub, cells on shell. */
import { readFileSync } from 'node:fs';
import { type ExecuteResult, KernelClient } from '../../kernel/client/index.ts';
import type { ConnectionInfo } from '../../kernel/protocol/connection.ts';
import { startKernel, type TestKernel } from '../kernel/real-kernel.ts';

export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  readonly column: number;
  readonly source: { readonly path: string; readonly name: string };
}
export interface Variable {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
  readonly evaluateName?: string;
  readonly variablesReference: number;
  readonly indexedVariables?: number;
}
export interface Response {
  readonly success: boolean;
  readonly message?: string;
  readonly request_seq: number;
  readonly body: Record<string, unknown>;
}
export interface Stopped {
  readonly reason: string;
  readonly text?: string;
  readonly threadId: number;
  readonly hitBreakpointIds?: readonly number[];
}
type Breakpoint = { line: number; condition?: string; hitCondition?: string; logMessage?: string };
type ScopeName = 'Locals' | 'Closure' | 'Module' | 'Globals';

/** How long (ms) any one thing may take on a loaded machine. */
export const patience = 30_000;

export class DebugClient {
  readonly kernel: TestKernel;
  readonly events: { event: string; body: Record<string, unknown> }[] = [];
  #listeners = new Set<() => void>();
  /** Events before this one were waited for. */
  #seen = 0;
  #seq = 0;

  private constructor(kernel: TestKernel) {
    this.kernel = kernel;
    kernel.client.onIopub(({ header, content }) => {
      if (header.msg_type !== 'debug_event') return;
      this.events.push(content as never);
      for (const listener of [...this.#listeners]) listener();
    });
  }

  /** @param attach whether the debugger is turned on */
  static async start({ attach = true, clientID = 'vscode' } = {}): Promise<DebugClient> {
    const client = new DebugClient(await startKernel());
    if (attach) await client.attach(clientID);
    return client;
  }

  /** Another front end on the same kernel. */
  another(): DebugClient {
    const { connectionFile } = this.kernel;
    const client = new KernelClient(JSON.parse(readFileSync(connectionFile, 'utf8')) as ConnectionInfo);
    return new DebugClient({ ...this.kernel, client });
  }

  async attach(clientID = 'vscode'): Promise<Record<string, unknown>> {
    const capabilities = await this.request('initialize', { clientID, linesStartAt1: true, columnsStartAt1: true });
    await this.request('attach', {});
    await this.request('configurationDone', {});
    return capabilities;
  }

  /** Asks and gives the whole response. */
  ask(command: string, args: object = {}): Promise<Response> {
    const content = { type: 'request', seq: ++this.#seq, command, arguments: args };
    return this.kernel.client.request('debug_request', content, { channel: 'control', timeout: patience });
  }

  /** Asks and gives the body; throws the response's message where it is no success. */
  async request<Body extends object = Record<string, unknown>>(command: string, args: object = {}): Promise<Body> {
    const { success, message, body } = await this.ask(command, args);
    if (!success) throw new Error(message);
    return body as Body;
  }

  /** The path that stands for a cell's text. */
  async dump(code: string): Promise<string> {
    return (await this.request<{ sourcePath: string }>('dumpCell', { code })).sourcePath;
  }

  async breakAt(code: string, ...breakpoints: (number | Breakpoint)[]) {
    return this.breakIn(await this.dump(code), ...breakpoints);
  }

  async breakIn(path: string, ...breakpoints: (number | Breakpoint)[]) {
    const asked = breakpoints.map((each) => (typeof each === 'number' ? { line: each } : each));
    const body = await this.request<{
      breakpoints: { id: number; line: number; verified: boolean; message?: string }[];
    }>('setBreakpoints', { source: { path }, breakpoints: asked, sourceModified: false });
    return body.breakpoints;
  }

  /** Runs a cell; do not await it where it is to stop. */
  run(code: string): Promise<ExecuteResult> {
    return this.kernel.client.execute(code, { timeout: 60_000 });
  }

  /** Runs a cell and waits until it has printed something. */
  async runUntilPrint(code: string): Promise<{ readonly done: Promise<ExecuteResult> }> {
    const printed = this.kernel.client.nextIopub(({ header }) => header.msg_type === 'stream', patience);
    const done = this.run(code);
    await printed;
    return { done };
  }

  /** The next event of that name, from the last one waited for on. */
  async event<Body = Record<string, unknown>>(name: string): Promise<Body> {
    for (const deadline = Date.now() + patience; ;) {
      const found = this.events.findIndex(({ event }, index) => index >= this.#seen && event === name);
      if (found !== -1) {
        this.#seen = found + 1;
        return this.events[found].body as Body;
      }
      await new Promise<void>((resolve, reject) => {
        const settle = (): void => {
          clearTimeout(timer);
          this.#listeners.delete(settle);
          resolve();
        };
        this.#listeners.add(settle);
        const timer = setTimeout(() => {
          this.#listeners.delete(settle);
          reject(new Error(`No ${name} came. Events: ${JSON.stringify(this.events.slice(-5))}`));
        }, deadline - Date.now());
      });
    }
  }

  stopped(): Promise<Stopped> {
    return this.event<Stopped>('stopped');
  }

  /** Where it stands: `name:line`, innermost frame first. */
  async stack(): Promise<string[]> {
    return (await this.frames()).map(({ name, line }) => `${name}:${line}`);
  }

  async frames(): Promise<Frame[]> {
    return (await this.request<{ stackFrames: Frame[] }>('stackTrace', { threadId: 1 })).stackFrames;
  }

  async scopes(frame = 0): Promise<{ name: string; variablesReference: number }[]> {
    const { id } = (await this.frames())[frame];
    return (await this.request<{ scopes: { name: string; variablesReference: number }[] }>('scopes', { frameId: id }))
      .scopes;
  }

  async variables(variablesReference: number, page: object = {}): Promise<Variable[]> {
    return (await this.request<{ variables: Variable[] }>('variables', { variablesReference, ...page })).variables;
  }

  async scope(name: ScopeName, frame = 0): Promise<Variable[]> {
    const scope = (await this.scopes(frame)).find((each) => each.name === name);
    if (scope === undefined) throw new Error(`The frame has no scope ${name}.`);
    return this.variables(scope.variablesReference);
  }

  /** Names and texts of a scope. */
  async values(name: ScopeName, frame = 0): Promise<Record<string, string>> {
    return texts(await this.scope(name, frame));
  }

  async evaluate(expression: string, frame: number | null = 0, context = 'watch'): Promise<string> {
    const frameId = frame === null ? undefined : (await this.frames())[frame].id;
    return (await this.request<{ result: string }>('evaluate', { expression, frameId, context })).result;
  }

  /** Moves on and waits for the next stop. */
  async step(command: 'next' | 'stepIn' | 'stepOut' | 'continue'): Promise<Stopped> {
    await this.request(command, { threadId: 1 });
    return this.stopped();
  }

  go(): Promise<object> {
    return this.request('continue', { threadId: 1 });
  }

  /** Between two tests: nothing is left stopped, and nothing old is waited for. */
  async letGo(): Promise<void> {
    await this.request('setExceptionBreakpoints', { filters: [] });
    while (((await this.request('debugInfo')).stoppedThreads as unknown[]).length > 0) await this.ask('continue');
    this.#seen = this.events.length;
  }

  dispose(): Promise<void> {
    return this.kernel.dispose();
  }
}

export const texts = (variables: readonly Variable[]): Record<string, string> =>
  Object.fromEntries(variables.map(({ name, value }) => [name, value]));
