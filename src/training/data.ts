/** @file What `fit`, `evaluate` and `predict` take as data, and the batches that steps get of it: checked, as tensors. */
import * as ops from '../ops/index.ts';
import { RaggedTensor } from '../ragged/index.ts';
import { ArgumentError } from '../tensor/errors.ts';
import type { NestedArray, NestedText } from '../tensor/host.ts';
import { formatShape } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type TensorTree, mapTree } from '../tensor/tree.ts';

/** Samples along the first axis: a tensor (a ragged one too), a typed array, or nested arrays of numbers or strings. */
export type DataLike = Tensor | RaggedTensor | NestedArray | NestedText;

/**
 * Data for the inputs or the outputs of a model: samples, or a list (in their order) or an object (by their names) of samples. In
 * data for outputs null stands for one that has none.
 */
export type DataTree = DataLike | readonly (DataTree | null)[] | { readonly [name: string]: DataTree | null };

/**
 * What a step gets: inputs, targets and weights of some samples, each a tensor or a structure of tensors. Targets and weights
 * are null where none were given.
 *
 * @typeParam X - What the model takes; `Batch<[tf.Tensor, tf.Tensor]>` of a model with two inputs.
 */
export interface Batch<X = Tensor, Y = Tensor> {
  readonly x: X;
  readonly y: Y;
  /** For each sample a weight, or for each of its steps; one tensor, or one for each output. */
  readonly sampleWeight: TensorTree | null;
}

/** A batch for any model. */
export type AnyBatch = Batch<TensorTree, TensorTree | null>;

/** A batch, and whether its memory is the loop's to give back. */
export interface TakenBatch {
  readonly batch: AnyBatch;
  readonly owned: readonly { dispose(): void }[];
}

/** How many inputs and outputs a model is known to have: lists of host arrays are taken apart only where there are several. */
export interface Arity {
  readonly inputs: number;
  readonly outputs: number;
}

const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

const isTensorLeaf = (value: unknown): value is Tensor | RaggedTensor =>
  value instanceof Tensor || value instanceof RaggedTensor;

/** Whether a list holds tensors, or objects of them: then it is a structure and not samples in nested arrays. */
const holdsTensors = (list: readonly unknown[]): boolean =>
  list.some(
    (element) =>
      isTensorLeaf(element) || isPlainObject(element) || (Array.isArray(element) && holdsTensors(element.slice(0, 1))),
  );

function toTensor(data: DataLike, argument: string): Tensor | RaggedTensor {
  if (data === undefined || data === null)
    throw new ArgumentError(`${argument}: expected a tensor, a typed array or nested arrays; got ${String(data)}.`);
  const given = isTensorLeaf(data) ? data : ops.tensor(data);
  const leaf = given !== data && given.dtype === 'float64' ? ops.cast(given as Tensor, 'float32') : given;
  if (leaf.rank === 0 || leaf.shape[0] === 0)
    throw new ArgumentError(
      `${argument}: expected at least one sample along the first axis, got shape ${formatShape(leaf.shape)}.`,
    );
  return leaf;
}

/**
 * The structure of tensors that data stands for; doubles from host arrays become float32.
 *
 * @param parts - How many tensors there are to be, where that is known: a list of so many host arrays is taken apart.
 * @throws ArgumentError for what is no data.
 */
export function toTensors(data: DataTree, argument: string, parts = 1, mayLack = false): TensorTree {
  if (data === null && mayLack) return null as never;
  if (isPlainObject(data))
    return Object.fromEntries(
      Object.entries(data).map(([name, child]) => [
        name,
        toTensors(child as DataTree, `${argument}.${name}`, 1, mayLack),
      ]),
    );
  if (Array.isArray(data) && (holdsTensors(data) || (parts > 1 && data.length === parts)))
    return data.map((child, i) => toTensors(child as DataTree, `${argument}[${i}]`, 1, mayLack));
  return toTensor(data as DataLike, argument);
}

/** The tensors of a structure with their places: `x`, `x[0]`, `y.price`. */
export function placesOf(tree: unknown, place: string): (readonly [string, Tensor | RaggedTensor])[] {
  if (isTensorLeaf(tree)) return [[place, tree]];
  if (Array.isArray(tree)) return tree.flatMap((child, i) => placesOf(child, `${place}[${i}]`));
  if (!isPlainObject(tree)) return [];
  return Object.entries(tree).flatMap(([name, child]) => placesOf(child, `${place}.${name}`));
}

/** How many samples a batch holds. */
export const samplesIn = ({ x }: AnyBatch): number => placesOf(x, 'x')[0][1].shape[0] as number;

/** What data comes with. */
export interface BatchParts {
  readonly x: DataTree;
  readonly y?: DataTree | null;
  readonly sampleWeight?: DataTree | null;
}

/** Inputs, targets and weights as tensors, with as many samples each. @throws ArgumentError */
export function toBatch(caller: string, parts: BatchParts, arity: Arity): AnyBatch {
  const x = toTensors(parts.x, `${caller}: x`, arity.inputs);
  const y = parts.y === null || parts.y === undefined ? null : toTensors(parts.y, `${caller}: y`, arity.outputs, true);
  const weights = parts.sampleWeight ?? null;
  const sampleWeight =
    weights === null
      ? null
      : (mapTree(toTensors(weights, `${caller}: sampleWeight`, arity.outputs, true), (leaf) =>
          leaf instanceof Tensor ? ops.cast(leaf, 'float32') : leaf,
        ) as TensorTree);
  const batch = { x, y, sampleWeight };
  checkCounts(caller, batch);
  return batch;
}

function checkCounts(caller: string, { x, y, sampleWeight }: AnyBatch): void {
  const places = [...placesOf(x, 'x'), ...placesOf(y, 'y'), ...placesOf(sampleWeight, 'sampleWeight')];
  const samples = places[0]?.[1].shape[0];
  if (samples === undefined)
    throw new ArgumentError(`${caller}: x: expected a tensor or a structure of tensors, got none.`);
  if (places.every(([, leaf]) => leaf.shape[0] === samples)) return;
  throw new ArgumentError(
    `${caller}: expected as many targets as inputs; got ` +
      places
        .map(([place, leaf]) => `${place} with ${leaf.shape[0]} samples (shape ${formatShape(leaf.shape)})`)
        .join(', ') +
      '.',
  );
}

/** Tensors of a batch that were made for it: what the user gave stays. */
export function ownedBy(batch: AnyBatch, given: unknown): { dispose(): void }[] {
  const theirs = new Set<unknown>();
  const collect = (value: unknown): void => {
    if (isTensorLeaf(value)) theirs.add(value);
    else if (Array.isArray(value)) value.forEach(collect);
    else if (isPlainObject(value)) Object.values(value).forEach(collect);
  };
  collect(given);
  return placesOf([batch.x, batch.y, batch.sampleWeight], '')
    .map(([, leaf]) => leaf)
    .filter((leaf) => !theirs.has(leaf));
}

/** @throws ArgumentError unless `value` is a whole number of at least 1. */
export function requireCount(caller: string, name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new ArgumentError(
      `${caller}: expected ${name} to be a whole number of at least 1, got ${JSON.stringify(value)}.`,
    );
  return value;
}
