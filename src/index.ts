/** @file The public surface: `import * as tf from 'tensorcell'`. */
export { type Displayable, type MimeBundle, displaySymbol } from './display.ts';
export * as vis from './vis/index.ts';
