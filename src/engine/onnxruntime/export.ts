/** @file A graph as an ONNX model for others: named inputs and outputs, variables as initializers, the standard's operators. */
import { isHostPrimitive } from '../host/index.ts';
import { withoutEffects, regionsOf } from '../../primitives/effects.ts';
import { expand } from '../../primitives/expand.ts';
import type { Graph, ValueId } from '../../primitives/graph.ts';
import type { CompiledPrimitive } from '../../primitives/primitives.ts';
import { Region } from '../../primitives/region.ts';
import { EngineError } from '../../tensor/errors.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import { GraphBuilder, makeValue } from './builder.ts';
import { lowerGraph } from './lower-graph.ts';
import type { OnnxModel, OnnxTensor } from './model.ts';

/** What the values of the graph are called outside. */
export interface ExportNames {
  /** Of the graph's inputs that are the model's. */
  readonly inputs: ReadonlyMap<ValueId, string>;
  /** Of inputs whose values go into the model. */
  readonly initializers: ReadonlyMap<ValueId, { readonly name: string; readonly tensor: Tensor }>;
  /** One for each output of the graph. */
  readonly outputs: readonly string[];
}

/** Primitives for which ONNX has no operators, in the graph and in its regions. */
function withoutOperators(graph: Graph): string[] {
  return graph.nodes.flatMap((node) => {
    const within = regionsOf(node).flatMap((region) => withoutOperators(expand(region.graph)));
    const isForeign =
      isHostPrimitive(node.primitive) ||
      node.primitive === 'whileLoopGradient' ||
      [...node.inputs, ...node.outputs].some((id) => graph.values[id].dtype === 'string');
    return isForeign ? [node.primitive, ...within] : within;
  });
}

const tensorOf = ({ dtype, shape, dataSync }: Tensor, self: Tensor): OnnxTensor => ({
  dtype,
  shape,
  data: dataSync.call(self) as OnnxTensor['data'],
});

/** The model. Prints and assertions are left out. @throws EngineError that names primitives which ONNX lacks */
export function exportModel(title: string, traced: Graph, names: ExportNames): OnnxModel {
  const graph = expand(withoutEffects(new Region(traced)).graph);
  const foreign = [...new Set(withoutOperators(graph))];
  if (foreign.length > 0)
    throw new EngineError(
      `${title}: ONNX has no operator for ${foreign.join(', ')}, which this library computes on the host; leave that out of the function.`,
    );
  const builder = new GraphBuilder(
    'cpu',
    null,
    new Set([...names.inputs.values(), ...names.outputs, ...[...names.initializers.values()].map(({ name }) => name)]),
  );
  for (const { name, tensor } of names.initializers.values()) builder.constants.set(name, tensorOf(tensor, tensor));
  const constants = new Map<Tensor, string>();
  const results = lowerGraph(builder, graph as Graph<CompiledPrimitive>, {
    input: (id) => makeValue(graph.values[id], names.inputs.get(id) ?? names.initializers.get(id)!.name),
    constant: (tensor) => {
      const name = constants.get(tensor) ?? builder.tensor(tensorOf(tensor, tensor));
      constants.set(tensor, name);
      return makeValue(tensor, name);
    },
  });
  const named = results.map((value, i) => {
    const name = names.outputs[i];
    builder.nodes.push({
      type: 'Identity',
      domain: '',
      inputs: [builder.plain(value)],
      outputs: [name],
      attributes: {},
    });
    return name;
  });
  const { nodes, constants: kept } = builder.finish(named);
  return {
    nodes,
    constants: kept,
    inputs: [...names.inputs].map(([id, name]) => ({
      name,
      dtype: graph.values[id].dtype,
      shape: graph.values[id].shape,
    })),
    outputs: named.map((name, i) => ({ name, dtype: results[i].dtype, shape: results[i].shape })),
  };
}
