/** @file The debug adapter: DAP requests of the front end on one side, V8's inspector of the cell process on the other. */
import type { InspectorEvent } from '../cell/debug-contract.ts';
import { Breakpoints } from './breakpoints.ts';
import { capabilities } from './capabilities.ts';
import type { Cells, ExecutedCell } from './cells.ts';
import {
  DapError,
  type DapRequest,
  numberArgument,
  type Page,
  type SourceBreakpoint,
  sourcePath,
  textArgument,
  threadId,
} from './dap.ts';
import { Evaluation, type EvaluationContext } from './evaluation.ts';
import { Exceptions } from './exceptions.ts';
import { debugInfo } from './info.ts';
import { Looking } from './looking.ts';
import { type CallCellProcess, type Debugger, Inspector, type RemoteObject, typed } from './inspector.ts';
import { blackboxPatterns, Scripts, sourceOf } from './scripts.ts';
import { Stepping } from './stepping.ts';
import { Stop, stopGroup } from './stop.ts';
import { textOf, typeOf } from './value-text.ts';
import { isIdentifier, Variables } from './variables.ts';

/** What the adapter needs of the session. */
export interface DebugHost {
  readonly call: CallCellProcess;
  /** Sends an event to the front ends. */
  publish(event: string, body: object): void;
  /** Interrupts what runs. */
  interrupt(): Promise<void>;
  /** Tells the types that a variable is there now. */
  declare(name: string): Promise<void>;
}

type Arguments = DapRequest['arguments'];
type Handler = (args: Arguments) => object | void | Promise<object | void>;

export class DebugAdapter {
  readonly #host: DebugHost;
  readonly #cells: Cells;
  readonly #inspector: Inspector;
  readonly #scripts: Scripts;
  readonly #breakpoints: Breakpoints;
  readonly #exceptions: Exceptions;
  readonly #stepping: Stepping;
  readonly #variables: Variables;
  readonly #evaluation: Evaluation;
  readonly #looking: Looking;
  /** A client has begun a debugging session. */
  #isStarted = false;
  /** V8 reports to us. */
  #isAttached = false;
  /** Turning V8's debugger on or off takes several commands: nobody else's come between. */
  #turn: Promise<unknown> = Promise.resolve();
  #stop: Stop | undefined;
  /** Whether the client knows of the stop. */
  #stopIsTold = false;

  /** @param folder the notebook's */
  constructor(host: DebugHost, cells: Cells, folder: string) {
    this.#host = host;
    this.#cells = cells;
    this.#inspector = new Inspector(host.call);
    this.#scripts = new Scripts(cells, folder);
    this.#breakpoints = new Breakpoints(this.#inspector, cells, this.#scripts, (breakpoint) =>
      host.publish('breakpoint', { reason: 'changed', breakpoint }),
    );
    this.#exceptions = new Exceptions(this.#inspector, this.#scripts);
    this.#stepping = new Stepping(this.#inspector);
    this.#evaluation = new Evaluation(this.#inspector);
    this.#looking = new Looking(this.#inspector, this.#evaluation, () => this.#variables);
    this.#variables = new Variables(this.#inspector, (group) => this.#looking.globals(group));
  }

  readonly #handlers: Readonly<Record<string, Handler>> = {
    initialize: ({ clientID }) => {
      this.#variables.setClient(clientID);
      this.#isStarted = true;
      return capabilities;
    },
    attach: async () => {
      await this.#attach();
      // Not after `initialize`: a front end that hears of it before that response has come does not know the filters yet.
      setImmediate(() => this.#host.publish('initialized', {}));
    },
    configurationDone: () => {},
    disconnect: () => this.#disconnect(),
    terminate: () => this.#host.interrupt(),
    debugInfo: () =>
      debugInfo({
        isStarted: this.#isStarted,
        breakpoints: this.#breakpoints.list(),
        stoppedThreads: this.#stopIsTold ? [threadId] : [],
      }),
    dumpCell: (args) => ({ sourcePath: this.#cells.dump(textArgument(args, 'code')) }),
    setBreakpoints: async (args) => {
      const asked = (args.breakpoints ?? []) as SourceBreakpoint[];
      return { breakpoints: await this.#breakpoints.set(sourcePath(args), asked) };
    },
    setExceptionBreakpoints: async ({ filters }) => {
      this.#exceptions.setFilters(Array.isArray(filters) ? filters : []);
      if (this.#isAttached) await this.#exceptions.apply();
      return { breakpoints: [] };
    },
    threads: () => ({ threads: [{ id: threadId, name: 'Cells' }] }),
    stackTrace: ({ startFrame, levels }) =>
      this.#stop?.stackTrace(startFrame, levels) ?? { stackFrames: [], totalFrames: 0 },
    scopes: (args) => ({
      scopes: this.#stop?.scopes(numberArgument(args, 'frameId'), this.#variables.references) ?? [],
    }),
    variables: async (args) => {
      const number = numberArgument(args, 'variablesReference');
      const variables = await this.#variables.children(number, args as Page);
      if (variables === undefined) throw new DapError(`What variablesReference ${number} stood for is gone.`);
      return { variables };
    },
    setVariable: (args) => this.#setVariable(args),
    setExpression: (args) => this.#setExpression(args),
    evaluate: (args) => this.#evaluate(args),
    continue: async () => {
      await this.#go('none');
      return { allThreadsContinued: true };
    },
    next: () => this.#go('next'),
    stepIn: () => this.#go('stepIn'),
    stepOut: () => this.#go('stepOut'),
    pause: () => this.#withAttached(() => this.#stepping.pause()),
    source: (args) => this.#scripts.source(sourcePath(args)),
    modules: (args) => this.#modules(args),
    loadedSources: () => ({
      sources: [
        ...this.#cells.all().map(({ path, cell }) => ({ name: cell.url, path })),
        ...this.#scripts.files().map(sourceOf),
      ],
    }),
    exceptionInfo: () => this.#exceptionInfo(),
    inspectVariables: async () => {
      await this.#ensureOpen();
      return { variables: await this.#looking.look() };
    },
    richInspectVariables: async (args) => {
      await this.#ensureOpen();
      const name = textArgument(args, 'variableName');
      return this.#looking.rich(name, this.#callFrameId(args), this.#stop !== undefined);
    },
    copyToGlobals: (args) => this.#copyToGlobals(args),
  };

  /** Fulfils a request; gives the response's body. @throws where it cannot */
  async handle({ command, arguments: args }: DapRequest): Promise<object> {
    const handler = Object.hasOwn(this.#handlers, command) ? this.#handlers[command] : undefined;
    if (handler === undefined)
      throw new DapError(`This debugger does not know the request ${JSON.stringify(command)}.`);
    return (await handler(args)) ?? {};
  }

  /** A cell is about to run; undefined where nothing has to be done before. */
  prepare(executed: ExecutedCell): Promise<void> | undefined {
    return this.#isAttached ? this.#breakpoints.prepare(executed) : undefined;
  }

  /** V8 says something. */
  hear(event: InspectorEvent): void {
    const heard = typed(event);
    switch (heard.method) {
      case 'Debugger.paused':
        return void this.#paused(heard.params).catch((error: unknown) => console.error('tensorcell: debugger:', error));
      case 'Debugger.resumed':
        return this.#resumed();
      case 'Debugger.breakpointResolved':
        return this.#breakpoints.resolved(heard.params);
      case 'Debugger.scriptParsed': {
        const script = this.#scripts.add(heard.params);
        if (script !== undefined) this.#breakpoints.loaded(script).catch(() => undefined);
      }
    }
  }

  /** The cell process was replaced by a fresh one, to which all that was set is brought. */
  async restarted(): Promise<void> {
    const wasAttached = this.#isAttached;
    this.#forget();
    if (wasAttached) await this.#attach();
  }

  /** What ran was interrupted. */
  interrupted(): void {
    this.#evaluation.interrupted();
  }

  #attach(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isAttached) return;
      await this.#inspector.open();
      this.#isAttached = true;
      await this.#inspector.post('Debugger.enable');
      await this.#inspector.post('Debugger.setBlackboxPatterns', { patterns: blackboxPatterns });
      await this.#exceptions.apply();
      if (this.#isAttached) await this.#breakpoints.activate(); // else a client has disconnected meanwhile
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #disconnect(): Promise<void> {
    this.#isStarted = false;
    this.#breakpoints.clear();
    this.#exceptions.clear();
    this.#forget(false);
    await this.#inspector.close();
  }

  /** Nothing that V8 told is true any more. */
  #forget(isLost = true): void {
    if (isLost) this.#inspector.lose();
    this.#isAttached = false;
    this.#exceptions.forget();
    this.#breakpoints.deactivate();
    this.#scripts.clear();
    this.#stepping.reset();
    this.#variables.references.clear();
    this.#resumed();
  }

  async #paused(params: Debugger.PausedEventDataType): Promise<void> {
    const stop = new Stop(params, this.#scripts);
    this.#stop = stop;
    const hit = this.#breakpoints.idsOf(params.hitBreakpoints ?? []);
    try {
      if (!(await this.#isToStop(stop, hit.length > 0))) return;
    } catch (error) {
      // Nobody would know that it stands: better to stop once too often.
      if (this.#stop === stop) console.error('tensorcell: debugger:', error);
    }
    if (this.#stop !== stop) return; // an interrupt, or the end of the process, came between
    const { motion } = this.#stepping;
    this.#stepping.reset();
    this.#stopIsTold = true;
    this.#host.publish('stopped', {
      ...stop.reason(motion, hit.length > 0),
      threadId,
      allThreadsStopped: true,
      ...(hit.length > 0 ? { hitBreakpointIds: hit } : {}),
    });
  }

  /** Whether a person is to see a stop of V8's; where not, it goes on. */
  async #isToStop(stop: Stop, isHit: boolean): Promise<boolean> {
    if (!this.#isAttached) {
      // V8 was only asked for its scripts.
      this.#stop = undefined;
      await this.#inspector.post('Debugger.resume').catch(() => undefined);
      return false;
    }
    if (stop.exception === undefined) return isHit || !(await this.#stepping.goOn(stop));
    if (await this.#exceptions.shouldStop(stop)) return true;
    // A step that the exception came into goes on as well: V8 remembers it.
    if (this.#stop === stop) await this.#inspector.post('Debugger.resume');
    return false;
  }

  #resumed(): void {
    this.#stop = undefined;
    if (!this.#stopIsTold) return;
    this.#stopIsTold = false;
    this.#variables.references.drop(stopGroup);
    this.#inspector.release(stopGroup);
    this.#host.publish('continued', { threadId, allThreadsContinued: true });
  }

  async #go(motion: 'none' | 'next' | 'stepIn' | 'stepOut'): Promise<void> {
    if (this.#stop === undefined) throw new DapError('Nothing is stopped.');
    await this.#stepping.move(motion);
  }

  #withAttached(action: () => Promise<void>): Promise<void> {
    if (!this.#isAttached) throw new DapError('No debugger is attached: send initialize and attach first.');
    return action();
  }

  /** The frame that a request names. */
  #callFrameId(args: Arguments): string | undefined {
    if (typeof args.frameId !== 'number' || this.#stop === undefined) return undefined;
    const frame = this.#stop.frame(args.frameId);
    if (frame === undefined) throw new DapError(`Frame ${args.frameId} is gone.`);
    return frame.callFrame.callFrameId;
  }

  /** Opens a session with V8 where none is: looking at variables needs no more. */
  async #ensureOpen(): Promise<void> {
    if (!this.#inspector.isOpen) await this.#inspector.open();
  }

  async #evaluate(args: Arguments): Promise<object> {
    await this.#ensureOpen();
    const context = (['hover', 'watch', 'repl'] as const).find((known) => known === args.context) ?? 'watch';
    const group = this.#stop === undefined ? this.#looking.group : stopGroup;
    const value = await this.#evaluation.evaluate(textArgument(args, 'expression'), {
      callFrameId: this.#callFrameId(args),
      context: context satisfies EvaluationContext,
      group,
      isPaused: this.#stop !== undefined,
    });
    // For the clipboard it is not abbreviated.
    if (args.context === 'clipboard') return { result: await this.#variables.wholeText(value), variablesReference: 0 };
    return this.#result(value, group, textArgument(args, 'expression'), 'result');
  }

  /** A value as the response to evaluate, setVariable and setExpression. */
  async #result(
    value: RemoteObject,
    group: string,
    expression: string | undefined,
    field: 'result' | 'value',
  ): Promise<object> {
    const variable = await this.#variables.variable('', value, group, expression);
    const { variablesReference, namedVariables, indexedVariables } = variable;
    return {
      [field]: variable.value,
      type: typeOf(value),
      variablesReference,
      ...(indexedVariables === undefined ? {} : { namedVariables, indexedVariables }),
    };
  }

  async #setVariable(args: Arguments): Promise<object> {
    const number = numberArgument(args, 'variablesReference');
    const name = textArgument(args, 'name');
    const found = this.#variables.references.get(number);
    if (found === undefined) throw new DapError(`What variablesReference ${number} stood for is gone.`);
    const { reference, group } = found;
    const child = (await this.#variables.children(number, {}))?.find((variable) => variable.name === name) ?? {
      name,
      value: '',
      variablesReference: 0,
    };
    const top = this.#stop?.frames.find(({ script }) => script?.origin === 'user');
    const frame = top?.callFrame.callFrameId;
    const value = await this.#evaluation.setChild(reference, child, textArgument(args, 'value'), frame, group);
    return this.#result(value, group, child.evaluateName, 'value');
  }

  async #setExpression(args: Arguments): Promise<object> {
    await this.#ensureOpen();
    const expression = textArgument(args, 'expression');
    const group = this.#stop === undefined ? this.#looking.group : stopGroup;
    const value = await this.#evaluation.assign(
      expression,
      textArgument(args, 'value'),
      this.#callFrameId(args),
      group,
    );
    return this.#result(value, group, expression, 'value');
  }

  /** The local modules and packages that were loaded. */
  async #modules({ startModule, moduleCount }: Arguments): Promise<object> {
    await this.#inTurn(async () => {
      if (this.#isAttached) return;
      // V8 lists all scripts to whoever begins to debug; then it may stop again.
      await this.#ensureOpen();
      await this.#inspector.post('Debugger.enable');
      await this.#inspector.post('Debugger.disable');
    });
    return this.#scripts.modules(startModule, moduleCount);
  }

  async #exceptionInfo(): Promise<object> {
    const exception = this.#stop?.exception;
    if (this.#stop === undefined || exception === undefined) throw new DapError('Nothing stopped at an exception.');
    const { className = typeOf(exception), description = textOf(exception) } = exception;
    const [title] = description.split('\n');
    return {
      exceptionId: className,
      description: title,
      breakMode: (await this.#exceptions.isUncaught(this.#stop)) ? 'unhandled' : 'always',
      details: { message: title.replace(/^[\w$.]+: /, ''), typeName: className, stackTrace: description },
    };
  }

  async #copyToGlobals(args: Arguments): Promise<void> {
    const target = textArgument(args, 'dstVariableName');
    if (!isIdentifier(target))
      throw new DapError(`dstVariableName must be the name of a variable, got ${JSON.stringify(target)}.`);
    const callFrameId = this.#callFrameId({ frameId: numberArgument(args, 'srcFrameId') });
    if (callFrameId === undefined) throw new DapError('Nothing is stopped: there is no frame to copy from.');
    await this.#evaluation.copyToGlobals(textArgument(args, 'srcVariableName'), target, callFrameId, stopGroup);
    await this.#host.declare(target);
  }
}
