/** @file What a layer asks of its input's shape, and the error when it gets something else. */
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { type PartialShape, formatShape } from '../tensor/shape.ts';
import { type ShapeTree, mapShapes } from '../tensor/tree.ts';

/** What one input must look like; what is left out is free. */
export interface InputSpec {
  /** Exact shape; null where any size will do. */
  readonly shape?: PartialShape;
  /** Exact rank, the batch counted. */
  readonly rank?: number;
  readonly minRank?: number;
  readonly maxRank?: number;
  /** Sizes that axes must have; an axis may count from the end. */
  readonly axes?: Readonly<Record<number, number>>;
}

const ranks: Record<number, string> = {
  2: '[batch, features]',
  3: '[batch, steps, features]',
  4: '[batch, height, width, channels]',
};

/**
 * Checks the shapes of a layer's inputs, each by its own spec or all by one.
 * @throws ShapeError, ArgumentError
 */
export function checkInputs(layer: string, spec: InputSpec | readonly InputSpec[], shapes: ShapeTree): void {
  const given: PartialShape[] = [];
  mapShapes(shapes, (shape) => given.push(shape));
  if (!Array.isArray(spec)) {
    for (const shape of given) checkInput(layer, spec as InputSpec, shape);
    return;
  }
  const specs = spec as readonly InputSpec[];
  if (specs.length !== given.length)
    throw new ArgumentError(`Layer ${layer}: expected ${specs.length} inputs, got ${given.length}.`);
  specs.forEach((one, i) => checkInput(layer, one, given[i]));
}

/** @throws ShapeError that names the layer, what it expected and what it got. */
export function checkInput(layer: string, spec: InputSpec, shape: readonly (number | null)[]): void {
  const fail = (expected: string): never => {
    throw new ShapeError(`Layer ${layer}: expected an input ${expected}; got shape ${formatShape(shape)}.`);
  };
  if (spec.rank !== undefined && shape.length !== spec.rank)
    fail(`of rank ${spec.rank}${ranks[spec.rank] ? `, ${ranks[spec.rank]}` : ''}`);
  if (spec.minRank !== undefined && shape.length < spec.minRank)
    fail(`of rank ${spec.minRank} or more, the batch's axis first`);
  if (spec.maxRank !== undefined && shape.length > spec.maxRank) fail(`of rank ${spec.maxRank} or less`);
  if (
    spec.shape &&
    !(
      shape.length === spec.shape.length &&
      spec.shape.every((size, i) => size === null || [null, size].includes(shape[i]))
    )
  )
    fail(`of shape ${formatShape(spec.shape)}`);
  for (const [axis, size] of Object.entries(spec.axes ?? {})) {
    const actual = shape.at(Number(axis));
    if (actual !== null && actual !== size) fail(`whose axis ${axis} has size ${size}`);
  }
}
