/** @file Primitives of strings, which live on the host: devices move numbers that stand for them, and know nothing else of them. */
import { placements } from '../../primitives/placements.ts';
import type { AbstractValue, DevicePrimitive, PrimitiveName, PrimitiveParams } from '../../primitives/primitives.ts';
import { DTypeError } from '../../tensor/errors.ts';
import { formatShape, shapesEqual, sizeOf } from '../../tensor/shape.ts';
import type { Storage } from '../../tensor/storage.ts';
import { StringStorage, compareBytes, stringsOf } from '../../tensor/string-storage.ts';
import type { Engine, EngineValue } from '../engine.ts';
import { runOnCpu } from '../placement.ts';
import { runStringFunction } from './string-functions.ts';

const isString = ({ dtype }: AbstractValue): boolean => dtype === 'string';

/** Whether a primitive has to do with strings, so that no engine can run it. */
export const concernsStrings = (
  primitive: PrimitiveName,
  inputs: readonly AbstractValue[],
  outputs: readonly AbstractValue[],
): boolean => primitive === 'strings' || inputs.some(isString) || outputs.some(isString);

const isPlacement = <P extends PrimitiveName>(primitive: P, params: PrimitiveParams[P]): boolean =>
  placements.has(primitive) ||
  (primitive === 'scatterReduce' && (params as PrimitiveParams['scatterReduce']).reduction === 'set');

const comparisons: { readonly [P in PrimitiveName]?: (order: number) => boolean } = {
  equal: (order) => order === 0,
  notEqual: (order) => order !== 0,
  less: (order) => order < 0,
  lessEqual: (order) => order <= 0,
  greater: (order) => order > 0,
  greaterEqual: (order) => order >= 0,
};

/** Stands for the empty string that padding adds. */
const emptyPlace = -1;

/**
 * Runs a placement on int32 numbers, each the place of a string among all of the operands' strings.
 * @returns the numbers as the primitive has placed them
 */
function placesAfter<P extends DevicePrimitive>(
  engine: Engine,
  primitive: P,
  inputs: readonly EngineValue[],
  params: PrimitiveParams[P],
  output: AbstractValue,
): ArrayLike<number> {
  let next = 0;
  const made: Storage[] = [];
  try {
    const operands = inputs.map((input): EngineValue => {
      if (!isString(input)) return input;
      const places = Int32Array.from({ length: sizeOf(input.shape) }, () => next++);
      const storage = engine.upload(places, 'int32', input.shape);
      made.push(storage);
      return { dtype: 'int32', shape: input.shape, storage };
    });
    const given = primitive === 'pad' ? { ...params, value: emptyPlace } : params;
    const outputs: readonly AbstractValue[] = [{ dtype: 'int32', shape: output.shape }];
    const lack = engine.lacks?.(primitive, operands, given, outputs);
    const [placed] =
      lack === undefined
        ? engine.run(primitive, operands, given, outputs)
        : runOnCpu(engine, lack, primitive, operands, given, outputs);
    made.push(placed);
    return placed.readSync() as Int32Array;
  } finally {
    for (const storage of made) storage.release();
  }
}

/** Compares strings of shapes that broadcast. */
function compare(
  engine: Engine,
  [a, b]: readonly EngineValue[],
  holds: (order: number) => boolean,
  { shape }: AbstractValue,
): Storage {
  const [x, y] = [a, b].map((operand) => {
    const strings = stringsOf(operand.storage);
    if (shapesEqual(operand.shape, shape)) return (i: number): Uint8Array => strings[i];
    const places = placesAfter(engine, 'broadcastTo', [operand], { shape }, { dtype: 'string', shape });
    return (i: number): Uint8Array => strings[places[i]];
  });
  const found = Uint8Array.from({ length: sizeOf(shape) }, (_, i) => (holds(compareBytes(x(i), y(i))) ? 1 : 0));
  return engine.upload(found, 'bool', shape);
}

/** Runs a primitive that has strings among its operands or results. @throws DTypeError where it has no meaning for them */
export function runOnStrings<P extends PrimitiveName>(
  engine: Engine,
  primitive: P,
  inputs: readonly EngineValue[],
  params: PrimitiveParams[P],
  outputs: readonly AbstractValue[],
): Storage[] {
  const [output] = outputs;
  if (primitive === 'strings') return [runStringFunction(engine, inputs, params as PrimitiveParams['strings'], output)];
  if (primitive === 'reshape') {
    inputs[0].storage.retain();
    return [inputs[0].storage];
  }
  const holds = comparisons[primitive];
  if (holds) return [compare(engine, inputs, holds, output)];
  if (!isPlacement(primitive, params)) {
    const given = inputs.map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`).join(', ');
    throw new DTypeError(
      `${primitive}: string is not among its dtypes, but it got ${given}; tf.strings has what strings can do.`,
    );
  }
  const places = placesAfter(
    engine,
    primitive as DevicePrimitive,
    inputs,
    params as PrimitiveParams[DevicePrimitive],
    output,
  );
  const strings = inputs.filter(isString).flatMap(({ storage }) => stringsOf(storage));
  const empty = new Uint8Array();
  return [new StringStorage(Array.from(places, (place) => (place === emptyPlace ? empty : strings[place])))];
}

/** Pieces one after another; their memory is given back. */
export function joinStrings(pieces: readonly Storage[]): Storage {
  const joined = new StringStorage(pieces.flatMap(stringsOf));
  for (const piece of pieces) piece.release();
  return joined;
}
