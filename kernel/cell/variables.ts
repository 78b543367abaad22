/** @file The notebook's variables: names that cells declared, with the type and a short text of each value. */
import { Session, type Runtime } from 'node:inspector';
import { inspect } from 'node:util';
import { registerCall } from './calls.ts';
import { typeText } from './live-values.ts';
import { isHelperName } from './module-helper.ts';

/** One variable, as `%whos` and a variables panel show it. */
export interface LiveVariable {
  readonly name: string;
  /** What it is at run time: `number`, `Array(3)`, `Tensor`, `class Point`. */
  readonly type: string;
  /** One line. */
  readonly value: string;
}

/** The kernel process's `host.call(variablesCall, null)` resolves with `LiveVariable[]`, sorted by name. */
export const variablesCall = 'variables';

/** Characters of a value's text. */
const shownCharacters = 100;
const lookName = Symbol.for('tensorcell.look');
type Reader = readonly [name: string, read: () => unknown];

/** Answers the call. What the global object has now is not the notebook's: to be called before the first cell. */
export const installVariables = (): void => {
  const given = new Set(Object.getOwnPropertyNames(globalThis));
  registerCall(variablesCall, () => {
    const values = lexicalValues();
    // Functions, and what a cell put on the global object itself.
    for (const name of Object.keys(globalThis)) {
      if (given.has(name) || values.has(name)) continue;
      const { value } = Object.getOwnPropertyDescriptor(globalThis, name) ?? {};
      if (value !== undefined) values.set(name, value);
    }
    return [...values]
      .map(([name, value]): LiveVariable => ({ name, type: typeName(value), value: shortText(value) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  });
};

function lexicalValues(): Map<string, unknown> {
  const session = new Session();
  session.connect();
  try {
    return readLexical(session, lexicalNames(session));
  } finally {
    session.disconnect();
  }
}

function lexicalNames(session: Session): string[] {
  let names: string[] = [];
  const take = (_error: Error | null, answer?: Runtime.GlobalLexicalScopeNamesReturnType): void => {
    names = (answer?.names ?? []).filter((name) => !isHelperName(name));
  };
  session.post('Runtime.globalLexicalScopeNames', {}, take);
  return names;
}

/** Values of names that only scripts of V8's can read. A name whose cell failed before it was declared has none. */
function readLexical(session: Session, names: readonly string[]): Map<string, unknown> {
  const values = new Map<string, unknown>();
  const look = (readers: readonly Reader[]): void => {
    for (const [name, read] of readers) {
      try {
        values.set(name, read());
      } catch {
        // In its temporal dead zone.
      }
    }
  };
  Object.defineProperty(globalThis, lookName, { value: look, configurable: true });
  const readers = names.map((name) => `[${JSON.stringify(name)}, () => ${name}]`).join(', ');
  const expression = `globalThis[Symbol.for('tensorcell.look')]([${readers}])`;
  session.post('Runtime.evaluate', { expression, silent: true });
  Reflect.deleteProperty(globalThis, lookName);
  return values;
}

/** The kind of a value at run time; no code of the value's own runs for it. */
function typeName(value: unknown): string {
  const type = typeText(value);
  if (type !== 'class') return type;
  const name = Object.getOwnPropertyDescriptor(value, 'name')?.value as unknown;
  return `class ${typeof name === 'string' && name !== '' ? name : '(anonymous)'}`;
}

function shortText(value: unknown): string {
  let text: string;
  try {
    text =
      typeof value === 'function'
        ? Function.prototype.toString.call(value)
        : inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 10, maxStringLength: shownCharacters });
  } catch (error) {
    text = `(cannot be shown: ${error instanceof Error ? error.message : String(error)})`;
  }
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > shownCharacters ? `${line.slice(0, shownCharacters - 1)}…` : line;
}
