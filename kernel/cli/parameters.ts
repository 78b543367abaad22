/** @file Parameters of a run: `-p name=value` becomes a cell after the one tagged `parameters`, as papermill does it. */
import { parseSync } from 'oxc-parser';
import { Failure } from './failure.ts';
import { joinLines } from './notebook.ts';
import type { Cell, CodeCell, Notebook } from './notebook.ts';

const parametersTag = 'parameters';
const injectedTag = 'injected-parameters';
const injectedId = 'injected-parameters';

export type Parameters = ReadonlyMap<string, unknown>;

/**
 * Reads `name=value` options. A value that is JSON keeps its type (`5`, `true`, `null`, `[1,2]`, `"5"`); any other is
 * text. A later option wins over an earlier one of the same name.
 *
 * @throws Failure where an option has no `=`, or the name is no variable name.
 */
export function parseParameters(options: readonly string[]): Parameters {
  return new Map(
    options.map((option) => {
      const equals = option.indexOf('=');
      if (equals < 0) throw new Failure(`A parameter is written name=value; '${option}' has no '='.`);
      const name = option.slice(0, equals).trim();
      if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) {
        throw new Failure(`'${name}' in '${option}' is not a variable name.`);
      }
      const text = option.slice(equals + 1);
      try {
        return [name, JSON.parse(text) as unknown];
      } catch {
        return [name, text];
      }
    }),
  );
}

/** How the notebook declares a name: whether it may be assigned, and the type it wrote. */
interface Declaration {
  readonly assignable: boolean;
  readonly type: string | undefined;
}

function declarationsOf(source: string): Map<string, Declaration> {
  const found = new Map<string, Declaration>();
  for (const statement of parseSync('cell.ts', source).program.body) {
    if (statement.type !== 'VariableDeclaration') continue;
    for (const { id } of statement.declarations) {
      if (id.type !== 'Identifier') continue;
      const annotation = id.typeAnnotation;
      found.set(id.name, {
        assignable: statement.kind === 'let' || statement.kind === 'var',
        type: annotation ? source.slice(annotation.start, annotation.end) : undefined,
      });
    }
  }
  return found;
}

/** The TypeScript that gives the parameters their values; declared types are kept, so a wrong value is a type error. */
export function parameterSource(parameters: Parameters, declaredIn: string): string {
  const declarations = declarationsOf(declaredIn);
  const lines = [...parameters].map(([name, value]) => {
    const literal = JSON.stringify(value);
    const declared = declarations.get(name);
    if (declared?.assignable) return `${name} = ${literal};`;
    // `let`, so that the value's type is `number` rather than `3`: a later `name === 5` must type-check.
    return `let ${name}${declared?.type ?? ''} = ${literal};`;
  });
  return ['// Parameters', ...lines].join('\n');
}

const hasTag = (cell: Cell, tag: string): boolean => cell.metadata.tags?.includes(tag) ?? false;

/**
 * Puts a cell with the parameters after the one tagged `parameters` (first of all where there is none), in place of a cell
 * that an earlier run injected.
 */
export function injectParameters(notebook: Notebook, parameters: Parameters): void {
  if (parameters.size === 0) return;
  notebook.cells = notebook.cells.filter((cell) => !hasTag(cell, injectedTag));
  const at = notebook.cells.findIndex((cell) => cell.cell_type === 'code' && hasTag(cell, parametersTag));
  const cell: CodeCell = {
    id: injectedId,
    cell_type: 'code',
    metadata: { tags: [injectedTag] },
    source: parameterSource(parameters, at < 0 ? '' : joinLines(notebook.cells[at].source)),
    execution_count: null,
    outputs: [],
  };
  notebook.cells.splice(at + 1, 0, cell);
}
