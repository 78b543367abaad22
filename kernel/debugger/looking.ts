/** @file The variables panel: what the notebook's variables are, also where nothing is stopped and no debugger is attached. */
import { isHelperName } from '../cell/module-helper.ts';
import type { Variable } from './dap.ts';
import type { Evaluation } from './evaluation.ts';
import { helper, type Inspector } from './inspector.ts';
import { isIdentifier, type Variables } from './variables.ts';

/** Looks live for two looks: a tree that is unfolded now may come from the one before. */
const keptLooks = 2;

export class Looking {
  readonly #inspector: Inspector;
  readonly #evaluation: Evaluation;
  readonly #variables: () => Variables;
  #looks = 0;

  /** @param variables asked when they are needed: they ask back for the notebook's variables */
  constructor(inspector: Inspector, evaluation: Evaluation, variables: () => Variables) {
    this.#inspector = inspector;
    this.#evaluation = evaluation;
    this.#variables = variables;
  }

  /** What the references of the newest look live with. */
  get group(): string {
    return `look-${this.#looks}`;
  }

  /** All variables of the notebook, as they are now. */
  async look(): Promise<Variable[]> {
    this.#looks++;
    const old = `look-${this.#looks - keptLooks}`;
    this.#variables().references.drop(old);
    this.#inspector.release(old);
    return this.globals(this.group);
  }

  /** The same for a scope. @param group what their references live with */
  async globals(group: string): Promise<Variable[]> {
    const { names } = await this.#inspector.post<{ names: string[] }>('Runtime.globalLexicalScopeNames');
    const readers = names.filter((name) => !isHelperName(name)).map((name) => `${JSON.stringify(name)}: () => ${name}`);
    const expression = `${helper}.snapshot({ ${readers.join(', ')} })`;
    const { objectId = '' } = await this.#evaluation.evaluate(expression, {
      context: 'variables',
      group,
      isPaused: true, // it awaits nothing
    });
    return this.#variables().ofSnapshot(objectId, group);
  }

  /** A variable as a cell would show it: `{ data, metadata }`. */
  async rich(name: string, callFrameId: string | undefined, isPaused: boolean): Promise<object> {
    // Front ends ask for groups such as "special variables" as well.
    if (!isIdentifier(name)) return { data: {}, metadata: {} };
    const json = await this.#evaluation.json(`${helper}.rich(${name})`, callFrameId, !isPaused);
    if (typeof json === 'string') return JSON.parse(json) as object;
    // A value that takes its time to show itself has none while the main thread stands, or where it takes too long.
    const text = await this.#evaluation.json(`${helper}.text(${name})`, callFrameId, false);
    return { data: { 'text/plain': text }, metadata: {} };
  }
}
