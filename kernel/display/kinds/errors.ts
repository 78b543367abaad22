/** @file Errors as values: as the traceback of a cell shows them, with the place in the cell, causes and aggregated errors. */
import { stripVTControlCharacters, types } from 'node:util';
import type { MimeBundle } from '../../../src/display.ts';
import type { Limits } from '../limits.ts';
import { withinText } from '../plain-text.ts';
import { view } from '../style.ts';
import { sources } from './sources.ts';

/** An error that someone looks at instead of throwing it. */
export function errorValue(value: object, limits: Limits): Promise<MimeBundle> | undefined {
  const traceback = types.isNativeError(value) ? sources()?.traceback(value) : undefined;
  if (!traceback) return undefined;
  const text = withinText(traceback.join('\n'), limits);
  // The same view of terminal colours as an exported page has.
  return import('../../cli/html/terminal-text.ts').then(({ terminalTextToHtml }) => ({
    'text/html': view('base', `<pre style="white-space:pre-wrap">${terminalTextToHtml(text)}</pre>`),
    'text/plain': stripVTControlCharacters(text),
  }));
}
