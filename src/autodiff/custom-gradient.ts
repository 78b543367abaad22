/** @file customGrad: functions with a gradient rule of the user's. */
import { currentObservers, withObservers } from '../primitives/bind.ts';
import * as p from '../primitives/calls.ts';
import { ofParts, partsOf } from '../tensor/complex.ts';
import { ArgumentError, ShapeError } from '../tensor/errors.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { type TracedRegion, finishRegions, traceWithin } from '../tracing/region-trace.ts';
import { openTapes } from './tape.ts';
import { zerosLike } from './adjoints.ts';

/** What the function of {@link customGrad} returns. */
export interface CustomGradient<Value extends Tensor | readonly Tensor[] = Tensor | readonly Tensor[]> {
  /** A tensor, or several. */
  readonly value: Value;
  /** From the gradient at the value (those at the values), and the tensors that were saved, to the gradient at each input. */
  readonly gradFunc: (dy: Value extends Tensor ? Tensor : Tensor[], saved: Tensor[]) => Tensor | readonly Tensor[];
}

type Save = (tensors: Tensor[]) => void;

/**
 * A function with a gradient rule of your own.
 *
 * @param f Gets the inputs and a function `save`; tensors given to it come back as the second argument of `gradFunc`. It
 *   returns `{ value, gradFunc }`; where `value` is an array, `gradFunc` gets an array of gradients.
 * @example
 * ```ts
 * const clippedExp = tf.customGrad((x: tf.Tensor, save: (tensors: tf.Tensor[]) => void) => {
 *   const value = x.exp();
 *   save([value]);
 *   return { value, gradFunc: (dy, [y]) => dy.mul(y).clipByValue(-1, 1) };
 * });
 * ```
 */
export function customGrad<Inputs extends Tensor[], Value extends Tensor | readonly Tensor[]>(
  f: (...inputs: Inputs) => CustomGradient<Value>,
): (...inputs: Inputs) => Value;
export function customGrad<Inputs extends Tensor[], Value extends Tensor | readonly Tensor[]>(
  f: (...args: [...inputs: Inputs, save: Save]) => CustomGradient<Value>,
): (...inputs: Inputs) => Value;
export function customGrad(
  f: (...args: [...inputs: Tensor[], save: Save]) => CustomGradient,
): (...inputs: Tensor[]) => Tensor | readonly Tensor[] {
  return (...inputs) => {
    let saved: Tensor[] = [];
    const { value, gradFunc } = f(...inputs, (tensors) => {
      saved = tensors;
    });
    const values = value instanceof Tensor ? [value] : value;
    // What was saved of the values is the results: so gradients of the rule lead through the rule as well.
    const gradientsAt = (dys: readonly Tensor[], results: readonly Tensor[]): Tensor[] => {
      const kept = saved.map((tensor) => results[values.indexOf(tensor)] ?? tensor);
      const dy = value instanceof Tensor ? dys[0] : [...dys];
      return checkedGradients((gradFunc as (dy: unknown, saved: Tensor[]) => unknown)(dy, kept), inputs);
    };
    const isPrimitive =
      values.some(({ isSymbolic }) => isSymbolic) ||
      currentObservers().some(({ seesPrimitivesOnly }) => seesPrimitivesOnly);
    const results = isPrimitive
      ? customAsPrimitive(values, inputs, gradientsAt)
      : customAtOnce(values, inputs, () => saved, gradientsAt);
    return value instanceof Tensor ? results[0] : results;
  };
}

/** {@link customGrad} by its name in TensorFlow. */
export const customGradient = customGrad;

type GradientsAt = (dys: readonly Tensor[], results: readonly Tensor[]) => Tensor[];

function checkedGradients(returned: unknown, inputs: readonly Tensor[]): Tensor[] {
  const gradients = returned instanceof Tensor ? [returned] : (returned as Tensor[]);
  if (!Array.isArray(gradients) || gradients.length !== inputs.length)
    throw new ArgumentError(
      `customGrad: expected gradFunc to return one gradient for each of ${inputs.length} inputs, got ${Array.isArray(gradients) ? gradients.length : String(returned)}.`,
    );
  gradients.forEach(({ shape }, i) => {
    if (!shapesEqual(shape, inputs[i].shape))
      throw new ShapeError(
        `customGrad: gradient ${i + 1} has shape ${formatShape(shape)}, its input ${formatShape(inputs[i].shape)}.`,
      );
  });
  return gradients;
}

/** Tensors like these of their parts, in order. */
function assembled(like: readonly Tensor[], parts: readonly Tensor[]): Tensor[] {
  let place = 0;
  return like.map((tensor) => ofParts(tensor, () => parts[place++]));
}

/**
 * Tapes recorded what the function computed, so that gradients of the rule are right; the results get identities of their
 * own, so that the way back to the inputs leads through the rule alone.
 */
function customAtOnce(
  values: readonly Tensor[],
  inputs: readonly Tensor[],
  saved: () => readonly Tensor[],
  gradientsAt: GradientsAt,
): Tensor[] {
  const results = values.map((value) => value.alias());
  const [outputParts, inputParts] = [results.flatMap(partsOf), inputs.flatMap(partsOf)];
  for (const tape of openTapes())
    tape.observeRule(inputParts, outputParts, saved(), (dParts) => {
      let gradients: readonly Tensor[] | undefined;
      const compute = (): readonly Tensor[] => {
        const dys = dParts.map((d, i) => d ?? zerosLike(outputParts[i]));
        return gradientsAt(assembled(results, dys), results).flatMap(partsOf);
      };
      return inputParts.map((_, i) => () => (gradients ??= compute())[i]);
    });
  return results;
}

/** The rule becomes a primitive's, for tapes that see only those. */
function customAsPrimitive(values: readonly Tensor[], inputs: readonly Tensor[], gradientsAt: GradientsAt): Tensor[] {
  const outputs = values.flatMap(partsOf);
  const operands = inputs.flatMap(partsOf);
  const traced = withObservers([], () =>
    traceWithin([...outputs, ...outputs], (trace, inside): TracedRegion => ({
      trace,
      operands: inside.map(({ valueId }) => valueId),
      outputs: gradientsAt(
        assembled(values, inside.slice(0, outputs.length)),
        assembled(values, inside.slice(outputs.length)),
      ).flatMap((gradient) => partsOf(gradient).map((part) => trace.valueOf(part))),
    })),
  );
  const { regions, captures } = finishRegions([traced]);
  const results = p.customGradient([...outputs, ...operands, ...captures], {
    outputs: outputs.length,
    inputs: operands.length,
    backward: regions[0],
  });
  return assembled(values, results);
}
