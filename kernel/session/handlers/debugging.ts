/** @file debug: requests and events of the Debug Adapter Protocol; what fulfils them is loaded by the first request. */
import { debugNotice, type InspectorEvent } from '../../cell/debug-contract.ts';
import type { Cells } from '../../debugger/cells.ts';
import type { DebugAdapter } from '../../debugger/index.ts';
import { debugInfo } from '../../debugger/info.ts';
import type { Header } from '../../protocol/message.ts';
import type { CreatePart, Handler } from '../part.ts';
import { field, type JsonObject } from '../request.ts';

/** Cells that ran before the first request are remembered for breakpoints and for the names of frames; no more than these. */
const remembered = 2_000;

/** JupyterLab reads these lists of a response without a look at its success. */
const emptyLists: Readonly<Record<string, object>> = {
  variables: { variables: [] },
  inspectVariables: { variables: [] },
  scopes: { scopes: [] },
  stackTrace: { stackFrames: [] },
  setBreakpoints: { breakpoints: [] },
  modules: { modules: [], totalModules: 0 },
};

export const debugging: CreatePart = (session) => {
  const early: Parameters<Cells['add']>[] = [];
  let cells: Cells | undefined;
  let adapter: DebugAdapter | undefined;
  let loading: Promise<DebugAdapter> | undefined;
  /** Of the newest debug_request: events belong to it. */
  let parent: Header | undefined;
  let seq = 0;

  const load = async (): Promise<DebugAdapter> => {
    const [debug, { Cells }] = await Promise.all([
      import('../../debugger/index.ts'),
      import('../../debugger/cells.ts'),
    ]);
    const known = new Cells();
    for (const executed of early.splice(0)) known.add(...executed);
    cells = known;
    const host = {
      call: async (name: string, argument: unknown) => (await session.workers.cell).call(name, argument),
      publish: (event: string, body: object) => {
        session.outputs.flush();
        session.iopub.publish('debug_event', { type: 'event', seq: ++seq, event, body }, parent);
      },
      interrupt: () => session.interrupt(),
      declare: async (name: string) => (await session.workers.types).commit(`let ${name}: any;`, `copied_${name}.ts`),
    };
    return (adapter = new debug.DebugAdapter(host, known, process.cwd()));
  };

  session.execution.beforeCell = (...executed) => {
    if (cells !== undefined) return adapter?.prepare(cells.add(...executed));
    early.push(executed);
    if (early.length > remembered) early.shift();
    return undefined;
  };

  const debugRequest: Handler = async (content, { message }) => {
    const command = field(content, 'command', 'string');
    const request = {
      type: 'request',
      seq: field(content, 'seq', 'number', 0),
      command,
      arguments: field(content, 'arguments', 'object', {}),
    } as const;
    parent = message.header;
    const response = (body: object, failure?: string): JsonObject => ({
      ...{ type: 'response', seq: ++seq, request_seq: request.seq, command, success: failure === undefined },
      ...(failure === undefined ? {} : { message: failure }),
      body,
    });
    // Front ends ask this at every start: the debugger is loaded by those who debug.
    if (command === 'debugInfo' && loading === undefined)
      return response(debugInfo({ isStarted: false, breakpoints: [], stoppedThreads: [] }));
    try {
      return response(await (await (loading ??= load())).handle(request));
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      return response({ error: { id: 1, format: failure }, ...emptyLists[command] }, failure);
    }
  };

  return {
    control: { debug_request: debugRequest },
    prepareCell: (host) => {
      host.onNotice(debugNotice, (event) => adapter?.hear(event as InspectorEvent));
      host.onStart(() => adapter?.restarted());
    },
    interrupted: () => adapter?.interrupted(),
  };
};
