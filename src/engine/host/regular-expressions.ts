/** @file Regular expressions in RE2's syntax, which is TensorFlow's, on texts. */
import { createRequire } from 'node:module';
import type { Matcher, RE2JS } from 're2js';
import { ArgumentError } from '../../tensor/errors.ts';

let library: typeof RE2JS | undefined;
const known = new Map<string, RE2JS>();
const mostKnown = 100;

function compile(pattern: string, operation: string): RE2JS {
  const found = known.get(pattern);
  if (found) return found;
  library ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS;
  try {
    const made = library.compile(pattern);
    if (known.size >= mostKnown) known.clear();
    known.set(pattern, made);
    return made;
  } catch (error) {
    throw new ArgumentError(
      `${operation}: ${JSON.stringify(pattern)} is no regular expression in RE2's syntax: ` +
        `${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}

/** Whether the pattern is found in texts as a whole. */
export function fullMatcher(pattern: string): (text: string) => boolean {
  const expression = compile(pattern, 'strings.regexFullMatch');
  return (text) => expression.matches(text);
}

/** What a rewrite puts in place of a match: texts, and numbers of groups. @throws ArgumentError */
function parseRewrite(rewrite: string, groups: number): (string | number)[] {
  return Array.from(rewrite.matchAll(/\\(\d)|\\\\|[^\\]+|\\/g), ([piece, digit]) => {
    if (digit !== undefined && Number(digit) <= groups) return Number(digit);
    if (piece === '\\\\') return '\\';
    if (!piece.startsWith('\\')) return piece;
    throw new ArgumentError(
      `strings.regexReplace: in the rewrite ${JSON.stringify(rewrite)} a backslash is followed by another one, or by the ` +
        `number of a group from 0 to ${groups}.`,
    );
  });
}

/** Replaces the first match, or all of them; of a text without a match comes null. */
export function replacer(pattern: string, rewrite: string, all: boolean): (text: string) => string | null {
  const expression = compile(pattern, 'strings.regexReplace');
  const parts = parseRewrite(rewrite, expression.groupCount());
  const written = (matcher: Matcher): string =>
    parts.map((part) => (typeof part === 'string' ? part : (matcher.group(part) ?? ''))).join('');
  return (text) => {
    const matcher = expression.matcher(text);
    let result = '';
    let place = 0;
    let lastEnd = -1;
    while (place <= text.length && matcher.find(place)) {
      const [start, end] = [matcher.start(), matcher.end()];
      if (start === end && start === lastEnd) {
        // Nothing, right after a match, is no match of its own.
        const code = text.codePointAt(place);
        const next = code === undefined ? '' : String.fromCodePoint(code);
        result += next;
        place += Math.max(1, next.length);
        continue;
      }
      result += text.slice(place, start) + written(matcher);
      place = lastEnd = end;
      if (!all) break;
    }
    return lastEnd === -1 ? null : result + text.slice(place);
  };
}
