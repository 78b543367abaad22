/** @file A Jupyter client over ZeroMQ: starts kernels, runs cells, collects outputs in nbformat's form. */
export { ClientComms, type ClientComm } from './client-comms.ts';
export { createConnectionFile, type ConnectionFile } from './connection-file.ts';
export { KernelClient } from './kernel-client.ts';
export { launchKernel, spawnKernel, type LaunchedKernel, type LaunchOptions } from './launch.ts';
export {
  applyTerminalControls,
  CellOutputs,
  DisplayRegistry,
  type DisplayOutput,
  type ErrorOutput,
  type NotebookOutput,
  type ResultOutput,
  type StreamOutput,
} from './notebook-outputs.ts';
export { WidgetModels, widgetStateType, type SavedWidget, type WidgetMetadata } from './widget-models.ts';
export {
  endOfInput,
  NoReplyError,
  type ClientChannel,
  type ExecuteOptions,
  type ExecuteResult,
  type InputQuestion,
  type RequestOptions,
} from './requests.ts';
