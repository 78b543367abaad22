/** @file A whole graph as one session. */
import { sizeOf } from '../../tensor/shape.ts';
import { EngineError } from '../../tensor/errors.ts';
import type { Storage } from '../../tensor/storage.ts';
import type { Tensor } from '../../tensor/tensor.ts';
import type { Graph } from '../../primitives/graph.ts';
import type { AbstractValue, CompiledPrimitive } from '../../primitives/primitives.ts';
import type { CompiledGraph } from '../engine.ts';
import type { Pointer } from './api.ts';
import { GraphBuilder, type Value, makeValue } from './builder.ts';
import { lowerGraph } from './lower-graph.ts';
import { OrtStorage, type TensorMemory } from './memory.ts';
import type { OnnxValue } from './model.ts';
import type { Runtime } from './runtime.ts';
import type { Session } from './session.ts';

/** Constants up to this many elements are written into the model, where folding sees them; larger ones are bound as inputs. */
const inlineConstant = 256;

export class OnnxGraph implements CompiledGraph {
  private readonly memory: TensorMemory;
  private readonly session: Session;
  private readonly inputs: readonly AbstractValue[];
  private readonly outputs: readonly AbstractValue[];
  /** Constants too large for the model, bound after the inputs. Held as tensors: their memory must stay. */
  private readonly bound: Tensor[] = [];

  constructor(runtime: Runtime, graph: Graph<CompiledPrimitive>) {
    const { memory } = runtime;
    this.memory = memory;
    this.inputs = graph.inputs.map((id) => graph.values[id]);
    this.outputs = graph.outputs.map((id) => graph.values[id]);

    const builder = new GraphBuilder(runtime.provider);
    const declared: OnnxValue[] = [];
    const declare = ({ dtype, shape }: AbstractValue): Value => {
      const name = builder.fresh('input');
      declared.push({ name, dtype, shape });
      return makeValue({ dtype, shape }, name);
    };
    const inputs = this.inputs.map(declare);
    const known = new Map<Tensor, Value>();
    const constant = (tensor: Tensor): Value => {
      const { dtype, shape } = tensor;
      if (sizeOf(shape) <= inlineConstant)
        return makeValue(tensor, builder.tensor({ dtype, shape, data: tensor.dataSync() }));
      const value = known.get(tensor) ?? declare(tensor);
      if (!known.has(tensor)) this.bound.push(tensor);
      known.set(tensor, value);
      return value;
    };
    const results = lowerGraph(builder, graph, { input: (_, index) => inputs[index], constant });
    const { nodes, constants, outputs } = builder.finish(results.map((value) => builder.plain(value)));
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
