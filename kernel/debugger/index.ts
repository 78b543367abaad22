/** @file The debugger: an adapter for the Debug Adapter Protocol over V8's inspector. */
export { DebugAdapter, type DebugHost } from './adapter.ts';
export type { DapEvent, DapRequest, DapResponse } from './dap.ts';
