/** @file kernel/compile: a cell's TypeScript to REPL-mode JavaScript, and whether a cell is complete. */
export { compileCell } from './compile.ts';
export { completeness } from './completeness.ts';
export { languageOfCell, type CellLanguage } from './language.ts';
export { isTooDeep } from './nesting.ts';
export { enclosureOf } from './parse.ts';
export { positionAt } from './positions.ts';
export type { TopLevelNames } from './constants.ts';
export { projectCompiler } from './project-compiler.ts';
export type { CompileCell, CompileResult, Completeness, SyntaxProblem } from './contract.ts';
