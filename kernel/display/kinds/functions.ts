/** @file Functions and classes: their signature, with types where the user's TypeScript is known, and their source, folded. */
import { types } from 'node:util';
import type { MimeBundle } from '../../../src/display.ts';
import type { Limits } from '../limits.ts';
import { escapeMarkup, shortened } from '../markup.ts';
import { plainText } from '../plain-text.ts';
import { view } from '../style.ts';
import { sources } from './sources.ts';

/** Longer sources are shown without a signature: parsing a bundled library would take its time. */
const longestSource = 200_000;

/** A function or a class of JavaScript; native and bound ones have no source, and are text. */
export function functionValue(value: object, limits: Limits): Promise<MimeBundle> | undefined {
  if (typeof value !== 'function' || types.isProxy(value)) return undefined;
  const code = Function.prototype.toString.call(value);
  if (/\{\s*\[native code\]\s*\}$/.test(code)) return undefined;
  return functionBundle(value, code, limits);
}

async function functionBundle(value: object, code: string, limits: Limits): Promise<MimeBundle> {
  const text = plainText(value, limits);
  const name = Object.getOwnPropertyDescriptor(value, 'name')?.value as unknown;
  // The parser is loaded by the first function that is shown.
  const { findOriginal, signatureOf } = await import('./function-sources.ts');
  const short = code.length <= longestSource;
  const known = sources();
  const original = short && known ? findOriginal(code, String(name), known.newestFirst()) : undefined;
  const source = original?.text ?? code;
  const signature = short ? signatureOf(source) : undefined;
  const place = original ? `${original.url}:${original.line}` : 'JavaScript';
  const title = signature ?? text;
  // That of an empty class says no more than its name.
  const tellsMore = original !== undefined && signature !== undefined && text !== `[${signature}]`;
  return {
    'text/html': view(
      'base',
      `<pre class="wrap"><b>${escapeMarkup(title)}</b></pre>` +
        `<details><summary class="note">source, ${escapeMarkup(place)}</summary>` +
        `<pre>${escapeMarkup(shortened(source, limits.text))}</pre></details>`,
    ),
    'text/plain': tellsMore ? `${text}\n${signature}` : text,
  };
}
