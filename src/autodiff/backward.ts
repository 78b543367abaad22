/** @file The backward pass: from gradients at targets, through what a tape recorded, to gradients at sources. */
import * as p from '../primitives/calls.ts';
import { ComplexTensor, partsOf } from '../tensor/complex.ts';
import { isFloating } from '../tensor/dtype.ts';
import { ArgumentError, DTypeError, ShapeError } from '../tensor/errors.ts';
import { IndexedSlices } from '../tensor/indexed-slices.ts';
import { disposeInScope, runInScope } from '../tensor/memory.ts';
import { formatShape, shapesEqual } from '../tensor/shape.ts';
import { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeLeaves } from '../tensor/tree.ts';
import { Variable } from '../tensor/variable.ts';
import { GradientSums, sumOf } from './accumulation.ts';
import { onesLike, zerosLike } from './adjoints.ts';
import type { InputGradients } from './rules.ts';
import type { Sources, UnconnectedGradients } from './sources.ts';

/** What was computed, and how gradients go back through it. */
export interface TapeRecord {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  readonly backward: (gradients: readonly (Tensor | undefined)[]) => InputGradients;
  /** It goes back by a primitive's rule, which keeps no tensor for itself. */
  readonly isPrimitive: boolean;
}

/** What a tape knows. */
export interface Recording {
  readonly records: TapeRecord[];
  /** The tensors at which gradients are wanted on the way. */
  readonly tracked: Set<Tensor>;
  /** The values as which watched variables were read. */
  readonly reads: Map<Variable, Set<Tensor>>;
}

export const newRecording = (): Recording => ({ records: [], tracked: new Set(), reads: new Map() });

/** The tensors that stand for a source. */
function tensorsOf({ reads }: Recording, source: Tensor | Variable): readonly Tensor[] {
  if (source instanceof Tensor) return partsOf(source);
  return (source.parts ?? [source]).flatMap((part) => [...(reads.get(part) ?? [])]);
}

/**
 * Accumulates gradients from the seeds back to the sources.
 *
 * @param purpose `gradient`: gradients at variables may be IndexedSlices, and what nobody wants any more is disposed of on the way, so
 *   that the next operation finds its memory still in the processor's cache. `rows`: of a jacobian.
 */
export function goBack(
  recording: Recording,
  seeds: readonly (readonly [Tensor, Tensor])[],
  sources: Sources,
  unconnected: UnconnectedGradients,
  purpose: 'gradient' | 'rows',
): unknown {
  const { records, tracked, reads } = recording;
  const leaves = treeLeaves(sources).filter(isSource);
  const wanted = new Set(leaves.flatMap((leaf) => tensorsOf(recording, leaf)));
  const rowwise = purpose === 'gradient' ? leaves.filter((leaf) => leaf instanceof Variable) : [];
  const gradients = new GradientSums(new Set(rowwise.flatMap((variable) => tensorsOf(recording, variable))));
  for (const [target, seed] of seeds) gradients.add(target, seed);
  /** What functions of users made, who may have kept it. */
  const foreign = new Set<Tensor>();
  for (let i = records.length - 1; i >= 0; i--) {
    const { inputs, outputs, backward, isPrimitive } = records[i];
    if (!outputs.some((output) => gradients.has(output))) continue;
    const contribute = (): void => {
      const contributions = backward(outputs.map((output) => gradients.get(output)));
      inputs.forEach((input, place) => {
        const contribution = contributions[place];
        if (contribution && tracked.has(input)) gradients.contribute(input, contribution);
      });
    };
    if (purpose === 'rows') {
      contribute();
      continue;
    }
    if (isPrimitive) runInScope(contribute, () => gradients.takeNew());
    else {
      contribute();
      for (const gradient of gradients.takeNew()) foreign.add(gradient);
    }
    for (const output of outputs) if (!wanted.has(output)) gradients.forget(output);
    for (const gradient of gradients.takeSpent()) if (!foreign.has(gradient)) disposeInScope(gradient);
  }
  const at = (source: Tensor | Variable): Tensor | null => {
    const tensors = source instanceof Tensor ? [source] : [...(reads.get(source) ?? [])];
    const parts = tensors.flatMap((tensor) => (tracked.has(tensor) ? (gradients.get(tensor) ?? []) : []));
    return parts.length > 0 ? parts.reduce(sumOf) : null;
  };
  return mapTree(sources, (source) => {
    if (!isSource(source))
      throw new ArgumentError(`GradientTape: expected tensors and variables as sources, got ${describe(source)}.`);
    const zeros = (): Tensor => zerosLike(source instanceof Tensor ? source : source.read());
    const parts = source instanceof Variable ? source.parts : source instanceof ComplexTensor && partsOf(source);
    const [re, im] = (parts || []).map(at);
    if (re || im) return new ComplexTensor(re ?? zerosLike(im as Tensor), im ?? zerosLike(re as Tensor));
    return at(source) ?? (unconnected === 'zero' ? zeros() : null);
  });
}

const isSource = (value: unknown): value is Tensor | Variable => value instanceof Tensor || value instanceof Variable;

/** The gradients at a target's tensors. A complex target counts with its real part; `given` may say otherwise. */
export function seedsOf(target: Tensor, given: Tensor | undefined): (readonly [Tensor, Tensor])[] {
  if (target instanceof IndexedSlices) return [[target.values, p.gather(seedOf(target, given), target.indices, 0)]];
  if (!(target instanceof ComplexTensor)) return [[target, seedOf(target, given)]];
  if (given instanceof ComplexTensor)
    return [
      [target.re, seedOf(target.re, given.re)],
      [target.im, seedOf(target.im, given.im)],
    ];
  return [[target.re, seedOf(target.re, given)]];
}

/** @throws DTypeError where a target has no gradients */
export function expectFloatTarget(operation: string, target: Tensor): void {
  if (!isFloating(target.dtype))
    throw new DTypeError(
      `GradientTape.${operation}: gradients need a target of floating dtype; this one is ${target.dtype}.`,
    );
}

function seedOf(target: Tensor, given: Tensor | undefined): Tensor {
  expectFloatTarget('gradient', target);
  if (given && !shapesEqual(given.shape, target.shape))
    throw new ShapeError(
      `GradientTape.gradient: the output gradient has shape ${formatShape(given.shape)}, its target ${formatShape(target.shape)}.`,
    );
  return given ? p.cast(given, target.dtype) : onesLike(target);
}

/** What something is that should have been something else. */
export const describe = (value: unknown): string =>
  value === null
    ? 'null'
    : typeof value === 'object'
      ? `a ${value.constructor?.name ?? 'plain object'}`
      : String(value);
