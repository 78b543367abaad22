/** @file Slices: of a product only the columns that are wanted; of one value all parts at once. */
import type { ValueId } from '../../../primitives/graph.ts';
import type { AbstractValue } from '../../../primitives/primitives.ts';
import { type Shape, sizeOf } from '../../../tensor/shape.ts';
import { type Graph, type GraphNode, Uses, isA } from './uses.ts';

type Slice = GraphNode<'slice'>;

/** The one axis that a slice shortens, without leaving anything out between; null where there is none or more. */
function shortenedAxis({ params: { size, strides } }: Slice, shape: Shape): number | null {
  const axes = shape.flatMap((length, axis) => (size[axis] === length ? [] : [axis]));
  return axes.length === 1 && strides.every((stride) => stride === 1) ? axes[0] : null;
}

/** The product of which nothing but some columns is wanted, where it costs less to pick them from the right operand. */
function findWideProduct(uses: Uses, values: readonly AbstractValue[], slice: Slice): GraphNode<'matMul'> | null {
  const [wide] = slice.inputs;
  const product = uses.producerOf(wide);
  if (!isA(product, 'matMul') || !uses.isInternal(wide) || uses.consumersOf(wide).length > 1) return null;
  const { shape } = values[wide];
  const columns = shape.length - 1;
  if (shortenedAxis(slice, shape) !== columns) return null;
  // What is saved of the product against what is copied of its operand.
  const left = slice.params.size[columns];
  return sizeOf(shape.slice(0, -1)) * (shape[columns] - left) >= left ? product : null;
}

/** Slices of columns of a product become slices of the operand that has the columns: the gradient of `concat([x, h]) @ w`, of which h's alone is wanted. */
export function sliceBeforeProduct(graph: Graph): Graph {
  const uses = new Uses(graph);
  const values: AbstractValue[] = [...graph.values];
  const replaced = new Map<GraphNode, GraphNode[]>();
  for (const node of graph.nodes) {
    if (!isA(node, 'slice')) continue;
    const product = findWideProduct(uses, values, node);
    if (!product) continue;
    const [left, right] = product.inputs;
    const { dtype, shape } = values[right];
    const axis = shape.length - (product.params.transposeB ? 2 : 1);
    const columns = node.params.size.length - 1;
    const size = shape.with(axis, node.params.size[columns]);
    const begin = shape.map((_, i) => (i === axis ? node.params.begin[columns] : 0));
    const narrow: ValueId = values.push({ dtype, shape: size }) - 1;
    replaced.set(product, []);
    replaced.set(node, [
      { primitive: 'slice', inputs: [right], params: { begin, size, strides: shape.map(() => 1) }, outputs: [narrow] },
      { ...product, inputs: [left, narrow], outputs: node.outputs },
    ]);
  }
  if (replaced.size === 0) return graph;
  return { ...graph, values, nodes: graph.nodes.flatMap((node) => replaced.get(node) ?? [node]) };
}

/** All parts of one value along an axis, in order. */
export interface Partition {
  readonly axis: number;
  readonly parts: readonly Slice[];
}

/** The slices of each value that cut it into parts, each beginning where the one before ends. */
export function findPartitions(graph: Graph): Map<ValueId, Partition> {
  const slices = new Map<ValueId, Slice[]>();
  for (const node of graph.nodes)
    if (isA(node, 'slice')) slices.set(node.inputs[0], [...(slices.get(node.inputs[0]) ?? []), node]);
  const found = new Map<ValueId, Partition>();
  for (const [id, [first, ...others]] of slices) {
    const { shape } = graph.values[id];
    const axis = others.length > 0 ? shortenedAxis(first, shape) : null;
    if (axis === null || !others.every((slice) => shortenedAxis(slice, shape) === axis)) continue;
    const parts = [first, ...others].sort((a, b) => a.params.begin[axis] - b.params.begin[axis]);
    let end = 0;
    const joins = parts.every(({ params: { begin, size } }) => begin[axis] === end && (end += size[axis]) > 0);
    if (joins && end === shape[axis]) found.set(id, { axis, parts });
  }
  return found;
}
