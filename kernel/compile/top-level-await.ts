/** @file Finds what a cell awaits itself, outside of its functions. */
import type { AwaitExpression, Expression, ForOfStatement, Statement } from 'oxc-parser';
import { walk } from './walk.ts';

/** Code in these runs later, or cannot await: their awaits are their own. */
const isFunction = /^(ArrowFunctionExpression|FunctionDeclaration|FunctionExpression|StaticBlock)$/;

export interface TopLevelAwaits {
  /** The operands of every `await`, those in blocks and loops included. */
  readonly operands: readonly Expression[];
  /** The bodies of every `for await`. */
  readonly bodies: readonly Statement[];
}

export function topLevelAwaits(tree: unknown): TopLevelAwaits {
  const operands: Expression[] = [];
  const bodies: Statement[] = [];
  walk(tree, (node) => {
    if (node.type === 'AwaitExpression') operands.push((node as AwaitExpression).argument);
    if (node.type === 'ForOfStatement' && (node as ForOfStatement).await) bodies.push((node as ForOfStatement).body);
    return !isFunction.test(node.type);
  });
  return { operands, bodies };
}
