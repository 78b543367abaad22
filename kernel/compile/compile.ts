/** @file From a cell's TypeScript to a script for V8's REPL mode, with a map back to what the user wrote. */
import remapping from '@jridgewell/remapping';
import MagicString from 'magic-string';
import { topLevelNames } from './constants.ts';
import type { CellProject, CompileResult } from './contract.ts';
import { parseCell } from './parse.ts';
import type { ParsedCell } from './parse.ts';
import { toReplScript } from './repl-script.ts';
import { transpile } from './transpile.ts';

/** Only an expression at the end gives the cell a result; a loop or a declaration after one does not. */
function endsInExpression({ program }: ParsedCell): boolean {
  return program.body.at(-1)?.type === 'ExpressionStatement';
}

/** `<p>text</p>` as the last thing of a cell. */
function endsInJsx({ program }: ParsedCell): boolean {
  const last = program.body.at(-1);
  return last?.type === 'ExpressionStatement' && /^JSX(Element|Fragment)$/.test(last.expression.type);
}

/** The chain of maps as one: from the script through the transpiled code and the enclosure to the source. */
function composeMaps(maps: Parameters<typeof remapping>[0], url: string, source: string): string {
  const map = remapping(maps, () => null);
  return JSON.stringify({ ...map, file: url, sources: [url], sourcesContent: [source] });
}

const noProject: CellProject = { folder: process.cwd(), options: {} };

/**
 * Compiles a cell.
 *
 * @param source what the user wrote
 * @param url the script's name in stacks, such as `cell_3.ts`
 * @param project settings that apply to cells; those of a folder without a project where absent
 * @param constants names that earlier cells declared as constants
 * @returns the script, or every syntax error that the parser found
 * @example
 * const result = compileCell('const x: number = 1\nx', 'cell_1.ts');
 * if (result.ok) session.post('Runtime.evaluate', { expression: result.cell.code, replMode: true });
 */
export function compileCell(
  source: string,
  url: string,
  project: CellProject = noProject,
  constants?: ReadonlySet<string>,
): CompileResult {
  const parsed = parseCell(source);
  if (parsed.problems.length > 0) return { ok: false, problems: parsed.problems };
  const transpiled = transpile(parsed, project);
  const hasExportAssignment = parsed.program.body.some(({ type }) => type === 'TSExportAssignment');
  const syntax = {
    hasExportAssignment,
    endsInJsx: endsInJsx(parsed),
    imported: topLevelNames(parsed.program).constants,
  };
  const { text: script, names } = toReplScript(transpiled.code, syntax, constants);
  if (!endsInExpression(parsed)) script.append('\n;void 0;');
  const maps = [script.generateMap({ hires: 'boundary' }), transpiled.map] as unknown[];
  if (parsed.enclosure.before !== '') {
    maps.push(new MagicString(source).prepend(parsed.enclosure.before).generateMap({ hires: 'boundary', source: url }));
  }
  const map = composeMaps(maps as Parameters<typeof remapping>[0], url, source);
  return { ok: true, cell: { url, code: script.toString(), map, source }, names };
}
