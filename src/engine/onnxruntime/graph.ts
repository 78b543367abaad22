/** @file A whole graph as one session. */
import { sizeOf } from '../../tensor/shape.ts';
import { EngineError } from '../../tensor/errors.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Graph as AnyGraph, GraphNode as AnyNode, ValueId } from '../../primitives/graph.ts';
import type { AbstractValue, DevicePrimitive } from '../../primitives/primitives.ts';
import type { CompiledGraph } from '../engine.ts';
import type { Pointer } from './api.ts';
import { GraphBuilder, type Value, makeValue } from './builder.ts';
import { loweringOf } from './lowerings/index.ts';
import { OrtStorage, type TensorMemory } from './memory.ts';
import type { OnnxValue } from './model.ts';
import { poolBeforeRelu, sumBeforePooling } from './rewrites.ts';
import type { Runtime } from './runtime.ts';
import type { Session } from './session.ts';

type Graph = AnyGraph<DevicePrimitive>;
type GraphNode = AnyNode<DevicePrimitive>;

/** Constants up to this many elements are written into the model, where folding sees them; larger ones are bound as inputs. */
const inlineConstant = 256;

/** How often each value is used, by nodes or as an output. */
function countUses(graph: Graph): Map<ValueId, number> {
  const uses = new Map<ValueId, number>();
  for (const id of [...graph.nodes.flatMap((node) => node.inputs), ...graph.outputs])
    uses.set(id, (uses.get(id) ?? 0) + 1);
  return uses;
}

/** What lowerings may know of a value's place in the graph. */
function usesOf(graph: Graph): (id: ValueId) => Pick<Value, 'usedOnce' | 'hasFilterGradient'> {
  const uses = countUses(graph);
  const filtered = new Set(
    graph.nodes.flatMap(({ primitive, inputs }) => (primitive === 'conv2dFilterGradient' ? [inputs[0]] : [])),
  );
  return (id) => ({ usedOnce: uses.get(id) === 1, hasFilterGradient: filtered.has(id) });
}

/** Makes the nodes of one primitive of the graph. */
function lower(
  builder: GraphBuilder,
  node: GraphNode,
  graph: Graph,
  values: Map<ValueId, Value>,
  uses: ReturnType<typeof usesOf>,
): void {
  const lowering = loweringOf(node.primitive);
  const inputs = node.inputs.map((id) => values.get(id)!);
  const outputs = node.outputs.map((id) => graph.values[id]);
  const vectors = (lowering.vectors?.(inputs, node.params) ?? []).map((numbers) => builder.vector(numbers));
  const made = lowering.build(builder, { inputs, params: node.params, outputs, vectors });
  node.outputs.forEach((id, i) => values.set(id, { ...made[i], ...uses(id) }));
}

export class OnnxGraph implements CompiledGraph {
  private readonly memory: TensorMemory;
  private readonly session: Session;
  private readonly inputs: readonly AbstractValue[];
  private readonly outputs: readonly AbstractValue[];
  /** Constants too large for the model, bound after the inputs. Held as tensors: their memory must stay. */
  private readonly bound: Tensor[] = [];

  constructor(runtime: Runtime, traced: Graph) {
    const { memory } = runtime;
    this.memory = memory;
    const graph = sumBeforePooling(poolBeforeRelu(traced));
    this.inputs = graph.inputs.map((id) => graph.values[id]);
    this.outputs = graph.outputs.map((id) => graph.values[id]);

    const builder = new GraphBuilder(runtime.provider);
    const values = new Map<number, Value>();
    const declared: OnnxValue[] = [];
    const declare = (id: number): void => {
      const name = builder.fresh('input');
      declared.push({ name, ...graph.values[id] });
      values.set(id, makeValue(graph.values[id], name));
    };
    graph.inputs.forEach(declare);
    for (const [id, tensor] of graph.constants) {
      const { dtype, shape } = tensor;
      if (sizeOf(shape) <= inlineConstant) {
        values.set(id, makeValue(tensor, builder.tensor({ dtype, shape, data: tensor.dataSync() })));
      } else {
        declare(id);
        this.bound.push(tensor);
      }
    }
    const uses = usesOf(graph);
    for (const node of graph.nodes) lower(builder, node, graph, values, uses);
    const { nodes, constants, outputs } = builder.finish(graph.outputs.map((id) => builder.plain(values.get(id)!)));
    this.session = runtime.createSession({
      nodes,
      constants,
      inputs: declared,
      outputs: outputs.map((name, i) => ({ name, ...this.outputs[i] })),
    });
  }

  run(inputs: readonly Storage[]): Storage[] {
    const operands = this.operands(inputs);
    const outputs: OrtStorage[] = [];
    for (const operand of operands) operand.retain();
    try {
      this.allocateOutputs(outputs);
      this.inputValues(operands).forEach((value, i) => this.session.setInput(i, value));
      this.outputValues(outputs).forEach((value, i) => this.session.setOutput(i, value));
      this.session.run();
    } catch (error) {
      for (const storage of outputs) storage.release();
      throw error;
    } finally {
      for (const operand of operands) operand.release();
      this.memory.sweep();
    }
    return outputs;
  }

  async runAsync(inputs: readonly Storage[]): Promise<Storage[]> {
    const operands = this.operands(inputs);
    const outputs: OrtStorage[] = [];
    // Until the run ends the operands have one owner more, so that nobody else gets their memory.
    for (const operand of operands) operand.retain();
    this.memory.busy++;
    try {
      this.allocateOutputs(outputs);
      await this.session.runAsync(this.inputValues(operands), this.outputValues(outputs));
    } catch (error) {
      for (const storage of outputs) storage.release();
      throw error;
    } finally {
      this.memory.busy--;
      for (const operand of operands) operand.release();
    }
    return outputs;
  }

  dispose(): void {
    this.session.dispose();
    this.bound.length = 0;
  }

  /** The storages of inputs and bound constants. */
  private operands(inputs: readonly Storage[]): OrtStorage[] {
    if (inputs.length !== this.inputs.length)
      throw new EngineError(`A compiled graph of ${this.inputs.length} inputs was run with ${inputs.length}.`);
    return [...inputs, ...this.bound.map((tensor) => tensor.storage)].map((storage) => {
      if (storage instanceof OrtStorage) return storage;
      throw new EngineError('A compiled graph of the onnxruntime engine was run with a tensor of another engine.');
    });
  }

  /** Fills `outputs`, which has what was allocated so far where that fails. */
  private allocateOutputs(outputs: OrtStorage[]): void {
    for (const { dtype, shape } of this.outputs) outputs.push(this.memory.allocate(dtype, shape));
  }

  private inputValues(operands: readonly OrtStorage[]): Pointer[] {
    const shapes = [...this.inputs, ...this.bound];
    return operands.map((storage, i) => storage.valueOf(shapes[i].shape));
  }

  private outputValues(outputs: readonly OrtStorage[]): Pointer[] {
    return outputs.map((storage, i) => storage.valueOf(this.outputs[i].shape));
  }
}
