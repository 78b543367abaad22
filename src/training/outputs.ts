/** @file The outputs of a model: their names and order, and what of losses, targets or weights belongs to which. */
import { ArgumentError } from '../tensor/errors.ts';

/** One for all outputs, one for each in a list (or the outputs' structure), or some by their names. */
export type PerOutput<T> = T | readonly (T | null)[] | { readonly [name: string]: T | null };

type Path = readonly (string | number)[];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

function pathsIn(tree: unknown, path: Path): Path[] {
  if (Array.isArray(tree)) return tree.flatMap((child, i) => pathsIn(child, [...path, i]));
  if (isObject(tree)) return Object.entries(tree).flatMap(([name, child]) => pathsIn(child, [...path, name]));
  return [path];
}

const at = (tree: unknown, path: Path): unknown =>
  path.reduce<unknown>((node, key) => (node as Record<string | number, unknown> | null | undefined)?.[key], tree);

/** The outputs of a model, in the order of their structure. */
export class Outputs {
  readonly names: readonly string[];
  private readonly paths: readonly Path[];

  /**
   * @param outputs - A structure with anything in the places of tensors.
   * @param names - Of those in lists: a model knows them by the layers that make them. Objects name theirs by keys.
   */
  constructor(outputs: unknown, names: readonly string[] | null) {
    this.paths = pathsIn(outputs, []);
    this.names = this.paths.map((path, i) => {
      const own = names?.length === this.paths.length ? names[i] : `output_${i + 1}`;
      const last = path.at(-1);
      return typeof last === 'string' ? path.join('/') : [...path.slice(0, -1), own].join('/');
    });
  }

  get count(): number {
    return this.paths.length;
  }

  /** What is in the places of the outputs in a structure like theirs. */
  flatten<T>(outputs: unknown): T[] {
    return this.paths.map((path) => at(outputs, path) as T);
  }

  /**
   * What belongs to each output: null where nothing does.
   *
   * @param what - In messages: `loss`.
   * @param isOne - Whether a value is for one output; then it is for all of them where `spreads`.
   * @param present - Where a list may leave out outputs: those that it is about.
   * @throws ArgumentError where lengths or names do not fit.
   */
  assign<T>(
    what: string,
    given: unknown,
    isOne: (value: unknown) => boolean,
    { spreads, present }: { spreads: boolean; present?: readonly boolean[] },
  ): (T | null)[] {
    const none = this.paths.map(() => null);
    if (given === null || given === undefined) return none;
    if (isOne(given)) {
      if (this.count === 1 || spreads) return this.paths.map(() => given as T);
      const wanted = present?.filter(Boolean).length;
      if (wanted === 1) return this.paths.map((_, i) => (present?.[i] ? (given as T) : null));
      throw this.misfit(what, 'one value', this.paths.length);
    }
    if (isObject(given)) return this.byName(what, given);
    if (!Array.isArray(given)) throw this.misfit(what, String(given), this.count);
    if (given.length === this.count && this.paths.every((path) => path.length <= 1))
      return given.map((value: unknown) => (value ?? null) as T | null);
    const structured = this.paths.map((path) => at(given, path));
    if (this.count > 1 && structured.some((value) => value !== undefined && isOne(value)) && this.isDeep)
      return structured.map((value) => (value ?? null) as T | null);
    const places = this.paths.flatMap((_, i) => (present?.[i] ? [i] : []));
    if (places.length === given.length)
      return this.paths.map((_, i) => (places.includes(i) ? ((given as unknown[])[places.indexOf(i)] as T) : null));
    throw this.misfit(what, `a list of ${given.length}`, this.count);
  }

  private get isDeep(): boolean {
    return this.paths.some((path) => path.length > 1);
  }

  private byName<T>(what: string, given: Readonly<Record<string, unknown>>): (T | null)[] {
    const keys = Object.keys(given);
    if (keys.every((key) => this.names.includes(key)))
      return this.names.map((name) => (given[name] ?? null) as T | null);
    const structured = this.paths.map((path) => at(given, path));
    if (this.isDeep && structured.some((value) => value !== undefined))
      return structured.map((value) => (value ?? null) as T | null);
    const unknown = keys.filter((key) => !this.names.includes(key));
    throw new ArgumentError(
      `${what}: there is no output '${unknown[0]}'; the model's outputs are ${this.names.map((name) => `'${name}'`).join(', ')}.`,
    );
  }

  private misfit(what: string, got: string, expected: number): ArgumentError {
    return new ArgumentError(
      `${what}: the model has ${expected === 1 ? 'one output' : `${expected} outputs`} (${this.names.join(', ')}); ` +
        `expected ${expected === 1 ? 'one value' : 'a list of as many, or an object by their names'}, got ${got}.`,
    );
  }
}
