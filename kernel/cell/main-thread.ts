/** @file The main thread of the cell process: prepares the place where user code runs, evaluates cells, sends what they cause. */
import type { Worker } from 'node:worker_threads';
import { connectComms } from '../comm/cell-part.ts';
import { createDisplayApi, formatValue, installDisplayApi } from '../display/index.ts';
import { clearAsyncStack } from './async-stack.ts';
import { answerCall, connectCalls, interruptCalls } from './calls.ts';
import { Evaluator } from './evaluator.ts';
import { Execution, type ExecutionTools } from './execution.ts';
import { CellImports } from './imports.ts';
import { installInterruption } from './interruption.ts';
import { currentParent, hideContextMarks, installStreams, send } from './output.ts';
import { PreloadedRuntime } from './runtime.ts';
import { SourceRegistry, StackMapper } from './stack.ts';
import { Tracebacks } from './traceback.ts';
import { installReadline } from './stdin-readline.ts';
import { installStdin } from './stdin-stream.ts';
import { installInputApi } from './stdin.ts';
import { reportUncaughtErrors } from './uncaught.ts';
import type { CallCommand, IoThreadMessage, MainThreadMessage } from './wire.ts';

/** Makes this process one that runs cells. @param ioThread from which the commands come */
export const startMainThread = (ioThread: Worker): void => {
  const folder = process.cwd();
  installStreams();
  hideContextMarks();
  const sources = new SourceRegistry();
  const tracebacks = new Tracebacks(sources, new StackMapper(sources, folder));
  tracebacks.install();
  reportUncaughtErrors(tracebacks);
  const displayApi = createDisplayApi((event) => send({ ...event, parent: currentParent() }));
  installDisplayApi(displayApi);
  new CellImports(folder, sources).install();
  installInterruption();
  connectCalls(ioThread);
  connectComms(tracebacks);
  installInputApi();
  installStdin();
  const runtime = new PreloadedRuntime();
  runtime.install();

  const tools: ExecutionTools = {
    evaluator: new Evaluator(),
    tracebacks,
    prepare: (code) => runtime.neededBy(code),
    format: formatValue,
    displayed: () => displayApi.settled(),
  };
  let execution: Execution | undefined;

  const tell = (message: IoThreadMessage): void => ioThread.postMessage(message);
  let lastCall = 0;
  const take = (call: CallCommand): void => {
    if (call.id <= lastCall) return;
    lastCall = call.id;
    tell({ taken: call.id });
    answerCall(call);
  };

  ioThread.on('message', (message: MainThreadMessage) => {
    if (message.type === 'call') return take(message);
    const command = message.type === 'execute' ? message : message.last;
    const isNew = command !== undefined && command.id > (execution?.id ?? 0);
    if (isNew) {
      sources.set(command.request.url, command.request);
      execution = new Execution(command.id, command.request, tools);
    }
    if (message.type === 'question') {
      clearAsyncStack();
      interruptCalls();
      if (execution !== undefined && !execution.ended) {
        displayApi.abandon();
        execution.interrupt();
      }
      tell({ answeredQuestion: message.number });
      message.calls.forEach(take);
    } else if (isNew) execution?.run();
  });

  // Interrupts come through the I/O thread; the signal is for programs that cells run (see there).
  process.on('SIGINT', () => undefined);
  process.on('exit', (code) => {
    tools.evaluator.close();
    send({ type: 'exit', code });
  });
  send({ type: 'ready' });
  // After that: it loads modules that the first cell hardly needs.
  installReadline();
  runtime.load();
};
