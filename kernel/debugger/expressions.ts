/** @file TypeScript that a person types into a debugger (watches, conditions, logpoints) as JavaScript that V8 evaluates. */
import { transformSync } from 'oxc-transform';
import { type HitComparison, debugHelperKey } from '../cell/debug-contract.ts';
import { enclosureOf } from '../compile/parse.ts';
import { DapError, type SourceBreakpoint } from './dap.ts';

/** JavaScript for the helper's global. */
export const helper = `globalThis[Symbol.for(${JSON.stringify(debugHelperKey)})]`;

/** Statements or an expression without their types. What cannot be parsed stays as it is: V8 says best what is wrong. */
export function toJavaScript(source: string): string {
  const { before, after } = enclosureOf(source);
  const { code, errors } = transformSync('expression.ts', before + source + after, {
    lang: 'ts',
    sourceType: 'module',
    target: 'es2022',
    typescript: { onlyRemoveTypeImports: true },
  });
  return errors.length > 0 ? source : code;
}

/** An expression without its types, in parentheses. */
export const toExpression = (source: string): string => `(${toJavaScript(source).replace(/[;\s]+$/, '')}\n)`;

const hitForm = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d+)\s*$/;

function hitTest(id: number, condition: string): string {
  const match = hitForm.exec(condition);
  if (match === null)
    throw new DapError(
      `A hit condition is a number, alone or after one of ==, >=, >, <=, <, %; got ${JSON.stringify(condition)}.`,
    );
  const comparison = (match[1] === undefined || match[1] === '=' ? '==' : match[1]) as HitComparison;
  return `${helper}.hit("${id}", "${comparison}", ${match[2]})`;
}

/** `total is {a + b}` as texts and the expressions between them; `{{` is a brace of the text's own. */
function logParts(message: string): string[] {
  const parts: string[] = [];
  let text = '';
  for (let at = 0; at < message.length; at++) {
    if (message.startsWith('{{', at) || message.startsWith('}}', at)) text += message[at++];
    else if (message[at] === '{') {
      const end = closingBrace(message, at);
      parts.push(JSON.stringify(text), `() => ${toExpression(message.slice(at + 1, end))}`);
      text = '';
      at = end;
    } else text += message[at];
  }
  return [...parts, JSON.stringify(text)];
}

function closingBrace(message: string, opening: number): number {
  let depth = 0;
  for (let at = opening; at < message.length; at++) {
    if (message[at] === '{') depth++;
    if (message[at] === '}' && --depth === 0) return at;
  }
  throw new DapError(`The braces of the log message do not match: ${JSON.stringify(message)}.`);
}

/**
 * What V8 asks at a breakpoint, to stop where it is true; undefined where it always stops.
 *
 * @throws {@link DapError} where the breakpoint's own fields are malformed
 */
export function conditionOf(id: number, breakpoint: SourceBreakpoint): string | undefined {
  const { condition, hitCondition, logMessage } = breakpoint;
  const tests: string[] = [];
  if (condition?.trim()) tests.push(toExpression(condition));
  if (hitCondition?.trim()) tests.push(hitTest(id, hitCondition));
  if (logMessage) tests.push(`${helper}.log([${logParts(logMessage).join(', ')}])`);
  return tests.length > 0 ? tests.join(' && ') : undefined;
}
