/** @file Values to MIME bundles, and the `display` API that user code sees. */
export { type CellGlobals, declareCellGlobals } from './cell-globals.ts';
export type { DisplayEvent, FormattedValue, SendDisplayEvent } from './contract.ts';
export {
  type ClearOutput,
  type Display,
  type DisplayApi,
  type DisplayHandle,
  type DisplayOptions,
  createDisplayApi,
  installDisplayApi,
} from './display-api.ts';
export { formatValue, plainText } from './format-value.ts';
