/** @file The names that statements declare at the top level of a cell. */
import type { BindingPattern, Statement, VariableDeclaration } from 'oxc-parser';

/** The names that a pattern binds: `x`, `{a, b: [c]}`, `...rest`. */
export function namesOf(pattern: BindingPattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        property.type === 'RestElement' ? namesOf(property.argument) : namesOf(property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => {
        if (element === null) return [];
        return element.type === 'RestElement' ? namesOf(element.argument) : namesOf(element);
      });
    case 'AssignmentPattern':
      return namesOf(pattern.left);
  }
}

/** Where a `var` stands: it decides what may take its place. */
export interface VarDeclaration {
  readonly declaration: VariableDeclaration;
  readonly place: 'statement' | 'for' | 'for-each';
}

/** Every `var` whose scope is the cell: those in blocks, loops and branches too, not those in functions. */
export function varDeclarations(statement: Statement | null | undefined): VarDeclaration[] {
  if (!statement) return [];
  switch (statement.type) {
    case 'VariableDeclaration':
      return statement.kind === 'var' ? [{ declaration: statement, place: 'statement' }] : [];
    case 'BlockStatement':
      return statement.body.flatMap(varDeclarations);
    case 'IfStatement':
      return [...varDeclarations(statement.consequent), ...varDeclarations(statement.alternate)];
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'LabeledStatement':
      return varDeclarations(statement.body);
    case 'ForStatement': {
      const { init } = statement;
      const isVar = init?.type === 'VariableDeclaration' && init.kind === 'var';
      const head: VarDeclaration[] = isVar ? [{ declaration: init, place: 'for' }] : [];
      return [...head, ...varDeclarations(statement.body)];
    }
    case 'ForInStatement':
    case 'ForOfStatement': {
      const { left } = statement;
      const isVar = left.type === 'VariableDeclaration' && left.kind === 'var';
      const head: VarDeclaration[] = isVar ? [{ declaration: left, place: 'for-each' }] : [];
      return [...head, ...varDeclarations(statement.body)];
    }
    case 'TryStatement':
      return [statement.block, statement.handler?.body, statement.finalizer].flatMap(varDeclarations);
    case 'SwitchStatement':
      return statement.cases.flatMap((branch) => branch.consequent.flatMap(varDeclarations));
    default:
      return [];
  }
}
