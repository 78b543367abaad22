/** @file Sums of gradients, in which the gradients of slices stay blocks until somebody asks: parts of a whole join to it. */
import * as p from '../primitives/calls.ts';
import { IndexedSlices, dense } from '../tensor/indexed-slices.ts';
import { type Shape, shapesEqual } from '../tensor/shape.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { scalarLike } from '../engine/operands.ts';

/** A gradient that is zero outside of one block of its tensor. */
interface Block {
  readonly begin: Shape;
  readonly value: Tensor;
}

/** Gives the gradient at an input; `block` says so where that is zero outside of a block. */
export interface Contribution {
  (): Tensor;
  readonly block?: Block;
}

const embed = ({ begin, value }: Block, shape: Shape): Tensor =>
  p.pad(
    value,
    shape.map((dimension, axis) => [begin[axis], dimension - begin[axis] - value.shape[axis]] as const),
  );

/** The gradient at a tensor of `shape` that is `value` from `begin` on, and zero elsewhere. */
export const inBlock = (value: Tensor, begin: Shape, shape: Shape): Contribution =>
  Object.assign(() => embed({ begin, value }, shape), { block: { begin, value } });

/** The one axis along which the blocks are shorter than their tensor; null where there is none, or several. */
function commonAxis(blocks: readonly Block[], shape: Shape): number | null {
  const axes = shape
    .map((_, axis) => axis)
    .filter((axis) => blocks.some(({ value }) => value.shape[axis] !== shape[axis]));
  return axes.length === 1 ? axes[0] : null;
}

/** Blocks side by side with zeros between them, which is far cheaper than a sum of tensors that are mostly zeros. */
function join(blocks: readonly Block[], axis: number, shape: Shape): Tensor | null {
  const sorted = [...blocks].sort((a, b) => a.begin[axis] - b.begin[axis]);
  const parts: Tensor[] = [];
  let reached = 0;
  const zerosUpTo = (place: number, like: Tensor): void => {
    if (place > reached) parts.push(p.broadcastTo(scalarLike(0, like), shape.with(axis, place - reached)));
  };
  for (const { begin, value } of sorted) {
    if (begin[axis] < reached) return null;
    zerosUpTo(begin[axis], value);
    parts.push(value);
    reached = begin[axis] + value.shape[axis];
  }
  zerosUpTo(shape[axis], sorted[0].value);
  return p.concat(parts, axis);
}

/** Blocks in one place are one. */
function merged(blocks: readonly Block[]): Block[] {
  const byPlace = new Map<string, Block>();
  for (const block of blocks) {
    const place = `${block.begin.join()};${block.value.shape.join()}`;
    const known = byPlace.get(place);
    byPlace.set(place, known ? { begin: known.begin, value: p.add(known.value, block.value) } : block);
  }
  return [...byPlace.values()];
}

function wholeOf(list: readonly Block[], shape: Shape): Tensor {
  const blocks = merged(list);
  if (blocks.length > 1) {
    const axis = commonAxis(blocks, shape);
    const joined = axis === null ? null : join(blocks, axis, shape);
    if (joined) return joined;
  }
  return blocks.map((block) => embed(block, shape)).reduce((a, b) => p.add(a, b));
}

/** The sum of two gradients: rows stay rows where both are. */
export function sumOf(a: Tensor, b: Tensor): Tensor {
  if (!(a instanceof IndexedSlices) || !(b instanceof IndexedSlices)) return p.add(a, b);
  return new IndexedSlices(p.concat([a.values, b.values], 0), p.concat([a.indices, b.indices], 0), a.denseShape);
}

/** The gradients of a backward pass. */
export class GradientSums {
  /** At these tensors gradients may be IndexedSlices. */
  private readonly rowwise: ReadonlySet<Tensor>;
  private readonly sums = new Map<Tensor, Tensor>();
  private readonly blocks = new Map<Tensor, Block[]>();
  /** In how many places of the two above a gradient stands: rules hand on the one they got. */
  private readonly places = new Map<Tensor, number>();
  private newOnes: Tensor[] = [];
  private spent: Tensor[] = [];

  constructor(rowwise: ReadonlySet<Tensor>) {
    this.rowwise = rowwise;
  }

  has(tensor: Tensor): boolean {
    return this.sums.has(tensor) || this.blocks.has(tensor);
  }

  add(tensor: Tensor, contribution: Tensor): void {
    const gradient = this.rowwise.has(tensor) ? contribution : dense(contribution);
    const sum = this.sums.get(tensor);
    const next = sum ? sumOf(sum, gradient) : gradient;
    this.sums.set(tensor, next);
    this.hold(next);
    if (sum) this.letGo(sum);
  }

  contribute(tensor: Tensor, contribution: Contribution): void {
    const { block } = contribution;
    if (!block || shapesEqual(block.value.shape, tensor.shape)) {
      this.add(tensor, contribution());
      return;
    }
    const blocks = this.blocks.get(tensor);
    if (blocks) blocks.push(block);
    else this.blocks.set(tensor, [block]);
    this.hold(block.value);
  }

  /** The gradient at a tensor, as far as it has come. */
  get(tensor: Tensor): Tensor | undefined {
    const blocks = this.blocks.get(tensor);
    if (blocks) {
      this.blocks.delete(tensor);
      this.add(tensor, wholeOf(blocks, tensor.shape));
      for (const { value } of blocks) this.letGo(value);
    }
    return this.sums.get(tensor);
  }

  /** The gradient at a tensor is not wanted any more. */
  forget(tensor: Tensor): void {
    const sum = this.sums.get(tensor);
    if (!sum) return;
    this.sums.delete(tensor);
    this.letGo(sum);
  }

  /** Gradients that came since this was last asked. */
  takeNew(): Tensor[] {
    const taken = this.newOnes;
    this.newOnes = [];
    return taken;
  }

  /** Gradients that stand in no place any more. */
  takeSpent(): Tensor[] {
    if (this.spent.length === 0) return this.spent;
    const taken = this.spent.filter((gradient) => !this.places.has(gradient));
    this.spent = [];
    return taken;
  }

  private hold(gradient: Tensor): void {
    this.places.set(gradient, (this.places.get(gradient) ?? 0) + 1);
    this.newOnes.push(gradient);
  }

  private letGo(gradient: Tensor): void {
    const count = (this.places.get(gradient) ?? 0) - 1;
    if (count > 0) this.places.set(gradient, count);
    else {
      this.places.delete(gradient);
      this.spent.push(gradient);
    }
  }
}
