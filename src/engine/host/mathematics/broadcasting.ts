/** @file Where the elements of broadcast operands lie. */
import { type Shape, shapesEqual, sizeOf, stridesOf } from '../../../tensor/shape.ts';

/** From a place in the broadcast shape to the operand's place. */
export type PlaceOf = (place: number) => number;

/** The places of an operand of shape `from` that is broadcast to shape `to`. */
export function placesOf(from: Shape, to: Shape): PlaceOf {
  if (shapesEqual(from, to)) return (place) => place;
  const size = sizeOf(from);
  if (size === 1) return () => 0;
  const offset = to.length - from.length;
  // Repeated along leading axes only: it begins anew.
  if (from.every((dimension, axis) => dimension === to[axis + offset])) return (place) => place % size;
  const strides = stridesOf(to);
  const own = stridesOf(from);
  return (place) => {
    let result = 0;
    for (let axis = 0; axis < from.length; axis++)
      if (from[axis] !== 1) result += (Math.floor(place / strides[axis + offset]) % to[axis + offset]) * own[axis];
    return result;
  };
}
