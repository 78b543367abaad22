/** @file A real V8 REPL session, as cells have one, for compiled code. */
import { Session } from 'node:inspector';
import type { Runtime } from 'node:inspector';
import { afterAll, beforeAll } from 'vitest';
import { awaitHelper, importHelper } from '../../kernel/cell/module-helper.ts';
import { compileCell } from '../../kernel/compile/index.ts';

let session: Session;
let cells = 0;
const modules = new Map<string, Record<string, unknown>>();

/** Modules that a cell may import, instead of real ones. */
export const provideModule = (specifier: string, exports: Record<string, unknown>): void => {
  modules.set(specifier, exports);
};
export const importCalls: unknown[][] = [];
/** What cells awaited at their top level. */
export const guarded: unknown[] = [];

beforeAll(() => {
  session = new Session();
  session.connect();
  const helper = async (...call: unknown[]): Promise<unknown> => {
    importCalls.push(call);
    const found = modules.get(String(call[0]));
    if (!found) throw new Error(`Cannot find module '${String(call[0])}'`);
    return found;
  };
  const guard = (value: unknown): unknown => {
    guarded.push(value);
    return value;
  };
  Object.assign(globalThis, {
    [awaitHelper]: guard,
    [importHelper]: Object.assign(helper, { meta: { dirname: '/notebooks' }, constants: readOnly }),
  });
});
afterAll(() => session.disconnect());

const readOnly = new Proxy(
  {},
  {
    set: (_target, name) => {
      throw new TypeError(`${String(name)} is a constant`);
    },
  },
);

/**
 * Compiles and evaluates a cell; gives its value, or throws what it threw.
 * @param constants names that are constants of earlier cells
 */
export async function runCell(source: string, constants: readonly string[] = []): Promise<unknown> {
  const result = compileCell(source, `cell_${++cells}.ts`, undefined, new Set(constants));
  if (!result.ok) throw new SyntaxError(result.problems.map(({ message }) => message).join('\n'));
  const parameters: Runtime.EvaluateParameterType & { replMode: true } = {
    expression: result.cell.code,
    replMode: true, // which Node's types leave out
    awaitPromise: true,
    returnByValue: true,
  };
  const answer = await new Promise<Runtime.EvaluateReturnType>((resolve, reject) =>
    session.post('Runtime.evaluate', parameters, (error, reply) => (error ? reject(error) : resolve(reply))),
  );
  if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception?.description ?? 'thrown');
  return answer.result.type === 'undefined' ? undefined : answer.result.value;
}
