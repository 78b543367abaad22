/** @file kernel/project: what tsconfig.json and package.json say about a folder's modules and cells. */
export { checkOptionsOf, targets, type CompilerOptions } from './compiler-options.ts';
export { packageOf, resolvePackage } from './installed-packages.ts';
export { jsxOf, jsxOfFile, leadingComments } from './jsx.ts';
export { localModule, localPaths } from './local-modules.ts';
export { findModuleFile, isFileSpecifier } from './module-files.ts';
export { ancestors, assignsClassFields, problemText, settingsOf, type ProjectSettings } from './settings.ts';
export type { SettingsProblem } from './tsconfig-file.ts';
