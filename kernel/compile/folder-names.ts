/** @file Where a cell mentions `__dirname` and `__filename`, which scripts have and cells lack. */
import type { Program } from 'oxc-parser';
import { isNode } from './walk.ts';

/** The names, and what they are of `import.meta`. */
const metaOf: Readonly<Record<string, string>> = { __dirname: 'dirname', __filename: 'filename' };

export interface FolderName {
  readonly name: string;
  /** The property of `import.meta` that has its value. */
  readonly meta: string;
  readonly start: number;
  readonly end: number;
  /** It stands for a name and a value: `{ __dirname }`. */
  readonly isShorthand: boolean;
}

/** Parts of a node that declare names, or are names of something else. */
const declares: Readonly<Record<string, readonly string[]>> = {
  VariableDeclarator: ['id'],
  FunctionDeclaration: ['id', 'params'],
  FunctionExpression: ['id', 'params'],
  ArrowFunctionExpression: ['params'],
  ClassDeclaration: ['id'],
  ClassExpression: ['id'],
  CatchClause: ['param'],
  ImportSpecifier: ['local'],
  ImportDefaultSpecifier: ['local'],
  ImportNamespaceSpecifier: ['local'],
  AssignmentExpression: ['left'],
};
const namesOnly: Readonly<Record<string, string>> = {
  MemberExpression: 'property',
  Property: 'key',
  MethodDefinition: 'key',
  PropertyDefinition: 'key',
  AccessorProperty: 'key',
};

/** The mentions, in a program that does not declare the names itself. */
export function folderNames(program: Program): FolderName[] {
  const found: FolderName[] = [];
  const declared = new Set<string>();
  const visit = (value: unknown, isDeclaration: boolean): void => {
    if (Array.isArray(value)) return value.forEach((each) => visit(each, isDeclaration));
    if (!isNode(value)) return;
    const { type, start, end } = value;
    if (type === 'Identifier') {
      const name = value.name as string;
      const meta = Object.hasOwn(metaOf, name) ? metaOf[name] : undefined;
      if (meta !== undefined && isDeclaration) declared.add(name);
      else if (meta !== undefined) found.push({ name, meta, start, end, isShorthand: false });
      return;
    }
    if (type === 'LabeledStatement' || type === 'BreakStatement' || type === 'ContinueStatement')
      return visit(value.body, false);
    const isShorthand = type === 'Property' && value.shorthand === true && !isDeclaration;
    const before = found.length;
    for (const [key, child] of Object.entries(value)) {
      if (namesOnly[type] === key && value.computed !== true) continue;
      visit(child, isDeclaration || (declares[type]?.includes(key) ?? false));
    }
    if (isShorthand) for (let i = before; i < found.length; i++) found[i] = { ...found[i], isShorthand: true };
  };
  visit(program, false);
  return found.filter(({ name }) => !declared.has(name));
}
