/** @file Whether a cell is TypeScript or TypeScript with JSX: where both readings parse, the one that makes sense. */
import { parseSync } from 'oxc-parser';
import type { OxcError, ParseResult } from 'oxc-parser';
import { isTooDeep, tooDeepMessage } from './nesting.ts';
import { walk } from './walk.ts';
import type { Node } from './walk.ts';

export type CellLanguage = 'ts' | 'tsx';

export interface ParsedSource extends Pick<ParseResult, 'program' | 'errors'> {
  readonly language: CellLanguage;
}

function parseAs(text: string, language: CellLanguage): ParsedSource {
  const { program, errors } = parseSync(`cell.${language}`, text, {
    lang: language,
    sourceType: 'module',
    preserveParens: false,
    showSemanticErrors: true,
  });
  return { language, program, errors };
}

function refusal(message: string): ParsedSource {
  const error = { severity: 'Error', message, labels: [], helpMessage: null, codeframe: null } as const;
  return { ...parseAs('', 'ts'), errors: [error as unknown as OxcError] };
}

/** What a complete JSX element ends with. */
const mayHaveJsx = /<\/|\/>/;

const beginningOf = (node: Node & Record<string, unknown>): Node => {
  const first = node.left ?? node.object ?? node.callee ?? node.test ?? node.tag;
  return first === undefined ? node : beginningOf(first as Node & Record<string, unknown>);
};

/** `<p>a</p> // why` is a type assertion, compared with a regular expression: nobody means that. */
function comparesWithPattern(tree: unknown): boolean {
  let found = false;
  walk(tree, (node) => {
    const { operator, right } = node as Node & { operator?: string; right?: Node };
    found ||= operator === '<' && right !== undefined && 'regex' in beginningOf({ ...right });
    return !found;
  });
  return found;
}

const firstError = ({ errors }: ParsedSource): number => errors[0]?.labels[0]?.start ?? 0;

/**
 * Parses a cell. Plain TypeScript comes first, so that `<T>(x: T) => x` is a function and `<any>x` an assertion.
 *
 * @param text the cell, in its enclosure
 */
export function parseSource(text: string): ParsedSource {
  if (isTooDeep(text)) return refusal(tooDeepMessage);
  const plain = parseAs(text, 'ts');
  if (!mayHaveJsx.test(text)) return plain;
  if (plain.errors.length === 0 && !comparesWithPattern(plain.program)) return plain;
  const withJsx = parseAs(text, 'tsx');
  const isBetter = withJsx.errors.length === 0 || (plain.errors.length > 0 && firstError(withJsx) > firstError(plain));
  return isBetter ? withJsx : plain;
}

/** The beginning of an element, up to its attributes: `return <Plot width={3} `; type parameters go on with `extends`. */
const openElement = /(?:^|[=(,{}>:?&|;\n]|\breturn|\bdefault)\s*<([A-Za-z_$][\w$.]*)\s+(?!extends\b)(?:[^<>]|=>)*$/;

/**
 * The language that a cell is written in.
 *
 * @param cursor where its author is writing: an element there may lack its end
 */
export function languageOfCell(source: string, cursor?: number): CellLanguage {
  if (mayHaveJsx.test(source) && parseSource(source).language === 'tsx') return 'tsx';
  return cursor !== undefined && openElement.test(source.slice(0, cursor)) ? 'tsx' : 'ts';
}
