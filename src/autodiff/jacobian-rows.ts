/** @file The rows of a jacobian: gradients for many seeds, all at once or one after another. */
import { fromHost } from '../engine/index.ts';
import * as p from '../primitives/calls.ts';
import { ofParts, partsOf } from '../tensor/complex.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { mapTree, treeLeaves } from '../tensor/tree.ts';
import { Batching } from '../tracing/batching.ts';
import { zerosLike } from './adjoints.ts';

/** A tensor made anew, part by part where it is complex. */
export function eachPart(x: Tensor, change: (part: Tensor) => Tensor): Tensor {
  const parts = partsOf(x).map(change);
  return ofParts(x, () => parts.shift()!);
}

/** The rows of an identity matrix are the seeds of a jacobian's rows. */
export function identity(size: number): Tensor {
  const data = new Float32Array(size * size);
  for (let i = 0; i < size; i++) data[i * size + i] = 1;
  return fromHost(data, 'float32', [size, size]);
}

/** Gradients for all seeds at once. */
export function together(size: number, seeds: Tensor, run: (seed: Tensor) => unknown): unknown {
  const batching = new Batching(size);
  const elements = batching.run(() => run(batching.elementOf(seeds)));
  return mapTree(elements, (leaf) => (leaf === null ? null : eachPart(leaf as Tensor, (x) => batching.wholeOf(x))));
}

/** Gradients for one seed after another. */
export function inTurns(size: number, seeds: Tensor, run: (seed: Tensor) => unknown): unknown {
  const rows = Array.from({ length: size }, (_, i) => {
    const begin = seeds.shape.map((__, axis) => (axis === 0 ? i : 0));
    return run(p.reshape(p.slice(seeds, begin, seeds.shape.with(0, 1)), seeds.shape.slice(1)));
  });
  const leaves = rows.map((row) => treeLeaves(row) as (Tensor | null)[]);
  let place = 0;
  return mapTree(rows[0], () => {
    const at = place++;
    const first = leaves.find((row) => row[at])?.[at];
    if (!first) return null;
    const partsByRow = leaves.map((row) => partsOf(row[at] ?? zerosLike(first)));
    let part = 0;
    return ofParts(first, () => {
      const which = part++;
      const pieces = partsByRow.map((parts) => p.reshape(parts[which], [1, ...first.shape]));
      return pieces.length === 1 ? pieces[0] : p.concat(pieces, 0);
    });
  });
}
