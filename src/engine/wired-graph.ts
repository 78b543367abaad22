/** @file A graph some of whose outputs are not computed: they are inputs or constants that come out as they are. */
import type { Graph } from '../primitives/graph.ts';
import { dropUnused } from '../primitives/passes.ts';
import type { Storage } from '../tensor/storage.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { CompiledGraph } from './engine.ts';

/** Where an output comes from. */
type Origin = { readonly input: number } | { readonly constant: Tensor } | { readonly computed: number };

/** Compiles what there is to compute, and leaves the rest out. */
export function compileWired(graph: Graph, compile: (graph: Graph) => CompiledGraph): CompiledGraph {
  const computed = [...new Set(graph.outputs)].filter((id) => !graph.inputs.includes(id) && !graph.constants.has(id));
  const needed = dropUnused({ ...graph, outputs: computed });
  if (computed.length === graph.outputs.length && needed.inputs.length === graph.inputs.length) return compile(needed);
  const origins = graph.outputs.map((id): Origin => {
    const input = graph.inputs.indexOf(id);
    const constant = graph.constants.get(id);
    return input >= 0 ? { input } : constant ? { constant } : { computed: computed.indexOf(id) };
  });
  const taken = needed.inputs.map((id) => graph.inputs.indexOf(id));
  return new WiredGraph(needed.nodes.length > 0 ? compile(needed) : null, taken, origins);
}

class WiredGraph implements CompiledGraph {
  private readonly compiled: CompiledGraph | null;
  private readonly taken: readonly number[];
  private readonly origins: readonly Origin[];

  constructor(compiled: CompiledGraph | null, taken: readonly number[], origins: readonly Origin[]) {
    this.compiled = compiled;
    this.taken = taken;
    this.origins = origins;
  }

  run(inputs: readonly Storage[]): Storage[] {
    return this.wire(inputs, this.compiled?.run(this.taken.map((i) => inputs[i])) ?? []);
  }

  async runAsync(inputs: readonly Storage[]): Promise<Storage[]> {
    return this.wire(inputs, (await this.compiled?.runAsync(this.taken.map((i) => inputs[i]))) ?? []);
  }

  dispose(): void {
    this.compiled?.dispose();
  }

  /** Every output with a reference of its own. */
  private wire(inputs: readonly Storage[], computed: readonly Storage[]): Storage[] {
    const outputs = this.origins.map((origin) => {
      const storage =
        'input' in origin
          ? inputs[origin.input]
          : 'constant' in origin
            ? origin.constant.storage
            : computed[origin.computed];
      storage.retain();
      return storage;
    });
    for (const storage of computed) storage.release();
    return outputs;
  }
}
