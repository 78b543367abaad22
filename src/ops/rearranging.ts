/** @file Elements in other places: rolled, turned, repeated, mirrored, gridded; and shapes that broadcast. */
import * as p from '../primitives/calls.ts';
import type { DType } from '../tensor/dtype.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import {
  type Shape,
  broadcastShapes as broadcastTwo,
  formatShape,
  normalizeAxis,
  shapesEqual,
  sizeOf,
  stridesOf,
} from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { type TensorLike, ownTensor, scalarLike, toTensor } from './convert.ts';
import { hostNumbers } from './data-dependent.ts';
import { hostTensor } from './host-tensor.ts';
import { op } from '../symbolic/op.ts';

/**
 * `x` itself, after its shape was checked. @param shape Dimensions; -1 or null for any. @throws ShapeError
 *
 * @example `tf.ensureShape([[1, 2]], [null, 2])` is `[[1, 2]]`
 */
export const ensureShape = op(
  'ensureShape',
  function ensureShape(x: TensorLike, shape: readonly (number | null)[]): Tensor {
    const value = toTensor(x, 'ensureShape');
    const fits =
      shape.length === value.rank &&
      shape.every((dimension, axis) => dimension === null || dimension === -1 || dimension === value.shape[axis]);
    if (!fits)
      throw new ShapeError(
        `ensureShape: expected shape ${formatShape(shape.map((d) => (d === -1 ? null : d)))}, got ${formatShape(value.shape)}.`,
      );
    return ownTensor(value, x);
  },
);

/** The shape that tensors of these shapes broadcast to. @throws ShapeError @example `tf.broadcastStaticShape([2, 1], [3])` is `[2, 3]` */
export const broadcastStaticShape = (...shapes: readonly Shape[]): number[] =>
  shapes.reduce<number[]>((a, b) => broadcastTwo(a, b, 'broadcastStaticShape'), []);
/**
 * {@link broadcastStaticShape} of shapes that are tensors: int32.
 *
 * @example `tf.broadcastDynamicShape([2, 1], [3])` is `[2, 3]`
 */
export const broadcastDynamicShape = op(
  'broadcastDynamicShape',
  function broadcastDynamicShape(shapeX: TensorLike, shapeY: TensorLike): Tensor {
    const [a, b] = [shapeX, shapeY].map((shape) => {
      const value = toTensor(shape, 'broadcastDynamicShape', 'int32');
      return value.size === 0 ? [] : Array.from(hostNumbers(value, 'broadcastDynamicShape'));
    });
    return hostTensor(broadcastTwo(a, b, 'broadcastDynamicShape'));
  },
);
/**
 * {@link broadcastDynamicShape}, as TensorFlow.js names it.
 *
 * @example `tf.broadcastArgs([2, 1], [3])` is `[2, 3]`
 */
export const broadcastArgs: (shapeX: TensorLike, shapeY: TensorLike) => Tensor = broadcastDynamicShape;

const part = (x: Tensor, axis: number, begin: number, length: number): Tensor =>
  p.slice(x, x.shape.map((_, a) => (a === axis ? begin : 0)), x.shape.with(axis, length)); // prettier-ignore

/**
 * Elements moved along axes; those that leave at one end come in at the other.
 *
 * @param shift How far, towards the end; a number for each axis.
 * @param axis Axes, which may repeat.
 * @example `tf.roll([1, 2, 3, 4], 1, 0)` is `[4, 1, 2, 3]`
 */
export const roll = op(
  'roll',
  function roll(x: TensorLike, shift: number | readonly number[], axis: number | readonly number[]): Tensor {
    const value = toTensor(x, 'roll');
    const [shifts, axes] = [shift, axis].map((list) => (typeof list === 'number' ? [list] : [...list]));
    if (shifts.length !== axes.length || !shifts.every(Number.isInteger))
      throw new ArgumentError(
        `roll: expected a whole number for each axis, got shifts ${formatShape(shifts)} and axes ${formatShape(axes)}.`,
      );
    const rolled = axes.reduce((result, given, i) => {
      const at = normalizeAxis(given, value.rank, 'roll');
      const length = result.shape[at];
      const by = length === 0 ? 0 : ((shifts[i] % length) + length) % length;
      return by === 0 ? result : p.concat([part(result, at, length - by, by), part(result, at, 0, length - by)], at);
    }, value);
    return ownTensor(rolled, x);
  },
);

/**
 * Elements in the opposite order along `axis` (all axes by default), as numpy's `flip`.
 *
 * @example `tf.flip([[1, 2], [3, 4]], 1)` is `[[2, 1], [4, 3]]`
 */
export const flip = op('flip', function flip(x: TensorLike, axis: number | readonly number[] | null = null): Tensor {
  const value = toTensor(x, 'flip');
  const axes = (axis === null ? value.shape.map((_, a) => a) : typeof axis === 'number' ? [axis] : axis).map((a) =>
    normalizeAxis(a, value.rank, 'flip'),
  );
  return axes.length > 0 ? p.reverse(value, [...new Set(axes)]) : ownTensor(value, x);
});

/** Two axes in each other's place. @example `tf.swapAxes([[1, 2, 3]], 0, 1)` is `[[1], [2], [3]]` */
export const swapAxes = op('swapAxes', function swapAxes(x: TensorLike, axis1: number, axis2: number): Tensor {
  const value = toTensor(x, 'swapAxes');
  const [a, b] = [axis1, axis2].map((axis) => normalizeAxis(axis, value.rank, 'swapAxes'));
  return p.transpose(value, value.shape.map((_, axis) => (axis === a ? b : axis === b ? a : axis))); // prettier-ignore
});
/** Axes moved to other places; the others keep their order. @example `tf.moveAxis(x, 0, -1)` puts the first axis last */
export const moveAxis = op(
  'moveAxis',
  function moveAxis(
    x: TensorLike,
    source: number | readonly number[],
    destination: number | readonly number[],
  ): Tensor {
    const value = toTensor(x, 'moveAxis');
    const [from, to] = [source, destination].map((list) =>
      (typeof list === 'number' ? [list] : list).map((axis) => normalizeAxis(axis, value.rank, 'moveAxis')),
    );
    if (from.length !== to.length || new Set(from).size !== from.length || new Set(to).size !== to.length)
      throw new ArgumentError(
        `moveAxis: expected distinct axes, as many from as to, got ${formatShape(from)} and ${formatShape(to)}.`,
      );
    const rest = value.shape.map((_, axis) => axis).filter((axis) => !from.includes(axis));
    const permutation = value.shape.map((_, axis) => (to.includes(axis) ? from[to.indexOf(axis)] : rest.shift()!));
    return p.transpose(value, permutation);
  },
);

/**
 * Turned by quarters in the plane of two axes, from the first towards the second.
 *
 * @param k How many quarters; negative ones turn the other way.
 * @example `tf.rot90([[1, 2], [3, 4]])` is `[[2, 4], [1, 3]]`
 */
export const rot90 = op(
  'rot90',
  function rot90(x: TensorLike, k = 1, axes: readonly [number, number] = [0, 1]): Tensor {
    const value = toTensor(x, 'rot90');
    const [a, b] = axes.map((axis) => normalizeAxis(axis, value.rank, 'rot90'));
    if (a === b || !Number.isInteger(k))
      throw new ArgumentError(
        `rot90: expected a whole number of turns and two axes, got ${k} and ${formatShape(axes)}.`,
      );
    const turns = ((k % 4) + 4) % 4;
    if (turns === 0) return ownTensor(value, x);
    if (turns === 2) return p.reverse(value, [a, b]);
    return turns === 1 ? swapAxes(p.reverse(value, [b]), a, b) : p.reverse(swapAxes(value, a, b), [b]);
  },
);

/**
 * Each element several times, one after another, along `axis`; of the flattened tensor by default.
 *
 * @param repeats How often, one number for all or one for each place of the axis.
 * @example `tf.repeat([1, 2], [2, 3])` is `[1, 1, 2, 2, 2]`
 */
export const repeat = op(
  'repeat',
  function repeat(x: TensorLike, repeats: number | TensorLike, axis: number | null = null): Tensor {
    const given = toTensor(x, 'repeat');
    const value = axis === null ? p.reshape(given, [given.size]) : given;
    const at = normalizeAxis(axis ?? 0, value.rank, 'repeat');
    const counts =
      typeof repeats === 'number' ? [repeats] : Array.from(hostNumbers(toTensor(repeats, 'repeat', 'int32'), 'repeat'));
    const length = value.shape[at];
    if ((counts.length !== 1 && counts.length !== length) || !counts.every((n) => Number.isInteger(n) && n >= 0))
      throw new ArgumentError(
        `repeat: expected one whole number of 0 or more, or one for each of the ${length} places of axis ${at}, got ${formatShape(counts)}.`,
      );
    const places = Array.from({ length }, (_, i) => new Array<number>(counts[counts.length === 1 ? 0 : i]).fill(i));
    return p.gather(value, hostTensor(places.flat()), at);
  },
);

/** How {@link meshgrid} lays out its grids. */
export interface MeshgridOptions {
  /** `'xy'`: the first vector runs along the second axis, as in pictures; `'ij'`: along the first one. */
  readonly indexing?: 'xy' | 'ij';
}
const isMeshgridOptions = (value: TensorLike | MeshgridOptions): value is MeshgridOptions =>
  typeof value === 'object' && 'indexing' in value;

/**
 * Coordinates on a grid: for each vector a tensor with its value at each point.
 *
 * @param operands Vectors or scalars, then options.
 * @example `const [x, y] = tf.meshgrid([1, 2, 3], [4, 5])` // both of shape [2, 3]
 */
export const meshgrid = op(
  'meshgrid',
  function meshgrid(...operands: readonly (TensorLike | MeshgridOptions)[]): Tensor[] {
    const options = operands.filter(isMeshgridOptions);
    const indexing = options[0]?.indexing ?? 'xy';
    if (indexing !== 'xy' && indexing !== 'ij')
      throw new ArgumentError(`meshgrid: expected indexing 'xy' or 'ij', got ${JSON.stringify(indexing)}.`);
    const vectors = operands
      .filter((operand): operand is TensorLike => !isMeshgridOptions(operand))
      .map((operand) => {
        const value = toTensor(operand, 'meshgrid');
        if (value.rank > 1) throw new ShapeError(`meshgrid: expected vectors, got shape ${formatShape(value.shape)}.`);
        return value;
      });
    const order = vectors.map((_, i) => (indexing === 'xy' && vectors.length > 1 && i < 2 ? 1 - i : i));
    const shape = order.map((i) => vectors[i].size);
    return vectors.map(
      (value, i) =>
    p.broadcastTo(p.reshape(value, shape.map((_, axis) => (order[axis] === i ? value.size : 1))), shape), // prettier-ignore
    );
  },
);

/**
 * Padding with the mirror image of the tensor.
 *
 * @param paddings For each axis how many before and after.
 * @param mode `'reflect'`: the edge is the mirror and stands once; `'symmetric'`: it stands twice.
 * @example `tf.mirrorPad([1, 2, 3], [[2, 1]], 'reflect')` is `[3, 2, 1, 2, 3, 2]`
 */
export const mirrorPad = op(
  'mirrorPad',
  function mirrorPad(
    x: TensorLike,
    paddings: readonly (readonly [number, number])[],
    mode: 'reflect' | 'symmetric',
  ): Tensor {
    const value = toTensor(x, 'mirrorPad');
    if (mode !== 'reflect' && mode !== 'symmetric')
      throw new ArgumentError(`mirrorPad: expected mode 'reflect' or 'symmetric', got ${JSON.stringify(mode)}.`);
    const most = (axis: number): number => value.shape[axis] - (mode === 'reflect' ? 1 : 0);
    if (
      paddings.length !== value.rank ||
      paddings.some((pair, axis) => pair.some((n) => !Number.isInteger(n) || n < 0 || n > Math.max(0, most(axis))))
    )
      throw new ShapeError(
        `mirrorPad: expected ${value.rank} pairs of whole numbers, at most ${formatShape(value.shape.map((_, axis) => most(axis)))} in mode ` +
          `'${mode}', got ${JSON.stringify(paddings)}.`,
      );
    const edge = mode === 'reflect' ? 0 : 1;
    const padded = paddings.reduce((result, [before, after], axis) => {
      if (before === 0 && after === 0) return result;
      const length = value.shape[axis];
      const places = Array.from({ length: before + length + after }, (_, i) => {
        const place = i - before;
        if (place < 0) return -place - edge;
        return place < length ? place : 2 * length - 2 - place + edge;
      });
      return p.gather(result, hostTensor(places), axis);
    }, value);
    return ownTensor(padded, x);
  },
);

/**
 * The first `seqLengths[i]` elements along `seqAxis` in the opposite order, for each slice i along `batchAxis`.
 *
 * @example `tf.reverseSequence([[1, 2, 3], [4, 5, 6]], [2, 3], 1)` is `[[2, 1, 3], [6, 5, 4]]`
 */
export const reverseSequence = op(
  'reverseSequence',
  function reverseSequence(x: TensorLike, seqLengths: TensorLike, seqAxis: number, batchAxis = 0): Tensor {
    const value = toTensor(x, 'reverseSequence');
    const lengths = p.cast(toTensor(seqLengths, 'reverseSequence', 'int32'), 'int32');
    const [along, batch] = [seqAxis, batchAxis].map((axis) => normalizeAxis(axis, value.rank, 'reverseSequence'));
    if (along === batch || !shapesEqual(lengths.shape, [value.shape[batch]]))
      throw new ShapeError(
        `reverseSequence: expected two axes and ${value.shape[batch]} lengths, one for each slice along axis ${batch} of shape ` +
          `${formatShape(value.shape)}, got axes ${along} and ${batch} and lengths of shape ${formatShape(lengths.shape)}.`,
      );
    const along1 = (axis: number): number[] => value.shape.map((d, a) => (a === axis ? d : 1));
    const places = hostTensor(Array.from({ length: value.shape[along] }, (_, i) => i), along1(along)); // prettier-ignore
    const limits = p.reshape(lengths, along1(batch));
    const mirrored = p.sub(p.sub(limits, scalarLike(1, limits)), places);
    const indices = p.select(p.less(places, limits), mirrored, places);
    return p.gatherAlong(value, p.broadcastTo(indices, value.shape), along);
  },
);

/**
 * For each length a row that is true in its first places.
 *
 * @param maxlen Length of the rows; by default the largest length, which is read from the tensor: in a traced function give it.
 * @example `tf.sequenceMask([1, 3], 3)` is `[[true, false, false], [true, true, true]]`
 */
export const sequenceMask = op(
  'sequenceMask',
  function sequenceMask(lengths: TensorLike, maxlen: number | null = null, dtype: DType = 'bool'): Tensor {
    const value = p.cast(toTensor(lengths, 'sequenceMask', 'int32'), 'int32');
    const width = maxlen ?? Array.from(hostNumbers(value, 'sequenceMask')).reduce((a, b) => Math.max(a, b), 0);
    const places = hostTensor(Array.from({ length: width }, (_, i) => i));
    return p.cast(p.less(places, p.reshape(value, [...value.shape, 1])), dtype);
  },
);

/** Coordinates in a shape of places in it flattened. @returns int32 `[dims.length, ...indices.shape]` @example `tf.unravelIndex([5], [2, 3])` is `[[1], [2]]` */
export const unravelIndex = op('unravelIndex', function unravelIndex(indices: TensorLike, dims: Shape): Tensor {
  const value = p.cast(toTensor(indices, 'unravelIndex', 'int32'), 'int32');
  const limit = sizeOf(dims);
  if (!value.isSymbolic) {
    const wrong = Array.from(hostNumbers(value, 'unravelIndex')).find((place) => place < 0 || place >= limit);
    if (wrong !== undefined)
      throw new ArgumentError(
        `unravelIndex: index ${wrong} is out of shape ${formatShape(dims)} with ${limit} places.`,
      );
  }
  const column = (numbers: readonly number[]): Tensor =>
    hostTensor(numbers, [dims.length, ...value.shape.map(() => 1)]);
  const quotients = p.floorDiv(p.reshape(value, [1, ...value.shape]), column(stridesOf(dims)));
  return p.mod(quotients, column(dims));
});
