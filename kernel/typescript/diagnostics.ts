/** @file The server's diagnostics as the user's: in their cell, without what should not stop a notebook. */
import { isBuiltin } from 'node:module';
import { isAbsolute, relative, sep } from 'node:path';
import type { Diagnostic as ServerDiagnostic } from 'vscode-languageserver-protocol/node';
import { positionAt } from '../compile/positions.ts';
import { packageOf, type CompilerOptions } from '../project/index.ts';
import { nodeNamesFor } from './auto-imports.ts';
import type { Diagnostic } from './contract.ts';
import { withoutDocuments } from './configuration.ts';
import type { NameKind } from './declared-names.ts';
import { TextPositions } from './text-positions.ts';

/** A declaration without a type, which is then `any`: fine in a notebook, unless its project says otherwise. */
const implicitAny = new Set([
  7005, 7006, 7008, 7010, 7011, 7013, 7018, 7019, 7020, 7023, 7024, 7025, 7031, 7032, 7033, 7034, 7050, 7051,
]);
/** A package that brings no types, and the elements of a JSX library that brings none: not the author's to declare. */
const untypedPackage = new Set([7016, 7026]);
const cannotFindModule = 2307;
const cannotFindJsx = 2875;
const cannotAssignToImport = 2632;
/** Without and with a similar name. */
const cannotFindName = new Set([2304, 2552]);
/** Names and members that Node lacks and a `lib` would have: modules may ask for them before they use them. */
const needsAnotherLibrary = new Set([2584, 2812]);
const errorSeverity = 1;
/** What an editor marks as a matter of style (`noImplicitReturns` and the like): it is reported where a project asks for it. */
const warningSeverity = 2;

/** The specifier that the server found no module for, if that is what a diagnostic says. */
function missingModule({ code, message }: ServerDiagnostic): string | undefined {
  return code === cannotFindModule ? /^Cannot find module '(.+?)'/.exec(textOf(message))?.[1] : undefined;
}

/** Specifiers that the server found no module for. */
export const missingModules = (diagnostics: readonly ServerDiagnostic[]): string[] =>
  diagnostics.flatMap((diagnostic) => missingModule(diagnostic) ?? []);

/** `react/jsx-runtime`, where JSX needs it and it has no types. */
const missingJsxModule = ({ code, message }: ServerDiagnostic): string | undefined =>
  code === cannotFindJsx ? /module path '(.+?)'/.exec(textOf(message))?.[1] : undefined;

const textOf = (message: ServerDiagnostic['message']): string =>
  typeof message === 'string' ? message : message.value;

/** What the notebook knows and the server does not. */
export interface NotebookFacts {
  kindOf(name: string): NameKind | undefined;
  existsAtRunTime(specifier: string): boolean;
  readonly folder: string;
  /** The settings of the notebook's project. */
  readonly options: CompilerOptions;
}

const isPackage = (specifier: string): boolean => !/^(\.{0,2}\/|[a-z+.-]+:)/i.test(specifier) && !isBuiltin(specifier);

/** The server's words where a notebook needs others. */
function wordsFor(diagnostic: ServerDiagnostic, facts: NotebookFacts): string {
  const message = withoutDocuments(textOf(diagnostic.message));
  const specifier = missingModule(diagnostic);
  if (specifier !== undefined) {
    if (!isPackage(specifier)) return `Cannot find the module '${specifier}' from ${facts.folder}.`;
    const install = `npm install ${packageOf(specifier)}`;
    return `Cannot find the package '${specifier}' from ${facts.folder}. Install it there: ${install}`;
  }
  const jsxModule = missingJsxModule(diagnostic);
  if (jsxModule !== undefined) {
    const library = packageOf(jsxModule);
    return `JSX needs the package '${library}', which is not to be found from ${facts.folder}. Install it there: npm install ${library}; or name another one on top of the cell: /** @jsxImportSource preact */`;
  }
  if (diagnostic.code === cannotAssignToImport) {
    const kind = facts.kindOf(/^Cannot assign to '(.+?)'/.exec(message)?.[1] ?? '');
    if (kind !== undefined && kind !== 'import') return message.replace('an import', `a ${kind}`);
  }
  if (cannotFindName.has(Number(diagnostic.code))) return message + importHint(message);
  return message;
}

/** How to get a name that one of Node's modules has, or two (`readFile`); what many have is hardly meant. */
function importHint(message: string): string {
  const name = /'(.+?)'/.exec(message)?.[1] ?? '';
  const modules = nodeNamesFor(name).flatMap((each) => (each.name === name ? [each.module] : []));
  if (modules.length === 0 || modules.length > 2) return '';
  return ` To import it: ${modules.map((module) => `import { ${name} } from '${module}'`).join(' or ')}`;
}

/** Whether a notebook has a reason to hear of it. */
function matters(diagnostic: ServerDiagnostic, facts: NotebookFacts): boolean {
  const { noImplicitAny = facts.options.strict } = facts.options;
  const code = Number(diagnostic.code);
  if ((diagnostic.severity ?? errorSeverity) > warningSeverity || untypedPackage.has(code)) return false;
  if (implicitAny.has(code) && noImplicitAny !== true) return false;
  const module = missingJsxModule(diagnostic) ?? missingModule(diagnostic);
  return module === undefined || !facts.existsAtRunTime(module);
}

/** The errors that lie in the user's text. */
export function toDiagnostics(
  diagnostics: readonly ServerDiagnostic[],
  source: string,
  facts: NotebookFacts,
): Diagnostic[] {
  const positions = new TextPositions(source);
  return diagnostics.flatMap((diagnostic) => {
    if (!matters(diagnostic, facts)) return [];
    const start = positions.toOffset(diagnostic.range.start);
    if (start === undefined) return [];
    const end = positions.toOffset(diagnostic.range.end) ?? source.length;
    const code = Number(diagnostic.code);
    return [{ code, message: wordsFor(diagnostic, facts), ...positionAt(source, start), start, end }];
  });
}

/** A file as a reader of the notebook knows it: `./shapes.ts` where it lies in the notebook's folder. */
export function nameOfFile(path: string, folder: string): string {
  const inside = relative(folder, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : `./${inside.split(sep).join('/')}`;
}

/** The errors of a local module. @param facts as they are for its folder */
export function toModuleDiagnostics(
  diagnostics: readonly ServerDiagnostic[],
  { text, name }: { readonly text: string; readonly name: string },
  facts: NotebookFacts,
): Diagnostic[] {
  const positions = new TextPositions(text, 0);
  return diagnostics.flatMap((diagnostic) => {
    const code = Number(diagnostic.code);
    if (!matters(diagnostic, facts) || needsAnotherLibrary.has(code)) return [];
    const start = positions.toOffset(diagnostic.range.start) ?? 0;
    const end = positions.toOffset(diagnostic.range.end) ?? text.length;
    return [{ code, message: wordsFor(diagnostic, facts), file: name, ...positionAt(text, start), start, end }];
  });
}
