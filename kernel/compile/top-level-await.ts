/** @file Finds what a cell awaits itself, outside of its functions. */
import type { AwaitExpression, Expression } from 'oxc-parser';

interface Node {
  readonly type: string;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';

/** Code in these runs later, or cannot await: their awaits are their own. */
const isFunction = /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression|StaticBlock)$/;

/** The operands of every `await` of a cell's top level, those in its blocks and loops included. */
export function awaitedOperands(tree: unknown): Expression[] {
  const found: Expression[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (!isNode(value) || isFunction.test(value.type)) return;
    if (value.type === 'AwaitExpression') found.push((value as AwaitExpression).argument);
    Object.values(value).forEach(visit);
  };
  visit(tree);
  return found;
}
