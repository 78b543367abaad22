/** @file TypeScript that a person types into a debugger (watches, conditions, logpoints) as JavaScript that V8 evaluates. */
import { parseSync } from 'oxc-parser';
import { transformSync } from 'oxc-transform';
import type { HitComparison } from '../cell/debug-contract.ts';
import { enclosureOf } from '../compile/parse.ts';
import { DapError, type SourceBreakpoint } from './dap.ts';
import { helper } from './inspector.ts';

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

/** The same, of a breakpoint, where nobody would hear what V8 says of it. @throws {@link DapError} where it cannot be parsed */
function checkedExpression(source: string, what: string): string {
  const expression = toExpression(source);
  const problem = parseSync('expression.js', expression, { sourceType: 'script' }).errors[0];
  if (problem !== undefined)
    throw new DapError(`The ${what} ${JSON.stringify(source)} is no expression: ${problem.message}`);
  return expression;
}

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
      parts.push(JSON.stringify(text), `() => ${checkedExpression(message.slice(at + 1, end), "log message's part")}`);
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
  if (condition?.trim()) {
    const test = checkedExpression(condition, 'condition');
    tests.push(`${helper}.holds("${id}", () => ${test}, ${JSON.stringify(condition)})`);
  }
  if (hitCondition?.trim()) tests.push(hitTest(id, hitCondition));
  if (logMessage) tests.push(`${helper}.log([${logParts(logMessage).join(', ')}])`);
  return tests.length > 0 ? tests.join(' && ') : undefined;
}
