/** @file NaN and infinity: found where they are made. */
import { placements } from '../../primitives/placements.ts';
import type { PrimitiveName } from '../../primitives/primitives.ts';
import { isFloating } from '../../tensor/dtype.ts';
import { NumericsError } from '../../tensor/errors.ts';
import { keepDisposalSites } from '../../tensor/disposals.ts';
import { toNumbers } from '../../tensor/host.ts';
import { formatShape } from '../../tensor/shape.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { userFrames } from '../../tensor/user-line.ts';
import { runFunctionsPlainly } from '../../tracing/function-mode.ts';
import { type TensorLike, ownTensor, toTensor } from '../convert.ts';
import { type KernelWatcher, watchKernels } from '../kernel-watch.ts';
import { assertAllFinite } from './assertions.ts';
import { op } from '../../symbolic/op.ts';

/** What stands in a tensor. */
interface Findings {
  readonly nan: number;
  readonly infinite: number;
  /** Place of the first element that is not finite. */
  readonly first: number;
  readonly least: number;
  readonly greatest: number;
}

function findingsOf(x: Tensor): Findings {
  const values = toNumbers(x.dataSync(), x.dtype);
  let [nan, infinite, first, least, greatest] = [0, 0, -1, Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isFinite(value)) {
      if (value < least) least = value;
      if (value > greatest) greatest = value;
      continue;
    }
    if (Number.isNaN(value)) nan++;
    else infinite++;
    if (first < 0) first = i;
  }
  return { nan, infinite, first, least, greatest };
}

/** Primitives that move elements, and so make none. */
const moving: ReadonlySet<PrimitiveName> = new Set<PrimitiveName>([
  ...placements,
  'reshape',
  'stopGradient',
  'customGradient',
]);

const countOf = ({ nan, infinite }: Findings): string =>
  [nan > 0 ? `${nan} NaN` : '', infinite > 0 ? `${infinite} infinite` : ''].filter((text) => text !== '').join(' and ');

function placeOf(place: number, shape: readonly number[]): string {
  const indices: number[] = [];
  for (let axis = shape.length - 1, rest = place; axis >= 0; axis--) {
    indices.unshift(rest % shape[axis]);
    rest = Math.floor(rest / shape[axis]);
  }
  return formatShape(indices);
}

function describe(x: Tensor, place: number): string {
  const facts = `  input ${place + 1}: ${x.dtype} ${formatShape(x.shape)}`;
  if (!isFloating(x.dtype) || x.isDisposed) return facts;
  const found = findingsOf(x);
  const bounds = found.least <= found.greatest ? `, from ${found.least} to ${found.greatest}` : '';
  return `${facts}${bounds}${found.first >= 0 ? `, with ${countOf(found)}` : ''}`;
}

const isMade = (found: Findings, inputs: readonly Tensor[]): boolean => {
  if (found.nan > 0) return true;
  // Infinity that came in was wanted, or was told of before.
  return found.infinite > 0 && !inputs.some((x) => isFloating(x.dtype) && !x.isDisposed && findingsOf(x).first >= 0);
};

let stop: (() => void) | null = null;

export interface CheckNumericsOptions {
  /** So many lines of the stack are shown at most. Default 30. */
  readonly stackHeightLimit?: number;
  /** Paths in them are cut to so many characters at their beginning. Default 50. */
  readonly pathLengthLimit?: number;
}

const shortened = (line: string, limit: number): string => {
  const path = /(?:file:\/\/)?(\/[^\s()]+)/.exec(line);
  if (!path || path[1].length <= limit) return line;
  return line.replace(path[0], `...${path[1].slice(-limit)}`);
};

/**
 * From here on the first operation that makes NaN or infinity is an error, which names it, what it was given, and the line of your
 * program that asked for it. Functions made by `tf.function`, and with them `model.fit`, run operation by operation meanwhile. Each
 * result is read, so this is slow: it is for finding a fault.
 *
 * Infinity that stands in an operand already, such as that of a mask, may stay infinite; NaN never passes, but through operations
 * that only move elements.
 *
 * @throws NumericsError from then on, where an operation makes NaN or infinity
 * @example
 * ```ts
 * tf.debugging.enableCheckNumerics();
 * tf.log(tf.tensor([1, 0]).sub(0.5)); // log made 1 NaN of 2 elements, the first at [1] ...
 * ```
 */
export function enableCheckNumerics({ stackHeightLimit = 30, pathLengthLimit = 50 }: CheckNumericsOptions = {}): void {
  disableCheckNumerics();
  const watcher: KernelWatcher = (primitive, inputs, outputs) => {
    if (moving.has(primitive)) return;
    outputs.forEach((output, i) => {
      if (!isFloating(output.dtype)) return;
      const found = findingsOf(output);
      if (found.first < 0 || !isMade(found, inputs)) return;
      const frames = userFrames(stackHeightLimit).map((line) => `  ${shortened(line, pathLengthLimit)}`);
      const which = outputs.length > 1 ? ` (output ${i + 1})` : '';
      throw new NumericsError(
        [
          `${primitive}${which} made ${countOf(found)} of ${output.size} elements, the first at ` +
            `${placeOf(found.first, output.shape)} of ${output.dtype} ${formatShape(output.shape)}.`,
          ...inputs.map(describe),
          ...(frames.length > 0 ? ['Asked for', ...frames] : []),
        ].join('\n'),
      );
    });
  };
  const ends = [watchKernels(watcher, { survivesInterrupts: true }), runFunctionsPlainly()];
  stop = () => ends.forEach((end) => end());
}

/** Ends what {@link enableCheckNumerics} began. */
export function disableCheckNumerics(): void {
  stop?.();
  stop = null;
}

/**
 * The tensor itself, if no element of it is NaN or infinite; an error otherwise, in a `tf.function` at every call.
 *
 * @param message What stands before the values in the error.
 * @throws AssertionError
 */
export const checkNumerics = op(
  'debugging.checkNumerics',
  function checkNumerics(x: TensorLike, message: string): Tensor {
    const value = toTensor(x, 'debugging.checkNumerics');
    assertAllFinite(value, { message });
    return ownTensor(value, x);
  },
);

/**
 * From here on a tensor remembers the line where it was disposed, for the error of whoever uses it afterwards. That takes some
 * microseconds for each call of `dispose` and each `tf.tidy`.
 *
 * @param on `false` ends it.
 */
export const traceDisposals = (on = true): void => keepDisposalSites(on);
