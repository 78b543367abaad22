/** @file Places in code that its syntax tells: lines where a breakpoint can stand, and whether an exception would be caught. */
import type { CallExpression, Node as SyntaxNode, Program, TryStatement } from 'oxc-parser';
import { parseSync } from 'oxc-parser';
import { mayHaveMagics } from '../magics/index.ts';
import { readCell } from '../magics/magic-cell.ts';
import { topLevelAwaits } from '../compile/top-level-await.ts';
import { walk } from '../compile/walk.ts';
import { positionAt } from '../compile/positions.ts';

/** Statements that V8 stops at, at their beginning. */
const stops =
  /^(ExpressionStatement|ReturnStatement|ThrowStatement|IfStatement|ForStatement|ForInStatement|ForOfStatement|WhileStatement|DoWhileStatement|SwitchStatement|BreakStatement|ContinueStatement|DebuggerStatement|ImportDeclaration)$/;
const isFunction = /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression|StaticBlock)$/;

interface Ranged {
  readonly start: number;
  readonly end: number;
}

/** 1-based lines of TypeScript (or JavaScript) on which something happens; all lines where it cannot be parsed. */
export function breakableLines(code: string, name = 'cell.ts'): number[] {
  const program = parsed(mayHaveMagics(code) ? readCell(code).checked : code, name);
  if (program === undefined) return code.split('\n').map((_, index) => index + 1);
  const lines = new Set<number>();
  const add = (offset: number): void => void lines.add(positionAt(code, offset).line);
  walk(program, (node) => {
    const { type, start, end } = node as SyntaxNode;
    if (stops.test(type)) add(start);
    // A declaration without a value is nothing that happens.
    if (type === 'VariableDeclarator' && (node as { init?: unknown }).init) add(start);
    if (type === 'PropertyDefinition' && (node as { value?: unknown }).value) add(start);
    if (type === 'CallExpression' || type === 'NewExpression') add(start);
    // A chain over several lines has a place on each.
    const callee = type === 'CallExpression' ? (node as CallExpression).callee : undefined;
    if (callee?.type === 'MemberExpression') add(callee.property.start);
    if (isFunction.test(type)) {
      const { body } = node as unknown as { body?: SyntaxNode | null };
      // The closing brace is where a function returns; a body without braces is what it returns.
      if (body) add(body.type === 'BlockStatement' ? end - 1 : body.start);
    }
    return !/^TS/.test(type) || /^TS(As|Satisfies|NonNull|TypeAssertion|Enum|Module|Export)/.test(type);
  });
  return [...lines].sort((a, b) => a - b);
}

function parsed(code: string, name: string): Program | undefined {
  const { program, errors } = parseSync(name, code, { sourceType: 'module' });
  return errors.some(({ severity }) => severity === 'Error') ? undefined : program;
}

/** The line at which a breakpoint asked for on `line` stands: that one, or the next on which something happens. */
export const nearestLine = (lines: readonly number[], line: number): number | undefined =>
  lines.find((candidate) => candidate >= line);

/** The handlers in a script, for many questions about the same one. */
export class ExceptionHandlers {
  readonly #code: string;
  readonly #functions: Ranged[] = [];
  readonly #protected: Ranged[] = [];
  /** Whether a top-level await stands where nothing handles a rejection. */
  readonly awaitsUnhandled: boolean;

  /** @param code JavaScript, as it runs */
  constructor(code: string) {
    this.#code = code;
    const { program } = parseSync('script.js', code, { sourceType: 'module' });
    walk(program, (node) => {
      const { type, start, end } = node as SyntaxNode;
      if (isFunction.test(type)) this.#functions.push({ start, end });
      if (type === 'TryStatement' && (node as TryStatement).handler !== null)
        this.#protected.push((node as TryStatement).block);
      if (type === 'CallExpression' && handlesRejection(node as CallExpression)) this.#protected.push({ start, end });
      return true;
    });
    // A handler stands around the await, or in its operand.
    const overlaps = (awaited: Ranged): boolean =>
      this.#protected.some(({ start, end }) => start < awaited.end && awaited.start < end);
    this.awaitsUnhandled = topLevelAwaits(program).operands.some((operand) => !overlaps(operand));
  }

  /** Whether an exception at this place (0-based) is handled in the function that it is in. */
  catchesAt(line: number, column: number): boolean {
    const offset = offsetAt(this.#code, line, column);
    const around = (range: Ranged): boolean => range.start <= offset && offset < range.end;
    const innermost = this.#functions.filter(around).reduce((start, range) => Math.max(start, range.start), -1);
    return this.#protected.some((range) => around(range) && range.start >= innermost);
  }
}

/** `promise.catch(handler)`, `promise.then(done, handler)`. */
function handlesRejection({ callee, arguments: given }: CallExpression): boolean {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return false;
  const { name } = callee.property;
  return (name === 'catch' && given.length > 0) || (name === 'then' && given.length > 1);
}

function offsetAt(text: string, line: number, column: number): number {
  let start = 0;
  for (let i = 0; i < line; i++) start = text.indexOf('\n', start) + 1;
  return start + column;
}
