/** @file The main thread of the cell process: prepares the place where user code runs, evaluates cells, sends what they cause. */
import type { Worker } from 'node:worker_threads';
import { connectComms } from '../comm/cell-part.ts';
import { installMagics } from '../magics/cell/install.ts';
import { createDisplayApi, formatValue, installDisplayApi, loadViews, useSources } from '../display/index.ts';
import { connectCalls } from './calls.ts';
import { Commands } from './commands.ts';
import { installDebugHelper, watchDebugSessions } from './debug-helper.ts';
import { Evaluator } from './evaluator.ts';
import type { ExecutionTools } from './execution.ts';
import { CellImports } from './imports.ts';
import { installInterruption } from './interruption.ts';
import { registerLiveValues } from './live-values.ts';
import { currentParent, hideContextMarks, installStreams, send } from './output.ts';
import { installPreloadedModules, modulesNeededBy, runtime, whenIdle } from './runtime.ts';
import { shield, shielded } from './shield.ts';
import { SourceRegistry, StackMapper } from './stack.ts';
import { Tracebacks } from './traceback.ts';
import { installReadline } from './stdin-readline.ts';
import { installStdin } from './stdin-stream.ts';
import { installInputApi } from './stdin.ts';
import { reportUncaughtErrors } from './uncaught.ts';
import { installVariables } from './variables.ts';
import type { IoThreadMessage, MainThreadMessage } from './wire.ts';

/** Makes this process one that runs cells. @param ioThread from which the commands come */
export const startMainThread = (ioThread: Worker): void => {
  const folder = process.cwd();
  installStreams();
  hideContextMarks();
  const sources = new SourceRegistry();
  const mapper = new StackMapper(sources, folder);
  const tracebacks = new Tracebacks(sources, mapper);
  tracebacks.install();
  reportUncaughtErrors(tracebacks);
  const displayApi = createDisplayApi((event) => send({ ...event, parent: currentParent() }));
  installDisplayApi(displayApi);
  useSources({
    account: (error) => tracebacks.account(error),
    traceback: (error) => tracebacks.describe(error).traceback,
    newestFirst: () => sources.newestFirst(),
  });
  const imports = new CellImports(folder, sources);
  imports.install();
  installInterruption();
  connectCalls(ioThread);
  connectComms(tracebacks);
  installInputApi();
  installStdin();
  const failed = installMagics((to) => {
    imports.moveTo(to);
    mapper.moveTo(to);
  });
  installPreloadedModules();

  const tools: ExecutionTools = {
    evaluator: new Evaluator(),
    tracebacks,
    prepare: modulesNeededBy,
    format: formatValue,
    displayed: () => displayApi.settled(),
    failed,
  };
  registerLiveValues(tools.evaluator);
  const tell = (message: IoThreadMessage): void => ioThread.postMessage(message);
  const commands = new Commands({
    tools,
    remember: (request) => sources.set(request.url, request),
    abandonDisplays: () => displayApi.abandon(),
    tell,
  });
  ioThread.on('message', (message: MainThreadMessage) => commands.obey(message));

  // Interrupts come through the I/O thread; the signal is for programs that cells run (see there).
  process.on('SIGINT', () => undefined);
  const endDebugging = watchDebugSessions(tell);
  tell({ shield });
  process.on('exit', (code) => {
    endDebugging();
    tools.evaluator.close();
    send({ type: 'exit', code });
  });
  installDebugHelper();
  installVariables();
  send({ type: 'ready' });
  // After that: it loads modules that the first cell hardly needs.
  installReadline();
  runtime.loadSoon(() => commands.isIdle);
  // Views are few and small; the first result that is an object finds them there.
  whenIdle(
    () => commands.isIdle,
    250,
    () => shielded(loadViews),
  );
};
