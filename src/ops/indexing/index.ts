/** @file Indexing as numpy has it: `x.at(...)` reads, `x.setAt([...], value)` gives a changed copy. */
import * as p from '../../primitives/calls.ts';
import { fromHost } from '../../engine/index.ts';
import { ShapeError } from '../../tensor/errors.ts';
import { type Shape, broadcastShapes, formatShape, shapesEqual, sizeOf, stridesOf } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { type TensorLike, scalarLike, toTensor } from '../convert.ts';
import { type AxisIndex, type Index, type Places, readIndices } from './places.ts';
import { op } from '../../symbolic/op.ts';

type PlacesIndex = Extract<AxisIndex, { kind: 'places' }>;

const intVector = (numbers: Int32Array, shape: Shape): Tensor => fromHost(numbers, 'int32', [...shape]);

/** The spans of `x`; other axes whole. */
function takeSpans(x: Tensor, indices: readonly AxisIndex[]): Tensor {
  const begin = x.shape.map(() => 0);
  const size = [...x.shape];
  const strides = x.shape.map(() => 1);
  const backwards: number[] = [];
  for (const index of indices) {
    if (index.kind === 'place') [begin[index.axis], size[index.axis]] = [index.place, 1];
    if (index.kind !== 'span') continue;
    const { axis, step } = index;
    size[axis] = index.size;
    strides[axis] = Math.abs(step);
    // A backward walk is the forward one over the same elements, reversed.
    begin[axis] = index.size === 0 ? 0 : step > 0 ? index.begin : index.begin + (index.size - 1) * step;
    if (step < 0 && index.size > 1) backwards.push(axis);
  }
  const isWhole = shapesEqual(size, x.shape) && strides.every((stride) => stride === 1);
  const block = isWhole ? x : p.slice(x, begin, size, strides);
  return backwards.length > 0 ? p.reverse(block, backwards) : block;
}

const shapeOfPlaces = (places: Places): Shape => ('known' in places ? places.shape : places.symbolic.shape);

/** Elements of `known` read in a shape that its own broadcasts to. */
function broadcastReader({ shape }: { shape: Shape }, to: Shape): (flat: number) => number {
  const strides = stridesOf(shape);
  const outer = stridesOf(to);
  const offset = to.length - shape.length;
  return (flat) => {
    let at = 0;
    for (let axis = 0; axis < shape.length; axis++)
      if (shape[axis] > 1) at += (Math.floor(flat / outer[axis + offset]) % to[axis + offset]) * strides[axis];
    return at;
  };
}

/** Places along several axes as places along one that joins them, row-major. */
function joinPlaces(list: readonly PlacesIndex[], sizes: Shape, shape: Shape): Tensor {
  const strides = stridesOf(sizes);
  if (list.every(({ places }) => 'known' in places)) {
    const joined = new Int32Array(sizeOf(shape));
    list.forEach(({ places }, i) => {
      if (!('known' in places)) return;
      const at = broadcastReader(places, shape);
      for (let flat = 0; flat < joined.length; flat++) joined[flat] += places.known[at(flat)] * strides[i];
    });
    return intVector(joined, shape);
  }
  return list
    .map(({ places }, i) => {
      if ('known' in places)
        return intVector(
          places.known.map((place) => place * strides[i]),
          places.shape,
        );
      const places32 = p.cast(places.symbolic, 'int32');
      const fromStart = p.select(
        p.less(places32, scalarLike(0, places32)),
        p.add(places32, scalarLike(sizes[i], places32)),
        places32,
      );
      return p.mul(fromStart, scalarLike(strides[i], places32));
    })
    .reduce((sum, next) => p.add(sum, next));
}

/** The elements at lists of places, which broadcast together; `x` has its spans taken already. */
function takePlaces(x: Tensor, indices: readonly AxisIndex[], operation: string): Tensor {
  // Beside lists a single place is a list as well, which decides where their axes go.
  const all = indices.map((index): AxisIndex =>
    index.kind === 'place'
      ? { kind: 'places', axis: index.axis, places: { shape: [], known: Int32Array.of(0) } }
      : index,
  );
  const list = all.filter((index): index is PlacesIndex => index.kind === 'places');
  const first = all.findIndex(({ kind }) => kind === 'places');
  const areNeighbours = all.slice(first, first + list.length).every(({ kind }) => kind === 'places');
  const shape = list
    .map(({ places }) => shapeOfPlaces(places))
    .reduce<Shape>((a, b) => broadcastShapes(a, b, operation), []);

  const axes = list.map(({ axis }) => axis);
  const sizes = axes.map((axis) => x.shape[axis]);
  const rest = x.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const before = areNeighbours ? rest.filter((axis) => axis < axes[0]).length : 0;
  const permuted = p.transpose(x, [...rest.slice(0, before), ...axes, ...rest.slice(before)]);
  const outside = rest.map((axis) => x.shape[axis]);
  const merged = p.reshape(permuted, [...outside.slice(0, before), sizeOf(sizes), ...outside.slice(before)]);
  const taken = p.gather(merged, joinPlaces(list, sizes, shape), before);

  const result: number[] = areNeighbours ? [] : [...shape];
  all.forEach((index, i) => {
    if (index.kind === 'new') result.push(1);
    else if (index.kind === 'span') result.push(index.size);
    else if (areNeighbours && i === first) result.push(...shape);
  });
  return p.reshape(taken, result);
}

/**
 * Elements by their places, as numpy's `x[...]`.
 *
 * | index | takes |
 * | --- | --- |
 * | `2`, `-1` | one place; the axis goes |
 * | `'1:3'`, `'::-1'`, `tf.span(1, 3)` | a span, as Python writes it |
 * | `'...'` | all axes left, whole |
 * | `tf.newAxis` | a new axis of size 1 |
 * | `[0, 2]`, a tensor of integers | those places; several lists broadcast, and go together |
 * | a mask: booleans | the places where it is true; it is for as many axes as it has |
 *
 * The axes of lists stand where the lists stood; at the front where spans lie between them. Gradients flow to `x`. In
 * `tf.function` a mask must be known when it is traced, as it decides the shape.
 *
 * @param x Any tensor.
 * @param indices One for each axis from the first; axes left out are whole.
 * @throws ShapeError for a place out of range, too many indices, or lists that do not broadcast
 * @throws ArgumentError for what is no index
 * @example
 * ```ts
 * const x = tf.range(0, 12).reshape([3, 4]);
 * x.at(-1);                   // [8, 9, 10, 11]
 * x.at(':', '::2');           // [[0, 2], [4, 6], [8, 10]]
 * x.at([0, 2], [1, 3]);       // [1, 11]
 * x.at(x.greater(9));         // [10, 11]
 * x.at('...', tf.newAxis);    // shape [3, 4, 1]
 * ```
 */
export const at = op('at', function at(x: TensorLike, ...indices: Index[]): Tensor {
  const value = toTensor(x, 'at');
  const read = readIndices(value.shape, indices, 'at');
  const block = takeSpans(value, read);
  if (read.some(({ kind }) => kind === 'places')) return takePlaces(block, read, 'at');
  const shape = read.flatMap((index) => (index.kind === 'new' ? [1] : index.kind === 'span' ? [index.size] : []));
  return p.reshape(block, shape);
});

/** Which element of `x` and then of `value` stands at each place: the last one that was put there. */
function sourcesOf(places: ArrayLike<number>, size: number): Int32Array {
  const sources = Int32Array.from({ length: size }, (_, i) => i);
  for (let i = 0; i < places.length; i++) sources[places[i]] = size + i;
  return sources;
}

/** The same where places are known only at the call. Of several that meet in one place the last one counts here too. */
function symbolicSourcesOf(places: Tensor, size: number): Tensor {
  const count = places.size;
  const order = intVector(
    Int32Array.from({ length: count }, (_, i) => i),
    [count],
  );
  // One that another one overwrites later puts nothing: it compares with all after it.
  const column = p.reshape(places, [count, 1]);
  const meets = p.equal(column, p.reshape(places, [1, count]));
  const later = p.less(p.reshape(order, [count, 1]), p.reshape(order, [1, count]));
  const overwritten = p.max(p.cast(p.logicalAnd(meets, later), 'int32'), [1]);
  const shift = p.sub(p.add(order, scalarLike(size, order)), places);
  const counted = p.mul(shift, p.sub(scalarLike(1, order), overwritten));
  return p.add(
    intVector(
      Int32Array.from({ length: size }, (_, i) => i),
      [size],
    ),
    p.scatterAdd(counted, places, 0, size),
  );
}

/**
 * A copy of `x` with other elements at some places, as numpy's `x[...] = value`. `x` itself does not change; gradients flow
 * to `value`, and to what is left of `x`.
 *
 * @param x Any tensor.
 * @param indices As {@link at} takes them, in a list.
 * @param value Broadcasts to what `x.at(...indices)` has for its shape, and gets the dtype of `x`. Where a place is named more than
 *   once the last one counts.
 * @throws ShapeError where `value` does not broadcast, and as `at`
 * @example
 * ```ts
 * tf.zeros([2, 3]).setAt([0, '1:'], [5, 6]);  // [[0, 5, 6], [0, 0, 0]]
 * x.setAt([x.less(0)], 0);                    // as relu
 * ```
 */
export const setAt = op(
  'setAt',
  function setAt(x: TensorLike, indices: readonly Index[] | Index, value: TensorLike): Tensor {
    const old = toTensor(x, 'setAt');
    const list = Array.isArray(indices) ? (indices as readonly Index[]) : [indices as Index];
    const { size } = old;
    const places = at(
      intVector(
        Int32Array.from({ length: size }, (_, i) => i),
        old.shape,
      ),
      ...list,
    );
    const given = p.cast(toTensor(value, 'setAt', old.dtype === 'complex64' ? undefined : old.dtype), old.dtype);
    const fits =
      given.rank <= places.rank && shapesEqual(broadcastShapes(given.shape, places.shape, 'setAt'), places.shape);
    if (!fits)
      throw new ShapeError(
        `setAt: a value of shape ${formatShape(given.shape)} does not broadcast to ${formatShape(places.shape)}, the shape of what is replaced.`,
      );
    if (places.size === 0 || size === 0) return p.reshape(old, old.shape);
    const flat = p.reshape(p.broadcastTo(given, places.shape), [places.size]);
    const sources = places.isSymbolic
      ? symbolicSourcesOf(p.reshape(places, [places.size]), size)
      : intVector(sourcesOf(places.dataSync(), size), [size]);
    return p.reshape(p.gather(p.concat([p.reshape(old, [size]), flat], 0), sources, 0), old.shape);
  },
);
