/** @file The state of a model as Keras 3 lays it out in `model.weights.h5`: a path for each layer, its variables under `vars/0`, `vars/1`, ... */
import { snakeCase } from '../configuration.ts';
import { InputLayer, Layer, type VariableStore } from '../layers/index.ts';
import { layerRegistry } from '../layers/registry.ts';
import { Functional, Model, Sequential } from '../models/index.ts';
import * as ops from '../ops/index.ts';
import { Optimizer } from '../optimizers/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Variable } from '../tensor/variable.ts';
import { type GroupWriter, type StoredGroup } from './hdf5.ts';
import { innerClassName } from './kinds.ts';
import { kerasKey } from './spelling.ts';
import { fromStored, toStored } from './stored-tensors.ts';

/** What has variables in a file. */
type Stateful = Layer | Optimizer;

/** Keeps text beside the variables: vocabularies. */
export interface HasAssets {
  saveAssets(files: Map<string, Uint8Array>): void;
  loadAssets(files: ReadonlyMap<string, Uint8Array>): void;
}
const hasAssets = (object: object): object is HasAssets => 'saveAssets' in object && 'loadAssets' in object;

const join = (path: string, name: string): string => (path === '' ? name : `${path}/${name}`);

/** Private names come last, as in Keras. */
const sortKey = (name: string): string => (name.startsWith('_') ? `~${name}` : name);

const isPlainObject = (value: unknown): value is Record<string, unknown> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Members that are private in Keras, by its names of classes. */
const privateMembers: Readonly<Record<string, RegExp>> = { GroupQueryAttention: /_dense$/ };

/** A member's name in Keras. */
function memberName(object: Stateful, name: string): string {
  const key = kerasKey(name);
  return privateMembers[object.constructor.name]?.test(key) ? `_${key}` : key;
}

/** Members of an object by the names that Keras would see, in the order in which it looks at them. */
function membersOf(object: Stateful): [name: string, value: unknown][] {
  const members: [string, unknown][] = Object.entries(object).map(([name, value]) => [memberName(object, name), value]);
  const composed = isComposed(object);
  if (object instanceof Model) {
    members.push(['optimizer', object.optimizer]);
    // Models made of layers have them first; to others their list is a member like any.
    if (!composed) members.push(['layers', object.layers]);
  }
  if (object instanceof Optimizer) {
    const inner = (object as { innerOptimizer?: unknown }).innerOptimizer;
    if (inner instanceof Optimizer) members.push(['inner_optimizer', inner]);
  }
  const byName = new Map(members.sort(([a], [b]) => (sortKey(a) < sortKey(b) ? -1 : 1)));
  return [...(composed ? [['layers', (object as Model).layers] as [string, unknown]] : []), ...byName];
}

const isComposed = (object: object): boolean => object instanceof Sequential || object instanceof Functional;

/** Every stateful object with its path, each once, parents first. */
export function statePaths(root: Stateful): [path: string, object: Stateful][] {
  const found: [string, Stateful][] = [];
  const seen = new Set<unknown>();
  const visit = (object: Stateful, path: string): void => {
    if (seen.has(object)) return;
    seen.add(object);
    found.push([path, object]);
    for (const [name, value] of membersOf(object)) {
      // Inputs have no state; outside of a list of layers there is no group for them.
      if (value instanceof Layer && !(value instanceof InputLayer)) visit(value, join(path, name));
      else if (value instanceof Optimizer) visit(value, join(path, name));
      else if (Array.isArray(value) || isPlainObject(value)) visitAll(value, join(path, name), new Set());
    }
  };
  const visitAll = (
    container: readonly unknown[] | Record<string, unknown>,
    path: string,
    inside: Set<unknown>,
  ): void => {
    if (inside.has(container)) return;
    inside.add(container);
    const used = new Map<string, number>();
    const unique = (name: string): string => {
      const count = used.get(name);
      used.set(name, (count ?? -1) + 1);
      return count === undefined ? name : `${name}_${count + 1}`;
    };
    for (const item of Object.values(container)) {
      if (item instanceof Layer || item instanceof Optimizer)
        visit(item, join(path, unique(snakeCase(innerClassName(layerRegistry.nameOf(item.constructor))))));
      else if (Array.isArray(item) || isPlainObject(item)) visitAll(item, join(path, unique('container')), inside);
    }
  };
  visit(root, '');
  return found;
}

export interface WriteStateOptions {
  /** Writes the state of the optimizer as well; default true. */
  includeOptimizer?: boolean;
  /** Gets the files of layers that keep texts. */
  assets?: Map<string, Uint8Array>;
}

/** Writes the state of a model (or a layer) below a group. */
export function writeState(
  root: Stateful,
  group: GroupWriter,
  { includeOptimizer = true, assets }: WriteStateOptions = {},
): void {
  for (const [path, object] of statePaths(root)) {
    if (object instanceof Optimizer && !includeOptimizer) continue;
    const place = join(path, 'vars');
    group.groupAt(place).writeText('name', object.name);
    const store: VariableStore = {
      get: () => undefined,
      set: (key, value) => group.writeArray(`${place}/${key}`, toStored(value, `${object.name}: variable ${key}`)),
      keys: () => [],
    };
    if (object instanceof Layer) object.saveOwnVariables(store);
    else object.variables.forEach((variable, i) => store.set(String(i), variable.value));
    if (assets && hasAssets(object)) {
      const files = new Map<string, Uint8Array>();
      object.saveAssets(files);
      for (const [name, bytes] of files) assets.set(join(path, name), bytes);
    }
  }
}

/** A group's variables, read where they are asked for, in the dtypes of the variables that they are for. */
class ReadStore implements VariableStore {
  private readonly group: StoredGroup | null;
  private readonly variables: readonly Variable[];

  constructor(group: StoredGroup | null, variables: readonly Variable[]) {
    this.group = group;
    this.variables = variables;
  }

  get(key: string): Tensor | undefined {
    const stored = this.group?.arrayAt(key);
    return stored ? fromStored(stored, this.variables[Number(key)]?.dtype) : undefined;
  }

  set(): void {
    throw new ArgumentError('A file that is being read cannot be written to.');
  }

  keys(): readonly string[] {
    return this.group?.arrayNames() ?? [];
  }
}

/** The group of an object's variables; files of TensorFlow 2.13 have another name for layers. */
function variablesAt(group: StoredGroup, path: string): StoredGroup | null {
  return (
    group.groupAt(join(path, 'vars')) ??
    group.groupAt(join(path.replaceAll('layers', '_layer_checkpoint_dependencies'), 'vars'))
  );
}

export interface ReadStateOptions {
  /** Layers that do not fit keep their values; default false: they are an error. */
  skipMismatch?: boolean;
  /** What messages call the file. */
  what: string;
  assets?: ReadonlyMap<string, Uint8Array>;
}

/**
 * Reads the state of a model (or a layer) from below a group.
 * @throws ArgumentError that names what did not fit, unless `skipMismatch`; then it is a warning
 */
export function readState(
  root: Stateful,
  group: StoredGroup,
  { skipMismatch = false, what, assets }: ReadStateOptions,
): void {
  const failures: string[] = [];
  for (const [path, object] of statePaths(root)) {
    const stored = variablesAt(group, path);
    try {
      ops.tidy(() => {
        if (object instanceof Layer) object.loadOwnVariables(new ReadStore(stored, object.ownVariables));
        else readOptimizer(object, new ReadStore(stored, object.variables), what);
      });
      if (assets && hasAssets(object)) object.loadAssets(below(assets, path));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failures.push(`${object.name} (${path === '' ? 'the model itself' : path}): ${error.message}`);
    }
  }
  if (failures.length === 0) return;
  const message =
    `${what} does not fit the model: ${failures.length === 1 ? '1 part' : `${failures.length} parts`} could not be read.\n` +
    failures.slice(0, 10).join('\n');
  if (!skipMismatch)
    throw new ArgumentError(`${message}\nThe model must be made (and built) as the one that was saved.`);
  console.warn(message);
}

/** An optimizer without state in the file begins anew: the model may have been compiled since. */
function readOptimizer(optimizer: Optimizer, store: ReadStore, what: string): void {
  const { variables } = optimizer;
  const count = store.keys().length;
  // Before the first step it has no more than its step count and rate.
  if (count !== variables.length && count > 2) {
    console.warn(
      `${what}: the state of optimizer ${optimizer.name} is not read: the file has ${count} variables for it, ` +
        `it has ${variables.length}. It begins anew.`,
    );
    return;
  }
  variables.forEach((variable, i) => {
    const value = store.get(String(i));
    if (value && (count === variables.length || value.rank === 0)) variable.assign(value);
  });
}

const below = (files: ReadonlyMap<string, Uint8Array>, path: string): Map<string, Uint8Array> =>
  new Map(
    [...files]
      .filter(([name]) => name.startsWith(path === '' ? '' : `${path}/`))
      .map(([name, bytes]) => [path === '' ? name : name.slice(path.length + 1), bytes]),
  );
