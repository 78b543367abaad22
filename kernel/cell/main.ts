/** @file The cell process, where user code runs: reads commands, evaluates cells, sends what they cause. */
import { Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { createDisplayApi, formatValue, installDisplayApi } from '../display/index.ts';
import { clearAsyncStack } from './async-stack.ts';
import { Evaluator } from './evaluator.ts';
import { Execution, type ExecutionTools } from './execution.ts';
import { CellImports } from './imports.ts';
import { installInterruption } from './interruption.ts';
import { currentParent, hideContextMarks, installStreams, send } from './output.ts';
import { PreloadedRuntime } from './runtime.ts';
import { SourceRegistry, StackMapper } from './stack.ts';
import { Tracebacks } from './traceback.ts';
import { reportUncaughtErrors } from './uncaught.ts';
import { type Command, LineReader, descriptors } from './wire.ts';

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

const commands = new Socket({ fd: descriptors.commands });
const reader = new LineReader<Command>();
commands.on('data', (chunk) => {
  for (const { id, request } of reader.read(chunk)) {
    sources.set(request.url, request);
    execution = new Execution(id, request, tools);
    execution.run();
  }
});
// Without its kernel process the cell process has nothing to live for.
commands.on('close', () => process.exit(0));
commands.on('error', () => process.exit(0));

process.on('exit', (code) => {
  tools.evaluator.close();
  send({ type: 'exit', code });
});
send({ type: 'ready' });

// Nothing of this is needed for the first cell to begin: an interrupt waits in its pipe until the thread is up.
const ioThread = new Worker(new URL('./io-thread.js', import.meta.url), { name: 'tensorcell I/O' });
ioThread.on('error', (error) => {
  throw error;
});
ioThread.unref();

ioThread.on('message', (interrupt: number) => {
  clearAsyncStack();
  if (execution !== undefined && !execution.ended) {
    displayApi.abandon();
    execution.interrupt();
  }
  ioThread.postMessage(interrupt);
});

runtime.load();
