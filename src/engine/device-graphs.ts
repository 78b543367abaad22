/** @file A graph that runs on whichever device is in use: compiled for each of them when it first runs there. */
import type { Graph } from '../primitives/graph.ts';
import type { Storage } from '../tensor/storage.ts';
import { currentEngine, hasSeveralDevices } from './devices.ts';
import type { CompiledGraph, Engine } from './engine.ts';
import { withOperands } from './placement.ts';

export class DeviceGraphs implements CompiledGraph {
  private readonly graph: Graph;
  private readonly compileFor: (engine: Engine, graph: Graph) => CompiledGraph;
  private readonly compiled = new Map<Engine, CompiledGraph>();

  /** Compiles for the device in use at once, so that what cannot be compiled fails here. */
  constructor(graph: Graph, compileFor: (engine: Engine, graph: Graph) => CompiledGraph) {
    this.graph = graph;
    this.compileFor = compileFor;
    this.on(currentEngine());
  }

  run(inputs: readonly Storage[]): Storage[] {
    const engine = currentEngine();
    return this.placed(engine, inputs, (storages) => this.on(engine).run(storages));
  }

  runAsync(inputs: readonly Storage[]): Promise<Storage[]> {
    const engine = currentEngine();
    return this.placed(engine, inputs, (storages) => this.on(engine).runAsync(storages));
  }

  dispose(): void {
    for (const graph of this.compiled.values()) graph.dispose();
    this.compiled.clear();
  }

  private on(engine: Engine): CompiledGraph {
    let made = this.compiled.get(engine);
    if (!made) this.compiled.set(engine, (made = this.compileFor(engine, this.graph)));
    return made;
  }

  private placed<R>(engine: Engine, inputs: readonly Storage[], run: (storages: readonly Storage[]) => R): R {
    if (!hasSeveralDevices()) return run(inputs);
    const { values, inputs: ids } = this.graph;
    const operands = inputs.map((storage, i) => ({ ...values[ids[i]], storage }));
    return withOperands(engine, operands, (placed) => run(placed.map(({ storage }) => storage)));
  }
}
