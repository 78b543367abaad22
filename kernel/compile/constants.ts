/**
 * @file Where a cell assigns to constants of the notebook. Compiled, every name of the top level is a `let`, so that later cells
 * may declare it anew; that a constant is none is what this finds, for cells that run without a type check.
 */
import type { BindingPattern, Program, Statement } from 'oxc-parser';
import { namesOf, varDeclarations } from './declarations.ts';
import { type AnyNode, isNode } from './walk.ts';

/** A name that is assigned to. */
export interface AssignedName {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** It stands for a key and its target: `({ name } = x)`. */
  readonly isShorthand: boolean;
  /** Of `name ??= value` and the like, which assign only where they have to: the operator, and the value. */
  readonly logical?: { readonly operator: string; readonly start: number; readonly end: number };
}

/** What a cell declares at its top level: names that may be assigned to, and those that may not. */
export interface TopLevelNames {
  readonly constants: ReadonlySet<string>;
  readonly others: ReadonlySet<string>;
}

export function topLevelNames({ body }: Program): TopLevelNames {
  const constants = new Set<string>();
  const others = new Set<string>();
  const declare = (statement: Statement): void => {
    if (statement.type === 'ImportDeclaration') for (const { local } of statement.specifiers) constants.add(local.name);
    else if (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') {
      if (statement.declaration) declare(statement.declaration as Statement);
    } else if (statement.type === 'VariableDeclaration') {
      const names = statement.kind === 'let' || statement.kind === 'var' ? others : constants;
      for (const name of statement.declarations.flatMap(({ id }) => namesOf(id))) names.add(name);
    } else if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      if (statement.id) others.add(statement.id.name);
    } else for (const { declaration } of varDeclarations(statement)) declare(declaration);
  };
  body.forEach((statement) => declare(statement as Statement));
  return { constants, others };
}

const isFunction = /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/;
const isLogical = /^(?:\?\?|\|\||&&)=$/;

/** Names that a list of statements declares in its own block. */
const blockNames = (statements: readonly Statement[]): string[] =>
  statements.flatMap((statement) => {
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var')
      return statement.declarations.flatMap(({ id }) => namesOf(id));
    const isNamed = statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration';
    return isNamed && statement.id ? [statement.id.name] : [];
  });

/** Names that a node declares for what is inside it, and nobody else. */
function ownNames(node: AnyNode): string[] {
  const names: string[] = [];
  const { type } = node;
  if (type === 'BlockStatement' || type === 'StaticBlock') names.push(...blockNames(node.body as Statement[]));
  if (type === 'SwitchStatement')
    for (const { consequent } of node.cases as { consequent: Statement[] }[]) names.push(...blockNames(consequent));
  if (type === 'CatchClause' && node.param) names.push(...namesOf(node.param as BindingPattern));
  if (/^For/.test(type)) names.push(...blockNames([(node.init ?? node.left) as Statement].filter(isNode)));
  if (type === 'ClassExpression' || type === 'FunctionExpression') {
    const { id } = node as { id?: { name: string } | null };
    if (id) names.push(id.name);
  }
  if (isFunction.test(type)) {
    const parameters = node.params as (BindingPattern | { type: 'RestElement'; argument: BindingPattern })[];
    for (const each of parameters) names.push(...namesOf(each.type === 'RestElement' ? each.argument : each));
    const body = node.body as AnyNode | null;
    if (body?.type === 'BlockStatement')
      for (const { declaration } of (body.body as Statement[]).flatMap(varDeclarations))
        names.push(...declaration.declarations.flatMap(({ id }) => namesOf(id)));
    if (type !== 'ArrowFunctionExpression') names.push('arguments');
  }
  if (type === 'StaticBlock')
    for (const { declaration } of (node.body as Statement[]).flatMap(varDeclarations))
      names.push(...declaration.declarations.flatMap(({ id }) => namesOf(id)));
  return names;
}

/** Assignments to these names where nothing inside the cell's functions and blocks declares them. */
export function assignmentsTo(wanted: ReadonlySet<string>, program: Program): AssignedName[] {
  const found: AssignedName[] = [];
  if (wanted.size === 0) return found;

  const target = (
    node: unknown,
    free: ReadonlySet<string>,
    isShorthand = false,
    logical?: AssignedName['logical'],
  ): void => {
    if (!isNode(node)) return;
    const { type, start, end } = node;
    if (type === 'Identifier') {
      const name = node.name as string;
      if (free.has(name)) found.push({ name, start, end, isShorthand, logical });
    } else if (type === 'ObjectPattern')
      for (const property of node.properties as AnyNode[]) {
        if (property.type === 'RestElement') target(property.argument, free);
        else {
          if (property.computed === true) visit(property.key, free);
          target(property.value, free, property.shorthand === true);
        }
      }
    else if (type === 'ArrayPattern') for (const element of node.elements as unknown[]) target(element, free);
    else if (type === 'RestElement') target(node.argument, free);
    else if (type === 'AssignmentPattern') {
      target(node.left, free, isShorthand);
      visit(node.right, free);
    } else visit(node, free);
  };

  const visit = (value: unknown, free: ReadonlySet<string>): void => {
    if (Array.isArray(value)) return value.forEach((each) => visit(each, free));
    if (!isNode(value)) return;
    const own = ownNames(value).filter((name) => free.has(name));
    const inside = own.length === 0 ? free : new Set([...free].filter((name) => !own.includes(name)));
    if (inside.size === 0) return;
    if (value.type === 'AssignmentExpression') {
      const { operator, left, right } = value as AnyNode & { operator: string; right: AnyNode };
      const logical = isLogical.test(operator)
        ? { operator: operator.slice(0, -1), start: right.start, end: right.end }
        : undefined;
      target(left, inside, false, logical);
      return visit(right, inside);
    }
    if (value.type === 'UpdateExpression') return target(value.argument, inside);
    const isLoop = value.type === 'ForInStatement' || value.type === 'ForOfStatement';
    for (const [key, child] of Object.entries(value)) {
      if (isLoop && key === 'left' && (child as AnyNode).type !== 'VariableDeclaration') target(child, inside);
      else visit(child, inside);
    }
  };

  visit(program, wanted);
  return found;
}
