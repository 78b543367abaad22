/** @file Pooling before what needs fewer numbers after it. */
import type { ValueId } from '../../../primitives/graph.ts';
import type { AbstractValue, CompiledPrimitive, PrimitiveParams } from '../../../primitives/primitives.ts';
import { type Graph, type GraphNode, Uses, isA } from './uses.ts';

interface PooledRelu {
  readonly relu: GraphNode;
  readonly pool: GraphNode<'maxPool2d'>;
  /** Gradients of the pool, each with the product by relu's own gradient that follows it. */
  readonly gradients: ReadonlyMap<GraphNode, MaskedGradient>;
  /** Nodes that go. */
  readonly dropped: ReadonlySet<GraphNode>;
}

interface MaskedGradient {
  readonly gradient: GraphNode<'maxPool2dGradient'>;
  /** The 0 that relu's gradient compares with. */
  readonly zero: ValueId;
}

/** The nodes that make relu's gradient, 0 or 1, of what it gave: a comparison and a cast; null where it is something else. */
function reluGradient(uses: Uses, id: ValueId, rectified: ValueId): readonly [GraphNode, GraphNode] | null {
  const cast = uses.producerOf(id);
  if (!isA(cast, 'cast')) return null;
  const comparison = uses.producerOf(cast.inputs[0]);
  if (!isA(comparison, 'greater') || comparison.inputs[0] !== rectified || !uses.isZero(comparison.inputs[1]))
    return null;
  return [comparison, cast];
}

/** relu before maxPool2d with nothing else on it than the gradient of both. */
function findPooledRelu(uses: Uses, relu: GraphNode): PooledRelu | null {
  const [rectified] = relu.outputs;
  if (!isA(relu, 'relu') || !uses.isInternal(rectified)) return null;
  const consumers = uses.consumersOf(rectified);
  const [pool, ...morePools] = consumers.filter((node) => isA(node, 'maxPool2d'));
  if (!isA(pool, 'maxPool2d') || morePools.length > 0) return null;
  const gradients = new Map<GraphNode, MaskedGradient>();
  const dropped = new Set<GraphNode>([relu]);
  const masks = new Set<GraphNode>();
  for (const node of consumers) {
    if (node === pool || isA(node, 'greater')) continue;
    if (!isA(node, 'maxPool2dGradient') || node.inputs[0] !== rectified || node.inputs[1] !== pool.outputs[0])
      return null;
    if (node.inputs[2] === rectified) return null;
    const [product, ...others] = uses.consumersOf(node.outputs[0]);
    if (!isA(product, 'mul') || others.length > 0 || !uses.isInternal(node.outputs[0])) return null;
    const mask = reluGradient(uses, product.inputs[product.inputs[0] === node.outputs[0] ? 1 : 0], rectified);
    if (!mask) return null;
    gradients.set(product, { gradient: node, zero: mask[0].inputs[1] });
    dropped.add(node);
    for (const made of mask) masks.add(made);
  }
  // Nobody else may want the mask, nor compare what relu gave.
  const goes = (node: GraphNode): boolean => masks.has(node) || gradients.has(node);
  for (const node of [...masks, ...consumers.filter((consumer) => isA(consumer, 'greater'))])
    if (!masks.has(node) || !uses.isInternal(node.outputs[0]) || !uses.consumersOf(node.outputs[0]).every(goes))
      return null;
  return { relu, pool, gradients, dropped: new Set([...dropped, ...masks]) };
}

/**
 * maxPool2d(relu(x)) = relu(maxPool2d(x)), and where the pooled value is 0 no gradient passes, whichever pixel it would go
 * to. So both relu and its gradient can be done on the pooled values, of which there are fewer.
 */
export function poolBeforeRelu(graph: Graph): Graph {
  const uses = new Uses(graph);
  const found = graph.nodes.flatMap((node) => findPooledRelu(uses, node) ?? []);
  if (found.length === 0) return graph;
  const values: AbstractValue[] = [...graph.values];
  const dropped = new Set(found.flatMap((one) => [...one.dropped]));
  const byPool = new Map<GraphNode, PooledRelu>(found.map((one) => [one.pool, one]));
  const byProduct = new Map(
    found.flatMap((one) => [...one.gradients.keys()].map((product) => [product, one] as const)),
  );
  const pooledBefore = new Map<PooledRelu, ValueId>();
  const nodes: GraphNode[] = [];
  const emit = <P extends CompiledPrimitive>(
    primitive: P,
    inputs: ValueId[],
    params: PrimitiveParams[P],
    output: ValueId,
  ): ValueId => {
    nodes.push({ primitive, inputs, params, outputs: [output] } as GraphNode);
    return output;
  };
  const fresh = (value: AbstractValue): ValueId => values.push(value) - 1;

  for (const node of graph.nodes) {
    if (dropped.has(node)) continue;
    const pooled = byPool.get(node);
    const masked = byProduct.get(node);
    if (pooled) {
      const [result] = node.outputs;
      const maxima = emit('maxPool2d', [pooled.relu.inputs[0]], pooled.pool.params, fresh(values[result]));
      pooledBefore.set(pooled, maxima);
      emit('relu', [maxima], {}, result);
    } else if (masked) {
      const { gradient, zero } = masked.gradients.get(node)!;
      const [, maxima, dy] = gradient.inputs;
      const { shape } = values[maxima];
      const passes = emit('greater', [maxima, zero], {}, fresh({ dtype: 'bool', shape }));
      const { dtype } = values[dy];
      const mask = emit('cast', [passes], { dtype }, fresh({ dtype, shape }));
      const kept = emit('mul', [dy, mask], {}, fresh(values[dy]));
      const inputs = [masked.relu.inputs[0], pooledBefore.get(masked)!, kept];
      emit('maxPool2dGradient', inputs, gradient.params, node.outputs[0]);
    } else {
      nodes.push(node);
    }
  }
  return { ...graph, values, nodes };
}

/**
 * Each value of maxPool2dGradient's dy goes to one pixel, so per channel the gradient sums to what dy sums to, of which there
 * is less: the gradient of a bias that is added before the pooling.
 */
export function sumBeforePooling(graph: Graph): Graph {
  const uses = new Uses(graph);
  const nodes = graph.nodes.map((node): GraphNode => {
    const gradient = uses.producerOf(node.inputs[0]);
    const overPixels = isA(node, 'sum') && [0, 1, 2].every((axis) => node.params.axes.includes(axis));
    if (!overPixels || !isA(gradient, 'maxPool2dGradient')) return node;
    return { ...node, inputs: [gradient.inputs[2]] };
  });
  return { ...graph, nodes };
}
