/** @file kernel/typescript: types of a notebook, from TypeScript's native language server. */
export { NativeTypeScriptService } from './service.ts';
export type { NativeTypeScriptOptions } from './service.ts';
export type { CompletionItem, Completions, Diagnostic, TypeScriptService } from './contract.ts';
