/** @file Values to MIME bundles, and the `display` API that user code sees. */
export { type CellGlobals, declareCellGlobals } from './cell-globals.ts';
export type { DisplayEvent, FormattedValue, SendDisplayEvent } from './contract.ts';
export { type DisplayApi, createDisplayApi, installDisplayApi } from './display-api.ts';
export type { ClearOutput, Display, DisplayHandle, DisplayOptions, Progress } from './display-types.ts';
export { formatValue } from './format-value.ts';
export { type Sources, useSources } from './kinds/sources.ts';
export { loadViews, viewsNeededBy } from './views-loader.ts';
export { plainText } from './plain-text.ts';
