/** @file A graph for engines that compile nothing: its nodes run one after another, each value given back after its last use. */
import type { Graph, ValueId } from '../primitives/graph.ts';
import type { DevicePrimitive } from '../primitives/primitives.ts';
import type { Storage } from '../tensor/storage.ts';
import type { CompiledGraph, Engine } from './engine.ts';

export class ReplayedGraph implements CompiledGraph {
  private readonly engine: Engine;
  private readonly graph: Graph<DevicePrimitive>;
  /** The node after which each value is needed no more. */
  private readonly lastUse = new Map<ValueId, number>();

  constructor(engine: Engine, graph: Graph<DevicePrimitive>) {
    this.engine = engine;
    this.graph = graph;
    graph.nodes.forEach(({ inputs, outputs }, i) => {
      for (const id of [...outputs, ...inputs]) this.lastUse.set(id, i);
    });
    for (const id of graph.outputs) this.lastUse.delete(id);
  }

  run(inputs: readonly Storage[]): Storage[] {
    const { values, constants, nodes, outputs } = this.graph;
    const given = new Map(this.graph.inputs.map((id, i) => [id, inputs[i]]));
    const made = new Map<ValueId, Storage>();
    const storageOf = (id: ValueId): Storage => made.get(id) ?? given.get(id) ?? constants.get(id)!.storage;
    try {
      nodes.forEach(({ primitive, inputs: ids, params, outputs: results }, i) => {
        const operands = ids.map((id) => ({ ...values[id], storage: storageOf(id) }));
        const wanted = results.map((id) => values[id]);
        this.engine.run(primitive, operands, params, wanted).forEach((storage, k) => made.set(results[k], storage));
        for (const id of [...ids, ...results]) {
          if (this.lastUse.get(id) !== i) continue;
          made.get(id)?.release();
          made.delete(id);
        }
      });
      return outputs.map((id) => {
        const storage = storageOf(id);
        storage.retain();
        return storage;
      });
    } finally {
      for (const storage of made.values()) storage.release();
    }
  }

  /** Between nodes nothing waits: backends of TensorFlow.js compute where they are called. */
  async runAsync(inputs: readonly Storage[]): Promise<Storage[]> {
    return this.run(inputs);
  }

  /** Nothing was compiled. */
  dispose(): void {}
}
