/** @file What the settings of a project mean to the two compilers: oxc for nearly everything, TypeScript for what oxc leaves. */
import type { Program } from 'oxc-parser';
import type { TransformOptions } from 'oxc-transform';
import { type Node, walk } from '../compile/walk.ts';
import type { CompilerOptions } from './compiler-options.ts';
import { type JsxSettings, jsxOfFile } from './jsx.ts';
import { assignsClassFields } from './settings.ts';

/** A source, the settings that apply to it, and the folder from which it imports. */
export interface ProjectSource {
  readonly source: string;
  readonly language: 'ts' | 'tsx' | 'js' | 'jsx';
  readonly options: CompilerOptions;
  readonly folder: string;
}

/** The language level of all compiled code: Node 20 runs it. */
const target = 'es2022';

/** What the syntax below is written with; rarely it is a string or a comment. */
const mayNeedTypeScript = /\b(using|accessor)\b|@/;

/** Syntax that only the TypeScript compiler lowers to what Node 20 runs: decorators, auto-accessors, and `using`. */
export function needsTypeScript(source: string, program: Program): boolean {
  if (!mayNeedTypeScript.test(source)) return false;
  let found = false;
  walk(program, (node) => {
    const { type, kind, decorators } = node as Node & { kind?: string; decorators?: readonly unknown[] };
    found ||= /AccessorProperty$/.test(type) || /using$/.test(kind ?? '') || (decorators?.length ?? 0) > 0;
    return !found;
  });
  return found;
}

const oxcJsx = (jsx: JsxSettings): TransformOptions['jsx'] =>
  jsx.runtime === 'classic'
    ? { runtime: 'classic', pragma: jsx.factory, pragmaFrag: jsx.fragment }
    : { runtime: 'automatic', importSource: jsx.importSource, development: jsx.development };

/** Options for `transformSync` of oxc-transform. */
export function oxcOptions({ source, language, options, folder }: ProjectSource): TransformOptions {
  const assigns = assignsClassFields(options);
  return {
    lang: language,
    target,
    sourcemap: true,
    ...(language.endsWith('x') && { jsx: oxcJsx(jsxOfFile(source, options, folder)) }),
    ...(assigns && { assumptions: { setPublicClassFields: true } }),
    typescript: {
      onlyRemoveTypeImports: options.verbatimModuleSyntax ?? false,
      removeClassFieldsWithoutInitializer: assigns,
    },
  };
}

const typescriptJsx = (jsx: JsxSettings): Record<string, unknown> =>
  jsx.runtime === 'classic'
    ? { jsx: 'react', jsxFactory: jsx.factory, jsxFragmentFactory: jsx.fragment }
    : { jsx: jsx.development ? 'react-jsxdev' : 'react-jsx', jsxImportSource: jsx.importSource };

/** Compiler options, as tsconfig.json writes them, for TypeScript and for ts-node. */
export function typescriptOptions({ source, language, options, folder }: ProjectSource): Record<string, unknown> {
  const { experimentalDecorators, emitDecoratorMetadata, verbatimModuleSyntax } = options;
  return {
    target,
    module: 'esnext',
    experimentalDecorators,
    emitDecoratorMetadata,
    verbatimModuleSyntax,
    useDefineForClassFields: !assignsClassFields(options),
    ...(language.endsWith('x') && typescriptJsx(jsxOfFile(source, options, folder))),
    sourceMap: true,
  };
}
