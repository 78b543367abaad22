/** @file What a layer asks of its input's shape, and the error when it gets something else. */
import { ShapeError } from '../tensor/errors.ts';
import { formatShape } from '../tensor/shape.ts';

export interface InputSpec {
  /** Exact rank, the batch counted. */
  readonly rank?: number;
  readonly minRank?: number;
  /** Sizes that axes must have; an axis may count from the end. */
  readonly axes?: Readonly<Record<number, number>>;
}

const ranks: Record<number, string> = {
  2: '[batch, features]',
  3: '[batch, steps, features]',
  4: '[batch, height, width, channels]',
};

/** @throws ShapeError that names the layer, what it expected and what it got. */
export function checkInput(layer: string, spec: InputSpec, shape: readonly (number | null)[]): void {
  const fail = (expected: string): never => {
    throw new ShapeError(`Layer ${layer}: expected an input ${expected}; got shape ${formatShape(shape)}.`);
  };
  if (spec.rank !== undefined && shape.length !== spec.rank)
    fail(`of rank ${spec.rank}${ranks[spec.rank] ? `, ${ranks[spec.rank]}` : ''}`);
  if (spec.minRank !== undefined && shape.length < spec.minRank)
    fail(`of rank ${spec.minRank} or more, the batch's axis first`);
  for (const [axis, size] of Object.entries(spec.axes ?? {})) {
    const actual = shape.at(Number(axis));
    if (actual !== null && actual !== size) fail(`whose axis ${axis} has size ${size}`);
  }
}
